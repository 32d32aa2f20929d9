use entity::matching_policy as stored;

use super::super::component::Component;
use super::rarity::Rarity;
use super::terms::{Floors, LevelFactors, PlaceTable, Ratio, SeniorityTable, Terms};

impl Terms {
    /// The numbers of a stored version, unchecked.
    pub fn stored(version: i32, terms: &stored::Terms, rarity: Rarity) -> Self {
        let stored::Terms { floors, seniority, levels, place, crowding, lambda, .. } = *terms;
        let most = Component::ALL.map(|component| terms.weights.get(&component).copied().unwrap_or_default());
        Self {
            version,
            most,
            floors: Floors { mentee: floors.mentee, mentor: floors.mentor },
            seniority: SeniorityTable(seniority),
            levels: LevelFactors { above: levels.above, equal: levels.equal, below: levels.below },
            enough_minutes: terms.enough_minutes,
            languages: terms.languages,
            place: PlaceTable { together: place.together, remote: place.remote, apart: place.apart },
            rarity,
            crowding: Ratio { upper: crowding.upper, lower: crowding.lower },
            list_length: terms.list_length,
            lambda: Ratio { upper: lambda.upper, lower: lambda.lower },
        }
    }
}
