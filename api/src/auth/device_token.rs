//! What a device remembers of a user who signed in on it, so that strangers who guess the password elsewhere do not lock them out
//! here. It opens nothing.

use uuid::Uuid;

use super::Auth;

const PREFIX: &str = "mdt_";
const PURPOSE: &str = "device token";

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceToken {
    pub device_id: Uuid,
    pub user_id: Uuid,
}

impl DeviceToken {
    pub fn seal(&self, auth: &Auth) -> anyhow::Result<String> {
        let bytes = [self.device_id.into_bytes(), self.user_id.into_bytes()].concat();
        Ok(format!("{PREFIX}{}", auth.seal(PURPOSE, &bytes)?))
    }

    pub fn open(auth: &Auth, text: &str) -> Option<Self> {
        let bytes = auth.open(PURPOSE, text.strip_prefix(PREFIX)?)?;
        let (device_id, user_id) = bytes.split_at_checked(16)?;
        Some(Self { device_id: Uuid::from_slice(device_id).ok()?, user_id: Uuid::from_slice(user_id).ok()? })
    }
}
