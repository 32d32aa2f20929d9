//! A message in one thread: a mentorship's or a conversation's.

use chrono::TimeDelta;
use sea_orm::Set;
use sea_orm::entity::prelude::*;

use crate::setting::{self, MessageDeletion};

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "messages")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub mentorship_id: Option<Uuid>,
    pub conversation_id: Option<Uuid>,
    pub sender_id: Uuid,
    /// Counts up by one in each thread
    pub seq: i64,
    pub content: String,
    /// The client's own id: a retry never doubles
    pub client_id: Uuid,
    pub sent_at: DateTimeUtc,
    pub edited_at: Option<DateTimeUtc>,
    pub deleted_at: Option<DateTimeUtc>,
    /// Whether the index has its words
    pub is_searchable: bool,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(
        belongs_to = "super::mentorship::Entity",
        from = "Column::MentorshipId",
        to = "super::mentorship::Column::Id"
    )]
    Mentorship,
    #[sea_orm(
        belongs_to = "super::conversation::Entity",
        from = "Column::ConversationId",
        to = "super::conversation::Column::Id"
    )]
    Conversation,
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::SenderId", to = "super::user::Column::Id")]
    Sender,
}

impl Related<super::mentorship::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Mentorship.def()
    }
}

impl Related<super::conversation::Entity> for Entity {
    fn to() -> RelationDef {
        Relation::Conversation.def()
    }
}

impl ActiveModelBehavior for ActiveModel {}

#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum ChangeError {
    #[error("only who sent a message changes it")]
    NotAuthor,
    #[error("the message is deleted")]
    Deleted,
    #[error("the time for this has passed, or the programme does not allow it")]
    Fixed,
}

impl Model {
    /// `None`: it says the same already.
    pub fn edit(
        self,
        me: Uuid,
        content: String,
        policy: &setting::Model,
        now: DateTimeUtc,
    ) -> Result<Option<ActiveModel>, ChangeError> {
        self.demand_author(me)?;
        if self.deleted_at.is_some() {
            return Err(ChangeError::Deleted);
        }
        if self.content == content {
            return Ok(None);
        }
        if !self.is_editable(policy, now) {
            return Err(ChangeError::Fixed);
        }
        let mut row = ActiveModel::from(self);
        (row.content, row.edited_at) = (Set(content), Set(Some(now)));
        // An edit writes the index, whether a release had that wrote the message or not.
        row.is_searchable = Set(true);
        Ok(Some(row))
    }

    /// Leaves a tombstone. `None`: it was deleted before.
    pub fn delete(
        self,
        me: Uuid,
        policy: &setting::Model,
        now: DateTimeUtc,
    ) -> Result<Option<ActiveModel>, ChangeError> {
        self.demand_author(me)?;
        if self.deleted_at.is_some() {
            return Ok(None);
        }
        let allowed = match policy.message_deletion {
            MessageDeletion::Never => false,
            MessageDeletion::WhileEditable => self.is_editable(policy, now),
            MessageDeletion::Always => true,
        };
        if !allowed {
            return Err(ChangeError::Fixed);
        }
        let mut row = ActiveModel::from(self);
        (row.content, row.deleted_at) = (Set(String::new()), Set(Some(now)));
        Ok(Some(row))
    }

    fn demand_author(&self, me: Uuid) -> Result<(), ChangeError> {
        if self.sender_id == me { Ok(()) } else { Err(ChangeError::NotAuthor) }
    }

    fn is_editable(&self, policy: &setting::Model, now: DateTimeUtc) -> bool {
        now - self.sent_at < TimeDelta::minutes(policy.message_edit_minutes.into())
    }

    /// Whether sending `content` says this message again. What was sent first is not known any more once it was edited or deleted.
    pub fn is_repeated_by(&self, content: &str) -> bool {
        self.content == content || self.edited_at.is_some() || self.deleted_at.is_some()
    }
}

#[cfg(test)]
mod tests;
