use actix_web::http::header::CONTENT_TYPE;
use actix_web::web::Data;
use actix_web::{HttpResponse, get};
use uuid::Uuid;

use crate::auth::{Admin, Caller};
use crate::error::Result;
use crate::fairness::FairnessOut;
use crate::http::answers::{Guarded, Listed, OnOne};
use crate::http::{Json, Listing, NoFilter, PageParams, Paged, Path, Query};
use crate::match_runs::ops;
use crate::match_runs::wire::{
    CertificateOut, CompareWith, ComparisonOut, InsightsOut, PairOut, PairsCsv, UnmatchedOut,
};
use crate::state::AppState;

/// List the pairs of a match run
///
/// By mentee. Empty until the run is ready.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])), params(PageParams),
    responses((status = 200, description = "A page of pairs.", body = Listing<PairOut>), Guarded, OnOne, Listed))]
#[get("/admin/match-runs/{id}/pairs")]
pub async fn list_match_run_pairs(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<PairOut>>> {
    Ok(Json(PairOut::listing(ops::pairs(&state, id, &page).await?)))
}

/// Export the pairs of a match run
///
/// As CSV (RFC 4180): ids, names and scores. Names that a spreadsheet would take for a formula begin with an apostrophe.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The pairs.", body = PairsCsv, content_type = "text/csv; charset=utf-8"),
        (status = 409, description = "`invalid_transition`: The run has no plan."), Guarded, OnOne))]
#[get("/admin/match-runs/{id}/pairs.csv")]
pub async fn export_match_run_pairs(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<HttpResponse> {
    let csv = ops::csv(&state, id).await?;
    Ok(HttpResponse::Ok().insert_header((CONTENT_TYPE, "text/csv; charset=utf-8")).body(csv))
}

/// List the unmatched mentees of a match run
///
/// With the reason, which tells nothing private.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])), params(PageParams),
    responses(
        (status = 200, description = "A page of mentees without a mentor.", body = Listing<UnmatchedOut>),
        (status = 409, description = "`invalid_transition`: The run has no plan."), Guarded, OnOne, Listed))]
#[get("/admin/match-runs/{id}/unmatched")]
pub async fn list_unmatched(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Paged(NoFilter {}, page): Paged<NoFilter>,
) -> Result<Json<Listing<UnmatchedOut>>> {
    Ok(Json(ops::unmatched(&state, id, &page).await?.map(UnmatchedOut::from)))
}

/// Get insights into a match run
///
/// What the plan comes to, the seats that are worth most, and the skills that lack mentors: where one more would help.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The insights.", body = InsightsOut),
        (status = 409, description = "`invalid_transition`: The run has no plan."), Guarded, OnOne))]
#[get("/admin/match-runs/{id}/insights")]
pub async fn get_match_run_insights(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<InsightsOut>> {
    Ok(Json(ops::insights(&state, id, InsightsOut::MOST).await?.into()))
}

/// Get the fairness report of a match run
///
/// How the plan treats groups of people, as its frozen input describes them. Groups of fewer than ten are left out, and others where
/// they would give those away.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The report.", body = FairnessOut),
        (status = 409, description = "`invalid_transition`: The run has no plan."), Guarded, OnOne))]
#[get("/admin/match-runs/{id}/fairness")]
pub async fn get_match_run_fairness(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<FairnessOut>> {
    let (fairness, labels) = ops::fairness(&state, id).await?;
    Ok(Json(FairnessOut::new(&fairness, &labels)))
}

/// Get the certificate of a match run
///
/// It proves that no plan is better: every possible pair has at most as many points as its mentee's and its mentor's price
/// together, and the prices, each mentor's once for every seat, add up to the plan's points. Pins are taken as given.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])),
    responses(
        (status = 200, description = "The certificate.", body = CertificateOut),
        (status = 409, description = "`invalid_transition`: The run has no plan."), Guarded, OnOne))]
#[get("/admin/match-runs/{id}/certificate")]
pub async fn get_match_run_certificate(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
) -> Result<Json<CertificateOut>> {
    Ok(Json(ops::planned(&state, id).await?.into()))
}

/// Compare two match runs
///
/// The pairs of this run that the other does not have, and the other way round.
#[utoipa::path(tag = "match-runs", security(("bearer" = [Admin])), params(CompareWith),
    responses(
        (status = 200, description = "The differences.", body = ComparisonOut),
        (status = 409, description = "`invalid_transition`: One of the two has no plan."), Guarded, OnOne, Listed))]
#[get("/admin/match-runs/{id}/comparison")]
pub async fn compare_match_runs(
    _: Caller<Admin>,
    state: Data<AppState>,
    Path(id): Path<Uuid>,
    Query(with): Query<CompareWith>,
) -> Result<Json<ComparisonOut>> {
    Ok(Json(ops::compare(&state, id, with.with).await?.into()))
}
