//! What the database says of a session: whose it is, and what that one may do now.

use std::marker::PhantomData;
use std::sync::Arc;

use chrono::{DateTime, Utc};
use entity::{second_factor, session, setting, user};
use sea_orm::sea_query::{Expr, Query, SelectStatement};
use sea_orm::{
    ColumnTrait, ConnectionTrait, EntityTrait, FromQueryResult, JoinType, QueryFilter, QuerySelect, RelationDef,
    RelationTrait,
};
use uuid::Uuid;

use super::caller::{Caller, Known};
use super::roles::Role;
use super::{Claims, Member};
use crate::error::{Code, Result};
use crate::state::AppState;

/// A session with what of its user and of the settings decides what it may do.
#[derive(FromQueryResult)]
pub(super) struct Row {
    #[sea_orm(nested)]
    pub session: session::Model,
    user_role: user::Role,
    user_status: user::Status,
    user_email_verified_at: Option<DateTime<Utc>>,
    second_factor_confirmed_at: Option<DateTime<Utc>>,
    staff_second_factor: bool,
}

impl Row {
    fn lacks_second_factor(&self) -> bool {
        let is_staff = self.user_role != user::Role::Regular;
        is_staff && self.staff_second_factor && self.second_factor_confirmed_at.is_none()
    }

    pub fn into_known(self, claims: Claims, now: DateTime<Utc>) -> Known {
        Known {
            user_id: self.session.user_id,
            session_id: self.session.id,
            role: self.user_role,
            status: self.user_status,
            lacks_second_factor: self.lacks_second_factor(),
            email_verified: self.user_email_verified_at.is_some(),
            session_ended: !self.session.is_live(now),
            claims,
        }
    }
}

pub(super) async fn read(db: &impl ConnectionTrait, id: Uuid) -> Result<Option<Row>> {
    let found = session::Entity::find()
        .column_as(user::Column::Role, "user_role")
        .column_as(user::Column::Status, "user_status")
        .column_as(user::Column::EmailVerifiedAt, "user_email_verified_at")
        .column_as(second_factor::Column::ConfirmedAt, "second_factor_confirmed_at")
        .expr_as(Expr::SubQuery(None, Box::new(asked_of_staff().into())), "staff_second_factor")
        .join(JoinType::InnerJoin, session::Relation::User.def())
        .join(JoinType::LeftJoin, second_factor_of_user())
        .filter(session::Column::Id.eq(id))
        .into_model::<Row>();
    Ok(found.one(db).await?)
}

fn second_factor_of_user() -> RelationDef {
    let second_factor = session::Entity::belongs_to(second_factor::Entity);
    second_factor.from(session::Column::UserId).to(second_factor::Column::UserId).into()
}

fn asked_of_staff() -> SelectStatement {
    Query::select().column(setting::Column::StaffSecondFactor).from(setting::Entity).take()
}

/// A member whose session is alive, as the database says it at this moment; until when it lasts at most.
pub struct Standing {
    pub caller: Caller<Member>,
    pub until: DateTime<Utc>,
}

/// Who the session `id` speaks for: 401 where it is over, 403 where they are no member (any more).
pub async fn standing(state: &AppState, id: Uuid, request_id: Option<Uuid>) -> Result<Standing> {
    let now = state.clock.now();
    let row = read(state.read(), id).await?.ok_or(Code::Unauthenticated)?;
    let until = row.session.idle_expires_at.min(row.session.expires_at);
    let claims = Claims::of_session(state, &row.session, now);
    let known = row.into_known(claims, now);
    Member::admit(&known, state.config.verified_email_required())?;
    if known.session_ended {
        return Err(Code::Unauthenticated.into());
    }
    Ok(Standing { caller: Caller { known: Arc::new(known), request_id, role: PhantomData }, until })
}
