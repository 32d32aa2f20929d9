//! Whatever people do, in whatever order and at the same time: no suggestion breaks a rule, and no seat is given twice.

use std::collections::HashMap;

use chrono::TimeDelta;
use entity::suggestion::{self, Response};
use entity::user::PreferredGender;
use entity::{mentorship, pair_ban, user};
use futures_util::future::join_all;
use proptest::collection::vec;
use proptest::prelude::*;
use sea_orm::EntityTrait;
use sea_orm::prelude::DateTimeUtc;
use serde_json::{Value, json};
use support::{Answer, App, Client};
use uuid::Uuid;

use crate::match_runs::{RUNS, id_of};
use crate::matching::{offers, seeks, skill};
use crate::suggestions::listed;

/// Who they are does not matter: everybody fits everybody, and `at` picks one of what is there.
#[derive(Clone, Debug)]
enum Act {
    Answer { who: usize, at: usize, answer: &'static str },
    Change { who: usize, change: Change },
    Read { who: usize },
    End { who: usize, at: usize },
    Publish { how: &'static str },
    Ban { one: usize, other: usize },
    Wait { days: i64 },
}

#[derive(Clone, Debug)]
enum Change {
    InPerson(bool),
    Wish(PreferredGender),
    Pause(i64),
    Skills(bool),
}

const PEOPLE: usize = 6;
/// Each a mentor of so many seats, and a mentee.
const SEATS: [i16; PEOPLE] = [1, 1, 2, 1, 0, 3];

fn act() -> impl Strategy<Value = Act> {
    let who = || 0..PEOPLE;
    let answer = prop_oneof![3 => Just("decline"), 1 => Just("not-now"), 2 => Just("accept")];
    let change = prop_oneof![
        any::<bool>().prop_map(Change::InPerson),
        prop_oneof![Just(PreferredGender::Any), Just(PreferredGender::Female)].prop_map(Change::Wish),
        (-1..10_i64).prop_map(Change::Pause),
        any::<bool>().prop_map(Change::Skills),
    ];
    let how = prop_oneof![3 => Just("SUGGESTIONS"), 1 => Just("MENTORSHIPS")];
    prop_oneof![
        8 => (who(), 0..PEOPLE, answer).prop_map(|(who, at, answer)| Act::Answer { who, at, answer }),
        4 => (who(), change).prop_map(|(who, change)| Act::Change { who, change }),
        2 => who().prop_map(|who| Act::Read { who }),
        1 => (who(), 0..PEOPLE).prop_map(|(who, at)| Act::End { who, at }),
        2 => how.prop_map(|how| Act::Publish { how }),
        1 => (who(), who()).prop_map(|(one, other)| Act::Ban { one, other }),
        2 => (1..45_i64).prop_map(|days| Act::Wait { days }),
    ]
}

#[derive(Clone)]
struct World {
    admin: Client,
    people: Vec<Client>,
}

impl World {
    async fn new(app: &App) -> Self {
        let (rust, _) = (skill(app, "Rust").await, skill(app, "SQL").await);
        let mut people = Vec::new();
        for (at, seats) in SEATS.into_iter().enumerate() {
            let change = |row: &mut user::ActiveModel| {
                use sea_orm::ActiveValue::Set;

                (row.active_mentor, row.active_mentee, row.mentor_capacity) = (Set(true), Set(true), Set(seats));
                row.gender = Set((at % 2 == 0).then_some(user::Gender::Female));
            };
            let person = app.person(&format!("Person {at}"), change).await;
            offers(app, &person, rust).await;
            seeks(app, &person, rust).await;
            people.push(person);
        }
        Self { admin: app.admin().await, people }
    }

    async fn act(self, api: api::state::AppState, act: Act) {
        match act {
            Act::Answer { who, at, answer } => {
                let who = &self.people[who];
                let list = listed(who, "?status=PENDING").await;
                let Some(id) = picked(&list, at) else { return };
                taken(&who.post(format!("/suggestions/{id}/{answer}"), Value::Null).await);
            }
            Act::Change { who, change } => self.change(&api, who, change).await,
            Act::Read { who } => drop(listed(&self.people[who], "").await),
            Act::End { who, at } => {
                let list = self.people[who].all("/me/mentorships?status=ACTIVE").await;
                let Some(id) = picked(&list, at) else { return };
                let end = json!({ "reason": "GOALS_REACHED" });
                taken(&self.people[who].post(format!("/mentorships/{id}/complete"), end).await);
            }
            Act::Publish { how } => self.publish(&api, how).await,
            Act::Ban { one, other } => {
                let body = json!({ "oneId": self.people[one].id, "otherId": self.people[other].id, "note": "x" });
                taken(&self.admin.post("/admin/pair-bans", body).await);
            }
            Act::Wait { .. } => {}
        }
    }

    async fn change(&self, api: &api::state::AppState, who: usize, change: Change) {
        let who = &self.people[who];
        let answer = match change {
            Change::InPerson(value) => who.patch("/me", json!({ "inPerson": value })).await,
            Change::Wish(gender) => who.patch("/me", json!({ "preferredMentorGender": gender.to_string() })).await,
            Change::Pause(days) => {
                let until = (days > 0).then(|| api.clock.now() + TimeDelta::days(days));
                who.patch("/me", json!({ "pausedUntil": until })).await
            }
            Change::Skills(both) => {
                let slugs: &[&str] = if both { &["rust", "sql"] } else { &["rust"] };
                let items: Vec<_> = slugs.iter().map(|slug| json!({ "skill": slug })).collect();
                who.put("/me/mentee-skills", json!({ "items": items })).await
            }
        };
        taken(&answer);
    }

    async fn publish(&self, api: &api::state::AppState, how: &str) {
        let asked = self.admin.post(RUNS, json!({})).await;
        taken(&asked);
        if asked.status != 202 {
            return;
        }
        let id = id_of(&asked.accepted());
        api::match_runs::work(api).await.unwrap();
        taken(&self.admin.post(format!("{RUNS}/{id}/publish"), json!({ "as": how })).await);
    }
}

fn picked(list: &[Value], at: usize) -> Option<String> {
    let one = list.get(at % list.len().max(1))?;
    Some(one["id"].as_str().unwrap().to_owned())
}

/// Done, or refused by a rule: never a fault of the server, nor a deadlock.
fn taken(answer: &Answer) {
    assert!(answer.status < 500, "{answer}");
}

/// Everything that was decided, to be judged afterwards.
struct History {
    suggestions: Vec<suggestion::Model>,
    mentorships: Vec<mentorship::Model>,
    bans: Vec<pair_ban::Model>,
    people: HashMap<Uuid, user::Model>,
}

impl History {
    async fn read(app: &App) -> Self {
        let db = app.db();
        let people = user::Entity::find().all(db).await.unwrap();
        Self {
            suggestions: suggestion::Entity::find().all(db).await.unwrap(),
            mentorships: mentorship::Entity::find().all(db).await.unwrap(),
            bans: pair_ban::Entity::find().all(db).await.unwrap(),
            people: people.into_iter().map(|user| (user.id, user)).collect(),
        }
    }

    /// What was made for two by a list or a plan, and when: whatever they agree on themselves is theirs.
    fn made(&self) -> impl Iterator<Item = (Uuid, (Uuid, Uuid), DateTimeUtc)> {
        let by_plan = self.mentorships.iter().filter(|row| row.origin == mentorship::Origin::MatchRun);
        let suggested = self.suggestions.iter().map(|row| (row.id, (row.mentor_id, row.mentee_id), row.created_at));
        suggested.chain(by_plan.map(|row| (row.id, (row.mentor_id, row.mentee_id), row.created_at)))
    }

    fn check(&self) {
        for (id, pair, at) in self.made() {
            assert_ne!(pair.0, pair.1);
            let of_pair = |one: Uuid, other: Uuid| pair == (one, other) || pair == (other, one);
            let earlier = self.suggestions.iter().filter(|row| of_pair(row.mentor_id, row.mentee_id) && row.id != id);
            for row in earlier {
                assert!(
                    declines(row).all(|no| at <= no || at >= no + TimeDelta::days(90)),
                    "{id} at {at} after {row:?}"
                );
                let put_off = [row.mentor_not_before, row.mentee_not_before].into_iter().flatten().max();
                let lapsed = row.expires_at <= at;
                assert!(!lapsed || put_off.is_none_or(|until| at >= until), "{id} at {at} within the pause of {row:?}");
            }
            let open = self.mentorships.iter().filter(|row| of_pair(row.mentor_id, row.mentee_id) && row.id != id);
            for row in open.filter(|row| row.created_at < at) {
                assert!(row.end_date.is_some_and(|end| end <= at), "{id} at {at} beside {row:?}");
            }
            let ban = self.bans.iter().find(|ban| of_pair(ban.one_id, ban.other_id));
            assert!(ban.is_none_or(|ban| at <= ban.created_at), "{id} at {at} in spite of {ban:?}");
        }
        for (id, person) in &self.people {
            let held = |row: &&mentorship::Model| row.mentor_id == *id && row.status == mentorship::Status::Active;
            let taken = self.mentorships.iter().filter(held).count() as u64;
            assert!(taken <= person.places(), "{taken} of {} places of {id}", person.places());
        }
    }
}

fn declines(row: &suggestion::Model) -> impl Iterator<Item = DateTimeUtc> {
    let answers = [(row.mentor_response, row.mentor_responded_at), (row.mentee_response, row.mentee_responded_at)];
    answers.into_iter().filter(|(response, _)| *response == Response::Declined).filter_map(|(_, at)| at)
}

/// The acts of a round are done at once, after the days that it waits for: nobody's token lasts through these. The clock moves before
/// each, so that what is made at one time was made by one act.
async fn live(rounds: Vec<Vec<Act>>) {
    let app = App::start().await;
    let world = World::new(&app).await;
    for round in rounds {
        let days = round.iter().map(|act| if let Act::Wait { days } = act { *days } else { 0 });
        app.clock.advance(TimeDelta::days(days.sum()));
        let acts = round.into_iter().map(|act| {
            let (world, state) = (world.clone(), app.state.clone());
            tokio::spawn(async move {
                state.clock.advance(TimeDelta::milliseconds(1));
                world.act(state, act).await;
            })
        });
        for done in join_all(acts).await {
            done.unwrap();
        }
        app.clock.advance(TimeDelta::milliseconds(1));
        History::read(&app).await.check();
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 3, max_shrink_iters: 40, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_suggestion_breaks_a_rule_and_no_seat_is_given_twice(rounds in vec(vec(act(), 1..4), 12..24)) {
        tokio::runtime::Runtime::new().unwrap().block_on(live(rounds));
    }
}
