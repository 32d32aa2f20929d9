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
                responses((status = 200, description = "A page of the list.", body = Listing<TaxonomyTermOut>), SignedIn, Listed))]
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
    /// In the order they were added.
    list_skills "/skills" Skills;
    /// List soft skills
    ///
    /// In the order they were added.
    list_soft_skills "/soft-skills" SoftSkills;
    /// List topics
    ///
    /// What a mentorship can be about, in the order they were added.
    list_topics "/topics" Topics;
    /// List industries
    ///
    /// In the order they were added.
    list_industries "/industries" Industries;
    /// List seniority levels
    ///
    /// From most junior to most senior.
    list_seniority_levels "/seniority-levels" SeniorityLevels;
}

/// Get a skill
///
/// A merged skill's slug returns the skill it was merged into.
#[utoipa::path(tag = "taxonomy", security(("bearer" = [Registered])),
    params(("slug" = inline(Slug), Path, example = "backend-development")),
    responses((status = 200, description = "The skill.", body = TaxonomyTermOut), SignedIn, OnOne))]
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
        (status = 201, description = "The new term.", body = TaxonomyTermOut),
        (status = 409, description = "`already_exists`: The name, slug or rank is taken."),
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
/// Retired terms can no longer be selected; members who have one keep it. `retired: false` restores it.
#[utoipa::path(tag = "taxonomy", security(("bearer" = [Admin])),
    params(("kind" = inline(Kind), Path, example = "skills"), ("slug" = inline(Slug), Path, example = "backend-development")),
    responses(
        (status = 200, description = "The updated term.", body = TaxonomyTermOut),
        (status = 409, description = "`already_exists`: The name or rank is taken. `invalid_transition`: The term was merged into another."),
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
/// Members who had the term now have the target, and its slug resolves to the target. Cannot be undone.
#[utoipa::path(tag = "taxonomy", security(("bearer" = [Admin])),
    params(("kind" = inline(Kind), Path, example = "skills"), ("slug" = inline(Slug), Path, example = "devops")),
    responses(
        (status = 200, description = "The target term.", body = TaxonomyTermOut),
        (status = 409, description = "`invalid_transition`: The term was already merged into another."),
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
