//! What forbids particular pairs, as the database says it.

use std::collections::BTreeSet;

use chrono::{DateTime, TimeDelta, Utc};
use entity::side::Side;
use entity::{mentorship, setting};
use matching::{PairBlocks, Rule};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::Result;
use crate::sql::Sql;

#[derive(FromQueryResult)]
struct Found {
    user_id: Uuid,
}

#[derive(FromQueryResult)]
struct PairRow {
    rule: String,
    mentor_id: Uuid,
    mentee_id: Uuid,
}

/// The rules as conditions on rows, with their placeholders.
struct Conditions {
    standing: String,
    ended_badly: String,
    declined: String,
    put_off: String,
    now: String,
}

impl Conditions {
    fn new(sql: &mut Sql, settings: &setting::Model, now: DateTime<Utc>) -> Self {
        let cooled = now - TimeDelta::days(settings.cooling_off_days.into());
        let (now, cooled) = (sql.bind(now), sql.bind(cooled));
        Self {
            standing: mentorship::standing_sql(&now),
            ended_badly: format!("end_reason IN ('DECLINED', 'NOT_A_FIT', 'CONDUCT') AND end_date > {cooled}"),
            declined: format!(
                "((mentor_response = 'DECLINED' AND mentor_responded_at > {cooled})
                OR (mentee_response = 'DECLINED' AND mentee_responded_at > {cooled}))"
            ),
            put_off: format!("mentor_not_before > {now} OR mentee_not_before > {now}"),
            now,
        }
    }
}

/// Whom `me` is not suggested to: an open mentorship either way (a lapsed request is none), a no within the cooling-off either
/// way, a "not now", a ban by the staff, a block by either, or a suggestion of this very pair that has not lapsed. A decline counts
/// until its suggestion would have lapsed, so that it does not show.
pub async fn of(
    db: &impl ConnectionTrait,
    me: Uuid,
    side: Side,
    settings: &setting::Model,
    now: DateTime<Utc>,
) -> Result<BTreeSet<Uuid>> {
    let mut sql = Sql::default();
    let Conditions { standing, ended_badly, declined, put_off, now } = Conditions::new(&mut sql, settings, now);
    let me = sql.bind(me);
    let pair = |table: &str, mine: Side, rule: &str| {
        let (mine, theirs) = (mine.pick("mentor", "mentee"), mine.pick("mentee", "mentor"));
        format!("SELECT {theirs}_id AS user_id FROM {table} WHERE {mine}_id = {me} AND ({rule})")
    };
    let mentorship = format!("{standing} OR ({ended_badly})");
    let each = [
        pair("mentorships", side, &mentorship),
        pair("mentorships", side.other(), &mentorship),
        pair("suggestions", side, &format!("expires_at > {now} OR {declined} OR {put_off}")),
        pair("suggestions", side.other(), &format!("{declined} OR {put_off}")),
        format!("SELECT other_id FROM pair_bans WHERE one_id = {me}"),
        format!("SELECT one_id FROM pair_bans WHERE other_id = {me}"),
        format!("SELECT blocked_id FROM blocks WHERE blocker_id = {me}"),
        format!("SELECT blocker_id FROM blocks WHERE blocked_id = {me}"),
    ];
    sql.text = each.join(" UNION ALL ");
    Ok(sql.all::<Found>(db).await?.into_iter().map(|found| found.user_id).collect())
}

/// Of so many at most the blocks are looked up by who they are.
const FEW: usize = 5_000;
/// People whom one statement names.
const AT_A_TIME: usize = 500;

/// What forbids pairs of a whole cohort, of `people` at least. A suggestion that stands is no obstacle to being matched.
pub async fn among(
    db: &impl ConnectionTrait,
    people: &BTreeSet<Uuid>,
    settings: &setting::Model,
    now: DateTime<Utc>,
) -> Result<PairBlocks> {
    if people.len() > FEW {
        return of_everybody(db, settings, now).await;
    }
    let mut blocks = PairBlocks::default();
    let people: Vec<_> = people.iter().copied().collect();
    for part in people.chunks(AT_A_TIME) {
        read(db, Some(part), settings, now, &mut blocks).await?;
    }
    Ok(blocks)
}

/// The same of all who have any.
pub async fn of_everybody(
    db: &impl ConnectionTrait,
    settings: &setting::Model,
    now: DateTime<Utc>,
) -> Result<PairBlocks> {
    let mut blocks = PairBlocks::default();
    read(db, None, settings, now, &mut blocks).await?;
    Ok(blocks)
}

/// Those whose first is one of `people`, or all: whoever of a pair comes first, one of `people` does.
async fn read(
    db: &impl ConnectionTrait,
    people: Option<&[Uuid]>,
    settings: &setting::Model,
    now: DateTime<Utc>,
    blocks: &mut PairBlocks,
) -> Result<()> {
    let mut sql = Sql::default();
    let Conditions { standing, ended_badly, declined, put_off, .. } = Conditions::new(&mut sql, settings, now);
    let people = people.map(|people| sql.bind_all(people.iter().copied()));
    let of = |first: &str| people.as_ref().map_or_else(|| "TRUE".to_owned(), |people| format!("{first} IN ({people})"));
    let (mentor, one, blocker) = (of("mentor_id"), of("one_id"), of("blocker_id"));
    sql.text = format!(
        "SELECT 'open' AS rule, mentor_id, mentee_id FROM mentorships WHERE {mentor} AND {standing}
        UNION ALL SELECT 'refused', mentor_id, mentee_id FROM mentorships WHERE {mentor} AND {ended_badly}
        UNION ALL SELECT 'refused', mentor_id, mentee_id FROM suggestions WHERE {mentor} AND ({declined} OR {put_off})
        UNION ALL SELECT 'banned', one_id, other_id FROM pair_bans WHERE {one}
        UNION ALL SELECT 'blocked', blocker_id, blocked_id FROM blocks WHERE {blocker}"
    );
    for PairRow { rule, mentor_id, mentee_id } in sql.all(db).await? {
        let rule = match rule.as_str() {
            "open" => Rule::OpenMentorship,
            "banned" => Rule::Banned,
            "blocked" => Rule::Blocked,
            _ => Rule::CoolingOff,
        };
        blocks.forbid_either_way(mentor_id, mentee_id, rule);
    }
    Ok(())
}
