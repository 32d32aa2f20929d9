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
/// The shared ones and one's own private ones, in the order in which they were written.
#[utoipa::path(tag = "notes", security(("bearer" = [Member])), params(NoteFilter, PageParams),
    responses((status = 200, description = "A page of notes", body = Listing<NoteOut>), Guarded, OnOne, Listed))]
#[get("/mentorships/{id}/notes")]
pub async fn list_notes(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(filter, page): Paged<NoteFilter>,
) -> Result<Json<Listing<NoteOut>>> {
    Ok(Json(ops::list(&state, &me, id, filter, page).await?.map(NoteOut::from)))
}

/// Write a note
///
/// A private note is its author's alone: neither the other side nor the staff ever sees it.
#[utoipa::path(tag = "notes", security(("bearer" = [Member])),
    responses(
        (status = 201, description = "The new note", body = NoteOut),
        (status = 409, description = "`mentorship_closed`: it is not active"),
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

/// Read a note
#[utoipa::path(tag = "notes", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The note", body = NoteOut),
        (status = 304, description = "Still the version that `If-None-Match` names"),
        Guarded, OnOne))]
#[get("/notes/{id}")]
pub async fn get_note(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Versioned<NoteOut>> {
    Ok(Versioned::of(ops::get(&state, &me, id).await?))
}

/// Change a note
///
/// The text of a shared note is for both to change, of a private one for its author. Only the author changes who reads it.
#[utoipa::path(tag = "notes", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The note as it stands now", body = NoteOut),
        (status = 409, description = "`mentorship_closed`: it is not active"),
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
        (status = 204, description = "The note is gone"),
        (status = 409, description = "`mentorship_closed`: it is not active"),
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
