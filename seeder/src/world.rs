//! The whole world in circles of people who deal with each other: the first is written by hand, the others are the crowd.
//!
//! Each circle follows from the seed number and its own number alone, so a step makes again what it needs and nothing
//! grows with the number of users.

use std::ops::Range;

use crate::crowd::{self, CIRCLE};
use crate::dice::Dice;
use crate::first;
use crate::plan::{Conversation, Details, Member, Mentorship, Suggestion};

pub struct World {
    seed: u64,
    users: u64,
}

/// How many are written by hand.
const KNOWN: u64 = 10;
/// How many circles are made before what they hold is written.
const BATCH: u64 = 20;

impl World {
    pub const FIRST: u64 = 0;

    /// With `scale` users in all, but never fewer than are written by hand.
    pub fn new(seed: u64, scale: Option<u64>) -> Self {
        Self { seed, users: scale.unwrap_or_default().max(KNOWN) }
    }

    pub fn circles(&self) -> u64 {
        1 + (self.users - KNOWN).div_ceil(CIRCLE)
    }

    pub fn batches(&self) -> impl Iterator<Item = Range<u64>> {
        let end = self.circles();
        (0..end).step_by(BATCH as usize).map(move |start| start..(start + BATCH).min(end))
    }

    /// A stream of chance of its own for each circle and purpose.
    pub fn dice(&self, purpose: &str, circle: u64) -> Dice {
        Dice::new(self.seed, purpose, circle)
    }

    pub fn members(&self, circle: u64) -> Vec<Member> {
        if circle == Self::FIRST {
            return first::members();
        }
        let dice = &mut self.dice("members", circle);
        let start = KNOWN + (circle - 1) * CIRCLE;
        (start..(start + CIRCLE).min(self.users)).map(|index| crowd::member(dice, index)).collect()
    }

    pub fn mentorships(&self, circle: u64, members: &[Member]) -> Vec<Mentorship> {
        let dice = &mut self.dice("mentorships", circle);
        match circle {
            Self::FIRST => first::mentorships(members, dice),
            _ => crowd::mentorships(dice, members),
        }
    }

    pub fn details(&self, circle: u64, mentorships: &[Mentorship]) -> Vec<Details> {
        let dice = &mut self.dice("details", circle);
        let all = mentorships.iter().enumerate().map(|(place, mentorship)| match circle {
            Self::FIRST => first::details(place, mentorship),
            _ => crowd::details(dice, mentorship),
        });
        all.collect()
    }

    pub fn suggestions(&self, circle: u64, members: &[Member], mentorships: &[Mentorship]) -> Vec<Suggestion> {
        match circle {
            Self::FIRST => first::suggestions(),
            _ => crowd::suggestions(&mut self.dice("suggestions", circle), members, mentorships),
        }
    }

    pub fn conversations(&self, circle: u64, members: &[Member]) -> Vec<Conversation> {
        let dice = &mut self.dice("conversations", circle);
        if circle == Self::FIRST {
            return first::conversations(members, dice);
        }
        let mentorships = self.mentorships(circle, members);
        let suggestions = self.suggestions(circle, members, &mentorships);
        crowd::conversations(dice, members, &mentorships, &suggestions)
    }
}
