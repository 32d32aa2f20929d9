//! A thread of two users outside a mentorship, one for a pair.

use sea_orm::Condition;
use sea_orm::entity::prelude::*;

#[derive(Clone, Debug, PartialEq, Eq, DeriveEntityModel)]
#[sea_orm(table_name = "conversations")]
pub struct Model {
    #[sea_orm(primary_key, auto_increment = false)]
    pub id: Uuid,
    pub user_a_id: Uuid,
    pub user_b_id: Uuid,
    pub last_message_seq: i64,
    pub user_a_read_seq: i64,
    pub user_b_read_seq: i64,
    pub last_message_at: Option<DateTimeUtc>,
    pub created_at: DateTimeUtc,
    pub updated_at: DateTimeUtc,
}

#[derive(Copy, Clone, Debug, EnumIter, DeriveRelation)]
pub enum Relation {
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserAId", to = "super::user::Column::Id")]
    UserA,
    #[sea_orm(belongs_to = "super::user::Entity", from = "Column::UserBId", to = "super::user::Column::Id")]
    UserB,
}

impl ActiveModelBehavior for ActiveModel {}

/// The order in which a pair is stored, so that each has one row whoever begins.
pub fn ordered(a: Uuid, b: Uuid) -> (Uuid, Uuid) {
    if a <= b { (a, b) } else { (b, a) }
}

/// The one of these two.
pub fn of_pair(one: Uuid, other: Uuid) -> Condition {
    let (a, b) = ordered(one, other);
    Condition::all().add(Column::UserAId.eq(a)).add(Column::UserBId.eq(b))
}

pub fn of_participant(user_id: Uuid) -> Condition {
    Condition::any().add(Column::UserAId.eq(user_id)).add(Column::UserBId.eq(user_id))
}

impl Model {
    pub fn other_of(&self, me: Uuid) -> Option<Uuid> {
        match me {
            me if me == self.user_a_id => Some(self.user_b_id),
            me if me == self.user_b_id => Some(self.user_a_id),
            _ => None,
        }
    }

    /// Up to which message `me`, a participant, has read.
    pub fn read_seq_of(&self, me: Uuid) -> i64 {
        if me == self.user_a_id { self.user_a_read_seq } else { self.user_b_read_seq }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pair_is_stored_in_one_order() {
        let (a, b) = (Uuid::from_u128(1), Uuid::from_u128(2));
        assert_eq!(ordered(a, b), (a, b));
        assert_eq!(ordered(b, a), (a, b));
    }

    #[test]
    fn each_side_has_a_marker_of_its_own() {
        let (a, b, now) = (Uuid::from_u128(1), Uuid::from_u128(2), chrono::Utc::now());
        let row = Model {
            id: Uuid::from_u128(3),
            user_a_id: a,
            user_b_id: b,
            last_message_seq: 5,
            user_a_read_seq: 4,
            user_b_read_seq: 2,
            last_message_at: Some(now),
            created_at: now,
            updated_at: now,
        };
        assert_eq!((row.read_seq_of(a), row.read_seq_of(b)), (4, 2));
    }
}
