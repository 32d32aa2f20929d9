use chrono::{TimeDelta, Utc};
use proptest::prelude::*;
use sea_orm::{Iterable, TryIntoModel};

use super::*;

const MENTOR: Uuid = Uuid::from_u128(1);
const MENTEE: Uuid = Uuid::from_u128(2);
const STRANGER: Uuid = Uuid::from_u128(3);
const ADMIN: Uuid = Uuid::from_u128(4);

fn request(now: DateTimeUtc) -> Model {
    Model {
        id: Uuid::from_u128(9),
        mentor_id: MENTOR,
        mentee_id: MENTEE,
        origin: Origin::Request,
        status: Status::Pending,
        suggestion_id: None,
        previous_id: None,
        message: None,
        accepted_at: None,
        approved_at: None,
        expires_at: Some(now + TimeDelta::days(14)),
        start_date: None,
        end_date: None,
        ended_by_id: None,
        end_reason: None,
        end_note: None,
        last_message_seq: 0,
        mentor_read_seq: 0,
        mentee_read_seq: 0,
        last_message_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}

fn active(now: DateTimeUtc) -> Model {
    done(request(now).accept(MENTOR, false, now))
}

fn done(outcome: Moved) -> Model {
    outcome.unwrap().unwrap().try_into_model().unwrap()
}

fn from(status: Status) -> Moved {
    Err(MoveError::Transition { from: status })
}

#[test]
fn the_mentor_accepts_a_request_and_it_starts() {
    let now = Utc::now();
    let row = active(now);
    assert_eq!((row.status, row.accepted_at, row.start_date), (Status::Active, Some(now), Some(now)));
    assert_eq!((row.version, row.updated_at), (2, now));
    assert_eq!(row.accept(MENTOR, false, now), Ok(None));
}

#[test]
fn only_the_side_that_was_asked_answers() {
    let now = Utc::now();
    assert_eq!(request(now).accept(MENTEE, false, now), Err(MoveError::NotReceiver));
    assert_eq!(request(now).decline(MENTEE, now), Err(MoveError::NotReceiver));
    assert_eq!(request(now).accept(STRANGER, false, now), Err(MoveError::NotYours));
    assert_eq!(request(now).withdraw(MENTOR, now), Err(MoveError::NotRequester));
    assert_eq!(request(now).withdraw(STRANGER, now), Err(MoveError::NotYours));
    let matched = Model { origin: Origin::MatchRun, ..request(now) };
    assert_eq!(matched.accept(MENTOR, false, now), Err(MoveError::NotReceiver));
}

#[test]
fn where_approval_is_required_it_starts_when_both_were_given() {
    let now = Utc::now();
    let accepted = done(request(now).accept(MENTOR, true, now));
    assert_eq!((accepted.status, accepted.accepted_at), (Status::Pending, Some(now)));
    assert_eq!(accepted.clone().accept(MENTOR, true, now), Ok(None));
    let approved = done(request(now).approve(now));
    assert_eq!((approved.status, approved.approved_at), (Status::Pending, Some(now)));
    assert_eq!(approved.clone().approve(now), Ok(None));
    for row in [done(accepted.approve(now)), done(approved.accept(MENTOR, true, now))] {
        assert_eq!((row.status, row.start_date), (Status::Active, Some(now)));
        assert_eq!(row.approve(now), Ok(None));
    }
}

#[test]
fn an_accepted_request_can_only_be_canceled() {
    let now = Utc::now();
    let waiting = done(request(now).accept(MENTOR, true, now));
    for refused in [waiting.clone().decline(MENTOR, now), waiting.clone().withdraw(MENTEE, now)] {
        assert_eq!(refused, Err(MoveError::AlreadyAccepted));
    }
    assert_eq!(waiting.clone().expire(now), Err(MoveError::AlreadyAccepted));
    let row = done(waiting.cancel(Actor::Participant(MENTEE), EndReason::NoTime, None, now));
    assert_eq!(row.status, Status::Canceled);
}

#[test]
fn a_request_ends_as_declined_withdrawn_or_expired() {
    let now = Utc::now();
    let declined = done(request(now).decline(MENTOR, now));
    assert_eq!((declined.end_reason, declined.ended_by_id), (Some(EndReason::Declined), Some(MENTOR)));
    assert_eq!((declined.status, declined.end_date), (Status::Canceled, Some(now)));
    assert_eq!(declined.clone().decline(MENTOR, now), Ok(None));
    assert_eq!(declined.withdraw(MENTEE, now), from(Status::Canceled));
    let withdrawn = done(request(now).withdraw(MENTEE, now));
    assert_eq!(withdrawn.clone().withdraw(MENTEE, now), Ok(None));
    assert_eq!(withdrawn.accept(MENTOR, false, now), from(Status::Canceled));
    let expired = done(request(now).expire(now));
    assert_eq!((expired.end_reason, expired.ended_by_id), (Some(EndReason::Expired), None));
    assert_eq!(expired.expire(now), Ok(None));
}

#[test]
fn either_participant_or_staff_completes_an_active_one() {
    let now = Utc::now();
    for by in [Actor::Participant(MENTOR), Actor::Participant(MENTEE), Actor::Staff(ADMIN)] {
        let row = done(active(now).complete(by, Some(EndReason::GoalsReached), None, now));
        assert_eq!((row.status, row.end_date, row.ended_by_id), (Status::Completed, Some(now), Some(by.id())));
        assert_eq!(row.clone().complete(by, None, None, now), Ok(None));
        assert_eq!(row.complete(Actor::Staff(STRANGER), None, None, now), from(Status::Completed));
    }
    let stranger = Actor::Participant(STRANGER);
    assert_eq!(active(now).complete(stranger, None, None, now), Err(MoveError::NotYours));
    assert_eq!(request(now).complete(Actor::Staff(ADMIN), None, None, now), from(Status::Pending));
}

#[test]
fn canceling_keeps_the_reason_and_the_note() {
    let now = Utc::now();
    let by = Actor::Participant(MENTEE);
    let row = done(active(now).cancel(by, EndReason::NotAFit, Some("no words".to_owned()), now));
    assert_eq!((row.status, row.end_reason), (Status::Canceled, Some(EndReason::NotAFit)));
    assert_eq!(row.end_note.as_deref(), Some("no words"));
    assert_eq!(row.clone().cancel(by, EndReason::NotAFit, None, now), Ok(None));
    assert_eq!(row.clone().cancel(by, EndReason::NoTime, None, now), from(Status::Canceled));
    assert_eq!(row.cancel(Actor::Participant(STRANGER), EndReason::NoTime, None, now), Err(MoveError::NotYours));
}

#[test]
fn it_never_ends_before_it_began() {
    let now = Utc::now();
    let earlier = now - TimeDelta::days(1);
    let row = done(active(now).complete(Actor::Staff(ADMIN), None, None, earlier));
    assert_eq!(row.end_date, Some(now));
}

/// Every move from every state by everybody: only the drawn arrows exist, and each counts the version up by one.
#[test]
fn no_other_moves_exist() {
    let now = Utc::now();
    let moves: [fn(Model, Uuid, DateTimeUtc) -> Moved; 9] = [
        |row, by, now| row.accept(by, false, now),
        |row, by, now| row.accept(by, true, now),
        |row, _, now| row.approve(now),
        |row, by, now| row.decline(by, now),
        |row, by, now| row.withdraw(by, now),
        |row, _, now| row.expire(now),
        |row, by, now| row.complete(Actor::Participant(by), None, None, now),
        |row, by, now| row.cancel(Actor::Participant(by), EndReason::Other, None, now),
        |row, by, now| row.cancel(Actor::Staff(by), EndReason::Conduct, None, now),
    ];
    for origin in Origin::iter() {
        let mut seen = vec![Model { origin, ..request(now) }];
        for _ in 0..4 {
            let steps = seen.iter().flat_map(|row| {
                moves.iter().flat_map(move |go| [MENTOR, MENTEE, STRANGER].map(|by| (row, go(row.clone(), by, now))))
            });
            let next: Vec<Model> = steps.filter_map(|(row, outcome)| arrow(row, outcome.ok()??)).collect();
            seen.extend(next.into_iter().filter(|row| row.version <= 4));
            seen.dedup();
        }
    }
}

fn arrow(before: &Model, after: ActiveModel) -> Option<Model> {
    let after = after.try_into_model().unwrap();
    let allowed = matches!(
        (before.status, after.status),
        (Status::Pending, Status::Pending | Status::Active | Status::Canceled)
            | (Status::Active, Status::Completed | Status::Canceled)
    );
    assert!(allowed, "{before:?} became {after:?}");
    assert_eq!(after.version, before.version + 1);
    assert_eq!(after.end_date.is_some(), !after.is_open());
    assert!(after.status == Status::Pending || after.status == Status::Canceled || after.start_date.is_some());
    (after.version < 4).then_some(after)
}

#[derive(Clone, Copy, Debug, PartialEq)]
enum Go {
    Accept,
    Decline,
    Withdraw,
    Complete,
    Cancel,
    Approve,
    Expire,
}

fn go(row: Model, by: Uuid, go: Go, approval: bool, now: DateTimeUtc) -> Moved {
    let actor = if by == ADMIN { Actor::Staff(by) } else { Actor::Participant(by) };
    match go {
        Go::Accept => row.accept(by, approval, now),
        Go::Decline => row.decline(by, now),
        Go::Withdraw => row.withdraw(by, now),
        Go::Complete => row.complete(actor, None, None, now),
        Go::Cancel => row.cancel(actor, EndReason::Other, None, now),
        Go::Approve => row.approve(now),
        Go::Expire => row.expire(now),
    }
}

/// What the model says: where this move of this actor leads, or that it changes nothing.
fn led(row: &Model, by: Uuid, go: Go, approval: bool) -> Option<Status> {
    let (asked, answered, approved) =
        (row.origin == Origin::Request, row.accepted_at.is_some(), row.approved_at.is_some());
    let starts = |now| if now { Status::Active } else { Status::Pending };
    match (row.status, go) {
        (Status::Pending, Go::Accept) if by == MENTOR && asked && approved => Some(Status::Active),
        (Status::Pending, Go::Accept) if by == MENTOR && asked && !(answered && approval) => Some(starts(!approval)),
        (Status::Pending, Go::Decline) if by == MENTOR && asked && !answered => Some(Status::Canceled),
        (Status::Pending, Go::Withdraw) if by == MENTEE && asked && !answered => Some(Status::Canceled),
        (Status::Pending, Go::Expire) if !answered => Some(Status::Canceled),
        (Status::Pending, Go::Approve) if !approved => Some(starts(answered)),
        (Status::Pending | Status::Active, Go::Cancel) if by != STRANGER => Some(Status::Canceled),
        (Status::Active, Go::Complete) if by != STRANGER => Some(Status::Completed),
        _ => None,
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(400))]

    /// 400 walks of 25 steps: 10,000 steps by four actors.
    #[test]
    fn no_walk_leaves_the_model(
        from_suggestion in any::<bool>(),
        steps in proptest::collection::vec((0..4usize, 0..7usize, any::<bool>()), 25),
    ) {
        let now = Utc::now();
        let mut row = request(now);
        if from_suggestion {
            row.origin = Origin::Suggestion;
            row.accepted_at = Some(now);
        }
        for (by, step, approval) in steps {
            let by = [MENTOR, MENTEE, STRANGER, ADMIN][by];
            let step = [Go::Accept, Go::Decline, Go::Withdraw, Go::Complete, Go::Cancel, Go::Approve, Go::Expire][step];
            let moved = go(row.clone(), by, step, approval, now).ok().flatten().map(|row| row.try_into_model().unwrap());
            prop_assert_eq!(moved.as_ref().map(|row| row.status), led(&row, by, step, approval), "{:?} by {} of {:?}", step, by, row);
            row = moved.unwrap_or(row);
        }
    }
}
