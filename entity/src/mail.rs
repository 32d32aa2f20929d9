//! A mail that is to be sent, or was.

use sea_orm::entity::prelude::*;

use crate::text_enum::text_enum;

text_enum! {
    /// What a mail is about.
    pub enum Kind as MailKind {
        VerifyEmail,
        AlreadyMember,
        SignInLink,
        ResetPassword,
        ChangeEmail,
        EmailChangeRequested,
        EmailChanged,
        Invitation,
        PasswordChanged,
        SessionReused,
        AccountLinked,
        AccountUnlinked,
        SecondFactorEnabled,
        SecondFactorDisabled,
        /// What is new in the app
        Notification,
        /// The same of a day or a week
        NotificationDigest,
    }
}

text_enum! {
    pub enum Status as MailStatus {
        Queued,
        Sent,
        /// Not sent: nobody has the address, or it was sent too many of the kind
        Dropped,
        /// Given up after many attempts
        Failed,
    }
}

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "mails")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub kind: Kind,
    pub user_id: Option<Uuid>,
    pub token_id: Option<Uuid>,
    /// Whom it is for, as addresses are compared; empty until it is sent to a user
    pub email_key: String,
    pub status: Status,
    pub attempts: i32,
    pub due_at: DateTimeUtc,
    /// The text as it was sent, where mail is kept for testers
    #[sea_orm(column_type = "JsonBinary", nullable)]
    pub content: Option<Json>,
    pub created_at: DateTimeUtc,
    pub sent_at: Option<DateTimeUtc>,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {}

impl ActiveModelBehavior for ActiveModel {}
