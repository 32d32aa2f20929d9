use chrono::{DateTime, Utc};
use entity::mentorship::{self, Actor, EndReason, MoveError, Status};
use entity::setting;
use sea_orm::{ActiveModelTrait, DatabaseTransaction};
use serde_json::{Map, Value, json};
use uuid::Uuid;

use super::lapse;
use super::lock::lock_seen;
use super::places::Pair;
use super::see::{Seen, see};
use crate::auth::Caller;
use crate::error::{Code, Error, Result};
use crate::events::{self, Event, Kind};
use crate::http::{IfMatch, Instant};
use crate::meetings;
use crate::settings;
use crate::state::AppState;

/// A move of a mentorship.
pub enum Step {
    Accept,
    Decline,
    Withdraw,
    Complete {
        reason: Option<EndReason>,
        note: Option<String>,
    },
    Cancel {
        reason: EndReason,
        note: Option<String>,
    },
    /// The staff lets it start.
    Approve,
    /// The staff ends it, whoever they are to it.
    End {
        reason: EndReason,
        note: Option<String>,
    },
}

/// Makes a move. Where the same actor made it before, nothing happens again.
pub async fn step<R>(state: &AppState, me: &Caller<R>, id: Uuid, if_match: &IfMatch, step: Step) -> Result<Seen> {
    let txn = state.begin_write().await?;
    let row = lock_seen(&txn, me, id).await?;
    let settings = settings::ops::current(&txn).await?;
    let now = state.clock.now();
    let actor = step.actor(me, &row)?;
    if row.has_lapsed(now) {
        lapse::expire(&txn, state, row).await?;
        txn.commit().await?;
        return Err(lapse::too_late());
    }
    if_match.check(row.version)?;
    let Some(moved) = step.decide(row.clone(), actor, &settings, now).map_err(|error| refusal(error, &row))? else {
        return see(&txn, me, row).await;
    };
    step.demand_rules(&txn, &row).await?;
    let moved = carry_out(&txn, state, me, (&row, moved), &step, actor).await?;
    let seen = see(&txn, me, moved).await?;
    txn.commit().await?;
    Ok(seen)
}

/// Writes a move that was decided, with what follows from it.
pub(super) async fn carry_out<R>(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<R>,
    (row, moved): (&mentorship::Model, mentorship::ActiveModel),
    step: &Step,
    actor: Actor,
) -> Result<mentorship::Model> {
    let moved = moved.update(txn).await?;
    if !moved.is_open() {
        meetings::ops::call_off(txn, state, me, row).await?;
    }
    let event = Event::new(step.kind(&moved), row.id).informing([row.mentor_id, row.mentee_id]);
    let event = match actor {
        Actor::Staff(_) => event.by_staff(me).with(act_data(row, &moved)),
        Actor::Participant(_) => event.by(me).with(move_data(row, &moved)),
    };
    events::record(txn, state, event).await?;
    Ok(moved)
}

impl Step {
    /// As whom the caller acts: what staff are no side of, they only end, with a reason, and approve.
    fn actor<R>(&self, me: &Caller<R>, row: &mentorship::Model) -> Result<Actor> {
        match self {
            Self::Approve | Self::End { .. } => Ok(Actor::Staff(me.id())),
            _ if row.side_of(me.id()).is_some() => Ok(Actor::Participant(me.id())),
            Self::Accept | Self::Decline | Self::Withdraw => {
                Err(Error::refused(Code::Forbidden, "only its participants answer a mentorship"))
            }
            Self::Complete { reason: None, .. } => {
                Err(Error::invalid("/reason", "required", "staff say why they end a mentorship"))
            }
            Self::Complete { .. } | Self::Cancel { .. } => Ok(Actor::Staff(me.id())),
        }
    }

    fn decide(
        &self,
        row: mentorship::Model,
        actor: Actor,
        settings: &setting::Model,
        now: DateTime<Utc>,
    ) -> Result<Option<mentorship::ActiveModel>, MoveError> {
        let (Actor::Participant(by) | Actor::Staff(by)) = actor;
        match self {
            Self::Accept => row.accept(by, settings.mentorship_approval, now),
            Self::Decline => row.decline(by, now),
            Self::Withdraw => row.withdraw(by, now),
            Self::Complete { reason, note } => row.complete(actor, *reason, note.clone(), now),
            Self::Cancel { reason, note } | Self::End { reason, note } => row.cancel(actor, *reason, note.clone(), now),
            Self::Approve => row.approve(now),
        }
    }

    /// The rules over more rows than this one.
    async fn demand_rules(&self, txn: &DatabaseTransaction, row: &mentorship::Model) -> Result<()> {
        if !matches!(self, Self::Accept | Self::Approve) {
            return Ok(());
        }
        let pair = Pair::lock(txn, row.mentor_id, row.mentee_id).await?.ok_or(Code::NotSuggestable)?;
        pair.demand_members()?;
        let takes_place = matches!(self, Self::Accept) && row.accepted_at.is_none();
        if takes_place { pair.demand_place(txn).await } else { Ok(()) }
    }

    fn kind(&self, moved: &mentorship::Model) -> Kind {
        match self {
            Self::Accept | Self::Approve if moved.status == Status::Active => Kind::MentorshipStarted,
            Self::Accept => Kind::MentorshipAccepted,
            Self::Approve => Kind::MentorshipChanged,
            Self::Decline => Kind::MentorshipDeclined,
            Self::Complete { .. } => Kind::MentorshipCompleted,
            Self::Withdraw | Self::Cancel { .. } | Self::End { .. } => Kind::MentorshipCanceled,
        }
    }
}

/// What an event tells of a move: states, never reasons or texts.
pub fn move_data(before: &mentorship::Model, after: &mentorship::Model) -> Value {
    json!({ "mentorId": after.mentor_id, "menteeId": after.mentee_id, "from": before.status, "to": after.status })
}

/// What the audit log tells of an act of the staff: the fields that it changed.
fn act_data(before: &mentorship::Model, after: &mentorship::Model) -> Value {
    let (mut was, mut is) = (Map::new(), Map::new());
    let mut note = |name: &str, before: Value, after: Value| {
        if before != after {
            was.insert(name.to_owned(), before);
            is.insert(name.to_owned(), after);
        }
    };
    note("status", json!(before.status), json!(after.status));
    let instants = [
        ("approvedAt", before.approved_at, after.approved_at),
        ("startDate", before.start_date, after.start_date),
        ("endDate", before.end_date, after.end_date),
    ];
    for (name, before, after) in instants {
        note(name, json!(before.map(Instant::from)), json!(after.map(Instant::from)));
    }
    json!({ "mentorId": after.mentor_id, "menteeId": after.mentee_id, "before": was, "after": is })
}

/// Who may not make a move meets 403 while it is open; once it is closed, everybody meets 409 with the state.
pub fn refusal(error: MoveError, row: &mentorship::Model) -> Error {
    let code = match error {
        MoveError::NotYours => return Code::NotFound.into(),
        MoveError::NotReceiver if row.is_open() => Code::NotReceiver,
        MoveError::NotRequester if row.is_open() => Code::NotRequester,
        _ => Code::InvalidTransition,
    };
    let detail = match (code, error) {
        (_, MoveError::AlreadyAccepted) => format!("the mentorship is {} and {error}", row.status),
        (Code::InvalidTransition, _) => MoveError::Transition { from: row.status }.to_string(),
        _ => error.to_string(),
    };
    Error::refused(code, detail)
}
