use secrecy::{ExposeSecret, SecretString};

use super::Config;
use super::check::is_origin;
use super::reader::Reader;
use crate::push;

/// By what notifications go out besides mail.
#[derive(Clone, Debug)]
pub struct ChannelSettings {
    pub sms_url: String,
    pub sms_account: String,
    pub sms_token: SecretString,
    pub sms_from: String,
    pub vapid_key: SecretString,
    pub push_anywhere: bool,
}

impl ChannelSettings {
    pub(super) fn read(reader: &mut Reader) -> Option<Self> {
        let sms_url = reader.get::<String>("sms_url");
        let sms_account = reader.get("sms_account");
        let sms_token = reader.get::<String>("sms_token");
        let sms_from = reader.get("sms_from");
        let vapid_key = reader.get::<String>("vapid_key");
        let push_anywhere = reader.get("push_anywhere");
        Some(Self {
            sms_url: sms_url?.trim_end_matches('/').to_owned(),
            sms_account: sms_account?,
            sms_token: sms_token?.into(),
            sms_from: sms_from?,
            vapid_key: vapid_key?.into(),
            push_anywhere: push_anywhere?,
        })
    }
}

pub(super) fn check(config: &Config, faults: &mut Vec<String>) {
    let settings = &config.channels;
    let mut demand = |holds: bool, fault: &str| {
        if !holds {
            faults.push(fault.to_owned());
        }
    };
    let given = [settings.sms_account.as_str(), settings.sms_token.expose_secret(), &settings.sms_from];
    let is_whole = given.iter().all(|one| one.is_empty()) || given.iter().all(|one| !one.is_empty());
    demand(is_whole, "MENTORSHIP_SMS_ACCOUNT, MENTORSHIP_SMS_TOKEN and MENTORSHIP_SMS_FROM go together");
    demand(
        settings.sms_account.bytes().all(|letter| letter.is_ascii_alphanumeric()),
        "MENTORSHIP_SMS_ACCOUNT must be letters and digits",
    );
    demand(is_origin(&settings.sms_url), "MENTORSHIP_SMS_URL must be an http or https origin without a path");
    let key = settings.vapid_key.expose_secret();
    demand(
        key.is_empty() || push::read_key(key).is_some(),
        "MENTORSHIP_VAPID_KEY is not base64 of a PKCS #8 key on P-256 in DER",
    );
    if config.is_production() {
        demand(settings.sms_url.starts_with("https://"), "MENTORSHIP_SMS_URL must be https in production");
        demand(!settings.push_anywhere, "MENTORSHIP_PUSH_ANYWHERE is for tests: production sends to public addresses");
    }
}
