//! A random walk of a mentorship by four actors, held against a model of its moves (promise H1). The moves themselves are
//! walked for longer in `entity`.

use sea_orm::{ActiveValue::Set, EntityTrait};
use serde_json::{Value, json};
use support::{Answer, App, Client};

const ACTORS: [&str; 4] = ["mentor", "mentee", "stranger", "admin"];
const STEPS: [&str; 7] = ["accept", "decline", "withdraw", "complete", "cancel", "approve", "end"];
const LENGTH: usize = 600;

/// A request, and where the walk has brought it.
#[derive(Clone, Debug, PartialEq)]
struct Model {
    status: &'static str,
    accepted: bool,
    approved: bool,
    /// Who ended it, and as what.
    ended: Option<(&'static str, &'static str)>,
}

#[derive(PartialEq, Debug)]
enum Outcome {
    Moves(Model),
    /// The same actor made this very move before: all is as it was.
    Repeats,
    Refused,
}

impl Model {
    fn asked() -> Self {
        Self { status: "PENDING", accepted: false, approved: false, ended: None }
    }

    fn step(&self, actor: &'static str, step: &'static str, approval: bool) -> Outcome {
        use Outcome::{Moves, Refused, Repeats};

        let end = |status, how| match self.ended {
            Some(ended) if ended == (actor, how) => Repeats,
            Some(_) => Refused,
            None => Moves(Self { status, ended: Some((actor, how)), ..self.clone() }),
        };
        let started = |accepted, approved| {
            let status = if accepted && (approved || !approval) { "ACTIVE" } else { "PENDING" };
            Moves(Self { status, accepted, approved, ended: None })
        };
        let (pending, active) = (self.status == "PENDING", self.status == "ACTIVE");
        match (actor, step) {
            ("mentor", "accept") if active || pending && self.accepted => Repeats,
            ("mentor", "accept") if pending => started(true, self.approved),
            ("mentor", "decline") if !active && !self.accepted => end("CANCELED", "declined"),
            ("mentee", "withdraw") if !active && !self.accepted => end("CANCELED", "withdrawn"),
            ("mentor" | "mentee" | "admin", "complete") if !pending => end("COMPLETED", "completed"),
            ("mentor" | "mentee" | "admin", "cancel") | ("admin", "end") => end("CANCELED", "canceled"),
            ("admin", "approve") if (pending || active) && self.approved => Repeats,
            ("admin", "approve") if pending => started(self.accepted, true),
            _ => Refused,
        }
    }
}

#[tokio::test]
async fn no_walk_leaves_the_model() {
    let app = App::start().await;
    let mentor = app.person("Mentor", |row| (row.active_mentor, row.mentor_capacity) = (Set(true), Set(50))).await;
    let clients = [mentor, app.mentee("Mentee").await, app.member("Stranger").await, app.admin().await];
    let mut next = chance();
    let (mut id, mut model, mut approval) = (app.request(&clients[0], &clients[1]).await, Model::asked(), false);
    let mut counts = [0; 3];
    for _ in 0..LENGTH {
        if model.ended.is_some() && next(4) == 0 {
            approval = next(2) == 0;
            require_approval(&app, approval).await;
            (id, model) = (app.request(&clients[0], &clients[1]).await, Model::asked());
        }
        let (actor, step) = (next(4), STEPS[next(7)]);
        let before = row(&clients[3], id).await;
        let answer = send(&clients[actor], id, step).await;
        let after = row(&clients[3], id).await;
        let outcome = model.step(ACTORS[actor], step, approval);
        let told = format!("{step} by the {} of {model:?}: {answer}", ACTORS[actor]);
        counts[match outcome {
            Outcome::Moves(_) => 0,
            Outcome::Repeats => 1,
            Outcome::Refused => 2,
        }] += 1;
        if let Outcome::Moves(moved) = outcome {
            assert_eq!((answer.status, &after["status"]), (200, &json!(moved.status)), "{told}");
            assert!(before != after, "{told}");
            model = moved;
        } else {
            let repeats = outcome == Outcome::Repeats;
            assert!(if repeats { answer.status == 200 } else { [403, 404, 409].contains(&answer.status) }, "{told}");
            assert_eq!(before, after, "{told}");
        }
    }
    assert!(counts.iter().all(|count| *count > LENGTH / 50), "{counts:?}");
}

/// A fixed walk that looks random: Knuth's 64-bit linear congruence.
fn chance() -> impl FnMut(usize) -> usize {
    let mut state: u64 = 2026;
    move |below| {
        state = state.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(state >> 33).unwrap() % below
    }
}

async fn send(who: &Client, id: uuid::Uuid, step: &str) -> Answer {
    let path = if matches!(step, "approve" | "end") { "/admin/mentorships" } else { "/mentorships" };
    let body = if matches!(step, "complete" | "cancel" | "end") { json!({ "reason": "OTHER" }) } else { Value::Null };
    who.post(format!("{path}/{id}/{step}"), body).await
}

async fn row(admin: &Client, id: uuid::Uuid) -> Value {
    admin.get(format!("/mentorships/{id}")).await.ok()
}

async fn require_approval(app: &App, required: bool) {
    let change = entity::setting::ActiveModel { mentorship_approval: Set(required), ..Default::default() };
    entity::setting::Entity::update_many().set(change).exec(app.db()).await.unwrap();
}
