use actix_web::get;
use actix_web::web::Data;
use uuid::Uuid;

use super::ops;
use super::wire::{MatchingInsightsOut, MatchingReportBriefOut, MatchingReportOut};
use crate::auth::{Caller, Owner};
use crate::error::Result;
use crate::http::answers::{Guarded, Listed, OnOne};
use crate::http::{Json, Listing, NoFilter, PageParams, Paged, Path};
use crate::state::AppState;

/// List the weekly matching reports
///
/// Newest first, without the groups.
#[utoipa::path(tag = "matching", security(("bearer" = [Owner])), params(PageParams),
    responses((status = 200, description = "A page of reports.", body = Listing<MatchingReportBriefOut>), Guarded, Listed))]
#[get("/owner/matching-reports")]
pub async fn list_matching_reports(
    _: Caller<Owner>,
    state: Data<AppState>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<MatchingReportBriefOut>>> {
    Ok(Json(ops::list(&state, &page).await?.map(MatchingReportBriefOut::from)))
}

/// Get a weekly matching report
///
/// How everybody who could be matched fared when the week was over. Groups of fewer than ten are left out, and others where they
/// would give those away.
#[utoipa::path(tag = "matching", security(("bearer" = [Owner])),
    responses((status = 200, description = "The report.", body = MatchingReportOut), Guarded, OnOne))]
#[get("/owner/matching-reports/{id}")]
pub async fn get_matching_report(
    _: Caller<Owner>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<MatchingReportOut>> {
    let (row, labels) = ops::get(&state, id).await?;
    Ok(Json(MatchingReportOut::new(row, &labels)))
}

/// Get matching insights
///
/// The skills that are sought and offered by those who can be matched at present. Numbers under ten are null, and others where they
/// would give those away; a skill of which nothing can be told is left out. Only some of these, previews and text searches run at
/// once; one too many is refused with `unavailable`.
#[utoipa::path(tag = "matching", security(("bearer" = [Owner])),
    responses((status = 200, description = "The current numbers.", body = MatchingInsightsOut), Guarded))]
#[get("/owner/matching-insights")]
pub async fn get_matching_insights(_: Caller<Owner>, state: Data<AppState>) -> Result<Json<MatchingInsightsOut>> {
    Ok(Json(ops::insights(&state).await?))
}
