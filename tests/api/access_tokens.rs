//! What is no access token of ours is nobody's, however it is made up (promises C2, C3, C4).

use aws_lc_rs::signature::{ED25519, UnparsedPublicKey};
use base64::prelude::{BASE64_STANDARD, BASE64_URL_SAFE_NO_PAD, Engine};
use chrono::TimeDelta;
use serde_json::{Value, json};
use support::{Answer, App, Client, Forged, Key};

const OURS: Key = Key::DEVELOPMENT;

struct Stage {
    app: App,
    ann: Client,
    good: Forged,
}

async fn stage() -> Stage {
    let app = App::start().await;
    let ann = app.member("Ann Uncommon").await;
    let good = Forged::of(&ann.token().unwrap());
    Stage { app, ann, good }
}

impl Stage {
    async fn bear(&self, token: &str) -> Answer {
        self.app.visitor().get_with("/me", &[("Authorization", &format!("Bearer {token}"))]).await
    }

    /// None of these is anybody's; what they were made of is Ann's.
    async fn assert_refused(&self, tokens: impl IntoIterator<Item = String>) {
        for token in tokens {
            let refusal = self.bear(&token).await;
            refusal.refused(401, "unauthenticated");
            assert!(refusal.header("www-authenticate").unwrap().starts_with("Bearer"), "{token}\n{refusal}");
        }
        assert_eq!(self.bear(&self.good.signed(&OURS)).await.ok()["id"], json!(self.ann.id));
    }

    /// The good token with one claim changed, each in turn.
    async fn assert_claims_refused(&self, name: &str, values: Vec<Option<Value>>) {
        let forged = values.into_iter().map(|value| self.good.with_claim(name, value).signed(&OURS));
        self.assert_refused(forged).await;
    }

    fn now(&self) -> i64 {
        self.app.clock.now().timestamp()
    }
}

fn some(values: Value) -> Vec<Option<Value>> {
    values.as_array().unwrap().iter().cloned().map(Some).collect()
}

/// These values, and none at all.
fn some_or_none(values: Value) -> Vec<Option<Value>> {
    [some(values), vec![None]].concat()
}

#[tokio::test]
async fn a_token_says_who_may_call_and_nothing_personal() {
    let stage = stage().await;
    let names = |value: &Value| value.as_object().unwrap().keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&stage.good.header), ["alg", "kid", "typ"]);
    assert_eq!(names(&stage.good.claims), ["aud", "auth_time", "client_id", "exp", "iat", "iss", "jti", "sid", "sub"]);
    assert_eq!((&stage.good.header["typ"], &stage.good.header["alg"]), (&json!("at+jwt"), &json!("EdDSA")));
    assert_eq!(stage.good.claims["sub"], json!(stage.ann.id));
    let text = format!("{}{}", stage.good.header, stage.good.claims).to_lowercase();
    for personal in ["uncommon", "@", &stage.ann.email] {
        assert!(!text.contains(personal), "{text}");
    }
    assert_eq!(stage.good.claims["exp"].as_i64().unwrap() - stage.good.claims["iat"].as_i64().unwrap(), 600);
}

#[tokio::test]
async fn no_other_algorithm_is_taken() {
    let stage = stage().await;
    let signature = stage.good.signed(&OURS).rsplit('.').next().unwrap().to_owned();
    let mut forged = Vec::new();
    for none in ["none", "None", "NONE", "nOnE", "none ", ""] {
        let message = stage.good.with_header("alg", json!(none)).message();
        forged.extend([format!("{message}."), format!("{message}.{signature}"), message]);
    }
    let others = json!(["HS256", "ES256", "RS256", "PS256", "Ed25519", "eddsa", null, 1, ["EdDSA"]]);
    forged.extend(some_or_none(others).into_iter().map(|alg| stage.good.with_header("alg", alg).signed(&OURS)));
    stage.assert_refused(forged).await;
}

#[tokio::test]
async fn the_public_key_is_no_secret_to_authenticate_with() {
    let stage = stage().await;
    let keys = stage.app.visitor().get("/.well-known/jwks.json").await;
    let key = keys.ok()["keys"][0].clone();
    let pem = format!("-----BEGIN PUBLIC KEY-----\n{}\n-----END PUBLIC KEY-----\n", OURS.spki());
    let secrets = [
        OURS.public(),
        OURS.spki_der(),
        OURS.spki().into_bytes(),
        pem.trim_end().as_bytes().to_vec(),
        pem.into_bytes(),
        key["x"].as_str().unwrap().as_bytes().to_vec(),
        key.to_string().into_bytes(),
        keys.bytes().to_vec(),
        Vec::new(),
    ];
    let confused = ["HS256", "HS384", "HS512", "EdDSA"].map(|alg| stage.good.with_header("alg", json!(alg)));
    let forged = confused.iter().flat_map(|one| secrets.iter().map(|secret| one.authenticated(secret)));
    stage.assert_refused(forged).await;
}

#[tokio::test]
async fn only_our_spelling_of_the_type_is_taken() {
    let stage = stage().await;
    let types = json!(["JWT", "at+JWT", "AT+JWT", "application/at+jwt", "at+jwt ", "id+jwt", "", null, 1, ["at+jwt"]]);
    let forged = some_or_none(types).into_iter().map(|typ| stage.good.with_header("typ", typ).signed(&OURS));
    stage.assert_refused(forged).await;
}

#[tokio::test]
async fn the_key_is_one_of_ours_by_its_whole_name() {
    let stage = stage().await;
    let kid = stage.good.header["kid"].as_str().unwrap();
    let tricks = json!([
        "unknown", "", kid.to_lowercase(), &kid[1..], format!("{kid} "), format!("./{kid}"), "../../../dev/null",
        "/dev/null", "file:///etc/passwd", "https://keys.example.net/jwks.json", "' OR '1'='1", "x' UNION SELECT 'a",
        "\u{0}", "a".repeat(5000), null, 0, true, [kid], { "kid": kid },
    ]);
    let mut forged = Vec::new();
    for kid in some_or_none(tricks) {
        let named = stage.good.with_header("kid", kid);
        forged.extend([named.signed(&OURS), named.signed(&Key::STRANGE), named.authenticated(b"")]);
    }
    forged.extend([&Key::STRANGE, &Key::SIGNING].map(|other| stage.good.signed(other)));
    stage.assert_refused(forged).await;
}

#[tokio::test]
async fn a_header_that_brings_a_key_or_conditions_is_refused() {
    let stage = stage().await;
    let x = BASE64_URL_SAFE_NO_PAD.encode(Key::STRANGE.public());
    let jwk = json!({ "kty": "OKP", "crv": "Ed25519", "x": x, "alg": "EdDSA", "use": "sig" });
    let brought = [
        ("jwk", jwk),
        ("jku", json!("https://keys.example.net/jwks.json")),
        ("x5u", json!("https://keys.example.net/chain.pem")),
        ("x5c", json!([BASE64_STANDARD.encode(Key::STRANGE.spki_der())])),
        ("x5t", json!("c3RyYW5nZQ")),
        ("crit", json!(["exp"])),
        ("crit", json!([])),
        ("b64", json!(false)),
        ("zip", json!("DEF")),
        ("cty", json!("JWT")),
        ("note", json!("anything at all")),
    ];
    let mut forged = Vec::new();
    for (name, value) in brought {
        let brings = stage.good.with_header(name, value);
        forged.extend([brings.signed(&OURS), brings.signed(&Key::STRANGE)]);
        forged.push(brings.with_header("kid", None).signed(&Key::STRANGE));
    }
    stage.assert_refused(forged).await;
}

#[tokio::test]
async fn issuer_audience_and_person_are_exactly_ours() {
    let stage = stage().await;
    let ours = stage.good.claims["iss"].clone();
    let slash = format!("{}/", ours.as_str().unwrap());
    let wrong = |more: Vec<Value>| [json!(["https://api.example.net", slash, "", null, 1]), json!(more)];
    let wrong = |more| some_or_none(json!(wrong(more).map(|all| all.as_array().unwrap().clone()).concat()));
    stage.assert_claims_refused("iss", wrong(vec![json!([ours])])).await;
    let lists = vec![json!([ours]), json!([ours, "https://api.example.net"]), json!([]), json!({ "a": ours })];
    stage.assert_claims_refused("aud", wrong(lists)).await;
    let other = stage.app.member("Ben").await;
    let bens = Forged::of(&other.token().unwrap()).claims;
    let ids = |others: Value| some_or_none(json!([others, stage.app.state.new_id(), "", "x", null, 1, ["x"]]));
    stage.assert_claims_refused("sub", ids(bens["sub"].clone())).await;
    stage.assert_claims_refused("sid", ids(bens["sid"].clone())).await;
    let needed = some_or_none(json!([null, ["x"]]));
    for name in ["jti", "client_id", "auth_time"] {
        stage.assert_claims_refused(name, needed.clone()).await;
    }
}

#[tokio::test]
async fn instants_are_whole_numbers_of_a_likely_time() {
    let stage = stage().await;
    let now = stage.now();
    let strange = json!([now.to_string(), null, true, [now], now as f64 + 0.5, now as f64, 1e300, u64::MAX, "never"]);
    for name in ["exp", "iat", "nbf", "auth_time"] {
        stage.assert_claims_refused(name, some(strange.clone())).await;
    }
    stage.assert_claims_refused("exp", some_or_none(json!([0, -1, i64::MIN, i64::MAX, now + 601]))).await;
    stage.assert_claims_refused("iat", some_or_none(json!([0, i64::MIN, i64::MAX]))).await;
    let claims = stage.good.claims.to_string();
    let twice = claims.replacen('{', &format!("{{\"exp\":{},", now + 500), 1);
    let texts = [twice.as_str(), "", "{}", "[]", "null", &claims[1..], &format!("{claims}x")];
    stage.assert_refused(texts.map(|text| stage.good.signed_with_claims_text(text, &OURS))).await;
}

#[tokio::test]
async fn a_token_is_good_from_its_beginning_to_its_end_and_a_minute_either_side() {
    let stage = stage().await;
    let now = stage.now();
    let issued = |at: i64| stage.good.with_claim("iat", json!(at)).with_claim("exp", json!(at + 600));
    for good in [issued(now - 659), issued(now + 60), stage.good.with_claim("nbf", json!(now + 60))] {
        stage.bear(&good.signed(&OURS)).await.ok();
    }
    let bad =
        [issued(now - 660), issued(now + 61), stage.good.with_claim("nbf", json!(now + 61)), issued(now + 86_400)];
    stage.assert_refused(bad.map(|token| token.signed(&OURS))).await;
    let token = stage.ann.token().unwrap();
    stage.app.clock.advance(TimeDelta::seconds(659));
    stage.bear(&token).await.ok();
    stage.app.clock.advance(TimeDelta::seconds(1));
    stage.bear(&token).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn what_is_cut_or_glued_is_no_token() {
    let stage = stage().await;
    let good = stage.good.signed(&OURS);
    let parts: Vec<_> = good.split('.').collect();
    let forged = [
        String::new(),
        ".".to_owned(),
        "..".to_owned(),
        parts[..2].join("."),
        format!("{}.", parts[..2].join(".")),
        format!("{good}."),
        format!("{good}.{}", parts[2]),
        format!("{good}="),
        format!("{}x", &good[..good.len() - 1]),
        format!("{}.{}x.{}", parts[0], parts[1], parts[2]),
        good.replace('.', ":"),
        "a".repeat(9000),
    ];
    stage.assert_refused(forged).await;
}

#[tokio::test]
async fn each_kind_of_token_is_good_for_its_own_purpose_only() {
    let stage = stage().await;
    let body = json!({ "name": "Cleo", "email": "cleo@example.org", "password": "a long walk by the river" });
    stage.app.visitor().post("/auth/sign-up", body.clone()).await.accepted();
    let sign_in = json!({ "email": body["email"], "password": body["password"] });
    let tokens = stage.app.visitor().post("/auth/sign-in", sign_in).await.ok();
    let (access, refresh) = (tokens["accessToken"].as_str().unwrap(), tokens["refreshToken"].as_str().unwrap());
    stage.assert_refused([refresh.to_owned(), refresh[4..].to_owned()]).await;
    for token in [&access[..200], &access.replace('.', "")[..200], &format!("mrt_{}", &access[..100])] {
        let answer = stage.app.visitor().post("/auth/refresh", json!({ "refreshToken": token })).await;
        answer.refused(401, "invalid_refresh_token");
    }
    stage.app.visitor().post("/auth/refresh", json!({ "refreshToken": refresh })).await.ok();
}

#[tokio::test]
async fn whoever_reads_the_published_keys_can_check_a_token() {
    let stage = stage().await;
    let keys = stage.app.visitor().get("/.well-known/jwks.json").await.ok();
    let key = keys["keys"].as_array().unwrap().iter().find(|key| key["kid"] == stage.good.header["kid"]).unwrap();
    let decode = |text: &str| BASE64_URL_SAFE_NO_PAD.decode(text).unwrap();
    let token = stage.ann.token().unwrap();
    let (message, signature) = token.rsplit_once('.').unwrap();
    let key = UnparsedPublicKey::new(&ED25519, decode(key["x"].as_str().unwrap()));
    key.verify(message.as_bytes(), &decode(signature)).unwrap();
}
