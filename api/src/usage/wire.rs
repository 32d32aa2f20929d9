use entity::user::Gender;
use sea_orm::FromQueryResult;
use serde::Serialize;
use utoipa::ToSchema;

use crate::http::Instant;
use crate::taxonomy::wire::TermOut;

/// Numbers that all have the same bounds; the largest is what JSON readers keep exact.
macro_rules! counts {
    ($($(#[$of_all:meta])* $name:ident { $($(#[$of_one:meta])* $field:ident)* })*) => {
        $(
            $(#[$of_all])*
            #[derive(Serialize, ToSchema, FromQueryResult)]
            #[serde(rename_all = "camelCase")]
            pub struct $name {
                $($(#[$of_one])* #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)] pub $field: i64,)*
            }
        )*
    };
}

counts! {
    /// Accounts by status, role and side; the sides count only active accounts.
    UserCounts { total pending_approval active suspended regular admins owners active_mentors active_mentees }

    /// Places of the mentors who are currently available.
    PlaceCounts { offered free }

    MentorshipCounts { pending active completed canceled }

    /// Meetings whose start time has passed, in total (`scheduled`) and by status.
    MeetingCounts { scheduled held no_show canceled }
}

/// Suggestions made, and their outcome.
#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct SuggestionCounts {
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub made: i64,
    /// At least one side answered; null if too few to show.
    #[schema(required, minimum = 1, maximum = 9_007_199_254_740_991_i64)]
    pub answered: Option<i64>,
    /// Both sides accepted.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub accepted: i64,
    /// Null if too few to show.
    #[schema(required, minimum = 5, maximum = 9_007_199_254_740_991_i64)]
    pub declined: Option<i64>,
    /// Neither accepted nor declined in time, whenever made.
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub lapsed: i64,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct UsageOut {
    pub users: UserCounts,
    pub places: PlaceCounts,
    pub mentorships: MentorshipCounts,
    pub last30_days: RecentCounts,
    pub active_members: GroupsOut,
    /// When the numbers were computed.
    pub counted_at: Instant,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct RecentCounts {
    #[schema(minimum = 0, maximum = 9_007_199_254_740_991_i64)]
    pub messages: i64,
    pub meetings: MeetingCounts,
    pub suggestions: SuggestionCounts,
}

#[derive(Serialize, ToSchema)]
#[serde(rename_all = "camelCase")]
pub struct GroupsOut {
    #[schema(max_items = 5)]
    pub by_gender: Vec<GenderGroupOut>,
    #[schema(max_items = 100)]
    pub by_seniority: Vec<TermGroupOut>,
    /// A member can be in several.
    #[schema(max_items = 100)]
    pub by_industry: Vec<TermGroupOut>,
}

#[derive(Serialize, ToSchema)]
pub struct GenderGroupOut {
    /// Null for members without a gender in their profile.
    #[schema(required)]
    pub gender: Option<Gender>,
    /// Null if hidden to protect small groups.
    #[schema(required, minimum = 5, maximum = 9_007_199_254_740_991_i64)]
    pub members: Option<i64>,
}

#[derive(Serialize, ToSchema)]
pub struct TermGroupOut {
    /// Null for members without a seniority level.
    #[schema(required)]
    pub term: Option<TermOut>,
    /// Null if hidden to protect small groups.
    #[schema(required, minimum = 5, maximum = 9_007_199_254_740_991_i64)]
    pub members: Option<i64>,
}
