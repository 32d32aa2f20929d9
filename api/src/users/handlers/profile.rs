use actix_web::get;
use actix_web::web::Data;
use uuid::Uuid;

use crate::auth::{Caller, Member};
use crate::error::Result;
use crate::http::answers::{Guarded, OnOne};
use crate::http::{Json, Path};
use crate::state::AppState;
use crate::users::ops;
use crate::users::wire::ProfileOut;

/// Get a member's public profile
///
/// 404 for members who have not completed onboarding, await approval, or are suspended.
#[utoipa::path(tag = "users", security(("bearer" = [Member])),
    responses((status = 200, description = "The public profile.", body = ProfileOut), Guarded, OnOne))]
#[get("/users/{id}")]
pub async fn get_user(me: Caller<Member>, state: Data<AppState>, Path(id): Path<Uuid>) -> Result<Json<ProfileOut>> {
    Ok(Json(ops::profile(&state, &me, id).await?.into()))
}
