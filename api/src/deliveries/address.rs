//! Where a member is reached by each channel.

use entity::delivery::Channel;
use entity::{push_subscription, user};
use sea_orm::ConnectionTrait;

use crate::error::Result;
use crate::{phone_numbers, push_subscriptions};

pub(super) enum Address {
    Email(String),
    Phone(String),
    Browsers(Vec<push_subscription::Model>),
}

/// Nothing where the member has none that is proved to be theirs.
pub(super) async fn of(db: &impl ConnectionTrait, channel: Channel, user: &user::Model) -> Result<Option<Address>> {
    Ok(match channel {
        Channel::Email => user.email_verified_at.map(|_| Address::Email(user.email.clone())),
        Channel::Sms => phone_numbers::ops::verified(db, user.id).await?.map(Address::Phone),
        Channel::Push => {
            let browsers = push_subscriptions::ops::of_member(db, user.id).await?;
            (!browsers.is_empty()).then_some(Address::Browsers(browsers))
        }
    })
}
