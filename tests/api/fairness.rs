//! How matching treats groups of people, in a plan and each week; nothing is told of few (promise F7), nor of anybody's gender.

use std::collections::BTreeMap;

use chrono::TimeDelta;
use entity::{job_turn, matching_report, user};
use sea_orm::{ActiveValue::Set, EntityTrait, PaginatorTrait};
use serde_json::{Value, json};
use support::{App, Client};

use crate::match_runs::{RUNS, id_of, pairs_of, run};
use crate::matching::{offers, seeks, skill};

const REPORTS: &str = "/owner/matching-reports";
const LEAST: i64 = 10;

/// What one side of a report tells of the groups of each kind: their labels with how many people and how many of a thousand.
fn told(side: &Value) -> BTreeMap<String, Vec<(Value, i64, Option<i64>)>> {
    let mut kinds: BTreeMap<String, Vec<_>> = BTreeMap::new();
    for group in side["groups"].as_array().unwrap() {
        let figures = &group["figures"];
        let one = (group["label"].clone(), figures["people"].as_i64().unwrap(), figures["matched"].as_i64());
        kinds.entry(group["kind"].as_str().unwrap().to_owned()).or_default().push(one);
    }
    kinds
}

/// How many people a share of them stands for.
fn matched(people: i64, thousandths: i64) -> i64 {
    (people * thousandths + 999) / 1000
}

/// Subtracts what is told of groups from what is told of all. What is left must be of nobody, or of ten people at least, of whom
/// some are matched and some are not.
fn try_to_work_out(side: &Value) {
    let (all, all_matched) = (side["all"]["people"].as_i64().unwrap(), side["all"]["matched"].as_i64());
    for (kind, groups) in told(side) {
        let left = all - groups.iter().map(|(_, people, _)| people).sum::<i64>();
        assert!(left == 0 || left >= LEAST, "{left} people are left of {kind}: {groups:?}");
        assert!(groups.iter().all(|(_, people, _)| *people >= LEAST), "{groups:?}");
        let (Some(all_matched), true) = (all_matched, left > 0) else { continue };
        let of_groups: i64 = groups.iter().map(|(_, people, share)| matched(*people, share.unwrap())).sum();
        let left_matched = matched(all, all_matched) - of_groups;
        assert!(left_matched > 0 && left_matched < left, "{left_matched} of {left} {kind} are matched");
    }
}

fn tells_nothing_private(report: &Value) {
    let text = report.to_string().to_lowercase();
    for word in ["male", "gender", "@example.org", "mentee 1", "mentor 1"] {
        assert!(!text.contains(word), "{word}: {text}");
    }
}

/// Fourteen mentees seek Rust, twelve SQL, and four Cobol; of twelve mentors with a place each, all offer each.
async fn seekers(app: &App) {
    let skills = [skill(app, "Rust").await, skill(app, "SQL").await, skill(app, "Cobol").await];
    for (skill, count) in skills.iter().zip([14, 12, 4]) {
        for number in 0..count {
            let mentee = app.mentee(&format!("Mentee {number}")).await;
            app.change_user(&mentee, |row| row.gender = Set(Some(user::Gender::Female))).await;
            seeks(app, &mentee, *skill).await;
        }
    }
    for number in 0..12 {
        let place = |row: &mut user::ActiveModel| {
            row.active_mentor = Set(true);
            row.mentor_capacity = Set(1);
            row.gender = Set(Some(user::Gender::Male));
        };
        let mentor = app.person(&format!("Mentor {number}"), place).await;
        for skill in skills {
            offers(app, &mentor, skill).await;
        }
    }
}

#[tokio::test]
async fn a_plan_is_reported_by_group_and_hides_who_are_few() {
    let app = App::start().await;
    let admin = app.admin().await;
    seekers(&app).await;
    let plan = run(&app, &admin, json!({})).await;
    let path = format!("{RUNS}/{}", id_of(&plan));
    let report = admin.get(format!("{path}/fairness")).await.ok();
    assert_eq!(report["mentees"]["all"]["people"], 30);
    assert_eq!(report["mentees"]["all"]["matched"], 400);
    let skills = &told(&report["mentees"])["SKILL"];
    assert_eq!(skills.len(), 1, "the four would be what is left of the whole: {skills:?}");
    assert_eq!((&skills[0].0, skills[0].1), (&json!("rust"), 14));
    let paired = pairs_of(&admin, id_of(&plan)).await.len();
    assert_eq!(report["mentors"]["all"]["matched"], json!(1000 * paired / 12));
    assert_eq!(report["exposureGini"], 0);
    let names: Vec<_> = report["mentees"]["groups"].as_array().unwrap().iter().map(|group| &group["name"]).collect();
    assert!(names.contains(&&json!("Rust")), "{names:?}");
    for side in ["mentors", "mentees"] {
        try_to_work_out(&report[side]);
    }
    tells_nothing_private(&report);
}

/// Nobody has a mentor: to say so would say it of the few who seek Cobol.
#[tokio::test]
async fn after_an_edit_the_report_is_of_the_new_plan() {
    let app = App::start().await;
    let admin = app.admin().await;
    seekers(&app).await;
    let plan = run(&app, &admin, json!({})).await;
    let path = format!("{RUNS}/{}", id_of(&plan));
    let pairs = admin.all(format!("{path}/pairs?limit=100")).await;
    let none: Vec<_> = pairs.iter().map(|pair| json!({ "mentorId": pair["mentor"]["id"], "seats": 0 })).collect();
    admin.patch_if(&path, admin.get(&path).await.etag(), json!({ "seats": none })).await.ok();
    let report = admin.get(format!("{path}/fairness")).await.ok();
    assert_eq!(report["mentees"]["all"], json!({ "people": 30, "matched": null, "meanScore": null }));
    try_to_work_out(&report["mentees"]);
}

#[tokio::test]
async fn a_plan_tells_which_skills_lack_mentors_without_numbers_of_few() {
    let app = App::start().await;
    let admin = app.admin().await;
    seekers(&app).await;
    let go = skill(&app, "Go").await;
    for number in 0..14 {
        seeks(&app, &app.mentee(&format!("Mentee {number}")).await, go).await;
    }
    let plan = run(&app, &admin, json!({})).await;
    let insights = admin.get(format!("{RUNS}/{}/insights", id_of(&plan))).await.ok();
    let lacking = insights["lackingSkills"].as_array().unwrap();
    assert!(!lacking.is_empty(), "{insights}");
    let whole = insights["unmatched"].as_i64().unwrap();
    assert_eq!(whole, 32);
    let counts: Vec<_> = lacking.iter().filter_map(|skill| skill["unmatched"].as_i64()).collect();
    assert!(counts.iter().all(|count| *count >= LEAST && whole - count >= LEAST), "{lacking:?}");
    assert!(lacking.iter().all(|skill| skill["mentors"].is_null()), "all offer each, so no mentor does not");
    assert!(lacking.iter().any(|skill| skill["unmatched"] == 14), "{lacking:?}");
    assert!(lacking.iter().any(|skill| skill["gain"].is_null()), "few seek Cobol: {lacking:?}");
    assert!(lacking.iter().all(|skill| skill["gain"].is_null() == skill["unmatched"].is_null()), "{lacking:?}");
    assert!(lacking[0]["gain"]["points"].as_i64() > Some(0), "{lacking:?}");
    assert!(lacking.iter().all(|skill| skill["skill"]["name"].is_string()), "{lacking:?}");
}

/// Of 22 mentors, eleven were suggested to one mentee each, and three declined; of 24 mentees, twelve would meet in person, and
/// six of the others have a mentor after a day.
async fn week(app: &App) {
    let (mut mentors, mut mentees) = (Vec::new(), Vec::new());
    for number in 0..22 {
        mentors.push(app.mentor(&format!("Mentor {number}")).await);
    }
    for number in 0..24 {
        let mentee = app.mentee(&format!("Mentee {number}")).await;
        app.change_user(&mentee, |row| row.in_person = Set(number < 12)).await;
        mentees.push(mentee);
    }
    for (number, (mentor, mentee)) in mentors.iter().zip(&mentees).take(11).enumerate() {
        let id = app.suggestion(mentor, mentee).await;
        if number < 3 {
            mentor.post(format!("/suggestions/{id}/decline"), Value::Null).await.ok();
        }
    }
    app.clock.advance(TimeDelta::days(1));
    for (mentor, mentee) in mentors.iter().zip(&mentees[12..18]) {
        app.mentorship(mentor, mentee).await;
    }
}

async fn report(owner: &Client) -> Value {
    let brief = owner.get(REPORTS).await.ok()["items"][0].clone();
    owner.get(format!("{REPORTS}/{}", brief["id"].as_str().unwrap())).await.ok()
}

#[tokio::test]
async fn a_week_is_reported() {
    let app = App::start().await;
    let owner = app.owner().await;
    week(&app).await;
    app.clock.advance(TimeDelta::days(6));
    assert!(api::matching_reports::work(&app.state).await.unwrap());
    let report = report(&owner).await;
    let mentees = &report["fairness"]["mentees"];
    assert_eq!(mentees["all"], json!({ "people": 24, "matched": 250, "meanScore": 80 }));
    assert_eq!(mentees["lowestDecile"], 80);
    let expected = json!([
        { "kind": "IN_PERSON", "label": null, "name": null,
            "figures": { "people": 12, "matched": 500, "meanScore": null } },
        { "kind": "IN_PERSON", "label": "true", "name": null,
            "figures": { "people": 12, "matched": 0, "meanScore": 80 } },
    ]);
    assert_eq!(mentees["groups"], expected);
    assert_eq!(report["fairness"]["exposureGini"], 500, "half of them were shown, alike");
    assert_eq!(report["neverShown"], 11);
    assert_eq!(report["declinesPerMentor"], json!({ "median": 0, "ninetieth": 1 }));
    assert_eq!(report["menteeWaiting"], json!({ "median": 7 * 24 * 60, "ninetieth": 7 * 24 * 60 }));
    assert_eq!(report["menteesDrawnFrom"], Value::Null);
    tells_nothing_private(&report);
}

#[tokio::test]
async fn of_few_people_a_week_tells_nothing() {
    let app = App::start().await;
    let owner = app.owner().await;
    for number in 0..9 {
        app.suggestion(&app.mentor("Ann").await, &app.mentee(&format!("Bo {number}")).await).await;
    }
    app.clock.advance(TimeDelta::days(7));
    api::matching_reports::work(&app.state).await.unwrap();
    let report = report(&owner).await;
    let none = json!({ "all": null, "groups": [], "lowestDecile": null });
    assert_eq!(report["fairness"], json!({ "mentors": none, "mentees": none, "exposureGini": null }));
    for field in ["neverShown", "declinesPerMentor", "mentorWaiting", "menteeWaiting"] {
        assert_eq!(report[field], Value::Null, "{field}");
    }
}

#[tokio::test]
async fn each_week_is_reported_once_by_one_node() {
    let app = App::start().await;
    let (owner, other) = (app.owner().await, app.another_node().await);
    let (one, two) = tokio::join!(api::matching_reports::work(&app.state), api::matching_reports::work(&other.state));
    assert_eq!([one.unwrap(), two.unwrap()].iter().filter(|did| **did).count(), 1);
    job_turn::Entity::delete_many().exec(app.db()).await.unwrap();
    assert!(api::matching_reports::work(&app.state).await.unwrap(), "whose turn it is was forgotten");
    assert_eq!(matching_report::Entity::find().count(app.db()).await.unwrap(), 1, "the week has its report");
    for _ in 0..2 {
        app.clock.advance(TimeDelta::days(7));
        assert!(api::matching_reports::work(&other.state).await.unwrap());
        assert!(!api::matching_reports::work(&app.state).await.unwrap());
    }
    let weeks = owner.all(format!("{REPORTS}?limit=2")).await;
    let starts: Vec<_> = weeks.iter().map(|week| week["fromAt"].as_str().unwrap()).collect();
    assert_eq!(starts.len(), 3);
    assert!(starts.is_sorted_by(|newer, older| newer > older), "{starts:?}");
    assert!(weeks.windows(2).all(|two| two[0]["fromAt"] == two[1]["toAt"]), "no day is left out: {weeks:?}");
    owner.get(format!("{REPORTS}/{}", app.state.new_id())).await.refused(404, "not_found");
}
