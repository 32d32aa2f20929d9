//! What a match run says of its plan: the proof, who is left out, what edits cost, and that it is the same every time.

use std::collections::BTreeMap;

use entity::user;
use sea_orm::ActiveValue::Set;
use serde_json::{Value, json};
use support::{App, Client};
use uuid::Uuid;

use crate::match_runs::{Cohort, RUNS, cohort, id_of, pairs_of, run};
use crate::matching::{offers, seeks, skill};

fn couple(mentor: &Client, mentee: &Client) -> Value {
    json!({ "mentorId": mentor.id, "menteeId": mentee.id })
}

fn prices(list: &Value) -> BTreeMap<String, i64> {
    let price = |one: &Value| (one["id"].as_str().unwrap().to_owned(), one["price"].as_i64().unwrap());
    list.as_array().unwrap().iter().map(price).collect()
}

/// The points of each possible pair, in no way but by pinning it in a run of its own: none where it may not be.
async fn points_of(app: &App, admin: &Client, mentor: &Client, mentee: &Client) -> Option<i64> {
    let only = json!({ "mentorIds": [mentor.id], "menteeIds": [mentee.id] });
    let alone = run(app, admin, json!({ "filters": only })).await;
    pairs_of(admin, id_of(&alone)).await.into_values().next()
}

/// Twenty lines that know nothing of the solver: prices that no possible pair exceeds, and that add up to the plan's points.
async fn verify(app: &App, cohort: &Cohort, run: Uuid) {
    let proof = cohort.admin.get(format!("{RUNS}/{run}/certificate")).await.ok();
    let (mentees, mentors) = (prices(&proof["mentees"]), prices(&proof["mentors"]));
    assert!(mentees.values().chain(mentors.values()).all(|price| *price >= 0), "{proof}");
    let mut possible = 0;
    for mentee in &cohort.mentees {
        for mentor in &cohort.mentors {
            let Some(points) = points_of(app, &cohort.admin, mentor, mentee).await else { continue };
            possible += 1;
            let most = mentees[&mentee.id.to_string()] + mentors[&mentor.id.to_string()];
            assert!(points <= most, "{} and {} have {points} of {most}", mentee.name, mentor.name);
        }
    }
    assert!(possible > cohort.mentors.len(), "it says something about pairs that are not in the plan");
    let seats = |one: &Value| one["seats"].as_i64().unwrap() * one["price"].as_i64().unwrap();
    let worth: i64 = proof["mentors"].as_array().unwrap().iter().map(seats).sum();
    assert_eq!(mentees.values().sum::<i64>() + worth, proof["totals"]["points"].as_i64().unwrap());
    let paired = pairs_of(&cohort.admin, run).await;
    assert_eq!(paired.values().sum::<i64>(), proof["totals"]["points"].as_i64().unwrap());
}

#[tokio::test]
async fn the_certificate_proves_that_no_plan_is_better() {
    let app = App::start().await;
    let cohort = cohort(&app, 6).await;
    let plan = run(&app, &cohort.admin, json!({})).await;
    verify(&app, &cohort, id_of(&plan)).await;
}

#[tokio::test]
async fn the_same_input_and_seed_give_the_same_plan() {
    let app = App::start().await;
    let Cohort { admin, .. } = cohort(&app, 10).await;
    let mut told = Vec::new();
    for _ in 0..2 {
        let plan = run(&app, &admin, json!({ "mode": "PARTICIPATION_FIRST", "minimumOne": true, "seed": 3 })).await;
        let id = id_of(&plan);
        let of = async |what: &str| admin.get(format!("{RUNS}/{id}/{what}")).await.bytes().to_vec();
        told.push((
            plan["snapshotHash"].clone(),
            of("certificate").await,
            of("pairs").await,
            of("unmatched").await,
            of("insights").await,
            of("fairness").await,
            of("pairs.csv").await,
        ));
    }
    assert!(told[0] == told[1]);
}

#[tokio::test]
async fn pins_and_bans_cost_what_they_cost() {
    let app = App::start().await;
    let Cohort { admin, mentors, mentees } = cohort(&app, 8).await;
    let plan = run(&app, &admin, json!({})).await;
    let (id, path) = (id_of(&plan), format!("{RUNS}/{}", id_of(&plan)));
    let before = pairs_of(&admin, id).await;
    let etag = admin.get(&path).await.etag();
    admin.patch(&path, json!({ "bans": [] })).await.refused(428, "precondition_required");
    let loser = mentees.iter().find(|one| !before.keys().any(|(mentee, _)| *mentee == one.name)).unwrap();
    let pin = couple(&mentors[0], loser);
    let answer = admin.patch_if(&path, &etag, json!({ "pins": [pin] })).await;
    let edit = answer.ok();
    let cost = edit["cost"].as_i64().unwrap();
    assert!(cost > 0, "{edit}");
    assert_eq!(edit["before"], plan["summary"]["totals"]);
    let after = pairs_of(&admin, id).await;
    assert_eq!(cost, before.values().sum::<i64>() - after.values().sum::<i64>());
    assert!(after.contains_key(&(loser.name.clone(), mentors[0].name.clone())));
    assert!(edit["added"].as_array().unwrap().contains(&pin));
    let now = admin.get(&path).await.ok();
    assert_eq!((&now["pins"], &now["summary"]["totals"]), (&json!([pin]), &edit["after"]));
    admin.patch_if(&path, &etag, json!({ "pins": [] })).await.refused(412, "precondition_failed");
    // Another node has no warm plan: it solves the stored input again, and comes to the same.
    let other = app.another_node().await;
    let elsewhere = admin.at(other.base().to_owned());
    let both = json!({ "pins": [pin], "bans": [pin] });
    elsewhere.patch_if(&path, answer.etag(), both).await.invalid("/pins/0");
    let back = elsewhere.patch_if(&path, answer.etag(), json!({ "pins": [] })).await;
    assert_eq!(back.ok()["cost"], -cost);
    assert_eq!(pairs_of(&admin, id).await, before);
    // The first node's is of an older version by now.
    let seats =
        json!({ "seats": mentors.iter().map(|one| json!({ "mentorId": one.id, "seats": 0 })).collect::<Vec<_>>() });
    let none = admin.patch_if(&path, back.etag(), seats).await.ok();
    assert_eq!((&none["after"]["pairs"], &none["removed"].as_array().unwrap().len()), (&json!(0), &before.len()));
    let log = app.log_of(id).await;
    assert_eq!(log.iter().filter(|kind| *kind == "match_run.edited").count(), 3);
}

#[tokio::test]
async fn a_warm_edit_comes_to_what_a_run_from_the_start_does() {
    let app = App::start().await;
    let cohort = cohort(&app, 8).await;
    let (admin, mentors, mentees) = (&cohort.admin, &cohort.mentors, &cohort.mentees);
    let demands = json!({
        "pins": [couple(&mentors[1], &mentees[1])],
        "bans": [couple(&mentors[0], &mentees[7]), couple(&mentors[2], &mentees[6])],
        "seats": [{ "mentorId": mentors[3].id, "seats": 0 }],
    });
    let cold = run(&app, admin, demands.clone()).await;
    let warm = run(&app, admin, json!({})).await;
    let path = format!("{RUNS}/{}", id_of(&warm));
    let edit = admin.patch_if(&path, admin.get(&path).await.etag(), demands).await.ok();
    assert_eq!(edit["after"], cold["summary"]["totals"]);
    let compared = admin.get(format!("{path}/comparison?with={}", id_of(&cold))).await.ok();
    assert_eq!((&compared["this"], &compared["addedCount"]), (&compared["other"], &compared["removedCount"]));
    let nobody = admin.get(format!("{path}/comparison?with={}", app.state.new_id())).await;
    nobody.invalid("/with");
}

/// One mentorship is open between two people: whoever would mentor each other get the better of the two pairs.
#[tokio::test]
async fn two_who_would_mentor_each_other_do_so_one_way() {
    let app = App::start().await;
    let admin = app.admin().await;
    let (rust, sql) = (skill(&app, "Rust").await, skill(&app, "SQL").await);
    let (ann, bo) = (app.member("Ann").await, app.member("Bo").await);
    for (who, has) in [(&ann, rust), (&bo, sql)] {
        offers(&app, who, has).await;
    }
    seeks(&app, &bo, rust).await;
    seeks(&app, &ann, sql).await;
    seeks(&app, &ann, rust).await;
    let plan = run(&app, &admin, json!({})).await;
    let path = format!("{RUNS}/{}", id_of(&plan));
    let pairs = pairs_of(&admin, id_of(&plan)).await;
    assert_eq!(pairs.keys().collect::<Vec<_>>(), [&("Bo".to_owned(), "Ann".to_owned())]);
    let proof = admin.get(format!("{path}/certificate")).await.ok();
    assert_eq!(proof["excluded"], json!([couple(&bo, &ann)]));
    let both = json!({ "pins": [couple(&ann, &bo), couple(&bo, &ann)] });
    admin.patch_if(&path, admin.get(&path).await.etag(), both).await.refused(422, "invalid_input");
    assert_eq!(pairs_of(&admin, id_of(&plan)).await, pairs);
    let turned =
        admin.patch_if(&path, admin.get(&path).await.etag(), json!({ "pins": [couple(&bo, &ann)] })).await.ok();
    assert_eq!((&turned["added"], &turned["removed"]), (&json!([couple(&bo, &ann)]), &json!([couple(&ann, &bo)])));
    admin.post(format!("{path}/publish"), json!({ "as": "MENTORSHIPS" })).await.ok();
}

#[tokio::test]
async fn a_pin_that_cannot_be_kept_fails_the_run_and_says_so() {
    let app = App::start().await;
    let Cohort { admin, mentors, mentees } = cohort(&app, 6).await;
    app.mentorship(&mentors[0], &mentees[0]).await;
    let plan = run(&app, &admin, json!({ "pins": [couple(&mentors[0], &mentees[0])] })).await;
    assert_eq!((&plan["state"], &plan["failure"]), (&json!("FAILED"), &json!("PIN_REFUSED")));
    let mut pin = couple(&mentors[0], &mentees[0]);
    pin["code"] = json!("not_in_run");
    assert_eq!(plan["conflicts"], json!([pin]));
    admin.get(format!("{RUNS}/{}/certificate", id_of(&plan))).await.refused(409, "invalid_transition");
    assert_eq!(admin.get(format!("{RUNS}/{}/pairs", id_of(&plan))).await.ok()["items"], json!([]));
    let stable = admin.post(RUNS, json!({ "mode": "STABLE", "minimumOne": true })).await;
    stable.invalid("/minimumOne");
}

/// Why somebody is left: told by causes that keep to themselves what is private.
#[tokio::test]
async fn the_unmatched_learn_why() {
    let app = App::start().await;
    let Cohort { admin, mentors, mentees } = cohort(&app, 4).await;
    let female = |row: &mut user::ActiveModel| {
        row.active_mentee = Set(true);
        row.preferred_mentor_gender = Set(user::PreferredGender::Female);
    };
    let particular = app.person("Particular", female).await;
    let banned = app.mentee("Banned").await;
    let rust = skill(&app, "Rust").await;
    for mentee in [&particular, &banned] {
        seeks(&app, mentee, rust).await;
    }
    for mentor in &mentors {
        offers(&app, mentor, rust).await;
    }
    let bans: Vec<_> = mentors.iter().map(|mentor| couple(mentor, &banned)).collect();
    let plan = run(&app, &admin, json!({ "bans": bans })).await;
    let left = admin.all(format!("{RUNS}/{}/unmatched?limit=1", id_of(&plan))).await;
    assert_eq!(left.len(), mentees.len() + 2 - mentors.len());
    let of = |who: &Client| left.iter().find(|one| one["person"]["id"] == who.id.to_string()).unwrap();
    assert_eq!(
        (&of(&particular)["reason"], &of(&particular)["cause"]),
        (&json!("NO_MENTOR_ALLOWED"), &json!("NO_FIT"))
    );
    assert_eq!(of(&banned)["cause"], "BANNED");
    let outbid: Vec<_> = left.iter().filter(|one| one["reason"] == "OUTBID").collect();
    assert_eq!(outbid.len(), mentees.len() - mentors.len());
    for one in outbid {
        assert!(one["price"].as_i64() >= one["points"].as_i64() && one["cause"].is_null(), "{one}");
    }
    let insights = admin.get(format!("{RUNS}/{}/insights", id_of(&plan))).await.ok();
    assert_eq!(insights["unmatched"], left.len());
    assert_eq!(insights["seats"].as_array().unwrap().len(), mentors.len());
    let strict = run(&app, &admin, json!({ "floor": 100 })).await;
    let low = admin.all(format!("{RUNS}/{}/unmatched", id_of(&strict))).await;
    let cause =
        |who: &Client| low.iter().find(|one| one["person"]["id"] == who.id.to_string()).unwrap()["cause"].clone();
    assert_eq!(cause(&mentees[0]), "NO_FIT");
}

/// Time and seniority alone are no reason, in a plan as in a list.
#[tokio::test]
async fn nobody_is_paired_with_whom_they_share_neither_skill_nor_topic() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.mentor("Ann").await, app.mentee("Bo").await);
    let (rust, sql) = (skill(&app, "Rust").await, skill(&app, "SQL").await);
    offers(&app, &ann, rust).await;
    seeks(&app, &bo, sql).await;
    let apart = run(&app, &admin, json!({})).await;
    assert!(pairs_of(&admin, id_of(&apart)).await.is_empty());
    let left = admin.all(format!("{RUNS}/{}/unmatched", id_of(&apart))).await;
    assert_eq!(left[0]["cause"], "NO_FIT");
    offers(&app, &ann, sql).await;
    let together = run(&app, &admin, json!({})).await;
    assert_eq!(pairs_of(&admin, id_of(&together)).await.len(), 1);
}

/// Names are hostile, cells are not; and no list of a run holds an address.
#[tokio::test]
async fn the_export_is_csv_without_formulas_or_addresses() {
    let app = App::start().await;
    let Cohort { admin, mentors, mentees } = cohort(&app, 4).await;
    app.change_user(&mentors[0], |row| row.name = Set("=HYPERLINK(\"https://evil\")".to_owned())).await;
    app.change_user(&mentors[1], |row| row.name = Set("Ann, \"the\" mentor".to_owned())).await;
    for mentee in &mentees {
        app.change_user(mentee, |row| row.name = Set("@SUM(A1)".to_owned())).await;
    }
    let plan = run(&app, &admin, json!({})).await;
    let path = format!("{RUNS}/{}", id_of(&plan));
    let answer = admin.get(format!("{path}/pairs.csv")).await;
    assert_eq!(answer.header("content-type").unwrap(), "text/csv; charset=utf-8");
    let text = String::from_utf8(answer.bytes().to_vec()).unwrap();
    let lines: Vec<_> = text.split("\r\n").collect();
    assert_eq!(lines[0], "mentorId,mentorName,menteeId,menteeName,score");
    assert_eq!((lines.len(), lines[3]), (4, ""), "{text}");
    let of = |who: &Client| *lines.iter().find(|line| line.starts_with(&who.id.to_string())).unwrap();
    assert!(of(&mentors[0]).contains(",\"'=HYPERLINK(\"\"https://evil\"\")\","), "{text}");
    assert!(
        of(&mentors[1]).contains(",\"Ann, \"\"the\"\" mentor\",") && of(&mentors[1]).contains(",'@SUM(A1),"),
        "{text}"
    );
    for list in ["pairs", "pairs.csv", "unmatched", "insights", "fairness", "certificate"] {
        let text = String::from_utf8_lossy(admin.get(format!("{path}/{list}")).await.bytes()).into_owned();
        assert!(!text.contains("@example.org") && !text.to_lowercase().contains("gender"), "{list}: {text}");
    }
}

/// Promise K8: what finds no place is refused at once.
#[tokio::test]
async fn exports_beyond_their_places_are_refused_at_once() {
    let app = App::start_with(|config| config.export_permits = 1).await;
    let Cohort { admin, .. } = cohort(&app, 2).await;
    let plan = run(&app, &admin, json!({})).await;
    let path = format!("{RUNS}/{}/pairs.csv", id_of(&plan));
    let place = app.state.exports.begin().unwrap();
    let refused = admin.get(&path).await;
    refused.refused(503, "unavailable");
    assert!(refused.header("retry-after").is_some());
    drop(place);
    assert_eq!(admin.get(&path).await.status, 200);
}

/// What a plan was made of is no longer so: told when asked for, and then for good.
#[tokio::test]
async fn a_stale_run_is_refused_where_that_is_asked_for() {
    let app = App::start().await;
    let Cohort { admin, mentors, .. } = cohort(&app, 4).await;
    let fresh = run(&app, &admin, json!({})).await;
    let path = format!("{RUNS}/{}", id_of(&fresh));
    let edit = admin.patch_if(&path, admin.get(&path).await.etag(), json!({ "bans": [], "ifStale": "REFUSE" })).await;
    edit.ok();
    app.change_user(&mentors[0], |row| row.mentor_capacity = Set(2)).await;
    let strict = json!({ "as": "SUGGESTIONS", "ifStale": "REFUSE" });
    admin.post(format!("{path}/publish"), strict).await.refused(409, "match_run_stale");
    assert_eq!(admin.get(&path).await.ok()["state"], "STALE");
    admin.post(format!("{path}/publish"), json!({ "as": "SUGGESTIONS" })).await.refused(409, "invalid_transition");
    assert!(!pairs_of(&admin, id_of(&fresh)).await.is_empty(), "it can still be looked at");
    admin.post(format!("{path}/cancel"), Value::Null).await.ok();
}
