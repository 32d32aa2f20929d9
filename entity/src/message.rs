//! A message in one thread: a mentorship's or a conversation's.

use sea_orm::entity::prelude::*;

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

impl Model {
    /// Whether sending `content` says this message again. What was sent first is not known any more once it was edited or deleted.
    pub fn is_repeated_by(&self, content: &str) -> bool {
        self.content == content || self.edited_at.is_some() || self.deleted_at.is_some()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_words_repeat_a_message_and_so_does_anything_once_they_changed() {
        let now = chrono::Utc::now();
        let row = Model {
            id: Uuid::from_u128(1),
            mentorship_id: Some(Uuid::from_u128(2)),
            conversation_id: None,
            sender_id: Uuid::from_u128(3),
            seq: 1,
            content: "Hello".to_owned(),
            client_id: Uuid::from_u128(4),
            sent_at: now,
            edited_at: None,
            deleted_at: None,
        };
        assert!(row.is_repeated_by("Hello"));
        assert!(!row.is_repeated_by("hello"));
        assert!(Model { edited_at: Some(now), ..row.clone() }.is_repeated_by("hello"));
        assert!(Model { deleted_at: Some(now), ..row }.is_repeated_by("hello"));
    }
}
