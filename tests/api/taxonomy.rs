use entity::{mentor_skill, skill};
use sea_orm::{ColumnTrait, EntityTrait, PaginatorTrait, QueryFilter};
use serde_json::{Value, json};
use support::{App, Client};

/// Adds terms by their names; answers their slugs.
pub async fn add(admin: &Client, kind: &str, names: &[&str]) -> Vec<String> {
    let mut slugs = Vec::new();
    for name in names {
        let term = admin.post(format!("/admin/taxonomy/{kind}"), json!({ "name": name })).await.created();
        slugs.push(term["slug"].as_str().unwrap().to_owned());
    }
    slugs
}

/// Adds seniority levels, each more senior than the one before.
pub async fn add_levels(admin: &Client, names: &[&str]) {
    for (rank, name) in (1..).zip(names) {
        admin.post("/admin/taxonomy/seniority-levels", json!({ "name": name, "rank": rank })).await.created();
    }
}

pub async fn offer(who: &Client, skills: Value) -> Value {
    who.put("/me/mentor-skills", json!({ "items": skills })).await.ok()["items"].clone()
}

fn slugs(list: &Value) -> Vec<&str> {
    list["items"].as_array().unwrap().iter().map(|term| term["slug"].as_str().unwrap()).collect()
}

#[tokio::test]
async fn each_kind_is_listed_in_pages() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    for kind in ["skills", "soft-skills", "topics", "industries"] {
        add(&admin, kind, &["One", "Two", "Three"]).await;
        let first = ann.get(format!("/{kind}?limit=2")).await.ok();
        assert_eq!(slugs(&first), ["one", "two"]);
        let cursor = first["nextCursor"].as_str().unwrap();
        let second = ann.get(format!("/{kind}?limit=2&cursor={cursor}")).await.ok();
        assert_eq!((slugs(&second), &second["nextCursor"]), (vec!["three"], &Value::Null));
        ann.get(format!("/me/suggestions?cursor={cursor}")).await.refused(400, "invalid_cursor");
    }
}

#[tokio::test]
async fn seniority_levels_are_listed_by_rank() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    for (name, rank) in [("Senior", 30), ("Junior", 10), ("Regular", 20)] {
        admin.post("/admin/taxonomy/seniority-levels", json!({ "name": name, "rank": rank })).await.created();
    }
    let first = ann.get("/seniority-levels?limit=1").await.ok();
    assert_eq!((slugs(&first), &first["items"][0]["rank"]), (vec!["junior"], &json!(10)));
    let rest = ann.get(format!("/seniority-levels?cursor={}", first["nextCursor"].as_str().unwrap())).await.ok();
    assert_eq!(slugs(&rest), ["regular", "senior"]);
}

#[tokio::test]
async fn the_taxonomy_is_read_by_everybody_who_signed_in_and_written_by_admins() {
    let app = App::start().await;
    let (admin, newcomer, visitor) = (app.admin().await, app.newcomer("Di").await, app.visitor());
    add(&admin, "skills", &["Rust"]).await;
    newcomer.get("/skills/rust").await.ok();
    visitor.get("/skills").await.refused(401, "unauthenticated");
    let body = json!({ "name": "Go" });
    newcomer.post("/admin/taxonomy/skills", body.clone()).await.refused(403, "forbidden");
    newcomer.patch("/admin/taxonomy/skills/rust", body.clone()).await.refused(403, "forbidden");
    newcomer.post("/admin/taxonomy/skills/rust/merge", json!({ "into": "go" })).await.refused(403, "forbidden");
    visitor.post("/admin/taxonomy/skills", body).await.refused(401, "unauthenticated");
}

#[tokio::test]
async fn a_term_gets_a_slug_of_its_name() {
    let app = App::start().await;
    let admin = app.admin().await;
    assert_eq!(add(&admin, "topics", &["Résumé & CV", "AI/ML"]).await, ["resume-cv", "ai-ml"]);
    let chosen = admin.post("/admin/taxonomy/topics", json!({ "name": "職業", "slug": "work" })).await.created();
    assert_eq!((&chosen["slug"], &chosen["rank"], &chosen["retiredAt"]), (&json!("work"), &Value::Null, &Value::Null));
    admin.post("/admin/taxonomy/topics", json!({ "name": "職業訓練" })).await.invalid("/slug");
    admin.post("/admin/taxonomy/topics", json!({ "name": "Bad", "slug": "a--b" })).await.invalid("/slug");
    admin.post("/admin/taxonomy/topics", json!({ "name": "Hid\u{200b}den" })).await.invalid("/name");
    admin.post("/admin/taxonomy/colours", json!({ "name": "Red" })).await.refused(404, "not_found");
}

#[tokio::test]
async fn names_slugs_and_ranks_are_unique() {
    let app = App::start().await;
    let admin = app.admin().await;
    add(&admin, "skills", &["Rust", "Go"]).await;
    let taken = [json!({ "name": "RUST", "slug": "other" }), json!({ "name": "Other", "slug": "rust" })];
    for body in taken {
        admin.post("/admin/taxonomy/skills", body).await.refused(409, "already_exists");
    }
    admin.patch("/admin/taxonomy/skills/go", json!({ "name": "rust" })).await.refused(409, "already_exists");
    add_levels(&admin, &["Junior", "Senior"]).await;
    let levels = "/admin/taxonomy/seniority-levels";
    admin.post(levels, json!({ "name": "Other", "rank": 1 })).await.refused(409, "already_exists");
    admin.patch(format!("{levels}/senior"), json!({ "rank": 1 })).await.refused(409, "already_exists");
    admin.post(levels, json!({ "name": "Other" })).await.invalid("/rank");
    admin.post("/admin/taxonomy/skills", json!({ "name": "Other", "rank": 1 })).await.invalid("/rank");
}

#[tokio::test]
async fn a_renamed_term_keeps_its_slug() {
    let app = App::start().await;
    let admin = app.admin().await;
    add(&admin, "skills", &["Rust"]).await;
    let renamed = admin.patch("/admin/taxonomy/skills/rust", json!({ "name": "Rust Language" })).await.ok();
    assert_eq!((&renamed["name"], &renamed["slug"]), (&json!("Rust Language"), &json!("rust")));
    admin.patch("/admin/taxonomy/skills/rust", json!({ "slug": "other" })).await.invalid("/slug");
    admin.patch("/admin/taxonomy/skills/none", json!({ "name": "X" })).await.refused(404, "not_found");
    for path in ["/skills/RUST", "/skills/%00", "/skills/none", "/skills/a_b"] {
        admin.get(path).await.refused(404, "not_found");
    }
}

#[tokio::test]
async fn a_retired_term_stays_with_who_has_it() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.mentor("Ann").await, app.mentor("Bo").await);
    add(&admin, "skills", &["Rust", "Cobol"]).await;
    offer(&ann, json!([{ "skill": "cobol" }])).await;
    admin.patch("/admin/taxonomy/skills/cobol", json!({ "retired": true })).await.ok();
    assert_eq!(slugs(&ann.get("/skills").await.ok()), ["rust"]);
    assert_eq!(slugs(&ann.get("/skills?includeRetired=true").await.ok()), ["rust", "cobol"]);
    let both = json!([{ "skill": "rust" }, { "skill": "cobol", "level": 5 }]);
    bo.put("/me/mentor-skills", json!({ "items": both })).await.invalid("/items/1/skill");
    assert_eq!(offer(&ann, both.clone()).await.as_array().unwrap().len(), 2);
    admin.patch("/admin/taxonomy/skills/cobol", json!({ "retired": false })).await.ok();
    offer(&bo, both).await;
}

#[tokio::test]
async fn a_merge_moves_links_and_who_has_both_keeps_one() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.member("Ann").await, app.mentor("Bo").await);
    add(&admin, "skills", &["React", "ReactJS", "React.js"]).await;
    offer(&ann, json!([{ "skill": "react" }, { "skill": "reactjs", "level": 4 }])).await;
    let sought = json!([{ "skill": "reactjs", "level": 2, "priority": 3 }, { "skill": "react", "priority": 2 }]);
    ann.put("/me/mentee-skills", json!({ "items": sought })).await.ok();
    let sought = json!([{ "skill": "reactjs" }, { "skill": "react", "priority": 2 }]);
    bo.put("/me/mentee-skills", json!({ "items": sought })).await.ok();
    offer(&bo, json!([{ "skill": "react", "level": 3 }, { "skill": "reactjs", "level": 5 }])).await;
    let merged = admin.post("/admin/taxonomy/skills/reactjs/merge", json!({ "into": "react" })).await.ok();
    assert_eq!(merged["slug"], "react");
    let mine = ann.get("/me").await.ok();
    assert_eq!(mine["mentorSkills"][0]["level"], 4);
    assert_eq!(mine["mentorSkills"].as_array().unwrap().len(), 1);
    let react = |level: Value, priority: i16| json!([{ "id": merged["id"], "slug": "react", "name": "React", "level": level, "priority": priority }]);
    assert_eq!(mine["menteeSkills"], react(json!(2), 3), "the level that was told, and the greater wish");
    assert_eq!(bo.get("/me").await.ok()["menteeSkills"], react(Value::Null, 2));
    assert_eq!(
        bo.get("/me").await.ok()["mentorSkills"],
        json!([{ "id": merged["id"], "slug": "react", "name": "React", "level": 3 }])
    );
}

#[tokio::test]
async fn a_merged_slug_keeps_resolving() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    add(&admin, "skills", &["A", "B", "C"]).await;
    let merge = |from: &'static str, into: &'static str| {
        let admin = admin.clone();
        async move { admin.post(format!("/admin/taxonomy/skills/{from}/merge"), json!({ "into": into })).await }
    };
    merge("a", "b").await.ok();
    merge("b", "c").await.ok();
    for slug in ["a", "b", "c"] {
        assert_eq!(ann.get(format!("/skills/{slug}")).await.ok()["slug"], "c");
        assert_eq!(offer(&ann, json!([{ "skill": slug }])).await[0]["slug"], "c");
    }
    let twice = json!({ "items": [{ "skill": "a" }, { "skill": "c" }] });
    ann.put("/me/mentor-skills", twice).await.invalid("/items/1/skill");
    assert_eq!(merge("a", "c").await.ok()["slug"], "c");
    admin.patch("/admin/taxonomy/skills/a", json!({ "retired": false })).await.refused(409, "invalid_transition");
}

#[tokio::test]
async fn a_term_is_merged_once_and_into_one_in_use() {
    let app = App::start().await;
    let admin = app.admin().await;
    add(&admin, "skills", &["A", "B", "C", "D"]).await;
    let merge = |from: &'static str, into: &'static str| {
        let admin = admin.clone();
        async move { admin.post(format!("/admin/taxonomy/skills/{from}/merge"), json!({ "into": into })).await }
    };
    merge("a", "a").await.invalid("/into");
    merge("a", "none").await.invalid("/into");
    merge("none", "a").await.refused(404, "not_found");
    admin.patch("/admin/taxonomy/skills/d", json!({ "retired": true })).await.ok();
    merge("a", "d").await.invalid("/into");
    merge("a", "b").await.ok();
    merge("c", "a").await.invalid("/into");
    merge("a", "c").await.refused(409, "invalid_transition");
}

#[tokio::test]
async fn merged_levels_industries_and_topics_follow_too() {
    let app = App::start().await;
    let (admin, ann) = (app.admin().await, app.mentor("Ann").await);
    add_levels(&admin, &["Junior", "Senior"]).await;
    add(&admin, "industries", &["Banks", "Finance"]).await;
    add(&admin, "topics", &["CV", "Resume"]).await;
    ann.patch("/me", json!({ "seniority": "junior", "industries": ["banks", "finance"] })).await.ok();
    ann.put("/me/mentor-topics", json!({ "slugs": ["cv"] })).await.ok();
    for (kind, from, into) in
        [("seniority-levels", "junior", "senior"), ("industries", "banks", "finance"), ("topics", "cv", "resume")]
    {
        admin.post(format!("/admin/taxonomy/{kind}/{from}/merge"), json!({ "into": into })).await.ok();
    }
    let mine = ann.get("/me").await.ok();
    assert_eq!((&mine["seniority"]["slug"], &mine["mentorTopics"][0]["slug"]), (&json!("senior"), &json!("resume")));
    assert_eq!(mine["industries"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn nobody_is_left_with_a_merged_term_however_they_choose_it_meanwhile() {
    let app = App::start().await;
    let (admin, ann, bo) = (app.admin().await, app.mentor("Ann").await, app.mentor("Bo").await);
    add(&admin, "skills", &["Keep"]).await;
    for round in 0..10 {
        let old = add(&admin, "skills", &[&format!("Old {round}")]).await.remove(0);
        let items = json!({ "items": [{ "skill": old }] });
        let (one, two, merged) = tokio::join!(
            ann.put("/me/mentor-skills", items.clone()),
            bo.put("/me/mentor-skills", items),
            admin.post(format!("/admin/taxonomy/skills/{old}/merge"), json!({ "into": "keep" })),
        );
        for answer in [one, two, merged] {
            answer.ok();
        }
        let merged = skill::Entity::find().filter(skill::Column::Slug.eq(&old)).one(app.db()).await.unwrap().unwrap();
        let left = mentor_skill::Entity::find().filter(mentor_skill::Column::SkillId.eq(merged.id));
        assert_eq!(left.count(app.db()).await.unwrap(), 0, "round {round}");
    }
}
