//! The published keys, and how the signing key is rotated while several nodes serve (promise C3).

use aws_lc_rs::digest::{SHA256, digest};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::{Value, json};
use support::{Answer, App, Key};

const PASSWORD: &str = "a long walk by the river";
const OLD: Key = Key::DEVELOPMENT;
const NEW: Key = Key::SIGNING;

async fn node(app: &App, signing: &Key, others: &[String]) -> App {
    let others = others.iter().cloned().map(Into::into).collect();
    let change = |config: &mut api::config::Config| {
        config.signing_key = signing.pkcs8().into();
        config.verification_keys = others;
    };
    app.another_node_with(change).await
}

async fn published(node: &App) -> Vec<String> {
    let keys = node.visitor().get("/.well-known/jwks.json").await.ok();
    keys["keys"].as_array().unwrap().iter().map(|key| key["x"].as_str().unwrap().to_owned()).collect()
}

fn named(keys: &[&Key]) -> Vec<String> {
    keys.iter().map(|key| BASE64_URL_SAFE_NO_PAD.encode(key.public())).collect()
}

async fn sign_in(node: &App) -> String {
    let body = json!({ "email": "ada@example.org", "password": PASSWORD });
    node.visitor().post("/auth/sign-in", body).await.ok()["accessToken"].as_str().unwrap().to_owned()
}

async fn me(node: &App, token: &str) -> Answer {
    node.visitor().get_with("/me", &[("Authorization", &format!("Bearer {token}"))]).await
}

#[tokio::test]
async fn the_key_set_is_public_and_may_be_kept_for_five_minutes() {
    let app = App::start().await;
    let answer = app.visitor().get("/.well-known/jwks.json").await;
    assert_eq!(answer.header("cache-control"), Some("public, max-age=300"));
    assert_eq!(answer.header("content-type"), Some("application/json"));
    let key = answer.ok()["keys"][0].clone();
    let names: Vec<_> = key.as_object().unwrap().keys().map(String::as_str).collect();
    assert_eq!(names, ["alg", "crv", "kid", "kty", "use", "x"]);
    let wanted =
        json!({ "alg": "EdDSA", "crv": "Ed25519", "kty": "OKP", "use": "sig", "kid": key["kid"], "x": key["x"] });
    assert_eq!(key, wanted);
    let canonical = format!(r#"{{"crv":"Ed25519","kty":"OKP","x":"{}"}}"#, key["x"].as_str().unwrap());
    let thumbprint = BASE64_URL_SAFE_NO_PAD.encode(digest(&SHA256, canonical.as_bytes()));
    assert_eq!(key["kid"], Value::from(thumbprint));
    let again = app.visitor().get_with("/.well-known/jwks.json", &[("If-None-Match", &answer.etag())]).await;
    assert_eq!((again.status, again.header("cache-control")), (304, Some("public, max-age=300")));
    let other = app.visitor().get_with("/.well-known/jwks.json", &[("If-None-Match", "\"other\"")]).await;
    assert_eq!(other.etag(), answer.etag());
    other.ok();
}

#[tokio::test]
async fn a_key_is_rotated_in_three_steps_and_nobody_is_turned_away() {
    let app = App::start().await;
    let person = json!({ "name": "Ada", "email": "ada@example.org", "password": PASSWORD });
    app.visitor().post("/auth/sign-up", person).await.accepted();
    assert_eq!(published(&app).await, named(&[&OLD]));

    let announcing = [node(&app, &OLD, &[NEW.spki()]).await, node(&app, &OLD, &[NEW.pkcs8()]).await];
    let old = sign_in(&announcing[0]).await;
    for node in &announcing {
        assert_eq!(published(node).await, named(&[&OLD, &NEW]));
        me(node, &old).await.ok();
    }

    let switched = node(&app, &NEW, &[OLD.spki(), NEW.spki()]).await;
    assert_eq!(published(&switched).await, named(&[&NEW, &OLD]));
    let new = sign_in(&switched).await;
    for token in [&old, &new] {
        me(&announcing[1], token).await.ok();
        me(&switched, token).await.ok();
    }

    let done = node(&app, &NEW, &[]).await;
    assert_eq!(published(&done).await, named(&[&NEW]));
    me(&done, &new).await.ok();
    me(&done, &old).await.refused(401, "unauthenticated");
    me(&app, &new).await.refused(401, "unauthenticated");
}
