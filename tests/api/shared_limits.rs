//! Limits that several nodes count together in Redis, and what happens without it (promises K3, K5).

use std::time::Duration;

use chrono::TimeDelta;
use serde_json::json;
use support::{Answer, App, Client, Redis};
use tokio::time::timeout;

const QUOTA: u32 = 6;

/// How soon a Redis that is back is used again.
const BOUND: Duration = Duration::from_secs(10);

async fn two_nodes(redis: &Redis) -> (App, App) {
    let url = redis.url();
    let app = App::start_with(|config| {
        config.rate_limit = QUOTA;
        config.redis_url = url.into();
    })
    .await;
    let node = app.another_node().await;
    (app, node)
}

fn left(answer: &Answer) -> u32 {
    let told = answer.header("ratelimit").unwrap();
    told.split(';').find_map(|part| part.strip_prefix("r=")).unwrap().parse().unwrap()
}

/// One request to each in turn, until the quota of both together is used up.
async fn exhaust_together(who: &Client, there: &Client) {
    for turn in (0..QUOTA).rev() {
        let answer = if turn % 2 == 0 { who.get("/settings").await } else { there.get("/settings").await };
        assert_eq!(left(&answer), turn);
        answer.ok();
    }
    for client in [who, there] {
        let refused = client.get("/settings").await;
        assert_eq!(refused.header("retry-after"), Some("10"));
        refused.refused(429, "quota_exceeded");
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn nodes_count_together_and_apart_while_redis_is_away() {
    let mut redis = Redis::start().await;
    let (app, node) = two_nodes(&redis).await;
    let ann = app.mentor("Ann").await;
    let there = ann.at(node.base().to_owned());
    exhaust_together(&ann, &there).await;

    redis.stop();
    for client in [&ann, &there] {
        for turn in (0..QUOTA).rev() {
            let answer = client.get("/settings").await;
            assert_eq!(left(&answer), turn);
            answer.ok();
        }
        client.get("/settings").await.refused(429, "quota_exceeded");
    }

    redis.run().await;
    let bob = app.mentor("Bob").await;
    let bob_there = bob.at(node.base().to_owned());
    let back = async {
        loop {
            app.clock.advance(TimeDelta::minutes(1));
            let (here, there) = (bob.get("/settings").await, bob_there.get("/settings").await);
            if left(&there) + 1 == left(&here) {
                break;
            }
        }
    };
    timeout(BOUND, back).await.expect("the nodes find Redis again");
    app.clock.advance(TimeDelta::minutes(1));
    exhaust_together(&ann, &there).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_redis_that_stands_still_holds_nobody_up() {
    let redis = Redis::start().await;
    let (app, _) = two_nodes(&redis).await;
    let visitor = app.visitor();
    visitor.get("/settings").await.ok();
    redis.freeze();
    let answers = timeout(Duration::from_secs(3), async {
        for _ in 0..QUOTA {
            visitor.get("/settings").await.ok();
        }
    });
    answers.await.expect("one waits for Redis, the others do not");
    redis.thaw();
}

#[tokio::test(flavor = "multi_thread")]
async fn failures_count_on_all_nodes_and_name_nobody() {
    let redis = Redis::start().await;
    let url = redis.url();
    let app = App::start_with(|config| config.redis_url = url.into()).await;
    let node = app.another_node().await;
    let guess = json!({ "email": "ada@example.org", "password": "not the password" });
    for turn in 0..10 {
        let at = if turn % 2 == 0 { &app } else { &node };
        at.visitor().post("/auth/sign-in", guess.clone()).await.refused(401, "invalid_credentials");
    }
    for at in [&app, &node] {
        let refused = at.visitor().post("/auth/sign-in", guess.clone()).await;
        assert_eq!(refused.header("retry-after"), Some("1"));
        refused.refused(429, "too_many_attempts");
    }
    app.clock.advance(TimeDelta::seconds(1));
    node.visitor().post("/auth/sign-in", guess.clone()).await.refused(401, "invalid_credentials");
    let refused = app.visitor().post("/auth/sign-in", guess).await;
    assert_eq!(refused.header("retry-after"), Some("2"));
    let keys = redis.ask("KEYS *").await.unwrap();
    assert!(keys.contains("mentorship:throttle:") && !keys.contains("ada") && !keys.contains("127"), "{keys}");
}
