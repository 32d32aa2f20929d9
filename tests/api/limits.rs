//! How many requests one account, or one address, has a minute (promises K3, D8).

use chrono::TimeDelta;
use support::{Answer, App, Client};

const QUOTA: u32 = 5;

/// Where a client claims to come from.
const CLAIMS: [&str; 5] = ["X-Forwarded-For", "Forwarded", "X-Real-IP", "True-Client-IP", "CF-Connecting-IP"];

async fn limited() -> App {
    App::start_with(|config| config.rate_limit = QUOTA).await
}

async fn behind_a_proxy() -> App {
    let change = |config: &mut api::config::Config| {
        config.rate_limit = QUOTA;
        config.trusted_proxies = vec!["127.0.0.0/8".parse().unwrap(), "10.0.0.0/8".parse().unwrap()];
    };
    App::start_with(change).await
}

async fn exhaust(who: &Client, headers: &[(&str, &str)]) {
    for _ in 0..QUOTA {
        who.get_with("/settings", headers).await.ok();
    }
    who.get_with("/settings", headers).await.refused(429, "quota_exceeded");
}

fn told(answer: &Answer) -> (&str, &str) {
    (answer.header("ratelimit-policy").unwrap(), answer.header("ratelimit").unwrap())
}

#[tokio::test]
async fn the_quota_is_told_and_held() {
    let app = limited().await;
    let visitor = app.visitor();
    for left in (0..QUOTA).rev() {
        let answer = visitor.get("/settings").await;
        let used = 12 * (QUOTA - left);
        assert_eq!(told(&answer), (r#""default";q=5;w=60"#, format!(r#""default";r={left};t={used}"#).as_str()));
        answer.ok();
    }
    let refused = visitor.get("/settings").await;
    assert_eq!((told(&refused).1, refused.header("retry-after")), (r#""default";r=0;t=60"#, Some("12")));
    let problem = refused.refused(429, "quota_exceeded");
    assert_eq!(problem["type"], "urn:mentorship:problem:quota-exceeded");
    app.clock.advance(TimeDelta::seconds(11));
    visitor.get("/settings").await.refused(429, "quota_exceeded");
    app.clock.advance(TimeDelta::seconds(1));
    visitor.get("/settings").await.ok();
    visitor.get("/settings").await.refused(429, "quota_exceeded");
    app.clock.advance(TimeDelta::minutes(1));
    exhaust(&visitor, &[]).await;
}

#[tokio::test]
async fn each_account_has_its_own_and_health_needs_none() {
    let app = limited().await;
    let (visitor, ann, bob) = (app.visitor(), app.mentor("Ann").await, app.mentor("Bob").await);
    exhaust(&visitor, &[]).await;
    exhaust(&ann, &[]).await;
    bob.get("/settings").await.ok();
    for _ in 0..2 * QUOTA {
        visitor.get("/health/live").await.ok();
        visitor.get("/health/ready").await.ok();
    }
    // Who cannot be recognised counts for the address.
    visitor.get_with("/settings", &[("Authorization", "Bearer x.y.z")]).await.refused(429, "quota_exceeded");
}

#[tokio::test]
async fn what_is_refused_for_another_reason_counts_as_well() {
    let app = limited().await;
    let visitor = app.visitor();
    visitor.get("/nowhere").await.refused(404, "not_found");
    visitor.call("DELETE", "/settings", &[], &serde_json::Value::Null).await.refused(405, "method_not_allowed");
    visitor.get_with("/settings", &[("X-Long", &"a".repeat(16 * 1024))]).await.refused(431, "headers_too_large");
    visitor.get("/me").await.refused(401, "unauthenticated");
    let large = vec![b' '; 256 * 1024 + 1];
    visitor.call_raw("POST", "/auth/sign-up", "application/json", large).await.refused(413, "payload_too_large");
    visitor.get("/settings").await.refused(429, "quota_exceeded");
}

#[tokio::test]
async fn what_a_client_says_of_its_address_changes_nothing() {
    let app = limited().await;
    let visitor = app.visitor();
    exhaust(&visitor, &[]).await;
    for name in CLAIMS {
        for claim in ["198.51.100.7", "for=198.51.100.7", "127.0.0.1, 198.51.100.7", "2001:db8::7"] {
            visitor.get_with("/settings", &[(name, claim)]).await.refused(429, "quota_exceeded");
        }
    }
}

#[tokio::test]
async fn a_proxy_of_ours_is_believed_for_the_last_address_that_is_not_ours() {
    let app = behind_a_proxy().await;
    let visitor = app.visitor();
    exhaust(&visitor, &[("X-Forwarded-For", "198.51.100.7")]).await;
    visitor.get_with("/settings", &[("X-Forwarded-For", "198.51.100.8")]).await.ok();
    for spoofed in ["203.0.113.1, 198.51.100.7", "203.0.113.2, 198.51.100.7, 10.1.2.3", "198.51.100.7:4711"] {
        visitor.get_with("/settings", &[("X-Forwarded-For", spoofed)]).await.refused(429, "quota_exceeded");
    }
    for name in CLAIMS.into_iter().filter(|name| *name != "X-Forwarded-For") {
        let headers = [("X-Forwarded-For", "198.51.100.7"), (name, "203.0.113.9")];
        visitor.get_with("/settings", &headers).await.refused(429, "quota_exceeded");
    }
}

#[tokio::test]
async fn the_addresses_of_one_ipv6_customer_are_one() {
    let app = behind_a_proxy().await;
    let visitor = app.visitor();
    exhaust(&visitor, &[("X-Forwarded-For", "2001:db8:1:2:3::4")]).await;
    let same = [("X-Forwarded-For", "2001:db8:1:2:ffff:1:2:3")];
    visitor.get_with("/settings", &same).await.refused(429, "quota_exceeded");
    visitor.get_with("/settings", &[("X-Forwarded-For", "2001:db8:1:3::1")]).await.ok();
}
