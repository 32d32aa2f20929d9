//! The whole world in circles of people who deal with each other: the first is written by hand, the others are the crowd.
//!
//! Each circle follows from the seed number and its own number alone, so a step makes again what it needs and nothing
//! grows with the number of users.

use std::ops::Range;

use crate::dice::Dice;
use crate::first;
use crate::plan::{Conversation, Details, Member, Mentorship, Suggestion};

pub struct World {
    seed: u64,
}

/// How many circles are made before what they hold is written.
const BATCH: u64 = 20;

impl World {
    pub const FIRST: u64 = 0;

    pub fn new(seed: u64) -> Self {
        Self { seed }
    }

    pub fn circles(&self) -> u64 {
        1
    }

    pub fn batches(&self) -> impl Iterator<Item = Range<u64>> {
        let end = self.circles();
        (0..end).step_by(BATCH as usize).map(move |start| start..(start + BATCH).min(end))
    }

    /// A stream of chance of its own for each circle and purpose.
    pub fn dice(&self, purpose: &str, circle: u64) -> Dice {
        Dice::new(self.seed, purpose, circle)
    }

    pub fn members(&self, _circle: u64) -> Vec<Member> {
        first::members()
    }

    pub fn mentorships(&self, circle: u64, members: &[Member]) -> Vec<Mentorship> {
        let dice = &mut self.dice("mentorships", circle);
        first::mentorships(members, dice)
    }

    pub fn details(&self, _circle: u64, mentorships: &[Mentorship]) -> Vec<Details> {
        mentorships.iter().enumerate().map(|(place, mentorship)| first::details(place, mentorship)).collect()
    }

    pub fn suggestions(&self, _circle: u64, _members: &[Member], _mentorships: &[Mentorship]) -> Vec<Suggestion> {
        first::suggestions()
    }

    pub fn conversations(&self, circle: u64, members: &[Member]) -> Vec<Conversation> {
        let dice = &mut self.dice("conversations", circle);
        first::conversations(members, dice)
    }
}
