//! The same key and body get the first answer, and the work is done once (promise L5).

use chrono::TimeDelta;
use entity::{goal, idempotency_key, user};
use sea_orm::ActiveValue::Set;
use sea_orm::sea_query::Expr;
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Client, Pair, Process, is_postgres};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::task::JoinSet;

use crate::protocol::{goal_titled, goals};

async fn goal_count(app: &App) -> u64 {
    goal::Entity::find().count(app.db()).await.unwrap()
}

#[tokio::test]
async fn a_retry_with_the_same_key_gets_the_first_answer() {
    let app = App::start().await;
    let pair = app.pair().await;
    let key = [("Idempotency-Key", "first")];
    let first = pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await;
    assert_eq!(first.header("idempotency-replayed"), None);
    let again = pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    for name in ["location", "etag", "content-type"] {
        assert_eq!(again.header(name), first.header(name), "{name}");
    }
    assert_eq!(again.created(), first.created());
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Other")).await.refused(422, "idempotency_key_reused");
    assert_eq!(goal_count(&app).await, 1);

    app.clock.advance(TimeDelta::hours(24));
    let later = pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await;
    assert_eq!((later.status, later.header("idempotency-replayed")), (201, None));
    assert_eq!(goal_count(&app).await, 2);
}

#[tokio::test]
async fn a_key_belongs_to_its_user_and_address() {
    let app = App::start().await;
    let (pair, other) = (app.pair().await, app.pair().await);
    let key = [("Idempotency-Key", "shared")];
    for (who, path) in [(&pair.mentee, goals(&pair)), (&pair.mentor, goals(&pair)), (&other.mentee, goals(&other))] {
        let made = who.post_with(path, &key, goal_titled("Learn")).await;
        assert_eq!((made.status, made.header("idempotency-replayed")), (201, None));
    }
    assert_eq!(goal_count(&app).await, 3);
    app.visitor().post_with(goals(&pair), &key, goal_titled("Learn")).await.refused(401, "unauthenticated");
    let long = "k".repeat(256);
    pair.mentee
        .post_with(goals(&pair), &[("Idempotency-Key", &long)], goal_titled("Learn"))
        .await
        .invalid("/Idempotency-Key");
}

#[tokio::test]
async fn what_was_refused_is_not_kept() {
    let app = App::start().await;
    let pair = app.pair().await;
    let key = [("Idempotency-Key", "again")];
    pair.mentee.post_with(goals(&pair), &key, goal_titled("")).await.invalid("/title");
    let stranger = app.mentee("Stranger").await;
    stranger.post_with(goals(&pair), &key, goal_titled("Learn")).await.refused(404, "not_found");
    assert_eq!(idempotency_key::Entity::find().count(app.db()).await.unwrap(), 0);
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await.created();
}

/// A goal is made and its answer forgotten; then `done` says whether it was made as far as the key knows.
async fn forgotten(app: &App, pair: &Pair, key: &[(&str, &str)], done: bool) {
    pair.mentee.post_with(goals(pair), key, goal_titled("Learn")).await.created();
    let forgotten = idempotency_key::Entity::update_many()
        .col_expr(idempotency_key::Column::Status, Expr::value(Option::<i16>::None))
        .col_expr(idempotency_key::Column::Done, Expr::value(done))
        .exec(app.db())
        .await
        .unwrap();
    assert_eq!(forgotten.rows_affected, 1);
    let told = pair.mentee.post_with(goals(pair), key, goal_titled("Learn")).await;
    assert_eq!(told.header("retry-after"), Some("1"));
    told.refused(409, "idempotency_in_flight");
    app.clock.advance(TimeDelta::seconds(61));
}

#[tokio::test]
async fn a_retry_takes_the_place_of_a_first_that_did_nothing() {
    let app = App::start().await;
    let pair = app.pair().await;
    let key = [("Idempotency-Key", "slow")];
    forgotten(&app, &pair, &key, false).await;
    let later = pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await;
    later.created();
    assert_eq!(later.header("idempotency-replayed"), None);
}

#[tokio::test]
async fn a_retry_of_what_was_done_does_nothing_though_the_answer_is_lost() {
    let app = App::start().await;
    let pair = app.pair().await;
    let key = [("Idempotency-Key", "lost")];
    forgotten(&app, &pair, &key, true).await;
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await.refused(409, "idempotency_answer_lost");
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Other")).await.refused(422, "idempotency_key_reused");
    app.clock.advance(TimeDelta::hours(23));
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await.refused(409, "idempotency_answer_lost");
    assert_eq!(goal_count(&app).await, 1);
}

/// From now on no answer can be kept; the second statement lifts it.
fn no_keeping() -> (&'static str, &'static str) {
    if is_postgres() {
        return (
            "CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$;
             CREATE TRIGGER no_keeping BEFORE UPDATE OF status ON idempotency_keys
                FOR EACH ROW EXECUTE FUNCTION refuse()",
            "DROP TRIGGER no_keeping ON idempotency_keys",
        );
    }
    (
        "CREATE TRIGGER no_keeping BEFORE UPDATE OF status ON idempotency_keys BEGIN SELECT RAISE(ABORT, 'no'); END",
        "DROP TRIGGER no_keeping",
    )
}

#[tokio::test]
async fn what_was_done_is_not_done_again_when_its_answer_could_not_be_kept() {
    let app = App::start().await;
    let pair = app.pair().await;
    let key = [("Idempotency-Key", "unkept")];
    let (forbid, allow) = no_keeping();
    app.db().execute_unprepared(forbid).await.unwrap();
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await.created();
    app.db().execute_unprepared(allow).await.unwrap();
    let row = idempotency_key::Entity::find().one(app.db()).await.unwrap().unwrap();
    assert_eq!((row.done, row.status), (true, None));
    app.clock.advance(TimeDelta::seconds(61));
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await.refused(409, "idempotency_answer_lost");
    assert_eq!(goal_count(&app).await, 1);
    pair.mentee.post_with(goals(&pair), &[("Idempotency-Key", "kept")], goal_titled("Learn")).await.created();
    assert_eq!(goal_count(&app).await, 2);
}

/// Sends a goal, its address as it stands.
async fn send_raw(app: &App, who: &Client, path: &str, key: &str) -> TcpStream {
    let body = goal_titled("Learn").to_string();
    let text = format!(
        "POST /api/v1{path} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {}\r\nIdempotency-Key: {key}\r\n\
         Connection: close\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
        who.token().unwrap(),
        body.len()
    );
    let mut stream = TcpStream::connect(app.base().trim_start_matches("http://")).await.unwrap();
    stream.write_all(text.as_bytes()).await.unwrap();
    stream
}

/// Sends and leaves before the answer; then asks until there is one.
#[tokio::test(flavor = "multi_thread")]
async fn a_client_that_leaves_and_comes_back_finds_it_done_once() {
    let app = App::start().await;
    let pair = app.pair().await;
    for round in 0..20_u64 {
        let key = format!("leaves-{round}");
        drop(send_raw(&app, &pair.mentee, &goals(&pair), &key).await);
        loop {
            let answer = pair.mentee.post_with(goals(&pair), &[("Idempotency-Key", &key)], goal_titled("Learn")).await;
            if answer.status != 409 {
                answer.created();
                break;
            }
            answer.refused(409, "idempotency_in_flight");
        }
        assert_eq!(goal_count(&app).await, round + 1);
    }
}

#[tokio::test]
async fn a_key_opens_nothing_that_its_holder_may_not_do_any_more() {
    let app = App::start().await;
    let admin = app.admin().await;
    let (path, key, term) = ("/admin/taxonomy/skills", [("Idempotency-Key", "term")], json!({ "name": "Weaving" }));
    let first = admin.post_with(path, &key, term.clone()).await.created();
    app.change_user(&admin, |row| row.role = Set(user::Role::Regular)).await;
    admin.post_with(path, &key, term.clone()).await.refused(403, "forbidden");
    app.change_user(&admin, |row| row.status = Set(user::Status::Suspended)).await;
    admin.post_with(path, &key, term.clone()).await.refused(403, "account_suspended");
    app.change_user(&admin, |row| {
        row.role = Set(user::Role::Admin);
        row.status = Set(user::Status::Active);
    })
    .await;
    let again = admin.post_with(path, &key, term).await;
    assert_eq!((again.header("idempotency-replayed"), again.created()), (Some("true"), first));
}

#[tokio::test]
async fn an_address_of_any_length_takes_a_key() {
    let app = App::start().await;
    let ann = app.member("Ann").await;
    let longest = "k".repeat(255);
    let key = [("Idempotency-Key", longest.as_str())];
    ann.post_with(format!("/{}", "a".repeat(6000)), &key, json!({})).await.refused(404, "not_found");
    let long = format!("/mentorships/{}/goals", "a".repeat(6000));
    ann.post_with(long, &key, goal_titled("Learn")).await.refused(404, "not_found");
    let pair = app.pair().await;
    for replayed in [None, Some("true")] {
        let made = pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await;
        assert_eq!((made.status, made.header("idempotency-replayed")), (201, replayed));
    }
    // The same address in other letters is the same address.
    let mut answer = String::new();
    let mut stream = send_raw(&app, &pair.mentee, &goals(&pair).replace("goals", "go%61ls"), key[0].1).await;
    stream.read_to_string(&mut answer).await.unwrap();
    assert!(answer.starts_with("HTTP/1.1 201 ") && answer.contains("idempotency-replayed: true"), "{answer}");
    assert_eq!(goal_count(&app).await, 1);
}

#[tokio::test]
async fn only_operations_that_create_for_a_caller_take_a_key() {
    let app = App::start().await;
    let (pair, visitor) = (app.pair().await, app.visitor());
    let key = [("Idempotency-Key", "ignored")];
    let person =
        |name: &str| json!({ "name": name, "email": "ada@example.org", "password": "a long walk by the river" });
    for name in ["Ada", "Eve"] {
        let answer = visitor.post_with("/auth/sign-up", &key, person(name)).await;
        answer.accepted();
        assert_eq!(answer.header("idempotency-replayed"), None);
    }
    for _ in 0..2 {
        let answer = pair.mentee.post_with("/notifications/read-all", &key, Value::Null).await;
        assert_eq!((answer.status, answer.header("idempotency-replayed")), (200, None));
    }
    assert_eq!(idempotency_key::Entity::find().count(app.db()).await.unwrap(), 0);
}

#[tokio::test]
async fn what_is_kept_of_a_body_tells_nothing_of_it() {
    let app = App::start().await;
    let pair = app.pair().await;
    let body = goal_titled("Learn");
    pair.mentee.post_with(goals(&pair), &[("Idempotency-Key", "secret")], body.clone()).await.created();
    let row = idempotency_key::Entity::find().one(app.db()).await.unwrap().unwrap();
    assert_eq!((row.fingerprint.len(), row.user_id), (64, pair.mentee.id));
    assert_ne!(row.fingerprint, blake3::hash(body.to_string().as_bytes()).to_hex().to_string());
}

#[tokio::test]
async fn of_many_with_one_key_one_is_done() {
    let app = App::start().await;
    let pair = app.pair().await;
    let mut attempts = JoinSet::new();
    for _ in 0..16 {
        let (who, path): (Client, _) = (pair.mentee.clone(), goals(&pair));
        attempts.spawn(async move {
            who.post_with(path, &[("Idempotency-Key", "race")], goal_titled("Learn")).await.status
        });
    }
    let statuses = attempts.join_all().await;
    assert!(statuses.contains(&201) && statuses.iter().all(|status| [201, 409].contains(status)), "{statuses:?}");
    assert_eq!(goal_count(&app).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_survives_a_restart() {
    let app = App::start().await;
    app.clock.advance(api::state::Clock::system().now() - app.clock.now());
    let pair = app.pair().await;
    let key = [("Idempotency-Key", "restart")];
    let first = pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await.created();
    let process = Process::serve(&[("DATABASE_URL", &app.url())]).await;
    let again = pair.mentee.at(process.url("")).post_with(goals(&pair), &key, goal_titled("Learn")).await;
    assert_eq!(again.header("idempotency-replayed"), Some("true"));
    assert_eq!(again.created(), first);
}
