//! The matching policy: how owners write it, and how they try it out before.

use entity::{matching_policy, mentee_topic, mentor_topic, suggestion, user};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{Answer, App, Client};
use uuid::Uuid;

use crate::matching::{offers, refresh, seeks, skill, topic};
use crate::suggestions::listed;

const PATH: &str = "/owner/matching-policy";
const ALL: &str = "/owner/matching-policies";
const PREVIEW: &str = "/owner/matching-policy/preview";

/// The terms that the software comes with.
pub fn usual() -> Value {
    json!({
        "weights": {
            "skills": 350, "focus": 100, "topicsSought": 100, "topicsOffered": 50, "hours": 150, "seniority": 100,
            "industries": 60, "softSkills": 50, "languages": 20, "place": 20,
        },
        "floors": { "mentee": 25, "mentor": 25 },
        "seniorityTable": [10, 10, 10, 10, 40, 100, 90, 70, 70],
        "levelFactors": { "above": 10, "equal": 6, "below": 3 },
        "enoughMinutes": 240,
        "languages": [0, 50, 100],
        "place": { "together": 100, "remote": 50, "apart": 25 },
        "crowding": { "upper": 3, "lower": 2 },
        "listLength": 10,
        "lambda": { "upper": 1, "lower": 1 },
    })
}

/// The usual terms with all points on one part of the score, and no floor.
fn only(weight: &str) -> Value {
    let mut terms = usual();
    for (name, points) in terms["weights"].as_object_mut().unwrap() {
        *points = json!(if name == weight { 1000 } else { 0 });
    }
    terms["floors"] = json!({ "mentee": 0, "mentor": 0 });
    terms
}

async fn put(owner: &Client, etag: &str, body: Value) -> Answer {
    owner.call("PUT", PATH, &[("If-Match", etag)], &body).await
}

/// Writes the next version.
pub async fn replace(owner: &Client, terms: Value) -> Value {
    let etag = owner.get(PATH).await.etag();
    put(owner, &etag, json!({ "terms": terms })).await.ok()
}

#[tokio::test]
async fn the_first_version_is_what_the_software_comes_with() {
    let app = App::start().await;
    let first = app.owner().await.get(PATH).await.ok();
    let expected = json!({
        "version": 1, "terms": usual(), "note": null, "createdById": null, "createdAt": first["createdAt"],
    });
    assert_eq!(first, expected);
    let policy = api::matching_policies::ops::current(app.db()).await.unwrap();
    assert_eq!(policy, ::matching::Policy::default());
}

#[tokio::test]
async fn each_change_is_a_version_that_stays() {
    let app = App::start().await;
    let owner = app.owner().await;
    let etag = owner.get(PATH).await.etag();
    let written = put(&owner, &etag, json!({ "terms": only("hours"), "note": "Hours alone" })).await;
    let second = written.ok();
    assert_eq!(
        (&second["version"], &second["terms"], &second["note"], &second["createdById"]),
        (&json!(2), &only("hours"), &json!("Hours alone"), &json!(owner.id))
    );
    let present = owner.get(PATH).await;
    assert_eq!((present.ok(), present.etag()), (second.clone(), written.etag()));
    let third = replace(&owner, usual()).await;
    assert_eq!((&third["version"], &third["note"]), (&json!(3), &Value::Null));
    let versions = owner.all(format!("{ALL}?limit=2")).await;
    assert_eq!(versions.iter().map(|one| one["version"].clone()).collect::<Vec<_>>(), [3, 2, 1]);
    assert_eq!(owner.get(format!("{ALL}/2")).await.ok(), second);
    for none in ["0", "-1", "4", "x", "99999999999"] {
        owner.get(format!("{ALL}/{none}")).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn the_second_of_two_owners_is_told() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (etag, body) = (owner.get(PATH).await.etag(), json!({ "terms": usual() }));
    owner.put(PATH, body.clone()).await.refused(428, "precondition_required");
    put(&owner, "\"77\"", body.clone()).await.refused(412, "precondition_failed");
    for _ in 0..8 {
        let etag = owner.get(PATH).await.etag();
        let (one, other) = tokio::join!(put(&owner, &etag, body.clone()), put(&owner, &etag, body.clone()));
        let mut statuses = [one.status, other.status];
        statuses.sort();
        assert_eq!(statuses, [200, 412]);
    }
    put(&owner, &etag, body).await.refused(412, "precondition_failed");
    assert_eq!(matching_policy::Entity::find().count(app.db()).await.unwrap(), 9);
}

#[tokio::test]
async fn all_that_is_wrong_with_the_terms_is_told_where_it_stands() {
    let app = App::start().await;
    let owner = app.owner().await;
    let etag = owner.get(PATH).await.etag();
    let mut terms = usual();
    terms["weights"]["skills"] = json!(351);
    terms["levelFactors"]["equal"] = json!(2);
    terms["languages"] = json!([50, 0, 100]);
    terms["lambda"] = json!({ "upper": 9, "lower": 2 });
    let expected = ["/terms/weights", "/terms/levelFactors", "/terms/languages", "/terms/lambda"];
    let body = json!({ "terms": terms });
    for refused in [put(&owner, &etag, body.clone()).await, owner.post(PREVIEW, body).await] {
        let problem = refused.refused(422, "invalid_input");
        let places: Vec<_> = problem["errors"].as_array().unwrap().iter().map(|one| one["pointer"].clone()).collect();
        assert_eq!(places, expected);
    }
    let mut terms = usual();
    terms["seniorityTable"] = json!([0, 0, 0]);
    put(&owner, &etag, json!({ "terms": terms })).await.invalid("/terms/seniorityTable");
    put(&owner, &etag, json!({ "terms": usual(), "note": " " })).await.invalid("/note");
    assert_eq!(owner.get(PATH).await.etag(), etag);
}

#[tokio::test]
async fn a_change_is_in_the_audit_log_without_its_note() {
    let app = App::start().await;
    let (owner, admin) = (app.owner().await, app.admin().await);
    let mut terms = usual();
    terms["enoughMinutes"] = json!(300);
    let etag = owner.get(PATH).await.etag();
    put(&owner, &etag, json!({ "terms": terms, "note": "a private reason" })).await.ok();
    let log = admin.get("/admin/audit-log?kind=matching_policy.changed").await.ok();
    assert!(!log.to_string().contains("a private reason"));
    let entry = &log["items"][0];
    assert_eq!((&entry["kind"], &entry["actor"]["id"]), (&json!("matching_policy.changed"), &json!(owner.id)));
    assert_eq!(entry["before"], json!({ "version": 1, "enoughMinutes": 240 }));
    assert_eq!(entry["after"], json!({ "version": 2, "enoughMinutes": 300 }));
}

#[tokio::test]
async fn what_is_suggested_next_is_scored_by_the_version_in_force() {
    let app = App::start().await;
    let (rust, owner) = (skill(&app, "Rust").await, app.owner().await);
    let (ann, bo, cy) = (app.mentor("Ann").await, app.mentee("Bo").await, app.mentee("Cy").await);
    offers(&app, &ann, rust).await;
    for mentee in [&bo, &cy] {
        seeks(&app, mentee, rust).await;
    }
    refresh(&app, &bo).await;
    replace(&owner, only("skills")).await;
    refresh(&app, &cy).await;
    let mut found = Vec::new();
    for mentee in [&bo, &cy] {
        let suggestion = &listed(mentee, "").await[0];
        let why = mentee.get(format!("/me/suggestions/{}/why", suggestion["id"].as_str().unwrap())).await.ok();
        found.push((why["policyVersion"].clone(), why["terms"][0]["points"].clone(), why["terms"][0]["most"].clone()));
    }
    assert_eq!(found, [(json!(1), json!(350), json!(350)), (json!(2), json!(1000), json!(1000))]);
}

#[tokio::test]
async fn the_index_of_each_node_follows_the_version_in_force() {
    let app = App::start().await;
    let other = app.another_node().await;
    replace(&app.owner().await, only("skills")).await;
    for node in [&app, &other] {
        let candidates = &node.state.candidates;
        candidates.loaded().await;
        let version = || candidates.read(|index| index.policy().version);
        // A check follows the log first; what it then asks for is done by the next at the latest.
        for _ in 0..3 {
            candidates.check().await;
        }
        assert_eq!(version(), Some(2));
    }
}

#[tokio::test]
async fn how_rare_a_skill_is_stays_as_it_was_when_the_version_was_made() {
    let app = App::start().await;
    let (rust, cobol, owner) = (skill(&app, "Rust").await, skill(&app, "Cobol").await, app.owner().await);
    for at in 0..7 {
        let mentor = app.mentor(&format!("Mentor {at}")).await;
        offers(&app, &mentor, if at == 0 { cobol } else { rust }).await;
    }
    // No mentor any more: they count neither among all nor among those who offer.
    let gone = app.person("Gone", |row| row.status = Set(user::Status::Suspended)).await;
    offers(&app, &gone, cobol).await;
    let rarity = async || {
        let policy = api::matching_policies::ops::current(app.db()).await.unwrap();
        (policy.version, policy.rarity.of(cobol), policy.rarity.of(rust))
    };
    assert_eq!(rarity().await, (1, 64, 64));
    replace(&owner, usual()).await;
    assert_eq!(rarity().await, (2, 128, 64), "log2(8/2) is 2, log2(8/7) less than 1");
    let joined = app.mentor("Joined").await;
    offers(&app, &joined, cobol).await;
    assert_eq!(rarity().await, (2, 128, 64));
    replace(&owner, usual()).await;
    assert_eq!(rarity().await, (3, 101, 64), "log2(9/3)");
}

/// Ten mentors who offer what Bo seeks, and Cy who shares a topic with Bo.
async fn eleven(app: &App) -> (Client, Client) {
    let (rust, talks) = (skill(app, "Rust").await, topic(app, "Talks").await);
    let (bo, cy) = (app.mentee("Bo").await, app.mentor("Cy").await);
    seeks(app, &bo, rust).await;
    for at in 0..10 {
        let mentor = app.mentor(&format!("Mentor {at}")).await;
        offers(app, &mentor, rust).await;
    }
    let offered = mentor_topic::ActiveModel { user_id: Set(cy.id), topic_id: Set(talks) };
    mentor_topic::Entity::insert(offered).exec_without_returning(app.db()).await.unwrap();
    let sought = mentee_topic::ActiveModel { user_id: Set(bo.id), topic_id: Set(talks) };
    mentee_topic::Entity::insert(sought).exec_without_returning(app.db()).await.unwrap();
    (bo, cy)
}

#[tokio::test]
async fn a_preview_tells_who_enters_and_leaves_and_changes_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    let (bo, cy) = eleven(&app).await;
    let before = owner.get(PATH).await.ok();
    let body = json!({ "terms": only("topicsSought"), "sample": [bo.id] });
    let told = owner.post(PREVIEW, body.clone()).await.ok();
    let list = &told["sample"][0];
    assert_eq!(list["mentee"], json!({ "id": bo.id, "name": "Bo" }));
    assert_eq!((&list["entered"], &list["left"]), (&json!(1), &json!(1)));
    let mentors = list["mentors"].as_array().unwrap();
    assert_eq!(mentors.len(), 11);
    let first = &mentors[0];
    assert_eq!(first["mentor"], json!({ "id": cy.id, "name": "Cy" }));
    assert_eq!(
        (&first["placeBefore"], &first["placeAfter"], &first["scoreAfter"]),
        (&Value::Null, &json!(1), &json!(100))
    );
    assert!(first["scoreBefore"].as_i64().unwrap() < mentors[1]["scoreBefore"].as_i64().unwrap());
    let last = &mentors[10];
    assert_eq!((&last["placeAfter"], &last["scoreAfter"]), (&Value::Null, &json!(50)), "half for no answer");
    assert!(last["placeBefore"].is_u64());
    assert_eq!(owner.get(PATH).await.ok(), before);
    assert_eq!(suggestion::Entity::find().count(app.db()).await.unwrap(), 0);

    // Who is suggested already stays on the list that is compared.
    refresh(&app, &bo).await;
    assert_eq!(listed(&bo, "").await.len(), 10);
    assert_eq!(owner.post(PREVIEW, body).await.ok(), told);
}

#[tokio::test]
async fn a_preview_under_the_terms_in_force_moves_nobody() {
    let app = App::seeded().await;
    let owner = app.owner().await;
    let etag = owner.get(PATH).await.etag();
    put(&owner, &etag, json!({ "terms": usual() })).await.ok();
    let told = owner.post(PREVIEW, json!({ "terms": usual() })).await.ok();
    let lists = told["sample"].as_array().unwrap();
    assert!(lists.iter().any(|list| !list["mentors"].as_array().unwrap().is_empty()), "{told}");
    for list in lists {
        assert_eq!((&list["entered"], &list["left"]), (&json!(0), &json!(0)));
        for mentor in list["mentors"].as_array().unwrap() {
            assert_eq!(mentor["placeBefore"], mentor["placeAfter"]);
            assert_eq!(mentor["scoreBefore"], mentor["scoreAfter"]);
        }
    }
    assert_eq!(owner.post(PREVIEW, json!({ "terms": usual() })).await.ok(), told, "the same sample again");
}

#[tokio::test]
async fn the_sample_is_of_mentees_who_can_be_matched() {
    let app = App::start().await;
    let (owner, ann, bo) = (app.owner().await, app.mentor("Ann").await, app.mentee("Bo").await);
    let preview = async |sample: Value| owner.post(PREVIEW, json!({ "terms": usual(), "sample": sample })).await;
    let sampled = async |sample: Value| {
        let told = preview(sample).await.ok();
        let lists = told["sample"].as_array().unwrap();
        lists.iter().map(|list| list["mentee"]["name"].as_str().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(sampled(json!([bo.id, bo.id])).await, ["Bo"]);
    let without = owner.post(PREVIEW, json!({ "terms": usual() })).await.ok();
    assert_eq!(without["sample"].as_array().unwrap().len(), 1);
    preview(json!([bo.id, ann.id])).await.invalid("/sample/1");
    preview(json!([Uuid::nil()])).await.invalid("/sample/0");
    preview(json!(vec![bo.id; 21])).await.invalid("/sample");
    preview(json!([])).await.invalid("/sample");
    app.change_user(&bo, |row| row.status = Set(user::Status::Suspended)).await;
    preview(json!([bo.id])).await.invalid("/sample/0");
}

#[tokio::test]
async fn a_preview_that_finds_no_place_is_refused_at_once() {
    let app = App::start_with(|config| config.search_permits = 1).await;
    let (owner, body) = (app.owner().await, json!({ "terms": usual() }));
    let place = app.state.searches.begin().unwrap();
    let refused = owner.post(PREVIEW, body.clone()).await;
    assert_eq!(refused.header("retry-after"), Some("1"), "{refused}");
    refused.refused(503, "unavailable");
    drop(place);
    owner.post(PREVIEW, body).await.ok();
}
