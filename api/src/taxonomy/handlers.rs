use actix_web::web::Data;
use actix_web::{HttpResponse, get, patch, post};

use super::ops;
use super::wire::{AddTerm, Kind, MergeTerm, Slug, TaxonomyTermOut, TermFilter, UpdateTerm};
use crate::auth::{Admin, Caller, Registered};
use crate::error::Result;
use crate::http::answers::{Checked, Guarded, Listed, OnOne, SignedIn};
use crate::http::{Json, Listing, PageParams, Paged, Path};
use crate::state::AppState;

macro_rules! lists {
    ($($(#[$doc:meta])* $name:ident $path:literal $kind:ident;)*) => {
        $(
            $(#[$doc])*
            #[utoipa::path(tag = "taxonomy", security(("bearer" = [Registered])), params(TermFilter, PageParams),
                responses((status = 200, description = "A page of the list", body = Listing<TaxonomyTermOut>), SignedIn, Listed))]
            #[get($path)]
            pub async fn $name(
                _: Caller<Registered>,
                state: Data<AppState>,
                Paged(filter, page): Paged<TermFilter>,
            ) -> Result<Json<Listing<TaxonomyTermOut>>> {
                Ok(Json(ops::list(&state, Kind::$kind, &filter, &page).await?.map(Into::into)))
            }
        )*
    };
}

lists! {
    /// List skills
    ///
    /// In the order in which they were added.
    list_skills "/skills" Skills;
    /// List soft skills
    ///
    /// In the order in which they were added.
    list_soft_skills "/soft-skills" SoftSkills;
    /// List topics
    ///
    /// What a mentorship can be for, in the order in which they were added.
    list_topics "/topics" Topics;
    /// List industries
    ///
    /// In the order in which they were added.
    list_industries "/industries" Industries;
    /// List seniority levels
    ///
    /// From the most junior to the most senior.
    list_seniority_levels "/seniority-levels" SeniorityLevels;
}

/// Get a skill
///
/// The slug of a skill that was merged into another answers that other one.
#[utoipa::path(tag = "taxonomy", security(("bearer" = [Registered])),
    params(("slug" = inline(Slug), Path, example = "backend-development")),
    responses((status = 200, description = "The skill", body = TaxonomyTermOut), SignedIn, OnOne))]
#[get("/skills/{slug}")]
pub async fn get_skill(
    _: Caller<Registered>,
    state: Data<AppState>,
    Path(slug): Path<Slug>,
) -> Result<Json<TaxonomyTermOut>> {
    Ok(Json(ops::get(state.read(), Kind::Skills, &slug).await?.into()))
}

/// Add a term
#[utoipa::path(tag = "taxonomy", security(("bearer" = [Admin])),
    params(("kind" = inline(Kind), Path, example = "skills")),
    responses(
        (status = 201, description = "The new term", body = TaxonomyTermOut),
        (status = 409, description = "`already_exists`: the name, slug or rank is taken"),
        Guarded, OnOne, Checked))]
#[post("/admin/taxonomy/{kind}")]
pub async fn add_term(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path(kind): Path<Kind>,
    Json(body): Json<AddTerm>,
) -> Result<HttpResponse> {
    let term = ops::add(&state, &me, kind, body).await?;
    let location = format!("/api/v1/{}", kind.path());
    Ok(HttpResponse::Created().insert_header(("Location", location)).json(TaxonomyTermOut::from(term)))
}

/// Rename or retire a term
///
/// A retired term cannot be chosen any more; who had chosen it keeps it. `retired: false` brings it back.
#[utoipa::path(tag = "taxonomy", security(("bearer" = [Admin])),
    params(("kind" = inline(Kind), Path, example = "skills"), ("slug" = inline(Slug), Path, example = "backend-development")),
    responses(
        (status = 200, description = "The term as it is now", body = TaxonomyTermOut),
        (status = 409, description = "`already_exists`: the name or rank is taken. `invalid_transition`: it was merged into another term"),
        Guarded, OnOne, Checked))]
#[patch("/admin/taxonomy/{kind}/{slug}")]
pub async fn update_term(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path((kind, slug)): Path<(Kind, Slug)>,
    Json(body): Json<UpdateTerm>,
) -> Result<Json<TaxonomyTermOut>> {
    Ok(Json(ops::update(&state, &me, kind, &slug, body).await?.into()))
}

/// Merge a term into another
///
/// Everybody who had chosen it has the other one then; its slug goes on to answer the other one. It cannot be undone.
#[utoipa::path(tag = "taxonomy", security(("bearer" = [Admin])),
    params(("kind" = inline(Kind), Path, example = "skills"), ("slug" = inline(Slug), Path, example = "devops")),
    responses(
        (status = 200, description = "The term that took its place", body = TaxonomyTermOut),
        (status = 409, description = "`invalid_transition`: it was merged into another term before"),
        Guarded, OnOne, Checked))]
#[post("/admin/taxonomy/{kind}/{slug}/merge")]
pub async fn merge_term(
    me: Caller<Admin>,
    state: Data<AppState>,
    Path((kind, slug)): Path<(Kind, Slug)>,
    Json(body): Json<MergeTerm>,
) -> Result<Json<TaxonomyTermOut>> {
    Ok(Json(ops::merge(&state, &me, kind, &slug, &body.into).await?.into()))
}
