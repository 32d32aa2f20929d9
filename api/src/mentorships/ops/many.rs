use std::collections::{BTreeSet, HashMap, HashSet};

use chrono::{DateTime, Utc};
use entity::match_run::Couple;
use entity::mentorship::{self, ActiveModel, Column, Entity, Origin, Status};
use entity::side::Side;
use entity::user;
use matching::Rule;
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, FromQueryResult, QueryFilter, QueryOrder,
    QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::lapse;
use crate::candidates::blocks;
use crate::error::{Code, Result};
use crate::events::{self, Actor, Event, Kind};
use crate::settings;
use crate::sql::Sql;
use crate::state::AppState;

/// Rows that are read or written in one statement.
const AT_A_TIME: usize = 500;

#[derive(FromQueryResult)]
struct Taken {
    mentor_id: Uuid,
    places: i64,
}

/// Locks everybody of these pairs and checks every hard rule of each, as for one pair: both available, a gender that the mentee wants, nothing
/// open between them, no refusal that has not cooled off, and a free place for each pair of a mentor. What stands in the way of
/// which pair; nothing where all can be made.
pub async fn obstacles(txn: &DatabaseTransaction, state: &AppState, couples: &[Couple]) -> Result<Vec<(Couple, Code)>> {
    expire_lapsed(txn, state, couples).await?;
    let people = lock_all(txn, couples).await?;
    let settings = settings::ops::current(txn).await?;
    let now = state.clock.now();
    let blocks = blocks::among(txn, &people_of(couples), &settings, now).await?;
    let mut taken = places_taken(txn, couples).await?;
    let mut met = HashSet::new();
    let mut obstacles = Vec::new();
    for couple in couples {
        let pair = (couple.mentor_id.min(couple.mentee_id), couple.mentor_id.max(couple.mentee_id));
        let both = people.get(&couple.mentor_id).zip(people.get(&couple.mentee_id));
        let code = match (both, blocks.of(couple.mentor_id, couple.mentee_id)) {
            _ if !met.insert(pair) => Some(Code::MentorshipExists),
            (_, Some(Rule::OpenMentorship)) => Some(Code::MentorshipExists),
            (None, _) | (_, Some(_)) => Some(Code::NotSuggestable),
            (Some((mentor, mentee)), None) if !suits(mentor, mentee, now) => Some(Code::NotSuggestable),
            (Some((mentor, _)), None) => {
                let taken = taken.entry(couple.mentor_id).or_default();
                *taken += 1;
                (*taken > mentor.places()).then_some(Code::MentorAtCapacity)
            }
        };
        obstacles.extend(code.map(|code| (*couple, code)));
    }
    Ok(obstacles)
}

/// Opens a mentorship for each pair, active at once, where [`obstacles`] found nothing in the same transaction.
pub async fn open_all(txn: &DatabaseTransaction, state: &AppState, by: Actor, couples: &[Couple]) -> Result<()> {
    let previous = previous(txn, couples).await?;
    for part in couples.chunks(AT_A_TIME) {
        let rows: Vec<_> = part.iter().map(|couple| row(state, *couple, previous.get(couple).copied())).collect();
        let started = rows.iter().zip(part).map(|(row, couple)| {
            let told = json!({ "mentorId": couple.mentor_id, "menteeId": couple.mentee_id, "origin": Origin::MatchRun,
                "from": null, "to": Status::Active });
            Event::new(Kind::MentorshipStarted, row.id.clone().unwrap())
                .by(by)
                .informing([couple.mentor_id, couple.mentee_id])
                .with(told)
        });
        let started = started.collect();
        Entity::insert_many(rows).exec_without_returning(txn).await?;
        events::record_all(txn, state, started).await?;
    }
    Ok(())
}

fn row(state: &AppState, couple: Couple, previous_id: Option<Uuid>) -> ActiveModel {
    let now = state.clock.now();
    ActiveModel {
        id: Set(state.new_id()),
        mentor_id: Set(couple.mentor_id),
        mentee_id: Set(couple.mentee_id),
        origin: Set(Origin::MatchRun),
        status: Set(Status::Active),
        previous_id: Set(previous_id),
        accepted_at: Set(Some(now)),
        approved_at: Set(Some(now)),
        start_date: Set(Some(now)),
        created_at: Set(now),
        updated_at: Set(now),
        ..Default::default()
    }
}

fn suits(mentor: &user::Model, mentee: &user::Model, now: DateTime<Utc>) -> bool {
    mentor.is_available_as(Side::Mentor, now)
        && mentee.is_available_as(Side::Mentee, now)
        && mentee.preferred_mentor_gender.admits(mentor.gender)
}

/// In the order of their ids, as everywhere, so that nobody waits in a circle.
async fn lock_all(txn: &DatabaseTransaction, couples: &[Couple]) -> Result<HashMap<Uuid, user::Model>> {
    let ids: Vec<_> = people_of(couples).into_iter().collect();
    let mut people = HashMap::with_capacity(ids.len());
    for part in ids.chunks(AT_A_TIME) {
        let these = user::Entity::find().filter(user::Column::Id.is_in(part.iter().copied()));
        let rows = these.order_by_asc(user::Column::Id).lock(LockType::NoKeyUpdate).all(txn).await?;
        people.extend(rows.into_iter().map(|row| (row.id, row)));
    }
    Ok(people)
}

fn people_of(couples: &[Couple]) -> BTreeSet<Uuid> {
    couples.iter().flat_map(|couple| [couple.mentor_id, couple.mentee_id]).collect()
}

fn mentors(couples: &[Couple]) -> Vec<Uuid> {
    let mentors: BTreeSet<_> = couples.iter().map(|couple| couple.mentor_id).collect();
    mentors.into_iter().collect()
}

/// Requests between the pairs that lapsed are written down as such: they would stand in the way. Rows of mentorships are locked
/// before those of users, as everywhere.
async fn expire_lapsed(txn: &DatabaseTransaction, state: &AppState, couples: &[Couple]) -> Result<()> {
    let pairs: HashSet<_> = couples.iter().copied().collect();
    let people: Vec<_> = people_of(couples).into_iter().collect();
    for part in people.chunks(AT_A_TIME) {
        let lapsed = Entity::find().filter(Column::MentorId.is_in(part.iter().copied()));
        let lapsed = lapsed.filter(mentorship::lapsed(state.clock.now())).order_by_asc(Column::Id);
        for row in lapsed.lock(LockType::NoKeyUpdate).all(txn).await? {
            let one = Couple { mentor_id: row.mentor_id, mentee_id: row.mentee_id };
            let other = Couple { mentor_id: row.mentee_id, mentee_id: row.mentor_id };
            if pairs.contains(&one) || pairs.contains(&other) {
                lapse::expire(txn, state, row).await?;
            }
        }
    }
    Ok(())
}

async fn places_taken(txn: &DatabaseTransaction, couples: &[Couple]) -> Result<HashMap<Uuid, u64>> {
    let mut taken = HashMap::new();
    for part in mentors(couples).chunks(AT_A_TIME) {
        let mut sql = Sql::default();
        let mentors = sql.bind_all(part.iter().copied());
        sql.text = format!(
            "SELECT mentor_id, count(*) AS places FROM mentorships WHERE mentor_id IN ({mentors}) AND {}
            GROUP BY mentor_id",
            mentorship::HOLDS_PLACE
        );
        taken.extend(sql.all::<Taken>(txn).await?.into_iter().map(|row| (row.mentor_id, row.places.unsigned_abs())));
    }
    Ok(taken)
}

/// Of each pair the last mentorship that ran.
async fn previous(txn: &DatabaseTransaction, couples: &[Couple]) -> Result<HashMap<Couple, Uuid>> {
    let mut last = HashMap::new();
    for part in mentors(couples).chunks(AT_A_TIME) {
        let ran = Entity::find().select_only().columns([Column::Id, Column::MentorId, Column::MenteeId]);
        let ran = ran.filter(Column::MentorId.is_in(part.iter().copied())).filter(Column::StartDate.is_not_null());
        let rows: Vec<(Uuid, Uuid, Uuid)> = ran.order_by_asc(Column::Id).into_tuple().all(txn).await?;
        last.extend(rows.into_iter().map(|(id, mentor_id, mentee_id)| (Couple { mentor_id, mentee_id }, id)));
    }
    Ok(last)
}
