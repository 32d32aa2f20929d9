use actix_web::web::Data;
use actix_web::{get, post};
use entity::suggestion::Answer;
use uuid::Uuid;

use super::ops;
use super::wire::{SuggestionFilter, SuggestionOut};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed, OnOne};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::state::AppState;

/// List my suggestions
///
/// Newest first. A pending one that nobody answered in time is no longer listed.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])), params(SuggestionFilter, PageParams),
    responses((status = 200, description = "A page of my suggestions", body = Listing<SuggestionOut>), Guarded, Listed))]
#[get("/me/suggestions")]
pub async fn list_suggestions(
    me: Caller<Member>,
    state: Data<AppState>,
    Paged(filter, page): Paged<SuggestionFilter>,
) -> Result<Json<Listing<SuggestionOut>>> {
    Ok(Json(ops::list(&state, &me, &filter, &page).await?.map(SuggestionOut::from)))
}

/// Get a suggestion
///
/// For its two sides; staff read it without the answers.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])),
    responses((status = 200, description = "The suggestion", body = SuggestionOut), Guarded, OnOne))]
#[get("/suggestions/{id}")]
pub async fn get_suggestion(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<SuggestionOut>> {
    Ok(Json(ops::get(state.read(), &me, id).await?.into()))
}

/// Accept a suggestion
///
/// The other side learns of it only once both accepted; then the mentorship starts at once, or waits for an admin's approval
/// where the settings ask for it. The same answer again changes nothing.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The suggestion as it stands now", body = SuggestionOut),
        (status = 409, description = "`already_answered`: with the other answer. `suggestion_lapsed`: too late. \
            `mentor_at_capacity`: both accepted, but the mentor has no free place; nothing is stored. \
            `mentorship_exists`: the two have an open mentorship. `not_suggestable`: one of the two is not available now."),
        Guarded, OnOne))]
#[post("/suggestions/{id}/accept")]
pub async fn accept_suggestion(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<SuggestionOut>> {
    Ok(Json(ops::respond(&state, &me, id, Answer::Accepted).await?.into()))
}

/// Decline a suggestion
///
/// The other side never learns of it. The same answer again changes nothing.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The suggestion as it stands now", body = SuggestionOut),
        (status = 409, description = "`already_answered`: with the other answer. `suggestion_lapsed`: too late."),
        Guarded, OnOne))]
#[post("/suggestions/{id}/decline")]
pub async fn decline_suggestion(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<SuggestionOut>> {
    Ok(Json(ops::respond(&state, &me, id, Answer::Declined).await?.into()))
}
