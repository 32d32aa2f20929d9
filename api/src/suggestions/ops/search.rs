use std::collections::{BTreeMap, BTreeSet};

use chrono::{DateTime, Utc};
use entity::setting;
use entity::side::Side;
use entity::suggestion::Response;
use entity::{mentorship, suggestion};
use matching::{Fit, Horizon, PairBlocks, Policy, Profile, Query, Refused, Rule, judge};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::candidates::blocks;
use crate::candidates::profiles::{self, Who};
use crate::error::Result;
use crate::matching_policies;
use crate::sql::Sql;
use crate::state::AppState;

/// Found besides those that are asked for, in case the index is behind and some may not be suggested any more.
const SPARE: usize = 10;
/// How often more are asked for.
const ROUNDS: usize = 5;

/// Somebody on one side for whom partners are sought, as the database has them now.
pub struct Seeker<'a> {
    pub state: &'a AppState,
    pub policy: Policy,
    pub side: Side,
    pub profile: Profile,
    pub now: DateTime<Utc>,
    excluded: BTreeSet<Uuid>,
    pub standing: Vec<Standing>,
}

/// A suggestion that looks open to the seeker; one that the other declined is among them, or a freed place would tell.
#[derive(FromQueryResult)]
pub struct Standing {
    pub id: Uuid,
    pub other_id: Uuid,
    pub response: Response,
}

impl<'a> Seeker<'a> {
    /// None where they cannot be matched on this side at present.
    pub async fn find(
        db: &impl ConnectionTrait,
        state: &'a AppState,
        user: Uuid,
        side: Side,
        settings: &setting::Model,
    ) -> Result<Option<Self>> {
        let (now, policy) = (state.clock.now(), matching_policies::ops::current(db).await?);
        let profile = profiles::load(db, side, Who::These(&[user]), now).await?.remove(&user);
        let open = |profile: &Profile| Rule::broken_by(profile, side, &policy).is_none();
        let Some(profile) = profile.filter(open) else { return Ok(None) };
        let excluded = blocks::of(db, user, side, settings, now).await?;
        let standing = standing(db, user, side, now).await?;
        Ok(Some(Self { state, policy, side, profile, now, excluded, standing }))
    }

    /// How many more suggestions they may have before them.
    pub fn places(&self) -> usize {
        usize::from(self.policy.list_length).saturating_sub(self.standing.len())
    }

    /// The best whom they were not suggested, at most `count`.
    pub async fn new_fits(&self, db: &impl ConnectionTrait, count: usize) -> Result<Vec<Fit>> {
        self.best(db, count, &self.excluded).await
    }

    /// The best `count` of all, with those who stand already.
    pub async fn all_fits(&self, db: &impl ConnectionTrait, count: usize) -> Result<Vec<Fit>> {
        let standing: BTreeSet<_> = self.standing.iter().map(|one| one.other_id).collect();
        self.best(db, count, &(&self.excluded - &standing)).await
    }

    /// What the index proposes, as far as the database agrees: more is asked for until there are enough.
    async fn best(&self, db: &impl ConnectionTrait, count: usize, excluded: &BTreeSet<Uuid>) -> Result<Vec<Fit>> {
        if count == 0 {
            return Ok(Vec::new());
        }
        self.state.candidates.catch_up(self.state.read(), self.now).await?;
        let query = Query { profile: &self.profile, side: self.side };
        let (mut excluded, mut fits) = (excluded.clone(), Vec::new());
        for _ in 0..ROUNDS {
            let hits = self.state.candidates.best(&query, count + SPARE, &excluded).map_err(anyhow::Error::from)?;
            let ids: Vec<_> = hits.iter().map(|hit| hit.id).collect();
            let mut judged = self.judge(db, &ids).await?;
            fits.extend(ids.iter().filter_map(|id| judged.remove(id)?.ok()));
            if fits.len() >= count || ids.len() < count + SPARE {
                break;
            }
            excluded.extend(ids);
        }
        fits.truncate(count);
        Ok(fits)
    }

    /// How they fit each of these as the database has them now, or which rule forbids it; besides those of [`blocks`].
    pub async fn judge(
        &self,
        db: &impl ConnectionTrait,
        others: &[Uuid],
    ) -> Result<BTreeMap<Uuid, Result<Fit, Refused>>> {
        let (horizon, blocks) = (Horizon::new(self.now), PairBlocks::default());
        let profiles = profiles::load(db, self.side.other(), Who::These(others), self.now).await?;
        let judged = profiles.iter().map(|(id, other)| {
            let (mentor, mentee) = self.side.pick((&self.profile, other), (other, &self.profile));
            let points = judge(&self.policy, mentor, mentee, &blocks, &horizon);
            (*id, points.map(|points| Fit::new(&self.policy, mentor, mentee, points, &horizon)))
        });
        Ok(judged.collect())
    }
}

async fn standing(db: &impl ConnectionTrait, me: Uuid, side: Side, now: DateTime<Utc>) -> Result<Vec<Standing>> {
    let mut sql = Sql::default();
    let (me, now) = (sql.bind(me), sql.bind(now));
    let open = mentorship::open_with_sql(&me, &now);
    let (mine, theirs) = side.pick(("mentor", "mentee"), ("mentee", "mentor"));
    sql.text = format!(
        "SELECT s.id, s.{theirs}_id AS other_id, s.{mine}_response AS response
        FROM suggestions s JOIN users u ON u.id = s.{theirs}_id WHERE {} ORDER BY s.id",
        suggestion::standing_sql(side, &me, &now, &open)
    );
    sql.all(db).await
}
