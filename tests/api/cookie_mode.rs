//! The refresh token in a cookie: for pages of an allowed origin that say who they are, and nobody else (promise D3).

use serde_json::{Value, json};
use support::{Answer, App, Client};

use crate::identity::call;
use crate::proofs::{ORIGIN, PASSWORD, own_page};

async fn member(app: &App) -> Client {
    let ann = app.mentor("Ann").await;
    app.set_password(&ann, PASSWORD).await;
    ann
}

async fn sign_in(app: &App, who: &Client) -> Answer {
    let body = json!({ "email": who.email, "password": PASSWORD, "mode": "COOKIE" });
    app.visitor().post_with("/auth/sign-in", &own_page(), body).await
}

fn cookie_of(answer: &Answer) -> String {
    answer.header("set-cookie").unwrap().split(';').next().unwrap().to_owned()
}

async fn by_cookie(app: &App, path: &str, cookie: &str, page: &[(&str, &str)]) -> Answer {
    let headers = [&[("Cookie", cookie)], page].concat();
    app.visitor().post_with(path, &headers, Value::Null).await
}

#[tokio::test]
async fn the_cookie_is_kept_from_scripts_other_hosts_and_plain_connections() {
    let app = App::start().await;
    let answer = sign_in(&app, &member(&app).await).await;
    assert_eq!(answer.ok()["refreshToken"], Value::Null);
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-mentorship-refresh=mrt_"), "{cookie}");
    for attribute in ["HttpOnly", "Secure", "SameSite=Strict", "Path=/"] {
        assert!(cookie.split("; ").any(|one| one == attribute), "{attribute}: {cookie}");
    }
    assert!(!cookie.contains("Domain"), "{cookie}");
    assert_eq!(answer.header("cache-control"), Some("no-store"));
}

#[tokio::test]
async fn it_rotates_and_is_taken_back() {
    let app = App::start().await;
    let first = cookie_of(&sign_in(&app, &member(&app).await).await);
    let refreshed = by_cookie(&app, "/auth/cookie/refresh", &first, &own_page()).await;
    let second = cookie_of(&refreshed);
    assert_ne!(first, second);
    let tokens = refreshed.ok();
    call(&app, &tokens).await.ok();
    let out = by_cookie(&app, "/auth/cookie/sign-out", &second, &own_page()).await;
    out.no_content();
    assert!(out.header("set-cookie").unwrap().contains("Max-Age=0"), "{out}");
    call(&app, &tokens).await.refused(401, "unauthenticated");
    by_cookie(&app, "/auth/cookie/refresh", &second, &own_page()).await.refused(401, "invalid_refresh_token");
    app.visitor().post_with("/auth/cookie/sign-out", &own_page(), Value::Null).await.no_content();
}

#[tokio::test]
async fn the_cookie_alone_is_not_enough() {
    let app = App::start().await;
    let ann = member(&app).await;
    let cookie = cookie_of(&sign_in(&app, &ann).await);
    let long = "x".repeat(65);
    let pages: [&[(&str, &str)]; 8] = [
        &[],
        &[("X-Mentorship-Client", "spa")],
        &[("Origin", ORIGIN)],
        &[("Origin", ORIGIN), ("X-Mentorship-Client", "")],
        &[("Origin", ORIGIN), ("X-Mentorship-Client", &long)],
        &[("Origin", "http://sibling.localhost:3000"), ("X-Mentorship-Client", "spa")],
        &[("Origin", "null"), ("X-Mentorship-Client", "spa")],
        &[("Origin", "http://localhost:3000.evil.test"), ("X-Mentorship-Client", "spa")],
    ];
    for page in pages {
        for path in ["/auth/cookie/refresh", "/auth/cookie/sign-out"] {
            by_cookie(&app, path, &cookie, page).await.refused(403, "cross_site");
        }
        let body = json!({ "email": ann.email, "password": PASSWORD, "mode": "COOKIE" });
        let refused = app.visitor().post_with("/auth/sign-in", page, body).await;
        refused.refused(403, "cross_site");
        assert_eq!(refused.header("set-cookie"), None);
    }
    by_cookie(&app, "/auth/cookie/refresh", &cookie, &own_page()).await.ok();
}

#[tokio::test]
async fn a_token_is_taken_only_the_way_it_was_given() {
    let app = App::start().await;
    let ann = member(&app).await;
    let cookie = cookie_of(&sign_in(&app, &ann).await);
    let (_, of_cookie) = cookie.split_once('=').unwrap();
    let in_body = json!({ "refreshToken": of_cookie });
    app.visitor().post("/auth/refresh", in_body).await.refused(401, "invalid_refresh_token");
    let bearer = app.visitor().post("/auth/sign-in", json!({ "email": ann.email, "password": PASSWORD })).await.ok();
    let as_cookie = format!("__Host-mentorship-refresh={}", bearer["refreshToken"].as_str().unwrap());
    by_cookie(&app, "/auth/cookie/refresh", &as_cookie, &own_page()).await.refused(401, "invalid_refresh_token");
    by_cookie(&app, "/auth/cookie/sign-out", &as_cookie, &own_page()).await.no_content();
    call(&app, &bearer).await.ok();
    by_cookie(&app, "/auth/cookie/refresh", &cookie, &own_page()).await.ok();
}

/// Nothing but the two operations that say so looks at the cookie.
#[tokio::test]
async fn the_cookie_opens_nothing_else() {
    let app = App::start().await;
    let cookie = cookie_of(&sign_in(&app, &member(&app).await).await);
    let headers = [&[("Cookie", cookie.as_str())], own_page().as_slice()].concat();
    for operation in support::document().operations.iter().filter(|one| !one.is_public()) {
        let path = crate::walk::address(operation, crate::walk::nobody(&app));
        let body = crate::walk::empty_body(operation);
        app.visitor().call(&operation.method, path, &headers, &body).await.refused(401, "unauthenticated");
    }
}
