mod staff;

use actix_web::http::header::LOCATION;
use actix_web::web::Data;
use actix_web::{HttpResponse, get, post};
use entity::issue;
use uuid::Uuid;

use super::ops;
use super::wire::{AccessOut, IssueOut, NewIssue};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne, OtherAct};
use crate::http::{Json, Listing, NoFilter, PageParams, Paged, Path};
use crate::state::AppState;

pub use staff::{answer_issue, assign_issue, close_issue, get_issue, get_issue_messages, list_issues};

/// Report a message
///
/// Opens an issue. The message and a few around it are kept as they are now, for admins to read; nothing else of the thread is.
#[utoipa::path(tag = "issues", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new issue.", body = IssueOut),
        (status = 409, description = "`already_exists`: An issue of yours about this message is open. \
            `too_many`: You have 20 open issues."),
        Guarded, OnOne, Checked))]
#[post("/messages/{id}/report")]
pub async fn report_message(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<NewIssue>,
) -> Result<HttpResponse> {
    Ok(created(ops::report_message(&state, &me, id, body).await?))
}

/// Report a user
///
/// Opens an issue. They are not told.
#[utoipa::path(tag = "issues", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new issue.", body = IssueOut),
        (status = 409, description = "`already_exists`: An issue of yours about this user is open. \
            `too_many`: You have 20 open issues."),
        OtherAct, OnOne, Checked))]
#[post("/users/{id}/report")]
pub async fn report_user(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<NewIssue>,
) -> Result<HttpResponse> {
    Ok(created(ops::report_user(&state, &me, id, body).await?))
}

/// Open an issue
///
/// About anything that the admins should know.
#[utoipa::path(tag = "issues", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new issue.", body = IssueOut),
        (status = 409, description = "`too_many`: You have 20 open issues."),
        Guarded, Checked))]
#[post("/me/issues")]
pub async fn open_issue(me: Caller<Member>, state: Data<AppState>, Json(body): Json<NewIssue>) -> Result<HttpResponse> {
    Ok(created(ops::open(&state, &me, body).await?))
}

fn created(row: issue::Model) -> HttpResponse {
    let location = format!("/api/v1/me/issues/{}", row.id);
    HttpResponse::Created().insert_header((LOCATION, location)).json(IssueOut::from(row))
}

/// List your issues
///
/// Those that you opened, newest first.
#[utoipa::path(tag = "issues", security(("bearer" = [Member])), params(PageParams),
    responses((status = 200, description = "A page of issues.", body = Listing<IssueOut>), Guarded, Listed))]
#[get("/me/issues")]
pub async fn list_my_issues(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<IssueOut>>> {
    Ok(Json(ops::list_mine(&state, &me, &page).await?.map(IssueOut::from)))
}

/// Get one of your issues
#[utoipa::path(tag = "issues", security(("bearer" = [Member])),
    responses((status = 200, description = "The issue.", body = IssueOut), Guarded, OnOne))]
#[get("/me/issues/{id}")]
pub async fn get_my_issue(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Json<IssueOut>> {
    Ok(Json(ops::get_mine(&state, &me, id).await?.into()))
}

/// List when staff read messages of yours
///
/// Staff reads only messages that were reported, and a few around these. Newest first.
#[utoipa::path(tag = "issues", security(("bearer" = [Member])), params(PageParams),
    responses((status = 200, description = "A page of the log.", body = Listing<AccessOut>), Guarded, Listed))]
#[get("/me/access-log")]
pub async fn list_accesses(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<AccessOut>>> {
    Ok(Json(ops::list_accesses(&state, &me, &page).await?.map(AccessOut::from)))
}
