//! The same key and body get the first answer, and the work is done once (promise L5).

use chrono::TimeDelta;
use entity::{goal, idempotency_key};
use sea_orm::sea_query::Expr;
use sea_orm::{EntityTrait, PaginatorTrait};
use support::{App, Client, Process};
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

#[tokio::test]
async fn a_retry_while_the_first_is_under_way_is_told_so() {
    let app = App::start().await;
    let pair = app.pair().await;
    let key = [("Idempotency-Key", "slow")];
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await.created();
    let unfinished = idempotency_key::Entity::update_many()
        .col_expr(idempotency_key::Column::Status, Expr::value(Option::<i16>::None))
        .exec(app.db())
        .await
        .unwrap();
    assert_eq!(unfinished.rows_affected, 1);
    let told = pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await;
    assert_eq!(told.header("retry-after"), Some("1"));
    told.refused(409, "idempotency_in_flight");
    app.clock.advance(TimeDelta::seconds(61));
    pair.mentee.post_with(goals(&pair), &key, goal_titled("Learn")).await.created();
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
