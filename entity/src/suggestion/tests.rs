use chrono::{TimeDelta, Utc};
use sea_orm::TryIntoModel;

use super::*;

const MENTOR: Uuid = Uuid::from_u128(1);
const MENTEE: Uuid = Uuid::from_u128(2);

fn pending(now: DateTimeUtc) -> Model {
    Model {
        id: Uuid::from_u128(3),
        mentor_id: MENTOR,
        mentee_id: MENTEE,
        score: 80,
        policy_version: 1,
        algorithm_version: 1,
        reasons: Reasons::default(),
        mentor_response: Response::Pending,
        mentee_response: Response::Pending,
        mentor_responded_at: None,
        mentee_responded_at: None,
        mentor_not_before: None,
        mentee_not_before: None,
        status: Status::Pending,
        replaced_at: None,
        expires_at: now + TimeDelta::days(30),
        created_at: now,
        updated_at: now,
    }
}

fn answered(row: Model, me: Uuid, answer: Answer, now: DateTimeUtc) -> Model {
    row.respond(me, answer, now).unwrap().unwrap().try_into_model().unwrap()
}

#[test]
fn it_is_accepted_once_both_accepted() {
    let now = Utc::now();
    let one = answered(pending(now), MENTEE, Answer::Accepted, now);
    assert_eq!((one.status, one.mentee_responded_at), (Status::Pending, Some(now)));
    assert_eq!(one.mentor_responded_at, None);
    let both = answered(one, MENTOR, Answer::Accepted, now);
    assert_eq!(both.status, Status::Accepted);
    assert_eq!(both.response_of(MENTOR), Some(Response::Accepted));
}

#[test]
fn it_is_declined_once_either_declined() {
    let now = Utc::now();
    let one = answered(pending(now), MENTOR, Answer::Declined, now);
    assert_eq!(one.status, Status::Declined);
    assert_eq!(one.status_for(MENTOR), Status::Declined);
}

#[test]
fn a_no_of_the_other_shows_nowhere() {
    let now = Utc::now();
    for theirs in [None, Some(Answer::Accepted), Some(Answer::Declined)] {
        let row = match theirs {
            Some(theirs) => answered(pending(now), MENTOR, theirs, now),
            None => pending(now),
        };
        assert_eq!(row.status_for(MENTEE), Status::Pending);
        assert_eq!(row.clone().respond(MENTEE, Answer::Accepted, row.expires_at), Err(RespondError::Lapsed));
        let answered = answered(row, MENTEE, Answer::Declined, now);
        assert_eq!(answered.status_for(MENTEE), Status::Declined);
        assert_eq!(answered.respond(MENTEE, Answer::Accepted, now), Err(RespondError::AlreadyAnswered));
    }
}

#[test]
fn a_late_yes_to_a_no_is_kept_and_still_looks_pending() {
    let now = Utc::now();
    let row = answered(answered(pending(now), MENTOR, Answer::Declined, now), MENTEE, Answer::Accepted, now);
    assert_eq!((row.status, row.mentee_response), (Status::Declined, Response::Accepted));
    assert_eq!(row.status_for(MENTEE), Status::Pending);
    assert_eq!(row.status_for(MENTOR), Status::Declined);
}

#[test]
fn saying_the_same_again_changes_nothing_and_another_answer_is_refused() {
    let now = Utc::now();
    let one = answered(pending(now), MENTOR, Answer::Accepted, now);
    let later = now + TimeDelta::days(60);
    assert_eq!(one.clone().respond(MENTOR, Answer::Accepted, later), Ok(None));
    assert_eq!(one.respond(MENTOR, Answer::Declined, now), Err(RespondError::AlreadyAnswered));
}

#[test]
fn it_lapses_at_its_expiry() {
    let now = Utc::now();
    let row = pending(now);
    let end = row.expires_at;
    assert!(row.clone().respond(MENTOR, Answer::Accepted, end - TimeDelta::milliseconds(1)).is_ok());
    assert_eq!(row.respond(MENTOR, Answer::Accepted, end), Err(RespondError::Lapsed));
}

#[test]
fn strangers_have_no_side() {
    let now = Utc::now();
    let stranger = Uuid::from_u128(9);
    assert_eq!(pending(now).side_of(stranger), None);
    assert_eq!(pending(now).other_of(MENTOR), Some(MENTEE));
    assert_eq!(pending(now).respond(stranger, Answer::Accepted, now), Err(RespondError::NotParticipant));
}

#[test]
fn not_now_hides_it_from_one_side_and_tells_the_other_nothing() {
    let now = Utc::now();
    let until = now + TimeDelta::days(7);
    let row: Model = pending(now).put_off(MENTEE, until, now).unwrap().unwrap().try_into_model().unwrap();
    assert_eq!((row.not_before_of(Side::Mentee), row.not_before_of(Side::Mentor)), (Some(until), None));
    assert_eq!((row.status_for(MENTOR), row.response_of(MENTEE)), (Status::Pending, Some(Response::Pending)));
    assert_eq!(row.clone().put_off(MENTEE, until + TimeDelta::days(7), now), Ok(None));
    assert_eq!(answered(row, MENTEE, Answer::Accepted, now).response_of(MENTEE), Some(Response::Accepted));
}

#[test]
fn what_is_answered_or_lapsed_is_not_put_off() {
    let now = Utc::now();
    let until = now + TimeDelta::days(7);
    let row = answered(pending(now), MENTEE, Answer::Declined, now);
    assert_eq!(row.clone().put_off(MENTEE, until, now), Err(RespondError::AlreadyAnswered));
    assert_eq!(row.put_off(Uuid::from_u128(9), until, now), Err(RespondError::NotParticipant));
    let end = pending(now).expires_at;
    assert_eq!(pending(now).put_off(MENTOR, end + TimeDelta::days(7), end), Err(RespondError::Lapsed));
}
