use anyhow::Result;
use entity::delivery::Channel;

use crate::config::Config;
use crate::push::Pusher;
use crate::sms::Gateway;

/// The channels besides mail, as they are configured.
pub struct Channels {
    pub sms: Option<Gateway>,
    pub push: Option<Pusher>,
}

impl Channels {
    pub fn new(config: &Config) -> Result<Self> {
        Ok(Self { sms: Gateway::new(config)?, push: Pusher::new(config)? })
    }

    pub fn has(&self, channel: Channel) -> bool {
        match channel {
            Channel::Email => true,
            Channel::Sms => self.sms.is_some(),
            Channel::Push => self.push.is_some(),
        }
    }
}
