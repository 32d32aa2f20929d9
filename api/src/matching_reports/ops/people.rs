//! Those of one side who can be matched, and how they fared in a week.

use std::collections::HashMap;

use chrono::{DateTime, Utc};
use entity::mentorship::HOLDS_PLACE;
use entity::side::Side;
use matching::fairness::{Mentor, Person};
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::candidates::profiles::{self, Who};
use crate::error::Result;
use crate::fairness::{Crowd, Facts};
use crate::lot::{self, MOST_PEOPLE};
use crate::sql::Sql;

/// How many are loaded at a time.
const AT_A_TIME: usize = 1_000;

/// From, until before.
#[derive(Clone, Copy)]
pub struct Week {
    pub from: DateTime<Utc>,
    pub to: DateTime<Utc>,
}

/// What a side is reported of.
pub struct Counted {
    pub people: Vec<Person>,
    /// The same as they were shown; a mentor's seats are those that were free in the week
    pub shown: Vec<Mentor>,
    /// Of how many they were drawn, where not all are counted
    pub drawn_from: Option<u32>,
}

#[derive(FromQueryResult)]
struct Fared {
    id: Uuid,
    onboarded_at: Option<DateTime<Utc>>,
    /// When their first mentorship began
    first_at: Option<DateTime<Utc>>,
    held: i64,
    /// Of these, begun in the week
    taken: i64,
    shown: i64,
    /// The sum of the scores, 0 to 100 each
    score: i64,
    declined: i64,
}

pub async fn count(
    db: &impl ConnectionTrait,
    side: Side,
    week: Week,
    ladder: &[Uuid],
    now: DateTime<Utc>,
) -> Result<Counted> {
    let all = lot::available(db, side, now).await?;
    let drawn_from = u32::try_from(all.len()).ok().filter(|_| all.len() > MOST_PEOPLE);
    let ids = lot::draw(all, MOST_PEOPLE, &[], |id| *id);
    let (mut crowd, mut shown) = (Crowd::new(side, ladder), Vec::new());
    for part in ids.chunks(AT_A_TIME) {
        let profiles = profiles::load(db, side, Who::These(part), now).await?;
        let fared: HashMap<_, _> = fared(db, side, part, week).await?.into_iter().map(|row| (row.id, row)).collect();
        for profile in profiles.values() {
            let Some(row) = fared.get(&profile.user_id) else { continue };
            crowd.add(profile, row.facts(now));
            shown.push(row.as_shown(profile.seats.free));
        }
    }
    Ok(Counted { people: crowd.people(), shown, drawn_from })
}

impl Fared {
    fn facts(&self, now: DateTime<Utc>) -> Facts {
        let waited = self.first_at.unwrap_or(now) - self.onboarded_at.unwrap_or(now);
        let mean = (10 * self.score).checked_div(self.shown);
        Facts {
            waiting_minutes: u64::try_from(waited.num_minutes()).unwrap_or_default(),
            matched: self.held > 0,
            score: mean.and_then(|mean| u16::try_from(mean).ok()),
        }
    }

    fn as_shown(&self, free: u16) -> Mentor {
        let number = |count: i64| u32::try_from(count).unwrap_or(u32::MAX);
        let seats = u32::from(free).saturating_add(number(self.taken));
        Mentor { id: self.id, seats, shown: number(self.shown), declines: number(self.declined) }
    }
}

async fn fared(db: &impl ConnectionTrait, side: Side, ids: &[Uuid], week: Week) -> Result<Vec<Fared>> {
    let mut sql = Sql::default();
    let ids = sql.bind_all(ids.iter().copied());
    let (from, to) = (sql.bind(week.from), sql.bind(week.to));
    let theirs = side.pick("mentor", "mentee");
    let within = |column: &str| format!("{column} >= {from} AND {column} < {to}");
    let (made, answered) = (within("created_at"), within(&format!("{theirs}_responded_at")));
    sql.text = format!(
        "SELECT u.id, u.onboarding_completed_at AS onboarded_at, m.first_at, COALESCE(m.held, 0) AS held,
            COALESCE(m.taken, 0) AS taken, COALESCE(s.shown, 0) AS shown, COALESCE(s.score, 0) AS score,
            COALESCE(s.declined, 0) AS declined
        FROM users u
        LEFT JOIN (SELECT {theirs}_id AS user_id, MIN(start_date) AS first_at, COUNT(*) FILTER (WHERE {HOLDS_PLACE}) AS held,
                COUNT(*) FILTER (WHERE {HOLDS_PLACE} AND accepted_at >= {from}) AS taken
            FROM mentorships WHERE {theirs}_id IN ({ids}) GROUP BY {theirs}_id) m ON m.user_id = u.id
        LEFT JOIN (SELECT {theirs}_id AS user_id, COUNT(*) FILTER (WHERE {made}) AS shown,
                CAST(COALESCE(SUM(score) FILTER (WHERE {made}), 0) AS bigint) AS score,
                COUNT(*) FILTER (WHERE {theirs}_response = 'DECLINED' AND {answered}) AS declined
            FROM suggestions WHERE {theirs}_id IN ({ids}) GROUP BY {theirs}_id) s ON s.user_id = u.id
        WHERE u.id IN ({ids})"
    );
    sql.all(db).await
}
