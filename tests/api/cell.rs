//! One cell of the matrix: a persona sends an operation its documented example, on a scene of its own.

use entity::user::Status;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{Answer, App, Client, Operation, document};

use crate::proofs;
use crate::stage::{self, Scene, new_term, usual};
use crate::walk::required_query;

/// A request that is ready to be sent, and sent again to a row that is not there.
pub struct Cell<'a> {
    operation: &'a Operation,
    caller: Client,
    people: Vec<Client>,
    word: String,
    body: Value,
    cookie: Option<String>,
}

impl<'a> Cell<'a> {
    /// `entitled` is who is suspended or unverified in the columns of that name.
    pub async fn new(app: &App, operation: &'a Operation, on: Option<&str>, persona: &str, entitled: &str) -> Self {
        let on = on.unwrap_or_else(|| usual(&operation.path));
        let acting = if matches!(persona, "unv" | "sus") { entitled } else { persona };
        let scene = scene(app, on, acting).await;
        let caller = caller(app, &scene, acting, operation).await;
        let code = proofs::second_factor(app, &operation.id, &caller).await;
        let mut body = body(app, operation, &scene, &caller).await;
        if let Some(code) = code.filter(|_| !body.is_null()) {
            body["code"] = json!(code);
        }
        if acting == "ex" {
            let by = if caller.id == scene.mentor.id { &scene.mentee } else { &scene.mentor };
            stage::end(app, &scene, by).await;
        }
        if caller.token().is_some() {
            match persona {
                "unv" => app.change_user(&caller, |row| row.email_verified_at = Set(None)).await,
                "sus" => app.change_user(&caller, |row| row.status = Set(Status::Suspended)).await,
                _ => {}
            }
        }
        let by_cookie = operation.id.ends_with("_by_cookie");
        let cookie = if by_cookie { proofs::signed_in(app, "COOKIE").await.1 } else { None };
        let mut people = vec![scene.mentor, scene.mentee];
        if people.iter().all(|one| one.id != caller.id) && caller.token().is_some() {
            people.push(caller.clone());
        }
        Self { operation, caller, people, word: scene.word, body, cookie }
    }

    /// The same request with another body.
    pub fn with_body(self, body: Value) -> Self {
        Self { body, ..self }
    }

    /// The two of the scene, and who calls.
    pub fn people(&self) -> Vec<Client> {
        self.people.clone()
    }

    pub async fn send(&self) -> Answer {
        self.send_to(&self.word).await
    }

    /// The same to a row that nobody has.
    pub async fn send_to_nothing(&self, app: &App) -> Answer {
        self.send_to(&app.state.new_id().to_string()).await
    }

    async fn send_to(&self, word: &str) -> Answer {
        let path =
            self.operation.path.replace("{kind}", "skills").replace("{provider}", "github").replace("{version}", "1");
        let path = path.replace("{slug}", word).replace("{id}", word) + &required_query(self.operation);
        let conditional = self.operation.json["responses"].get("412").is_some();
        let mut headers: Vec<(&str, &str)> = if conditional { vec![("If-Match", "*")] } else { vec![] };
        if let Some(cookie) = &self.cookie {
            headers.extend(proofs::own_page());
            headers.push(("Cookie", cookie));
        }
        self.caller.call(&self.operation.method, path, &headers, &self.body).await
    }

    pub fn is_of_one(&self) -> bool {
        self.operation.path.contains("{id}")
    }

    /// How the caller is called in the file of keys.
    pub fn role(&self, persona: &str) -> &'static str {
        match persona {
            _ if self.caller.token().is_none() => "anon",
            "adm" => "admin",
            "own" => "owner",
            _ => "regular",
        }
    }
}

/// The mentee wrote it, unless the mentee is to be the one who did not.
async fn scene(app: &App, on: &str, persona: &str) -> Scene {
    let receives = on == "request";
    let by_mentee = !(persona == "mee" || persona == "ex") || receives;
    let scene = stage::build(app, on, by_mentee).await;
    if persona == "ex" && on == "suggestion" {
        let former = app.mentee("Finn Former").await;
        app.mentorship(&scene.mentor, &former).await;
        return Scene { other: former, ..scene };
    }
    scene
}

async fn caller(app: &App, scene: &Scene, persona: &str, operation: &Operation) -> Client {
    if operation.is_public() {
        return app.visitor();
    }
    match persona {
        "anon" => app.visitor(),
        "str" => app.member("Stella Stranger").await,
        "self" => scene.author.clone(),
        "mee" => scene.mentee.clone(),
        "mor" => scene.mentor.clone(),
        "ex" if operation.id == "withdraw_mentorship" => scene.mentee.clone(),
        "ex" => scene.other.clone(),
        "adm" => app.admin().await,
        "own" => app.owner().await,
        other => panic!("the persona {other:?} is unknown"),
    }
}

/// The example of the document, with the ids and names of this scene.
async fn body(app: &App, operation: &Operation, scene: &Scene, caller: &Client) -> Value {
    if operation.json.get("requestBody").is_none() {
        return Value::Null;
    }
    let content = &operation.json["requestBody"]["content"]["application/json"];
    let of_all = &document().resolve(&content["schema"])["example"];
    let mut body = content.get("example").unwrap_or(of_all).clone();
    let partner = if caller.id == scene.author.id { &scene.other } else { &scene.author };
    match operation.id.as_str() {
        "assign_mentorship" => body = json!({ "mentorId": scene.mentor.id, "menteeId": scene.mentee.id }),
        "ban_pair" => (body["oneId"], body["otherId"]) = (json!(scene.mentor.id), json!(scene.mentee.id)),
        "request_mentorship" => body["mentorId"] = json!(scene.mentor.id),
        "create_match_run" => stage::end_runs(app).await,
        "add_block" | "open_conversation" => body["userId"] = json!(partner.id),
        "add_term" | "update_term" => body = new_term(app),
        "replace_phone_number" => body["number"] = json!(proofs::fresh_number(app)),
        "refresh" => body["refreshToken"] = proofs::signed_in(app, "BEARER").await.0["refreshToken"].clone(),
        "exchange_oauth_code" | "link_account" => body = proofs::at_provider(app).await,
        "change_email" | "invite" => body["email"] = json!(proofs::fresh_address(app)),
        "reauthenticate" => {
            if caller.token().is_some() {
                app.set_password(caller, proofs::PASSWORD).await;
            }
            body["password"] = json!(proofs::PASSWORD);
        }
        _ => {}
    }
    if let Some(token) = proofs::mailed(app, &operation.id).await {
        body["token"] = json!(token);
    }
    body
}
