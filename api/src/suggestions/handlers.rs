use actix_web::web::Data;
use actix_web::{get, post};
use entity::suggestion::Answer;
use uuid::Uuid;

use super::ops;
use super::wire::{SuggestionFilter, SuggestionOut, WhyOut};
use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed, OnOne};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::state::AppState;

/// List your suggestions
///
/// Newest first. Lapsed suggestions are not listed, nor those that you put off. Where you have few, others take the free places.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])), params(SuggestionFilter, PageParams),
    responses((status = 200, description = "A page of your suggestions.", body = Listing<SuggestionOut>), Guarded, Listed))]
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
/// Visible to both sides, and to staff without the answers.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])),
    responses((status = 200, description = "The suggestion.", body = SuggestionOut), Guarded, OnOne))]
#[get("/suggestions/{id}")]
pub async fn get_suggestion(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<SuggestionOut>> {
    Ok(Json(ops::get(&state, &me, id).await?.into()))
}

/// Explain one of your suggestions
///
/// From what was stored when it was made, whatever has changed since: what each term of the score earned, and what the two share.
/// It tells nothing of what only one of you answered, nor of the other's response.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])),
    responses((status = 200, description = "Why it was made.", body = WhyOut), Guarded, OnOne))]
#[get("/me/suggestions/{id}/why")]
pub async fn explain_suggestion(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<WhyOut>> {
    Ok(Json(ops::why(&state, &me, id).await?.into()))
}

/// Accept a suggestion
///
/// The other side learns of it only once both have accepted; the mentorship then starts immediately, or awaits an admin's
/// approval if the settings require it. Repeating it has no effect.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated suggestion.", body = SuggestionOut),
        (status = 409, description = "`already_answered`: You gave the other answer. `suggestion_lapsed`: The suggestion has lapsed. \
            `mentor_at_capacity`: The mentor has no free place; your answer is not saved. \
            `mentorship_exists`: The two already have an open mentorship. `not_suggestable`: One of the two is not available."),
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
/// The other side never learns of it. Repeating it has no effect.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated suggestion.", body = SuggestionOut),
        (status = 409, description = "`already_answered`: You gave the other answer. `suggestion_lapsed`: The suggestion has lapsed."),
        Guarded, OnOne))]
#[post("/suggestions/{id}/decline")]
pub async fn decline_suggestion(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<SuggestionOut>> {
    Ok(Json(ops::respond(&state, &me, id, Answer::Declined).await?.into()))
}

/// Put off a suggestion
///
/// "Not now": it leaves your list for the number of days that the settings say, and the next best takes its place. The other side
/// sees no difference. Until it lapses you can still accept or decline it. Repeating it has no effect.
#[utoipa::path(tag = "suggestions", security(("bearer" = [Member])),
    responses(
        (status = 200, description = "The updated suggestion.", body = SuggestionOut),
        (status = 409, description = "`already_answered`: You answered it. `suggestion_lapsed`: The suggestion has lapsed."),
        Guarded, OnOne))]
#[post("/suggestions/{id}/not-now")]
pub async fn put_off_suggestion(
    me: Caller<Member>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<SuggestionOut>> {
    Ok(Json(ops::put_off(&state, &me, id).await?.into()))
}
