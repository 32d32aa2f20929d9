use chrono::Utc;
use sea_orm::TryIntoModel;

use super::super::*;
use super::*;

const ME: Uuid = Uuid::from_u128(7);
const OTHER: Uuid = Uuid::from_u128(8);

fn in_state(state: State, now: DateTimeUtc) -> Model {
    Model {
        id: Uuid::from_u128(1),
        state,
        mode: Mode::BestTotal,
        floor: 0,
        minimum_one: false,
        filters: Filters::default(),
        edits: Edits::default(),
        seed: 0,
        policy_version: None,
        algorithm_version: None,
        snapshot_hash: None,
        progress_phase: None,
        progress_done: 0,
        progress_total: 0,
        summary: None,
        failure: None,
        cancel_requested: false,
        lease_holder: None,
        lease_until: None,
        requested_by_id: None,
        published_as: None,
        publication: None,
        conflicts: None,
        created_at: now,
        updated_at: now,
        started_at: None,
        finished_at: None,
        published_at: None,
        version: 1,
    }
}

fn row(moved: ActiveModel) -> Model {
    moved.try_into_model().unwrap()
}

fn taken(now: DateTimeUtc) -> Model {
    row(in_state(State::Queued, now).take_up(ME, now).unwrap())
}

#[test]
fn one_holder_takes_it_from_the_queue_to_ready() {
    let now = Utc::now();
    let run = taken(now);
    assert_eq!((run.state, run.started_at, run.version), (State::Snapshot, Some(now), 2));
    let run = row(run.freeze(ME, (3, 1), "hash".to_owned(), now).unwrap());
    assert_eq!((run.state, run.policy_version), (State::Scoring, Some(3)));
    let run = row(run.go_on(ME, State::Proving, (Phase::Proving, 1, 2), now).unwrap());
    assert_eq!(run.state, State::Proving);
    let run = row(run.finish(ME, Summary::default(), now).unwrap());
    assert_eq!((run.state, run.finished_at, run.lease_holder), (State::Ready, Some(now), None));
}

#[test]
fn a_lease_that_ran_out_lets_another_go_on_and_the_first_writes_nothing_more() {
    let now = Utc::now();
    let run = row(taken(now).freeze(ME, (1, 1), "hash".to_owned(), now).unwrap());
    let just_before = now + LEASE - TimeDelta::milliseconds(1);
    assert!(run.clone().take_up(OTHER, just_before).is_err());
    let run = row(run.take_up(OTHER, now + LEASE).unwrap());
    assert_eq!((run.state, run.started_at), (State::Scoring, Some(now)), "the snapshot is kept");
    for lost in [
        run.clone().go_on(ME, State::Solving, (Phase::Solving, 0, 0), now),
        run.clone().finish(ME, Summary::default(), now),
        run.clone().fail(ME, Failure::Internal, None, now),
        run.clone().give_back(ME, now),
    ] {
        assert_eq!(lost, Err(MoveError::LeaseLost));
    }
    assert!(row(run.give_back(OTHER, now).unwrap()).is_free(now));
}

#[test]
fn the_state_never_goes_back_while_the_phase_does() {
    let now = Utc::now();
    let proving = row(taken(now).go_on(ME, State::Proving, (Phase::Proving, 9, 9), now).unwrap());
    let again = row(proving.clone().go_on(ME, State::Solving, (Phase::Solving, 1, 9), now).unwrap());
    assert_eq!((again.state, again.progress_phase), (State::Proving, Some(Phase::Solving)));
    assert_eq!(again.version, proving.version, "progress alone is no new version");
}

#[test]
fn it_is_cancelled_at_once_where_nobody_works_on_it() {
    let now = Utc::now();
    for state in [State::Queued, State::Ready, State::Stale] {
        let run = row(in_state(state, now).cancel(now).unwrap().unwrap());
        assert_eq!((run.state, run.finished_at), (State::Cancelled, Some(now)));
        assert_eq!(run.cancel(now), Ok(None));
    }
    let asked = row(taken(now).cancel(now).unwrap().unwrap());
    assert!(asked.cancel_requested && asked.state == State::Snapshot);
    assert_eq!(asked.clone().cancel(now), Ok(None));
    assert_eq!(row(asked.heed_cancel(ME, now).unwrap()).state, State::Cancelled);
    for state in [State::Published, State::Failed] {
        assert_eq!(in_state(state, now).cancel(now), Err(MoveError::Transition { from: state }));
    }
}

fn asked(how: PublishedAs) -> Publication {
    Publication { how, only_fresh: false, by_id: ME, request_id: None }
}

#[test]
fn only_what_is_ready_is_edited_published_or_goes_stale() {
    let now = Utc::now();
    let refused = |state| MoveError::Transition { from: state };
    for state in [State::Queued, State::Proving, State::Failed, State::Cancelled, State::Stale] {
        let run = in_state(state, now);
        assert_eq!(run.clone().ask_for(asked(PublishedAs::Suggestions), now), Err(refused(state)));
        assert_eq!(run.clone().edit(Edits::default(), Summary::default(), now), Err(refused(state)));
        assert_eq!(run.go_stale(now), Err(refused(state)));
    }
    let ready = in_state(State::Ready, now);
    assert_eq!(ready.clone().publish(now), Err(refused(State::Ready)), "nobody asked for it");
    let run = row(ready.ask_for(asked(PublishedAs::Suggestions), now).unwrap().unwrap());
    let run = row(run.publish(now).unwrap());
    assert_eq!((run.state, run.published_at), (State::Published, Some(now)));
    assert_eq!((run.published_as, &run.publication), (Some(PublishedAs::Suggestions), &None));
    assert_eq!(run.clone().ask_for(asked(PublishedAs::Suggestions), now), Ok(None));
    assert_eq!(run.ask_for(asked(PublishedAs::Mentorships), now), Err(refused(State::Published)));
}

#[test]
fn what_is_being_published_stays_as_it_is() {
    let now = Utc::now();
    let run = in_state(State::Ready, now).ask_for(asked(PublishedAs::Suggestions), now).unwrap().unwrap();
    let run = row(run);
    assert_eq!(run.clone().ask_for(asked(PublishedAs::Suggestions), now), Ok(None));
    assert_eq!(run.clone().ask_for(asked(PublishedAs::Mentorships), now), Err(MoveError::BeingPublished));
    assert_eq!(run.clone().edit(Edits::default(), Summary::default(), now), Err(MoveError::BeingPublished));
    assert_eq!(row(run.clone().go_stale(now).unwrap()).publication, None);
    assert_eq!(row(run.clone().cancel(now).unwrap().unwrap()).publication, None);
    let couple = Couple { mentor_id: ME, mentee_id: OTHER };
    let conflicts = Conflicts(vec![Conflict { couple, code: "not_suggestable".to_owned() }]);
    let run = row(run.meet(conflicts.clone(), now));
    assert_eq!((run.state, &run.publication, &run.conflicts), (State::Ready, &None, &Some(conflicts)));
    let again = row(run.ask_for(asked(PublishedAs::Mentorships), now).unwrap().unwrap());
    assert_eq!(again.conflicts, None);
}
