//! What a policy would change, before it is in force.

use std::collections::{BTreeSet, HashMap};

use chrono::{DateTime, Utc};
use entity::side::Side;
use entity::user;
use matching::{Hit, Index, Policy, Profile, Query, Retriever, Scan};
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QuerySelect};
use uuid::Uuid;

use super::{faults, latest, policy, pool, rarity, sample};
use crate::candidates::profiles::{self, Who};
use crate::error::Result;
use crate::matching_policies::wire::PreviewPolicy;
use crate::settings;
use crate::state::AppState;

/// How long the lists are that are compared.
const SHOWN: usize = 10;

/// A mentee's list as it is and as it would be.
pub struct Previewed {
    pub mentee: Named,
    pub mentors: Vec<Moved>,
}

pub struct Named {
    pub id: Uuid,
    pub name: String,
}

/// A mentor of either list; no place where they are not on it, no score where the two do not fit at all.
pub struct Moved {
    pub mentor: Named,
    pub before: Standing,
    pub after: Standing,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// 1 to 10
    pub place: Option<u8>,
    /// 0 to 100
    pub score: Option<u8>,
}

/// Who is among the best before or after, by id.
type Lists = HashMap<Uuid, [Standing; 2]>;

/// How the lists of some mentees would change. It writes nothing, and costs as many bounded searches as there are mentees.
pub async fn preview(state: &AppState, body: PreviewPolicy) -> Result<Vec<Previewed>> {
    let _place = state.searches.begin()?;
    let (db, now) = (state.read(), state.clock.now());
    let before = latest(db).await?;
    let terms = matching::Terms::stored(before.version + 1, &body.terms.into(), rarity::freeze(db, now).await?);
    let policies = [policy(&before)?, faults::check(terms)?];
    let mentees = sample::mentees(db, body.sample.as_deref(), now).await?;
    let lists = lists(state, &policies, &mentees, now).await?;
    let names = names(db, lists.values().flat_map(|list| list.keys().copied())).await?;
    let previewed = |mentee: Named| Previewed {
        mentors: lists.get(&mentee.id).map(|list| in_order(list, &names)).unwrap_or_default(),
        mentee,
    };
    Ok(mentees.into_iter().map(previewed).collect())
}

/// By the mentee's id.
async fn lists(
    state: &AppState,
    policies: &[Policy; 2],
    mentees: &[Named],
    now: DateTime<Utc>,
) -> Result<HashMap<Uuid, Lists>> {
    let (db, mut lists) = (state.read(), HashMap::new());
    let settings = settings::ops::current(db).await?;
    let ids: Vec<_> = mentees.iter().map(|mentee| mentee.id).collect();
    for (id, mentee) in profiles::load(db, Side::Mentee, Who::These(&ids), now).await? {
        let pool = pool::mentors(state, &mentee, &settings, now).await?;
        let [before, after] = policies.each_ref().map(|policy| ranked(policy, &mentee, &pool, now));
        lists.insert(id, compare(&before, &after));
    }
    Ok(lists)
}

/// All of `pool` who fit, from the best on. Whoever is past the bounds of matching is matched with nobody, here as elsewhere.
fn ranked(policy: &Policy, mentee: &Profile, pool: &HashMap<Uuid, Profile>, now: DateTime<Utc>) -> Vec<Hit> {
    let mut index = Index::new(policy.clone(), now);
    let within = pool.values().filter(|mentor| index.upsert(Side::Mentor, mentor).is_ok()).count();
    let query = Query { profile: mentee, side: Side::Mentee };
    Scan(&index).top_k(&query, within, &BTreeSet::new()).unwrap_or_default()
}

fn compare(before: &[Hit], after: &[Hit]) -> Lists {
    let mut all = Lists::new();
    for (list, hits) in [before, after].into_iter().enumerate() {
        for (at, hit) in hits.iter().enumerate() {
            let place = u8::try_from(at + 1).ok().filter(|_| at < SHOWN);
            if let Some(standing) = all.entry(hit.id).or_default().get_mut(list) {
                *standing = Standing { place, score: Some(hit.points.shown()) };
            }
        }
    }
    all.retain(|_, standings| standings.iter().any(|standing| standing.place.is_some()));
    all
}

/// As the list would be, then those who left it, as it is.
fn in_order(list: &Lists, names: &HashMap<Uuid, String>) -> Vec<Moved> {
    let moved = |(id, [before, after]): (&Uuid, &[Standing; 2])| {
        let mentor = Named { id: *id, name: names.get(id)?.clone() };
        Some(Moved { mentor, before: *before, after: *after })
    };
    let mut mentors: Vec<_> = list.iter().filter_map(moved).collect();
    mentors.sort_by_key(|one| (one.after.place.is_none(), one.after.place, one.before.place));
    mentors
}

async fn names(db: &impl ConnectionTrait, ids: impl Iterator<Item = Uuid>) -> Result<HashMap<Uuid, String>> {
    let ids: BTreeSet<_> = ids.collect();
    let named = user::Entity::find().select_only().columns([user::Column::Id, user::Column::Name]);
    let rows: Vec<(Uuid, String)> = named.filter(user::Column::Id.is_in(ids)).into_tuple().all(db).await?;
    Ok(rows.into_iter().collect())
}

#[cfg(test)]
mod tests {
    use matching::Points;

    use super::*;

    fn hit(id: usize, points: u16) -> Hit {
        let points = Points([points, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
        Hit { id: Uuid::from_u128(id as u128), points, key: points.total().into() }
    }

    fn standing(place: u8, score: u8) -> Standing {
        Standing { place: (place > 0).then_some(place), score: Some(score) }
    }

    /// Twelve as they are; then the last is first and the first fits no more.
    #[test]
    fn who_enters_and_who_leaves_shows_with_both_scores() {
        let before: Vec<_> = (1..=12).map(|id| hit(id, 700 - 10 * id as u16)).collect();
        let after: Vec<_> =
            [hit(12, 900)].into_iter().chain((2..=11).map(|id| hit(id, 690 - 10 * id as u16))).collect();
        let list = compare(&before, &after);
        assert_eq!(list.len(), 11);
        let of = |id: u128| list.get(&Uuid::from_u128(id)).copied();
        assert_eq!(of(12), Some([standing(0, 58), standing(1, 90)]));
        assert_eq!(of(1), Some([standing(1, 69), Standing::default()]));
        assert_eq!(of(2), Some([standing(2, 68), standing(2, 67)]));
        assert_eq!(of(11), None);
        let names = (1..=12).map(|id| (Uuid::from_u128(id), id.to_string())).collect();
        let order: Vec<_> = in_order(&list, &names).into_iter().map(|one| one.mentor.name).collect();
        assert_eq!(order, ["12", "2", "3", "4", "5", "6", "7", "8", "9", "10", "1"]);
    }
}
