use entity::push_subscription;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use uuid::Uuid;
use validator::Validate;

use crate::http::Instant;
use crate::http::text;

/// What `PushSubscription.toJSON()` gives in a browser.
#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({
    "endpoint": "https://push.example.org/send/8f7a6b",
    "expirationTime": null,
    "keys": {
        "p256dh": "BCVxsr7N_eNgVRqvHtD0zTZsEc6-VV-JvLexhqUzORcxaOzi6-AYWXvTBHm4bjyPjs7Vd8pZGH6SRpkNtoIAiw4",
        "auth": "BTBZMqHH6r4Tts7J_aSIgg"
    }
}))]
pub struct NewPushSubscription {
    /// Where messages go: https, at a public address.
    #[schema(min_length = 10, max_length = 1000)]
    #[validate(custom(function = text::web_link))]
    pub endpoint: String,
    /// Not looked at: push services say when one is over.
    #[serde(default)]
    #[schema(minimum = 0, maximum = 9007199254740991i64)]
    #[expect(dead_code, reason = "browsers send it")]
    pub expiration_time: Option<i64>,
    #[validate(nested)]
    pub keys: PushKeys,
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(deny_unknown_fields)]
pub struct PushKeys {
    /// The browser's public key, base64url.
    #[schema(min_length = 80, max_length = 100, pattern = "^[A-Za-z0-9_-]+=*$")]
    pub p256dh: String,
    /// Its authentication secret, base64url.
    #[schema(min_length = 20, max_length = 30, pattern = "^[A-Za-z0-9_-]+=*$")]
    pub auth: String,
}

/// A browser that takes push messages. Where they go is not shown again.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PushSubscriptionOut {
    id: Uuid,
    /// The browser as it told of itself.
    #[schema(required, max_length = 200)]
    user_agent: Option<String>,
    created_at: Instant,
}

impl From<push_subscription::Model> for PushSubscriptionOut {
    fn from(row: push_subscription::Model) -> Self {
        Self { id: row.id, user_agent: row.user_agent, created_at: row.created_at.into() }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct PushKeyOut {
    /// The `applicationServerKey` to subscribe with; null where there is no push.
    #[schema(required, max_length = 100)]
    pub public_key: Option<String>,
}
