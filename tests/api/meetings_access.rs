//! Who reads and who changes meetings.

use serde_json::json;
use support::App;
use uuid::Uuid;

use crate::meetings::{TOMORROW, act, list, meeting, propose};

#[tokio::test]
async fn strangers_see_no_meetings() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = propose(&pair).await;
    let stella = app.member("Stella").await;
    stella.get(&path).await.refused(404, "not_found");
    stella.get(list(&pair)).await.refused(404, "not_found");
    stella.post(list(&pair), meeting(TOMORROW)).await.refused(404, "not_found");
    stella.patch_if(&path, &etag, json!({ "agenda": "Mine" })).await.refused(404, "not_found");
    for what in ["confirm", "cancel", "hold", "no-show"] {
        act(&stella, &path, what).await.refused(404, "not_found");
        act(&app.visitor(), &path, what).await.refused(401, "unauthenticated");
        act(&stella, &format!("/meetings/{}", Uuid::nil()), what).await.refused(404, "not_found");
    }
    assert_eq!(stella.get("/me/meetings").await.ok()["items"], json!([]));
}

#[tokio::test]
async fn staff_reads_meetings_and_changes_none() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = propose(&pair).await;
    for staff in [app.admin().await, app.owner().await] {
        staff.get(&path).await.ok();
        assert_eq!(staff.get(list(&pair)).await.ok()["items"].as_array().unwrap().len(), 1);
        assert_eq!(staff.get("/me/meetings").await.ok()["items"], json!([]));
        staff.post(list(&pair), meeting(TOMORROW)).await.refused(403, "forbidden");
        staff.patch_if(&path, &etag, json!({ "agenda": "Mine" })).await.refused(403, "forbidden");
        for what in ["confirm", "cancel", "hold", "no-show"] {
            act(&staff, &path, what).await.refused(403, "forbidden");
        }
        staff.get(format!("/meetings/{}", Uuid::nil())).await.refused(404, "not_found");
        staff.get(format!("/mentorships/{}/meetings", Uuid::nil())).await.refused(404, "not_found");
    }
    act(&pair.mentee, &path, "confirm").await.ok();
}

#[tokio::test]
async fn former_partners_read_their_meetings_and_change_none() {
    let app = App::start().await;
    let pair = app.pair().await;
    let (path, etag) = propose(&pair).await;
    app.end(pair.id).await;
    pair.mentee.get(&path).await.ok();
    assert_eq!(pair.mentee.get(list(&pair)).await.ok()["items"].as_array().unwrap().len(), 1);
    assert_eq!(pair.mentee.get("/me/meetings").await.ok()["items"], json!([]));
    pair.mentee.post(list(&pair), meeting(TOMORROW)).await.refused(409, "mentorship_closed");
    pair.mentee.patch_if(&path, &etag, json!({ "agenda": "Late" })).await.refused(409, "mentorship_closed");
    for what in ["confirm", "cancel", "hold", "no-show"] {
        act(&pair.mentee, &path, what).await.refused(409, "mentorship_closed");
    }
}
