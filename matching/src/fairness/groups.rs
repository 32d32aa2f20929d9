use std::collections::{BTreeMap, BTreeSet};

use super::hide;
use super::{FEWEST, Person};

/// The figures of some people.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Figures {
    pub people: usize,
    /// How many of them have a match, in thousandths, rounded down; none where to tell it would tell it of a hidden group
    pub matched: Option<u16>,
    /// Rounded down; none where too few have a score, or where to tell it would tell it of a hidden group
    pub mean_score: Option<u16>,
}

/// A group that may be told of.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Group {
    pub kind: String,
    /// None for those who are in no group of the kind
    pub label: Option<String>,
    pub figures: Figures,
}

/// What the figures of a group are made of.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    pub people: usize,
    pub matched: usize,
    pub scored: usize,
    score: u64,
}

impl Tally {
    fn of(person: &Person) -> Self {
        Self {
            people: 1,
            matched: person.matched.into(),
            scored: person.score.is_some().into(),
            score: person.score.unwrap_or_default().into(),
        }
    }

    pub fn together<'a>(tallies: impl IntoIterator<Item = &'a Self>) -> Self {
        tallies.into_iter().fold(Self::default(), |sum, tally| Self {
            people: sum.people + tally.people,
            matched: sum.matched + tally.matched,
            scored: sum.scored + tally.scored,
            score: sum.score + tally.score,
        })
    }

    /// Whether all have a match, or none has.
    pub fn is_uniform(&self) -> bool {
        self.matched == 0 || self.matched == self.people
    }

    pub fn figures(&self, tells_matches: bool, tells_mean: bool) -> Figures {
        let told = tells_matches && tells_mean && self.scored >= FEWEST;
        Figures {
            people: self.people,
            matched: tells_matches.then(|| part(1000 * self.matched as u64, self.people)),
            mean_score: told.then(|| part(self.score, self.scored)),
        }
    }
}

fn part(sum: u64, count: usize) -> u16 {
    u16::try_from(sum.checked_div(count as u64).unwrap_or_default()).unwrap_or(u16::MAX)
}

pub fn tally<'a>(people: impl IntoIterator<Item = &'a &'a Person>) -> Tally {
    let tallies: Vec<_> = people.into_iter().map(|person| Tally::of(person)).collect();
    Tally::together(&tallies)
}

/// The groups of one kind, everybody in one of them, and which are hidden.
pub struct Kind {
    kind: String,
    labels: Vec<Option<String>>,
    tallies: Vec<Tally>,
    hidden: BTreeSet<usize>,
    without_mean: BTreeSet<usize>,
}

impl Kind {
    fn new(kind: &str, people: &[&Person]) -> Self {
        let mut groups: BTreeMap<Option<&String>, Vec<&Person>> = BTreeMap::new();
        for person in people {
            groups.entry(person.groups.get(kind)).or_default().push(person);
        }
        let labels = groups.keys().map(|label| label.cloned()).collect();
        let tallies: Vec<_> = groups.values().map(tally).collect();
        let hidden = hide::groups(&tallies);
        let without_mean = hide::means(&tallies, &hidden);
        Self { kind: kind.to_owned(), labels, tallies, hidden, without_mean }
    }

    pub fn hides_any(&self) -> bool {
        !self.hidden.is_empty()
    }

    pub fn shown(&self, tells_matches: bool) -> impl Iterator<Item = Group> {
        let groups = self.labels.iter().zip(&self.tallies).enumerate();
        groups.filter(|(place, _)| !self.hidden.contains(place)).map(move |(place, (label, tally))| Group {
            kind: self.kind.clone(),
            label: label.clone(),
            figures: tally.figures(tells_matches, !self.without_mean.contains(&place)),
        })
    }
}

/// By kind.
pub fn by_kind(people: &[&Person]) -> Vec<Kind> {
    let kinds: BTreeSet<_> = people.iter().flat_map(|person| person.groups.keys()).collect();
    kinds.into_iter().map(|kind| Kind::new(kind, people)).collect()
}
