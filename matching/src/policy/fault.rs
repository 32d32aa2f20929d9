use thiserror::Error;

use super::super::component::Component;
use super::terms::Terms;

/// Why terms are no policy.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Error)]
pub enum Fault {
    #[error("the most of all components is {0} together, not 1000")]
    Sum(u32),
    #[error("a percentage is above 100: {0}")]
    Percent(u8),
    #[error("level factors must fall from above to below and lie within 0 and 10 tenths")]
    Levels,
    #[error("enough time is {0} minutes a week, not 30 to 10080")]
    EnoughMinutes(u16),
    #[error("more languages in common must not earn less")]
    Languages,
    #[error("a rarity is not within 1 and 4")]
    Rarity,
    #[error("a ratio has 0 below")]
    Ratio,
    #[error("lambda is above 4")]
    Lambda,
    #[error("a list of {0} suggestions, not 1 to 1000")]
    ListLength(u16),
    #[error("the most of {0:?} is above 1000")]
    Most(Component),
}

/// Every fault, in the order of the terms.
pub fn of(terms: &Terms) -> Vec<Fault> {
    let mut faults = Vec::new();
    let sum: u32 = terms.most.iter().map(|most| u32::from(*most)).sum();
    faults.extend((sum != 1000).then_some(Fault::Sum(sum)));
    let over = Component::ALL.into_iter().zip(terms.most).filter(|(_, most)| *most > 1000);
    faults.extend(over.map(|(component, _)| Fault::Most(component)));
    faults.extend(percents(terms).filter(|percent| *percent > 100).map(Fault::Percent));
    let levels = terms.levels;
    let fall = levels.above <= 10 && levels.above >= levels.equal && levels.equal >= levels.below;
    faults.extend((!fall).then_some(Fault::Levels));
    let enough = terms.enough_minutes;
    faults.extend((!(30..=10080).contains(&enough)).then_some(Fault::EnoughMinutes(enough)));
    faults.extend((!terms.languages.is_sorted()).then_some(Fault::Languages));
    faults.extend((!terms.rarity.is_in_bounds()).then_some(Fault::Rarity));
    let (crowding, lambda) = (terms.crowding, terms.lambda);
    faults.extend((crowding.lower == 0 || lambda.lower == 0).then_some(Fault::Ratio));
    let steep = u32::from(lambda.upper) > 4 * u32::from(lambda.lower);
    faults.extend(steep.then_some(Fault::Lambda));
    let length = terms.list_length;
    faults.extend((!(1..=1000).contains(&length)).then_some(Fault::ListLength(length)));
    faults
}

fn percents(terms: &Terms) -> impl Iterator<Item = u8> {
    let place = terms.place;
    let single = [terms.floors.mentee, terms.floors.mentor, place.together, place.remote, place.apart];
    single.into_iter().chain(terms.seniority.0).chain(terms.languages)
}

#[cfg(test)]
mod tests {
    use super::super::terms::{Floors, LevelFactors, Ratio};
    use super::super::{Policy, Rarity};
    use super::*;
    use uuid::Uuid;

    fn faults(change: impl FnOnce(&mut Terms)) -> Vec<Fault> {
        let mut terms = Terms::default();
        change(&mut terms);
        Policy::new(terms).err().unwrap_or_default()
    }

    #[test]
    fn the_default_is_a_policy() {
        assert_eq!(faults(|_| {}), []);
    }

    #[test]
    fn each_rule_has_its_fault() {
        let zero = Ratio { upper: 1, lower: 0 };
        assert_eq!(faults(|terms| terms.most[0] = 351), [Fault::Sum(1001)]);
        assert_eq!(faults(|terms| terms.floors = Floors { mentee: 101, mentor: 0 }), [Fault::Percent(101)]);
        assert_eq!(faults(|terms| terms.levels = LevelFactors { above: 6, equal: 10, below: 3 }), [Fault::Levels]);
        assert_eq!(faults(|terms| terms.enough_minutes = 29), [Fault::EnoughMinutes(29)]);
        assert_eq!(faults(|terms| terms.languages = [50, 0, 100]), [Fault::Languages]);
        assert_eq!(faults(|terms| terms.rarity = Rarity::stored([(Uuid::nil(), 63)].into())), [Fault::Rarity]);
        assert_eq!(faults(|terms| terms.crowding = zero), [Fault::Ratio]);
        assert_eq!(faults(|terms| terms.lambda = Ratio { upper: 9, lower: 2 }), [Fault::Lambda]);
        assert_eq!(faults(|terms| terms.list_length = 0), [Fault::ListLength(0)]);
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let several = faults(|terms| {
            terms.most[1] = 1100;
            terms.enough_minutes = 0;
        });
        assert_eq!(several, [Fault::Sum(2000), Fault::Most(Component::Focus), Fault::EnoughMinutes(0)]);
    }
}
