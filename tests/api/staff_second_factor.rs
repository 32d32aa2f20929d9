//! Where settings ask the staff for a second factor, nobody acts as staff without one.

use std::time::Duration;

use serde_json::{Value, json};
use support::{App, Client};

use crate::second_factor::enable;

const SETTINGS: &str = "/owner/settings";

async fn ask_of_staff(owner: &Client, is_asked: bool) {
    let etag = owner.get(SETTINGS).await.etag();
    let changed = owner.patch_if(SETTINGS, etag, json!({ "staffSecondFactor": is_asked })).await;
    assert_eq!(changed.ok()["staffSecondFactor"], is_asked);
}

#[tokio::test]
async fn staff_without_one_is_as_any_member_until_they_have_set_it_up() {
    let app = App::start().await;
    let (owner, admin, pair) = (app.owner().await, app.admin().await, app.pair().await);
    assert_eq!(owner.get(SETTINGS).await.ok()["staffSecondFactor"], false);
    enable(&app, &owner).await;
    let mentorship = format!("/mentorships/{}", pair.id);
    admin.get(&mentorship).await.ok();
    ask_of_staff(&owner, true).await;

    admin.get("/admin/users").await.refused(403, "second_factor_setup_required");
    admin.get(SETTINGS).await.refused(403, "forbidden");
    pair.mentee.get("/admin/users").await.refused(403, "forbidden");
    admin.get(&mentorship).await.refused(404, "not_found");
    admin.get("/me").await.ok();
    pair.mentee.get(&mentorship).await.ok();
    owner.get(SETTINGS).await.ok();

    enable(&app, &admin).await;
    admin.get("/admin/users").await.ok();
    admin.get(&mentorship).await.ok();
    admin.delete("/me/second-factor").await.no_content();
    admin.get("/admin/users").await.refused(403, "second_factor_setup_required");
    ask_of_staff(&owner, false).await;
    admin.get("/admin/users").await.ok();
}

#[tokio::test]
async fn an_owner_who_asks_it_of_themselves_can_still_set_it_up() {
    let app = App::start().await;
    let owner = app.owner().await;
    ask_of_staff(&owner, true).await;
    owner.get(SETTINGS).await.refused(403, "second_factor_setup_required");
    enable(&app, &owner).await;
    ask_of_staff(&owner, false).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn another_node_knows_within_five_seconds() {
    let app = App::start().await;
    let node = app.another_node().await;
    let (owner, admin) = (app.owner().await, app.admin().await);
    let there = admin.at(node.base().to_owned());
    there.get("/admin/users").await.ok();
    ask_of_staff(&owner, true).await;
    let refused = async {
        while there.get("/admin/users").await.status == 200 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(6), refused).await.unwrap();
    there.get("/admin/users").await.refused(403, "second_factor_setup_required");
    there.post("/me/second-factor", Value::Null).await.ok();
}
