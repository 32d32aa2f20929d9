use actix_web::web::Data;
use actix_web::{get, post, put};
use uuid::Uuid;

use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::issues::ops;
use crate::issues::wire::{Assignee, IssueAnswer, IssueFilter, IssueMessagesOut, StaffIssueOut};
use crate::state::AppState;

/// List issues
///
/// Newest first. Nobody sees an issue about themselves.
#[utoipa::path(tag = "issues", security(("bearer" = [Admin])), params(IssueFilter, PageParams),
    responses((status = 200, description = "A page of issues.", body = Listing<StaffIssueOut>), Guarded, Listed))]
#[get("/admin/issues")]
pub async fn list_issues(
    me: Caller<Admin>,
    state: Data<AppState>,
    Paged(filter, page): Paged<IssueFilter>,
) -> Result<Json<Listing<StaffIssueOut>>> {
    Ok(Json(ops::list(&state, &me, &filter, &page).await?))
}

/// Get an issue
#[utoipa::path(tag = "issues", security(("bearer" = [Admin])),
    responses((status = 200, description = "The issue.", body = StaffIssueOut), Guarded, OnOne))]
#[get("/admin/issues/{id}")]
pub async fn get_issue(me: Caller<Admin>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Json<StaffIssueOut>> {
    Ok(Json(ops::get(&state, &me, id).await?))
}

/// Read the messages of an issue
///
/// The reported message and a few around it, as they were when it was reported; none if the issue is not about a message. The audit
/// log tells of it, and so does the access log of both participants of the thread.
#[utoipa::path(tag = "issues", security(("bearer" = [Admin])),
    responses((status = 200, description = "The messages, in their order.", body = IssueMessagesOut), Guarded, OnOne))]
#[get("/admin/issues/{id}/messages")]
pub async fn get_issue_messages(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<IssueMessagesOut>> {
    Ok(Json(ops::read_messages(&state, &me, id).await?))
}

/// Assign an issue
#[utoipa::path(tag = "issues", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The issue.", body = StaffIssueOut),
        (status = 409, description = "`invalid_transition`: The issue is closed."),
        Guarded, OnOne, Checked))]
#[put("/admin/issues/{id}/assignee")]
pub async fn assign_issue(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<Assignee>,
) -> Result<Json<StaffIssueOut>> {
    Ok(Json(ops::assign(&state, &me, id, body.user_id).await?))
}

/// Answer an issue
///
/// Its reporter sees the answer.
#[utoipa::path(tag = "issues", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The issue.", body = StaffIssueOut),
        (status = 409, description = "`already_answered`: Already answered. `invalid_transition`: The issue is closed."),
        Guarded, OnOne, Checked))]
#[post("/admin/issues/{id}/answer")]
pub async fn answer_issue(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<IssueAnswer>,
) -> Result<Json<StaffIssueOut>> {
    Ok(Json(ops::answer(&state, &me, id, body.text).await?))
}

/// Close an issue
///
/// Answered or not. Repeating it has no effect.
#[utoipa::path(tag = "issues", security(("bearer" = [Admin])),
    responses((status = 200, description = "The issue.", body = StaffIssueOut), Guarded, OnOne))]
#[post("/admin/issues/{id}/close")]
pub async fn close_issue(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<StaffIssueOut>> {
    Ok(Json(ops::close(&state, &me, id).await?))
}
