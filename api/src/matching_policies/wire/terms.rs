use std::collections::BTreeMap;

use entity::component::Component;
use entity::matching_policy::{self as stored, Terms};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use utoipa::ToSchema;

/// What the score of a pair weighs.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!(example()))]
pub struct MatchingTerms {
    weights: MatchingWeights,
    floors: MatchingFloors,
    /// Percent of the weight of seniority by how many levels the mentor is above the mentee: four or more below, three below,
    /// … three above, four or more above.
    #[schema(value_type = Vec<Percent>, min_items = 9, max_items = 9)]
    seniority_table: [Percent; 9],
    level_factors: LevelFactors,
    /// Minutes a week from which more shared time earns no more.
    #[schema(minimum = 30, maximum = 10080)]
    enough_minutes: u16,
    /// Percent of the weight of languages for none, one, and two or more in common; never falling.
    #[schema(value_type = Vec<Percent>, min_items = 3, max_items = 3)]
    languages: [Percent; 3],
    place: PlaceTable,
    crowding: Crowding,
    /// How many suggestions a member's list has.
    #[schema(minimum = 1, maximum = 1000)]
    list_length: u16,
    lambda: Lambda,
}

/// Terms that give a little more for shared hours than the first version.
pub fn example() -> Value {
    json!({
    "weights": {"skills": 350, "focus": 100, "topicsSought": 100, "topicsOffered": 50, "hours": 160, "seniority": 100,
        "industries": 50, "softSkills": 50, "languages": 20, "place": 20},
    "floors": {"mentee": 25, "mentor": 25},
    "seniorityTable": [10, 10, 10, 10, 40, 100, 90, 70, 70],
    "levelFactors": {"above": 10, "equal": 6, "below": 3},
    "enoughMinutes": 240,
    "languages": [0, 50, 100],
    "place": {"together": 100, "remote": 50, "apart": 25},
    "crowding": {"upper": 3, "lower": 2},
    "listLength": 10,
    "lambda": {"upper": 1, "lower": 1}})
}

#[derive(Clone, Copy, Deserialize, Serialize, ToSchema)]
#[schema(minimum = 0, maximum = 100)]
pub struct Percent(u8);

/// Each field, its name in JSON, and the component whose weight it is.
macro_rules! weights {
    ($($(#[$doc:meta])* $field:ident $name:literal $component:ident;)*) => {
        /// The most points that each part of the score earns: 1000 together.
        #[derive(Deserialize, Serialize, ToSchema)]
        #[serde(rename_all = "camelCase", deny_unknown_fields)]
        pub struct MatchingWeights {
            $($(#[$doc])* #[schema(minimum = 0, maximum = 1000)] $field: u16,)*
        }

        impl From<BTreeMap<Component, u16>> for MatchingWeights {
            fn from(weights: BTreeMap<Component, u16>) -> Self {
                let of = |component| weights.get(&component).copied().unwrap_or_default();
                Self { $($field: of(Component::$component),)* }
            }
        }

        impl From<MatchingWeights> for BTreeMap<Component, u16> {
            fn from(weights: MatchingWeights) -> Self {
                [$((Component::$component, weights.$field),)*].into()
            }
        }

        /// The field that has the weight of a component.
        pub fn weight_name(component: Component) -> &'static str {
            match component { $(Component::$component => $name,)* }
        }
    };
}

weights! {
    /// Skills sought that the mentor offers, by priority, rarity and level.
    skills "skills" Skills;
    /// What the mentor offers that the mentee seeks.
    focus "focus" Focus;
    /// The mentee's topics that the mentor can help with.
    topics_sought "topicsSought" TopicsSought;
    /// The mentor's topics that the mentee wants help with.
    topics_offered "topicsOffered" TopicsOffered;
    /// Hours a week that both have.
    hours "hours" Hours;
    /// How many levels the mentor is above the mentee.
    seniority "seniority" Seniority;
    /// The mentee's industries that the mentor knows.
    industries "industries" Industries;
    /// Soft skills sought that the mentor has.
    soft_skills "softSkills" SoftSkills;
    /// Languages in common.
    languages "languages" Languages;
    /// Whether they can meet in person.
    place "place" Place;
}

/// Percent of what each side can gain, under which a pair is no fit, however good it is for the other.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct MatchingFloors {
    #[schema(minimum = 0, maximum = 100)]
    mentee: u8,
    #[schema(minimum = 0, maximum = 100)]
    mentor: u8,
}

/// Tenths of a skill's worth by how the mentor's level compares with the level sought; never rising from above to below.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct LevelFactors {
    #[schema(minimum = 0, maximum = 10)]
    above: u8,
    #[schema(minimum = 0, maximum = 10)]
    equal: u8,
    #[schema(minimum = 0, maximum = 10)]
    below: u8,
}

/// Percent of the weight of place.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PlaceTable {
    /// Both are open to meeting in person, and no two different places are told.
    #[schema(minimum = 0, maximum = 100)]
    together: u8,
    /// Neither asks to meet in person.
    #[schema(minimum = 0, maximum = 100)]
    remote: u8,
    /// Only one is open to it, or both are in different places.
    #[schema(minimum = 0, maximum = 100)]
    apart: u8,
}

/// How many suggestions of a mentor may be open at once for each free place, in lists: the upper number divided by the lower.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Crowding {
    #[schema(minimum = 1, maximum = 1000)]
    upper: u16,
    #[schema(minimum = 1, maximum = 1000)]
    lower: u16,
}

/// How much of what a mentor's place is worth to others is taken from their rank: the upper number divided by the lower, 4 at
/// most.
#[derive(Deserialize, Serialize, ToSchema)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Lambda {
    #[schema(minimum = 0, maximum = 1000)]
    upper: u16,
    #[schema(minimum = 1, maximum = 1000)]
    lower: u16,
}

impl From<MatchingTerms> for Terms {
    fn from(terms: MatchingTerms) -> Self {
        let MatchingTerms { floors, level_factors: levels, place, crowding, lambda, .. } = &terms;
        Self {
            floors: stored::Floors { mentee: floors.mentee, mentor: floors.mentor },
            seniority: terms.seniority_table.map(|percent| percent.0),
            levels: stored::Levels { above: levels.above, equal: levels.equal, below: levels.below },
            enough_minutes: terms.enough_minutes,
            languages: terms.languages.map(|percent| percent.0),
            place: stored::Place { together: place.together, remote: place.remote, apart: place.apart },
            crowding: stored::Ratio { upper: crowding.upper, lower: crowding.lower },
            list_length: terms.list_length,
            lambda: stored::Ratio { upper: lambda.upper, lower: lambda.lower },
            weights: terms.weights.into(),
        }
    }
}

impl From<Terms> for MatchingTerms {
    fn from(terms: Terms) -> Self {
        let Terms { floors, levels, place, crowding, lambda, .. } = terms;
        Self {
            floors: MatchingFloors { mentee: floors.mentee, mentor: floors.mentor },
            seniority_table: terms.seniority.map(Percent),
            level_factors: LevelFactors { above: levels.above, equal: levels.equal, below: levels.below },
            enough_minutes: terms.enough_minutes,
            languages: terms.languages.map(Percent),
            place: PlaceTable { together: place.together, remote: place.remote, apart: place.apart },
            crowding: Crowding { upper: crowding.upper, lower: crowding.lower },
            list_length: terms.list_length,
            lambda: Lambda { upper: lambda.upper, lower: lambda.lower },
            weights: terms.weights.into(),
        }
    }
}
