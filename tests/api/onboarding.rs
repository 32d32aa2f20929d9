use serde_json::{Value, json};
use support::{App, Client};

use crate::taxonomy::{add, add_levels, offer};

fn general(mentor: bool, mentee: bool) -> Value {
    json!({ "name": "Di", "activeMentor": mentor, "activeMentee": mentee })
}

fn preferences() -> Value {
    let windows = json!([{ "weekday": 1, "start": "18:00", "end": "20:00" }]);
    json!({ "inPerson": true, "timeZone": "Europe/Berlin", "windows": windows })
}

async fn save(who: &Client, step: &str, body: Value) -> Value {
    who.put(format!("/me/onboarding/{step}"), body).await.ok()
}

/// The steps of `survey` that are needed and not saved.
fn left(survey: &Value) -> Vec<&str> {
    let steps = survey["steps"].as_array().unwrap().iter();
    let left = steps.filter(|step| step["required"] == true && step["savedAt"].is_null());
    left.map(|step| step["step"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn the_steps_that_are_needed_follow_from_the_sides_one_is_on() {
    let app = App::start().await;
    let di = app.newcomer("Di").await;
    assert_eq!(left(&di.get("/me/onboarding").await.ok()), ["GENERAL", "PREFERENCES"]);
    assert_eq!(left(&save(&di, "general", general(true, false)).await), ["MENTOR", "PREFERENCES"]);
    assert_eq!(left(&save(&di, "general", general(false, true)).await), ["MENTEE", "PREFERENCES"]);
    assert_eq!(left(&save(&di, "general", general(true, true)).await), ["MENTOR", "MENTEE", "PREFERENCES"]);
    let refused = di.post("/me/onboarding/complete", json!({})).await.refused(409, "onboarding_incomplete");
    assert_eq!(refused["detail"], "steps left: MENTOR, MENTEE, PREFERENCES");
    assert_eq!(left(&save(&di, "preferences", preferences()).await), ["MENTOR", "MENTEE"]);
}

#[tokio::test]
async fn each_step_is_kept_and_can_be_taken_up_again() {
    let app = App::start().await;
    let (admin, di) = (app.admin().await, app.newcomer("Di").await);
    add(&admin, "skills", &["Rust", "Go"]).await;
    add(&admin, "soft-skills", &["Patience"]).await;
    add(&admin, "topics", &["Interviews"]).await;
    add(&admin, "industries", &["Finance"]).await;
    add_levels(&admin, &["Junior"]).await;
    let about_me = json!({ "name": "Dina", "title": "Engineer", "gender": "FEMALE", "seniority": "junior",
        "industries": ["finance"], "about": "Hello", "activeMentor": true, "activeMentee": true });
    save(&di, "general", about_me).await;
    let offered = json!({ "skills": [{ "skill": "rust", "level": 4 }], "softSkills": ["patience"],
        "topics": ["interviews"], "mentorCapacity": 2 });
    save(&di, "mentor", offered).await;
    let sought = json!({ "skills": [{ "skill": "go", "priority": 2 }], "preferredMentorGender": "FEMALE", "motivation": "Grow" });
    save(&di, "mentee", sought).await;
    let mut last = preferences();
    last["notificationPreferences"] = json!({ "kinds": {}, "digest": "WEEKLY" });
    save(&di, "preferences", last).await;

    let survey = di.get("/me/onboarding").await.ok();
    assert_eq!((left(&survey), &survey["completedAt"]), (vec![], &Value::Null));
    let answers = &survey["answers"];
    assert_eq!(answers, &di.get("/me").await.ok());
    let found = json!([
        answers["name"],
        answers["seniority"]["slug"],
        answers["industries"][0]["slug"],
        answers["mentorSkills"][0]["level"],
        answers["mentorSoftSkills"][0]["slug"],
        answers["mentorTopics"][0]["slug"],
        answers["mentorCapacity"],
        answers["menteeSkills"][0]["slug"],
        answers["menteeSkills"][0]["priority"],
        answers["preferredMentorGender"],
        answers["motivation"],
        answers["availability"][0]["start"],
        answers["notificationPreferences"]["digest"],
    ]);
    let told = json!([
        "Dina",
        "junior",
        "finance",
        4,
        "patience",
        "interviews",
        2,
        "go",
        2,
        "FEMALE",
        "Grow",
        "18:00",
        "WEEKLY"
    ]);
    assert_eq!(found, told);
    assert_eq!(answers["notificationPreferences"]["news"], false);
}

#[tokio::test]
async fn a_step_saved_again_takes_the_place_of_the_one_before() {
    let app = App::start().await;
    let (admin, di) = (app.admin().await, app.newcomer("Di").await);
    add(&admin, "skills", &["Rust", "Go"]).await;
    let mut first = general(true, false);
    first["title"] = json!("Engineer");
    save(&di, "general", first).await;
    let survey = save(&di, "general", general(true, false)).await;
    assert_eq!(survey["answers"]["title"], Value::Null);
    save(&di, "mentor", json!({ "skills": [{ "skill": "rust" }], "mentorCapacity": 2 })).await;
    let survey = save(&di, "mentor", json!({ "skills": [{ "skill": "go" }], "mentorCapacity": 3 })).await;
    assert_eq!(survey["answers"]["mentorSkills"].as_array().unwrap().len(), 1);
    assert_eq!(survey["answers"]["mentorSkills"][0]["slug"], "go");
}

/// A newcomer with all steps saved, whom nothing but the skill `rust` is to be suggested for.
pub async fn ready_to_complete(app: &App) -> Client {
    let di = app.newcomer("Di").await;
    save(&di, "general", general(false, true)).await;
    save(&di, "mentee", json!({ "skills": [{ "skill": "rust" }] })).await;
    save(&di, "preferences", preferences()).await;
    di
}

#[tokio::test]
async fn completing_makes_suggestions_at_once_and_only_once() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    add(&admin, "skills", &["Rust"]).await;
    offer(&ann, json!([{ "skill": "rust", "level": 5 }])).await;
    let di = ready_to_complete(&app).await;
    ann.get(format!("/users/{}", di.id)).await.refused(404, "not_found");
    let first = di.post("/me/onboarding/complete", json!({})).await.ok();
    assert!(first["completedAt"].is_string());
    let suggestions = di.get("/me/suggestions").await.ok();
    assert_eq!(suggestions["items"].as_array().unwrap().len(), 1);
    ann.get(format!("/users/{}", di.id)).await.ok();
    assert_eq!(di.post("/me/onboarding/complete", json!({})).await.ok(), first);
    assert_eq!(di.get("/me/suggestions").await.ok(), suggestions);
}

#[tokio::test]
async fn two_newcomers_who_fit_find_each_other_among_all_the_others() {
    let app = App::seeded().await;
    let (mentor, mentee) = (app.newcomer("Di").await, app.newcomer("Ed").await);
    save(&mentor, "general", general(true, false)).await;
    save(&mentor, "mentor", json!({ "skills": [{ "skill": "devops" }], "mentorCapacity": 1 })).await;
    save(&mentee, "general", general(false, true)).await;
    save(&mentee, "mentee", json!({ "skills": [{ "skill": "devops" }, { "skill": "security" }] })).await;
    for who in [&mentor, &mentee] {
        save(who, "preferences", preferences()).await;
        who.post("/me/onboarding/complete", json!({})).await.ok();
    }
    for (who, other) in [(&mentor, &mentee), (&mentee, &mentor)] {
        let mine = who.get("/me/suggestions?limit=100").await.ok();
        let found = mine["items"].as_array().unwrap().iter().find(|item| item["person"]["id"] == json!(other.id));
        assert_eq!(found.unwrap()["reasons"]["skills"][0]["slug"], "devops");
    }
}

#[tokio::test]
async fn a_faulty_step_saves_nothing() {
    let app = App::start().await;
    let (admin, di) = (app.admin().await, app.newcomer("Di").await);
    add(&admin, "skills", &["Rust"]).await;
    di.put("/me/onboarding/general", general(false, false)).await.invalid("");
    di.put("/me/onboarding/general", json!({ "name": "Di", "activeMentor": true })).await.invalid("/activeMentee");
    let unknown =
        json!({ "skills": [{ "skill": "rust" }, { "skill": "none" }], "topics": ["none"], "mentorCapacity": 1 });
    let faults = di.put("/me/onboarding/mentor", unknown).await.refused(422, "invalid_input")["errors"].clone();
    let pointers: Vec<_> = faults.as_array().unwrap().iter().map(|fault| fault["pointer"].as_str().unwrap()).collect();
    assert_eq!(pointers, ["/skills/1/skill", "/topics/0"]);
    di.put("/me/onboarding/mentor", json!({ "skills": [], "mentorCapacity": 1 })).await.invalid("/skills");
    let none = json!({ "skills": [{ "skill": "rust" }], "mentorCapacity": 0 });
    di.put("/me/onboarding/mentor", none).await.invalid("/mentorCapacity");
    let mut late = preferences();
    late["windows"] = json!([{ "weekday": 1, "start": "18:00", "end": "17:00" }]);
    di.put("/me/onboarding/preferences", late).await.invalid("/windows/0/end");
    let mut elsewhere = preferences();
    elsewhere["linkedinUrl"] = json!("https://linkedin.com.example.org/in/di");
    di.put("/me/onboarding/preferences", elsewhere).await.invalid("/linkedinUrl");
    let survey = di.get("/me/onboarding").await.ok();
    assert!(survey["steps"].as_array().unwrap().iter().all(|step| step["savedAt"].is_null()));
    assert_eq!(survey["answers"]["mentorSkills"], json!([]));
}

#[tokio::test]
async fn a_mentor_step_leaves_the_places_that_are_taken() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    add(&admin, "skills", &["Rust"]).await;
    for name in ["Bo", "Cy"] {
        app.mentorship(&ann, &app.mentee(name).await).await;
    }
    let step = |capacity: u8| json!({ "skills": [{ "skill": "rust" }], "mentorCapacity": capacity });
    ann.put("/me/onboarding/mentor", step(1)).await.refused(409, "capacity_in_use");
    assert_eq!(ann.get("/me").await.ok()["mentorSkills"], json!([]));
    save(&ann, "mentor", step(2)).await;
}
