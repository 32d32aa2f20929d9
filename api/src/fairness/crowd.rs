use std::collections::BTreeMap;

use entity::matching_report::{Fairness, Figures, Group, Kind, OfSide};
use entity::side::Side;
use matching::Profile;
use matching::fairness::{self, FEWEST, Person};
use sea_orm::{ActiveEnum, Iterable};
use uuid::Uuid;

/// How somebody fares.
#[derive(Clone, Copy, Default)]
pub struct Facts {
    pub waiting_minutes: u64,
    pub matched: bool,
    /// Points, 0 to 1000
    pub score: Option<u16>,
}

/// The people of one side, as they are added.
pub struct Crowd<'a> {
    side: Side,
    /// The levels of seniority from the lowest
    ladder: &'a [Uuid],
    numbers: BTreeMap<(Kind, String), usize>,
    /// By number, what it stands for and how many have it
    labels: Vec<(Kind, String, usize)>,
    people: Vec<(Vec<usize>, Facts)>,
}

impl<'a> Crowd<'a> {
    pub fn new(side: Side, ladder: &'a [Uuid]) -> Self {
        Self { side, ladder, numbers: BTreeMap::new(), labels: Vec::new(), people: Vec::new() }
    }

    pub fn add(&mut self, profile: &Profile, facts: Facts) {
        let told = told(profile, self.ladder);
        let numbers = told.into_iter().map(|label| self.number(label)).collect();
        self.people.push((numbers, facts));
    }

    fn number(&mut self, label: (Kind, String)) -> usize {
        let next = self.labels.len();
        let number = *self.numbers.entry(label.clone()).or_insert(next);
        if number == next {
            self.labels.push((label.0, label.1, 0));
        }
        if let Some((_, _, count)) = self.labels.get_mut(number) {
            *count += 1;
        }
        number
    }

    /// Everybody with one group of each kind: of those they told, the one that the fewest share, yet enough to be told of.
    pub fn people(&self) -> Vec<Person> {
        let person = |(numbers, facts): &(Vec<usize>, Facts)| Person {
            side: self.side,
            groups: Kind::iter().filter_map(|kind| Some((kind.to_string(), self.group(kind, numbers)?))).collect(),
            waiting_minutes: facts.waiting_minutes,
            matched: facts.matched,
            score: facts.score,
        };
        self.people.iter().map(person).collect()
    }

    fn group(&self, kind: Kind, numbers: &[usize]) -> Option<String> {
        let of_kind = numbers.iter().filter_map(|number| self.labels.get(*number)).filter(|label| label.0 == kind);
        let choice = of_kind.min_by_key(|(_, label, count)| (*count < FEWEST, *count, label))?;
        Some(choice.1.clone())
    }
}

/// All the groups that a profile says somebody is in.
fn told(profile: &Profile, ladder: &[Uuid]) -> Vec<(Kind, String)> {
    let step = profile.seniority.and_then(|step| usize::from(step).checked_sub(1));
    let level = step.and_then(|step| ladder.get(step));
    let levels = level.map(|level| (Kind::Seniority, level.to_string()));
    let industries = profile.industries.iter().map(|id| (Kind::Industry, id.to_string()));
    let skills = profile.skills.keys().map(|id| (Kind::Skill, id.to_string()));
    let languages = profile.languages.iter().map(|tag| (Kind::Language, tag.clone()));
    let in_person = profile.in_person.then(|| (Kind::InPerson, true.to_string()));
    levels.into_iter().chain(industries).chain(skills).chain(languages).chain(in_person).collect()
}

/// What of a report is kept.
pub fn kept(report: &fairness::Report) -> Fairness {
    Fairness { mentors: side(&report.mentors), mentees: side(&report.mentees), exposure_gini: report.exposure.gini }
}

fn side(side: &fairness::OfSide) -> OfSide {
    let group = |group: &fairness::Group| {
        let kind = Kind::try_from_value(&group.kind).ok()?;
        Some(Group { kind, label: group.label.clone(), figures: figures(&group.figures) })
    };
    OfSide {
        all: side.all.as_ref().map(figures),
        groups: side.groups.iter().filter_map(group).collect(),
        lowest_decile: side.lowest_decile,
    }
}

fn figures(figures: &fairness::Figures) -> Figures {
    let fairness::Figures { people, matched, mean_score } = *figures;
    Figures { people: u32::try_from(people).unwrap_or(u32::MAX), matched, mean_score }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn speaks(languages: &[&str]) -> Profile {
        Profile { languages: languages.iter().map(|tag| (*tag).to_owned()).collect(), ..Profile::default() }
    }

    fn languages(crowd: &Crowd<'_>) -> BTreeMap<Option<String>, usize> {
        let mut counts = BTreeMap::new();
        for person in crowd.people() {
            *counts.entry(person.groups.get("LANGUAGE").cloned()).or_default() += 1;
        }
        counts
    }

    #[test]
    fn everybody_counts_once_in_the_rarest_of_their_groups_that_can_be_told() {
        let mut crowd = Crowd::new(Side::Mentee, &[]);
        let people = [(20, &["en"][..]), (10, &["de", "en"]), (3, &["en", "fr"]), (2, &["fr"]), (4, &[])];
        for (count, tags) in people {
            (0..count).for_each(|_| crowd.add(&speaks(tags), Facts::default()));
        }
        let of = |tag: &str, count: usize| (Some(tag.to_owned()), count);
        assert_eq!(languages(&crowd), [of("en", 23), of("de", 10), of("fr", 2), (None, 4)].into());
    }

    #[test]
    fn a_level_goes_by_its_id_and_no_group_by_gender() {
        let ladder = [Uuid::from_u128(7), Uuid::from_u128(8)];
        let mut crowd = Crowd::new(Side::Mentor, &ladder);
        let gender = matching::Gender::numbered(1).unwrap_or_default();
        crowd.add(&Profile { seniority: Some(2), gender, in_person: true, ..Profile::default() }, Facts::default());
        let groups = crowd.people().remove(0).groups;
        let expected = [("SENIORITY", ladder[1].to_string()), ("IN_PERSON", "true".to_owned())];
        assert_eq!(groups, expected.map(|(kind, label)| (kind.to_owned(), label)).into());
    }
}
