use entity::setting::{ActiveModel, MessageDeletion, Model};
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;
use validator::Validate;

use crate::http::Instant;
use crate::http::{merge_patch, text};

/// The name and branding of the programme.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct BrandingOut {
    #[schema(max_length = 80, example = "Mentorship")]
    name: String,
    #[schema(required, max_length = 160)]
    tagline: Option<String>,
    #[schema(required, max_length = 2000)]
    logo_url: Option<String>,
    /// CSS hex color: `#rrggbb`.
    #[schema(required, max_length = 7, example = "#3355aa")]
    brand_color: Option<String>,
}

impl From<Model> for BrandingOut {
    fn from(row: Model) -> Self {
        Self { name: row.name, tagline: row.tagline, logo_url: row.logo_url, brand_color: row.brand_color }
    }
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SettingsOut {
    #[schema(max_length = 80)]
    name: String,
    #[schema(required, max_length = 160)]
    tagline: Option<String>,
    #[schema(required, max_length = 2000)]
    logo_url: Option<String>,
    /// CSS hex color: `#rrggbb`.
    #[schema(required, max_length = 7)]
    brand_color: Option<String>,
    /// Whether new members need an admin's approval.
    member_approval: bool,
    /// Whether accepted mentorships need an admin's approval.
    mentorship_approval: bool,
    /// Days until a declined pair can be suggested again.
    #[schema(minimum = 0, maximum = 3650)]
    cooling_off_days: i32,
    /// Days until an unanswered suggestion lapses.
    #[schema(minimum = 1, maximum = 365)]
    suggestion_days: i32,
    /// Days for which a suggestion stays away from whoever said "not now".
    #[schema(minimum = 1, maximum = 365)]
    not_now_days: i32,
    /// Days until an unanswered request lapses.
    #[schema(minimum = 1, maximum = 365)]
    request_days: i32,
    /// How many open requests a mentee can have at a time.
    #[schema(minimum = 1, maximum = 100)]
    max_open_requests: i32,
    /// Whether admins and owners need a second factor for what only they may do.
    staff_second_factor: bool,
    /// Minutes for which a message can be edited; 0: not at all.
    #[schema(minimum = 0, maximum = 10080)]
    message_edit_minutes: i32,
    /// When the author of a message can delete it.
    message_deletion: MessageDeletion,
    /// To how many people without a mentorship between them a member can write first within 24 hours.
    #[schema(minimum = 1, maximum = 1000)]
    first_messages_per_day: i32,
    updated_at: Instant,
}

impl From<Model> for SettingsOut {
    fn from(row: Model) -> Self {
        Self {
            name: row.name,
            tagline: row.tagline,
            logo_url: row.logo_url,
            brand_color: row.brand_color,
            member_approval: row.member_approval,
            mentorship_approval: row.mentorship_approval,
            cooling_off_days: row.cooling_off_days,
            suggestion_days: row.suggestion_days,
            not_now_days: row.not_now_days,
            request_days: row.request_days,
            max_open_requests: row.max_open_requests,
            staff_second_factor: row.staff_second_factor,
            message_edit_minutes: row.message_edit_minutes,
            message_deletion: row.message_deletion,
            first_messages_per_day: row.first_messages_per_day,
            updated_at: row.updated_at.into(),
        }
    }
}

#[derive(Deserialize, ToSchema, Validate)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[schema(example = json!({"tagline": "Grow together", "brandColor": "#3355aa", "coolingOffDays": 60}))]
pub struct SettingsPatch {
    #[schema(min_length = 1, max_length = 80, nullable = false)]
    #[validate(custom(function = text::name))]
    pub name: Option<String>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(min_length = 1, max_length = 160)]
    #[validate(custom(function = text::name))]
    pub tagline: Option<Option<String>>,
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(min_length = 1, max_length = 2000)]
    #[validate(custom(function = text::web_link))]
    pub logo_url: Option<Option<String>>,
    /// CSS hex color: `#rrggbb`.
    #[serde(default, deserialize_with = "merge_patch::nullable")]
    #[schema(pattern = "^#[0-9a-fA-F]{6}$", max_length = 7)]
    pub brand_color: Option<Option<String>>,
    #[schema(nullable = false)]
    pub member_approval: Option<bool>,
    #[schema(nullable = false)]
    pub mentorship_approval: Option<bool>,
    #[schema(minimum = 0, maximum = 3650, nullable = false)]
    pub cooling_off_days: Option<i32>,
    #[schema(minimum = 1, maximum = 365, nullable = false)]
    pub suggestion_days: Option<i32>,
    #[schema(minimum = 1, maximum = 365, nullable = false)]
    pub not_now_days: Option<i32>,
    #[schema(minimum = 1, maximum = 365, nullable = false)]
    pub request_days: Option<i32>,
    #[schema(minimum = 1, maximum = 100, nullable = false)]
    pub max_open_requests: Option<i32>,
    #[schema(nullable = false)]
    pub staff_second_factor: Option<bool>,
    #[schema(minimum = 0, maximum = 10080, nullable = false)]
    pub message_edit_minutes: Option<i32>,
    #[schema(nullable = false)]
    pub message_deletion: Option<MessageDeletion>,
    #[schema(minimum = 1, maximum = 1000, nullable = false)]
    pub first_messages_per_day: Option<i32>,
}

impl SettingsPatch {
    /// The row with what the patch changes; untouched where it changes nothing.
    pub fn apply(self, row: Model) -> ActiveModel {
        let mut row = ActiveModel::from(row);
        macro_rules! apply {
            ($($field:ident)*) => {
                $(if let Some(value) = self.$field { row.$field.set_if_not_equals(value); })*
            };
        }
        apply!(name tagline logo_url brand_color member_approval mentorship_approval);
        apply!(cooling_off_days suggestion_days not_now_days request_days max_open_requests staff_second_factor);
        apply!(message_edit_minutes message_deletion first_messages_per_day);
        row
    }
}
