use std::collections::BTreeMap;

use entity::component::shown as score;
use entity::matching_report::{Fairness, Figures, Group, Kind, OfSide};
use sea_orm::ConnectionTrait;
use serde::Serialize;
use utoipa::ToSchema;
use uuid::Uuid;

use crate::error::Result;
use crate::taxonomy;
use crate::taxonomy::wire::TermOut;

/// Of each kind, the largest groups that are shown.
const MOST_OF_A_KIND: usize = 100;

/// How both sides fare. Nothing is told of fewer than ten people, nor anything from which it could be worked out.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchingFairness)]
pub struct FairnessOut {
    mentors: OfSideOut,
    mentees: OfSideOut,
    /// How unevenly mentors are shown, for their places: 0 if all alike, 1000 if one of them alone.
    #[schema(required, minimum = 0, maximum = 1000)]
    exposure_gini: Option<u16>,
}

/// How one side fares.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchingFairnessOfSide)]
pub struct OfSideOut {
    /// Null for fewer than ten people.
    #[schema(required)]
    all: Option<FiguresOut>,
    /// The 100 largest of each kind. Everybody counts once in a kind: of several groups in the one that the fewest share, if ten
    /// do.
    #[schema(max_items = 500)]
    groups: Vec<GroupOut>,
    /// The score from 0 to 100 that nine in ten reach.
    #[schema(required, minimum = 0, maximum = 100)]
    lowest_decile: Option<u16>,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchingGroup)]
pub struct GroupOut {
    /// `SKILL`: what mentees seek and mentors offer.
    kind: Kind,
    /// The slug of the term, the tag of the language, or `true`; null for those who are in no group of the kind.
    #[schema(required, max_length = 80)]
    label: Option<String>,
    /// The name of the term; null where there is none.
    #[schema(required, max_length = 80)]
    name: Option<String>,
    figures: FiguresOut,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
#[schema(as = MatchingFigures)]
pub struct FiguresOut {
    #[schema(minimum = 10, maximum = 50_000)]
    people: u32,
    /// How many of a thousand have a match; null where it would tell it of a hidden group.
    #[schema(required, minimum = 0, maximum = 1000)]
    matched: Option<u16>,
    /// From 0 to 100; null where fewer than ten have a score, or where it would tell it of a hidden group.
    #[schema(required, minimum = 0, maximum = 100)]
    mean_score: Option<u16>,
}

/// The terms that groups go by.
pub struct Labels(BTreeMap<String, TermOut>);

impl Labels {
    /// Those of what is shown of `fairness`.
    pub async fn load(db: &impl ConnectionTrait, fairness: &Fairness) -> Result<Self> {
        let sides = [&fairness.mentors, &fairness.mentees];
        let labels = sides.into_iter().flat_map(|side| shown(&side.groups)).filter_map(|group| group.label.as_ref());
        let terms = taxonomy::ops::by_id(db, labels.filter_map(|label| label.parse::<Uuid>().ok())).await?;
        Ok(Self(terms.into_iter().map(|term| (term.id.to_string(), term)).collect()))
    }
}

impl FairnessOut {
    pub fn new(fairness: &Fairness, labels: &Labels) -> Self {
        Self {
            mentors: OfSideOut::new(&fairness.mentors, labels),
            mentees: OfSideOut::new(&fairness.mentees, labels),
            exposure_gini: fairness.exposure_gini,
        }
    }
}

impl OfSideOut {
    fn new(side: &OfSide, labels: &Labels) -> Self {
        Self {
            all: side.all.map(Into::into),
            groups: shown(&side.groups).into_iter().map(|group| GroupOut::new(group, labels)).collect(),
            lowest_decile: side.lowest_decile.map(score),
        }
    }
}

impl GroupOut {
    fn new(group: &Group, labels: &Labels) -> Self {
        let term = group.label.as_ref().and_then(|label| labels.0.get(label));
        let slug = term.map(|term| term.slug.clone());
        Self {
            kind: group.kind,
            label: slug.or_else(|| group.label.clone()),
            name: term.map(|term| term.name.clone()),
            figures: group.figures.into(),
        }
    }
}

impl From<Figures> for FiguresOut {
    fn from(figures: Figures) -> Self {
        let Figures { people, matched, mean_score } = figures;
        Self { people, matched, mean_score: mean_score.map(score) }
    }
}

/// By kind, the largest first.
fn shown(groups: &[Group]) -> Vec<&Group> {
    let mut groups: Vec<_> = groups.iter().collect();
    groups.sort_by_key(|group| (group.kind, std::cmp::Reverse(group.figures.people), &group.label));
    let of_a_kind = groups.chunk_by(|one, next| one.kind == next.kind);
    of_a_kind.flat_map(|groups| groups.iter().take(MOST_OF_A_KIND)).copied().collect()
}
