//! The settings: what everybody sees of them, and how owners change them.

use serde_json::{Value, json};
use support::App;

const PATH: &str = "/owner/settings";

#[tokio::test]
async fn everybody_sees_the_branding_and_owners_all() {
    let app = App::start().await;
    let branding = app.visitor().get("/settings").await.ok();
    assert_eq!(branding, json!({ "name": "Mentorship", "tagline": null, "logoUrl": null, "brandColor": null }));
    app.admin().await.get(PATH).await.refused(403, "forbidden");
    let all = app.owner().await.get(PATH).await.ok();
    assert_eq!((&all["coolingOffDays"], &all["maxOpenRequests"]), (&json!(90), &json!(5)));
}

#[tokio::test]
async fn a_patch_changes_what_it_names() {
    let app = App::start().await;
    let owner = app.owner().await;
    let etag = owner.get(PATH).await.etag();
    let patch = json!({ "name": "Guild", "tagline": "Grow together", "brandColor": "#3355aa", "memberApproval": true });
    let changed = owner.patch_if(PATH, &etag, patch).await;
    assert_ne!(changed.etag(), etag);
    let etag = changed.etag();
    assert_eq!(
        (&changed.ok()["name"], &app.visitor().get("/settings").await.ok()["name"]),
        (&json!("Guild"), &json!("Guild"))
    );
    let cleared = owner.patch_if(PATH, &etag, json!({ "tagline": null })).await;
    let etag = cleared.etag();
    let cleared = cleared.ok();
    assert_eq!(
        (&cleared["tagline"], &cleared["brandColor"], &cleared["memberApproval"]),
        (&Value::Null, &json!("#3355aa"), &json!(true))
    );
    let same = owner.patch_if(PATH, &etag, json!({ "name": "Guild" })).await;
    assert_eq!(same.etag(), etag);
    owner.patch_if(PATH, &etag, json!({})).await.ok();
}

#[tokio::test]
async fn the_second_of_two_writers_is_told() {
    let app = App::start().await;
    let owner = app.owner().await;
    let etag = owner.get(PATH).await.etag();
    owner.patch(PATH, json!({ "name": "Guild" })).await.refused(428, "precondition_required");
    owner.patch_if(PATH, "\"77\"", json!({ "name": "Guild" })).await.refused(412, "precondition_failed");
    let (one, other) = tokio::join!(
        owner.patch_if(PATH, &etag, json!({ "name": "One" })),
        owner.patch_if(PATH, &etag, json!({ "name": "Other" })),
    );
    let mut statuses = [one.status, other.status];
    statuses.sort();
    assert_eq!(statuses, [200, 412]);
    app.admin().await.patch_if(PATH, &etag, json!({ "name": "Mine" })).await.refused(403, "forbidden");
}

#[tokio::test]
async fn a_known_version_is_not_sent_again() {
    let app = App::start().await;
    let owner = app.owner().await;
    for path in [PATH, "/settings"] {
        let etag = owner.get(path).await.etag();
        let unchanged = owner.get_with(path, &[("If-None-Match", &etag)]).await;
        assert_eq!((unchanged.status, unchanged.bytes(), unchanged.etag()), (304, &b""[..], etag));
        owner.get_with(path, &[("If-None-Match", "\"77\"")]).await.ok();
    }
}

#[tokio::test]
async fn a_patch_is_checked() {
    let app = App::start().await;
    let owner = app.owner().await;
    let etag = owner.get(PATH).await.etag();
    let faulty = [
        ("/name", Value::Null),
        ("/name", json!("")),
        ("/name", json!("a".repeat(81))),
        ("/tagline", json!("")),
        ("/logoUrl", json!("javascript:alert(1)")),
        ("/brandColor", json!("red")),
        ("/memberApproval", Value::Null),
        ("/coolingOffDays", json!(-1)),
        ("/coolingOffDays", json!(3651)),
        ("/suggestionDays", json!(0)),
        ("/requestDays", json!(1.5)),
        ("/maxOpenRequests", json!("5")),
        ("/version", json!(7)),
        ("/updatedAt", json!("2026-01-01T00:00:00Z")),
    ];
    for (pointer, value) in faulty {
        owner.patch_if(PATH, &etag, json!({ &pointer[1..]: value })).await.invalid(pointer);
    }
    assert_eq!(owner.get(PATH).await.etag(), etag);
}
