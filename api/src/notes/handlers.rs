use actix_web::web::Data;
use actix_web::{HttpResponse, delete, get, patch, post};
use uuid::Uuid;

use super::ops;
use super::wire::{NewNote, NoteFilter, NoteOut, NotePatch};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{AuthorAct, Checked, Conditional, Guarded, Listed, OnOne};
use crate::http::{IfMatch, Json, Listing, PageParams, Paged, Path, Versioned};
use crate::state::AppState;

/// List the notes of a mentorship
///
/// Shared notes and your own private ones, oldest first.
#[utoipa::path(tag = "notes", security(("bearer" = [Member])), params(NoteFilter, PageParams),
    responses((status = 200, description = "A page of notes.", body = Listing<NoteOut>), Guarded, OnOne, Listed))]
#[get("/mentorships/{id}/notes")]
pub async fn list_notes(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<NoteFilter>,
) -> Result<Json<Listing<NoteOut>>> {
    Ok(Json(ops::list(&state, &me, id, filter, page).await?.map(NoteOut::from)))
}

/// Create a note
///
/// A private note is visible only to its author, not to the other side or staff.
#[utoipa::path(tag = "notes", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new note.", body = NoteOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active."),
        Guarded, OnOne, Checked))]
#[post("/mentorships/{id}/notes")]
pub async fn create_note(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Json(body): Json<NewNote>,
) -> Result<HttpResponse> {
    let row = ops::create(&state, &me, id, body).await?;
    let location = format!("/api/v1/notes/{}", row.id);
    Ok(Versioned::<NoteOut>::of(row).created(location))
}

/// Get a note
#[utoipa::path(tag = "notes", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The note.", body = NoteOut),
        (status = 304, description = "Not modified: `If-None-Match` names the current version."),
        Guarded, OnOne))]
#[get("/notes/{id}")]
pub async fn get_note(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Versioned<NoteOut>> {
    Ok(Versioned::of(ops::get(&state, &me, id).await?))
}

/// Update a note
///
/// Both participants can change the text of a shared note. Only the author can change its visibility.
#[utoipa::path(tag = "notes", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated note.", body = NoteOut),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active."),
        AuthorAct, OnOne, Checked, Conditional))]
#[patch("/notes/{id}")]
pub async fn update_note(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
    Json(body): Json<NotePatch>,
) -> Result<Versioned<NoteOut>> {
    Ok(Versioned::of(ops::update(&state, &me, &if_match, id, body).await?))
}

/// Delete a note
#[utoipa::path(tag = "notes", security(("bearer" = [Member])),
    responses(
        (status = 204, description = "The note has been deleted."),
        (status = 409, description = "`mentorship_closed`: The mentorship is not active."),
        AuthorAct, OnOne, Conditional))]
#[delete("/notes/{id}")]
pub async fn delete_note(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    if_match: IfMatch,
) -> Result<HttpResponse> {
    ops::delete(&state, &me, &if_match, id).await?;
    Ok(HttpResponse::NoContent().finish())
}
