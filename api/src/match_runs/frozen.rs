//! The frozen input of a run, as it is stored: the same bytes for the same people, policy and weeks.

use std::io::{Read, Write};

use chrono::{DateTime, Utc};
use entity::match_run::Edits;
use flate2::Compression;
use flate2::read::GzDecoder;
use flate2::write::GzEncoder;
use matching::{Horizon, PairBlocks, Policy, Profile, Roster, Rule};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use uuid::Uuid;

use super::person::{Person, Terms};
use crate::auth::Auth;
use crate::error::Result;

/// Everybody of a run, by id, and what forbids pairs of theirs.
#[derive(Serialize, Deserialize)]
pub struct Frozen {
    pub policy_version: i32,
    pub algorithm_version: i32,
    /// The first instant of the weeks in which shared time is counted
    pub start: DateTime<Utc>,
    terms: Terms,
    mentors: Vec<Person>,
    mentees: Vec<Person>,
    /// Mentor, mentee, and why
    blocks: Vec<(Uuid, Uuid, Obstacle)>,
}

/// What forbids a pair, as far as it is told apart.
#[derive(Clone, Copy, Serialize, Deserialize)]
enum Obstacle {
    Open,
    Banned,
    Private,
}

fn why(rule: Rule) -> Obstacle {
    match rule {
        Rule::OpenMentorship => Obstacle::Open,
        Rule::Banned => Obstacle::Banned,
        _ => Obstacle::Private,
    }
}

impl Obstacle {
    fn rule(self) -> Rule {
        match self {
            Self::Open => Rule::OpenMentorship,
            Self::Banned => Rule::Banned,
            Self::Private => Rule::CoolingOff,
        }
    }
}

impl Frozen {
    /// Of people on their sides, in any order; blocks of others are left out.
    pub fn new(
        policy: &Policy,
        horizon: Horizon,
        mentors: Vec<Profile>,
        mentees: Vec<Profile>,
        blocks: &PairBlocks,
    ) -> Self {
        let terms = Terms::of(mentors.iter().chain(&mentees));
        let sorted = |mut people: Vec<Profile>| {
            people.sort_by_key(|person| person.user_id);
            people.iter().map(|person| Person::new(person, &terms)).collect::<Vec<_>>()
        };
        let (mentors, mentees) = (sorted(mentors), sorted(mentees));
        let among = |people: &[Person], id: Uuid| people.binary_search_by_key(&id, |person| person.id).is_ok();
        let about = blocks.pairs().filter(|(mentor, mentee)| among(&mentors, *mentor) && among(&mentees, *mentee));
        let ruled = about.filter_map(|(mentor, mentee)| Some((mentor, mentee, why(blocks.of(mentor, mentee)?))));
        let blocks = ruled.collect();
        let (policy_version, algorithm_version) = (policy.version, matching::ALGORITHM_VERSION);
        Self { policy_version, algorithm_version, start: horizon.start(), terms, mentors, mentees, blocks }
    }

    /// The bytes that are kept, and the hash of what they say. It is keyed: who is shown it could else try out what a few people
    /// answered in private.
    ///
    /// # Errors
    /// None that can be met: all of it can be written as JSON.
    pub fn pack(&self, auth: &Auth) -> Result<(Vec<u8>, String)> {
        let text = serde_json::to_vec(self).map_err(anyhow::Error::from)?;
        let hash = blake3::Hash::from_bytes(auth.mac("match run input", &text));
        Ok((squeeze(&text)?, hash.to_hex().to_string()))
    }

    /// Reads what [`Self::pack`] wrote.
    ///
    /// # Errors
    /// Where the bytes are others.
    pub fn unpack(bytes: &[u8]) -> Result<Self> {
        unpack(bytes)
    }

    pub fn is_about_any(&self, users: &[Uuid]) -> bool {
        let among = |people: &[Person], id: &Uuid| people.binary_search_by_key(id, |person| person.id).is_ok();
        users.iter().any(|id| among(&self.mentors, id) || among(&self.mentees, id))
    }

    pub fn size(&self) -> (usize, usize) {
        (self.mentees.len(), self.mentors.len())
    }

    /// The people made ready to be scored under the policy that they were frozen with.
    ///
    /// # Errors
    /// Where a profile does not keep the bounds of matching.
    pub fn roster(self, policy: Policy) -> Result<Roster> {
        let mut blocks = PairBlocks::default();
        for (mentor, mentee, obstacle) in self.blocks {
            blocks.forbid(mentor, mentee, obstacle.rule());
        }
        let profiles = |people: Vec<Person>| people.into_iter().map(|person| person.profile(&self.terms)).collect();
        let roster = Roster::new(policy, self.start, profiles(self.mentors), profiles(self.mentees), blocks);
        Ok(roster.map_err(anyhow::Error::from)?)
    }
}

/// Of any document the bytes that are kept.
///
/// # Errors
/// None that can be met: all of it can be written as JSON.
pub fn pack<T: Serialize>(document: &T) -> Result<Vec<u8>> {
    squeeze(&serde_json::to_vec(document).map_err(anyhow::Error::from)?)
}

/// Reads what [`pack`] wrote.
///
/// # Errors
/// Where the bytes are others.
pub fn unpack<T: DeserializeOwned>(bytes: &[u8]) -> Result<T> {
    let mut text = Vec::new();
    GzDecoder::new(bytes).read_to_end(&mut text).map_err(anyhow::Error::from)?;
    Ok(serde_json::from_slice(&text).map_err(anyhow::Error::from)?)
}

fn squeeze(text: &[u8]) -> Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text).map_err(anyhow::Error::from)?;
    Ok(encoder.finish().map_err(anyhow::Error::from)?)
}

/// In one order, each once: what an admin demands is a set.
pub fn sorted(edits: Edits) -> Edits {
    let Edits { mut pins, mut bans, mut seats } = edits;
    pins.sort_unstable();
    pins.dedup();
    bans.sort_unstable();
    bans.dedup();
    seats.sort_unstable();
    Edits { pins, bans, seats }
}
