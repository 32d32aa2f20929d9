//! The command line of the real binary (promises A13, M12).

use std::ffi::OsStr;
use std::io::Write;
use std::os::unix::ffi::OsStrExt;
use std::process::{Output, Stdio};

use entity::{event, user};
use sea_orm::{ConnectionTrait, EntityTrait, PaginatorTrait};
use serde_json::json;
use support::{App, Process, SIGNING_KEY};

const PASSWORD: &str = "a long walk by the river";

fn production(url: &str) -> [(&str, &str); 8] {
    [
        ("APP_ENV", "production"),
        ("DATABASE_URL", url),
        ("MENTORSHIP_PUBLIC_URL", "https://api.example.org"),
        ("MENTORSHIP_CORS_ORIGINS", "https://app.example.org"),
        ("MENTORSHIP_APP_URL", "https://app.example.org"),
        ("MENTORSHIP_SMTP_URL", "smtp://127.0.0.1:1"),
        ("MENTORSHIP_SIGNING_KEY", SIGNING_KEY),
        ("MENTORSHIP_TOKEN_SECRET", "a secret of a good thirty-two characters"),
    ]
}

fn run(arguments: &[&str], variables: &[(&str, &str)], input: &str) -> Output {
    let mut command = Process::command(arguments, variables);
    let mut child = command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that reads nothing may have ended before.
    child.stdin.take().unwrap().write_all(input.as_bytes()).ok();
    child.wait_with_output().unwrap()
}

fn printed(output: &Output) -> String {
    format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr))
}

fn assert_refused(output: &Output, words: &str) {
    assert_eq!(output.status.code(), Some(1), "{}", printed(output));
    let told = String::from_utf8_lossy(&output.stderr);
    assert!(told.contains(words) && told.trim().lines().count() == 1, "{told}");
}

/// Takes the last step out of the book of those that were done.
async fn unmigrated() -> App {
    let app = App::start().await;
    let last = "DELETE FROM seaql_migrations WHERE version = (SELECT max(version) FROM seaql_migrations)";
    app.db().execute_unprepared(last).await.unwrap();
    app
}

#[tokio::test(flavor = "multi_thread")]
async fn the_first_owner_is_made_once() {
    let app = App::start().await;
    let url = app.url();
    let create = |email: &str, password: &str| {
        let arguments = ["create-owner", "--email", email, "--name", "Olga Owner"];
        run(&arguments, &production(&url), &format!("{password}\n"))
    };
    assert_refused(&create("olga@example.org", "short"), "password: at least 8 characters");
    assert_refused(&create("no address", PASSWORD), "email: ");
    let made = create("olga@example.org", PASSWORD);
    assert!(made.status.success() && !printed(&made).contains(PASSWORD), "{}", printed(&made));
    assert_refused(&create("second@example.org", PASSWORD), "there is an owner already");
    let owner = user::Entity::find().one(app.db()).await.unwrap().unwrap();
    assert_eq!((owner.role, owner.status), (user::Role::Owner, user::Status::Active));
    let log = event::Entity::find().all(app.db()).await.unwrap();
    assert!(log.iter().any(|event| event.kind == "user.role_changed" && event.staff && event.actor_id.is_none()));

    let process = Process::serve(&production(&url)).await;
    let visitor = app.visitor().at(process.url(""));
    let tokens = visitor.post("/auth/sign-in", json!({ "email": "olga@example.org", "password": PASSWORD })).await.ok();
    let bearer = format!("Bearer {}", tokens["accessToken"].as_str().unwrap());
    visitor.get_with("/owner/settings", &[("Authorization", &bearer)]).await.ok();
    visitor.get("/development/mails").await.refused(404, "not_found");
}

/// A name is composed and as plain as any other; a password is exactly what was typed.
#[tokio::test(flavor = "multi_thread")]
async fn the_first_owner_is_read_as_a_sign_up_is() {
    let app = App::start().await;
    let url = app.url();
    let create = |name: &str| {
        let arguments = ["create-owner", "--email", "zoe@example.org", "--name", name];
        run(&arguments, &production(&url), "a caf\u{65}\u{301} by the river\n")
    };
    assert_refused(&create("Zoe\u{200b}"), "name: ");
    let made = create("Zo\u{65}\u{301}");
    assert!(made.status.success(), "{}", printed(&made));
    assert_eq!(user::Entity::find().one(app.db()).await.unwrap().unwrap().name, "Zo\u{e9}");
    for (password, status) in [("a caf\u{e9} by the river", 401), ("a caf\u{65}\u{301} by the river", 200)] {
        let body = json!({ "email": "zoe@example.org", "password": password });
        assert_eq!(app.visitor().post("/auth/sign-in", body).await.status, status);
    }
}

#[test]
fn a_variable_that_is_no_text_stops_the_start() {
    let mut command = Process::command(&["serve"], &[]);
    command.env("PORT", OsStr::from_bytes(b"\xff")).env("LESSCHARSET", OsStr::from_bytes(b"\xff"));
    let output = command.output().unwrap();
    assert_eq!(output.status.code(), Some(1), "{}", printed(&output));
    let told = printed(&output);
    assert!(told.contains("PORT is not UTF-8 text") && !told.contains("panicked") && !told.contains("LESS"), "{told}");
}

#[tokio::test(flavor = "multi_thread")]
async fn production_neither_seeds_nor_migrates() {
    let app = App::start().await;
    assert_refused(&run(&["seed"], &production(&app.url()), ""), "refused in production");
    drop(Process::serve(&production(&app.url())).await);
    assert_eq!(user::Entity::find().count(app.db()).await.unwrap(), 0);

    let app = unmigrated().await;
    assert_refused(&run(&["serve"], &production(&app.url()), ""), "run `mentorship migrate` first");
}

#[tokio::test(flavor = "multi_thread")]
async fn the_doctor_tells_what_is_wrong() {
    let app = App::start().await;
    let well = run(&["doctor"], &production(&app.url()), "");
    assert!(well.status.success(), "{}", printed(&well));
    assert!(printed(&well).contains("note   owner: there is none yet"), "{}", printed(&well));

    let behind = unmigrated().await;
    let ill = run(&["doctor"], &production(&behind.url()), "");
    assert!(!ill.status.success() && printed(&ill).contains("FAULT  schema"), "{}", printed(&ill));
    let ill = run(&["doctor"], &production("postgres://nobody@127.0.0.1:1/nothing"), "");
    assert!(!ill.status.success() && printed(&ill).contains("FAULT  database"), "{}", printed(&ill));
    let ill = run(&["doctor"], &[("APP_ENV", "production"), ("MENTORSHIP_TYPO", "1")], "");
    let told = printed(&ill);
    assert!(
        !ill.status.success() && told.contains("FAULT  configuration") && told.contains("MENTORSHIP_TYPO"),
        "{told}"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn an_unreadable_database_stops_the_start() {
    let broken = [("DATABASE_URL", "postgres://nobody@127.0.0.1:1/nothing")];
    assert_refused(&run(&["serve"], &broken, ""), "the database");
    assert_refused(&run(&["serve"], &production("sqlite:///dev/null/nothing.db"), ""), "the database");
    let faults = run(&["serve"], &[("MENTORSHIP_TYPO", "1"), ("PORT", "x")], "");
    let told = printed(&faults);
    assert!(!faults.status.success() && told.contains("MENTORSHIP_TYPO") && told.contains("PORT"), "{told}");
}

#[test]
fn the_document_needs_no_configuration() {
    let output = run(&["openapi"], &[("MENTORSHIP_TYPO", "1")], "");
    let document: serde_json::Value = serde_json::from_slice(&output.stdout).unwrap();
    assert_eq!(document["openapi"].as_str().map(|version| &version[..3]), Some("3.1"));
}
