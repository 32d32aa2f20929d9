use chrono::{DateTime, Months, Utc};
use entity::notification_preferences::NotificationPreferences;
use entity::{availability_window, user};
use sea_orm::sea_query::LockType;
use sea_orm::{
    ActiveModelTrait, ActiveValue::Set, ColumnTrait, DatabaseTransaction, EntityTrait, IntoActiveModel, QueryFilter,
    QueryOrder, QuerySelect,
};
use serde_json::json;
use uuid::Uuid;

use super::places::demand_places;
use super::sets::{self, Choices, Chosen, Links};
use super::windows;
use crate::auth::{Caller, Registered};
use crate::error::{Code, Error, Fault, Result};
use crate::events::{self, Event, Kind};
use crate::state::AppState;
use crate::taxonomy::ops::Choice;
use crate::taxonomy::wire::Slug;
use crate::users::wire::{Language, UpdateMe, Window};
use crate::{deliveries, suggestions, taxonomy};

/// How far ahead a pause may end.
const LONGEST_PAUSE: Months = Months::new(24);

/// What no score and no rule of matching looks at.
const UNMATCHED: [&str; 8] =
    ["name", "image", "title", "about", "motivation", "sideProjects", "linkedinUrl", "notificationPreferences"];

/// What says by which channel something goes out, and when.
const ON_DELIVERIES: [&str; 2] = ["notificationPreferences", "timeZone"];

/// What becomes of one's own profile; what is left out stays.
#[derive(Default)]
pub struct Changes {
    pub profile: UpdateMe,
    pub sets: Vec<Choices>,
    pub windows: Option<Vec<Window>>,
    pub preferences: Option<NotificationPreferences>,
}

/// Changes the caller's own profile, with every fault of the input told at once.
pub async fn apply(
    txn: &DatabaseTransaction,
    state: &AppState,
    me: &Caller<Registered>,
    changes: Changes,
) -> Result<()> {
    let plan = plan(txn, me.id(), changes, state.clock.now()).await?;
    let before = lock(txn, me.id()).await?;
    if let Some(capacity) = plan.profile.mentor_capacity {
        demand_places(txn, &before, capacity).await?;
    }
    let was_public = before.is_public();
    let changed = carry_out(txn, state, before, plan).await?;
    if changed.is_empty() {
        return Ok(());
    }
    let concerns_matching = was_public && changed.iter().any(|field| !UNMATCHED.contains(field));
    let event = Event::new(Kind::UserChanged, me.id()).by(me).with(json!({ "changed": changed }));
    events::record(txn, state, event).await?;
    if concerns_matching { suggestions::ops::revise(txn, state, me.id()).await } else { Ok(()) }
}

/// The user, locked until the transaction ends. Whoever erased their account meanwhile is nobody any more, also on a node that has
/// not heard of it yet.
pub async fn lock(txn: &DatabaseTransaction, id: Uuid) -> Result<user::Model> {
    let found = user::Entity::find().filter(user::Column::Id.eq(id)).lock(LockType::NoKeyUpdate).one(txn).await?;
    let user = found.ok_or(Code::NotFound)?;
    if user.erased_at.is_some() { Err(Code::Unauthenticated.into()) } else { Ok(user) }
}

/// Both rows where they exist, locked by id, so that two pairs do not wait in a circle.
pub async fn lock_both(txn: &DatabaseTransaction, one: Uuid, other: Uuid) -> Result<Vec<user::Model>> {
    let both = user::Entity::find().filter(user::Column::Id.is_in([one, other])).order_by_asc(user::Column::Id);
    Ok(both.lock(LockType::NoKeyUpdate).all(txn).await?)
}

struct Plan {
    profile: UpdateMe,
    seniority: Option<Option<Uuid>>,
    sets: Vec<Chosen>,
    windows: Option<Vec<availability_window::Model>>,
    preferences: Option<NotificationPreferences>,
}

/// Terms are found, and locked, before the user is: a merge takes them in this order too.
async fn plan(txn: &DatabaseTransaction, user: Uuid, mut changes: Changes, now: DateTime<Utc>) -> Result<Plan> {
    let mut faults = Vec::new();
    changes.sets.extend(
        changes.profile.industries.take().map(|slugs| Choices::of_terms(Links::Industries, "/industries", slugs)),
    );
    let mut sets = Vec::new();
    for choices in changes.sets {
        sets.push(sets::choose(txn, user, choices, &mut faults).await?);
    }
    let seniority = match changes.profile.seniority.take() {
        Some(Some(slug)) => Some(seniority_id(txn, user, &slug, &mut faults).await?),
        other => other.map(|_| None),
    };
    let windows = changes.windows.map(|list| windows::parse(user, &list, &mut faults));
    check_languages(changes.profile.languages.as_deref().unwrap_or_default(), &mut faults);
    if let Some(Some(until)) = &mut changes.profile.paused_until {
        *until = pause_end(*until, now, &mut faults);
    }
    if !faults.is_empty() {
        return Err(Error::Invalid(faults));
    }
    Ok(Plan { profile: changes.profile, seniority, sets, windows, preferences: changes.preferences })
}

async fn seniority_id(
    txn: &DatabaseTransaction,
    user: Uuid,
    slug: &Slug,
    faults: &mut Vec<Fault>,
) -> Result<Option<Uuid>> {
    let kind = taxonomy::wire::Kind::SeniorityLevels;
    let present: Option<Option<Uuid>> = user::Entity::find()
        .select_only()
        .column(user::Column::SeniorityLevelId)
        .filter(user::Column::Id.eq(user))
        .into_tuple()
        .one(txn)
        .await?;
    let held: Vec<_> = present.flatten().into_iter().collect();
    let choice = Choice { slug, pointer: "/seniority".to_owned() };
    Ok(taxonomy::ops::resolve(txn, kind, &[choice], &held, faults).await?.pop())
}

/// In whole milliseconds, and in years that both databases and RFC 3339 write with four digits.
fn pause_end(until: DateTime<Utc>, now: DateTime<Utc>, faults: &mut Vec<Fault>) -> DateTime<Utc> {
    let mut fault = |code, detail| faults.push(Fault::new("/pausedUntil", code, detail));
    if until < DateTime::UNIX_EPOCH {
        fault("too_early", "must not be before 1970");
    }
    if now.checked_add_months(LONGEST_PAUSE).is_some_and(|last| until > last) {
        fault("too_far", "must be within two years");
    }
    DateTime::from_timestamp_millis(until.timestamp_millis()).unwrap_or(until)
}

fn check_languages(languages: &[Language], faults: &mut Vec<Fault>) {
    for (at, language) in languages.iter().enumerate() {
        if languages[..at].contains(language) {
            faults.push(Fault::new(format!("/languages/{at}"), "repeated_item", "each item may stand once"));
        }
    }
}

/// Writes the plan; answers what it named, as the fields are called.
async fn carry_out(
    txn: &DatabaseTransaction,
    state: &AppState,
    before: user::Model,
    mut plan: Plan,
) -> Result<Vec<&'static str>> {
    let user = before.id;
    let mut changed = Vec::new();
    let languages = plan.profile.languages.take();
    let mut row = before.into_active_model();
    write_columns(plan.profile, &mut row, &mut changed);
    if let Some(seniority) = plan.seniority {
        row.seniority_level_id = Set(seniority);
        changed.push("seniority");
    }
    if let Some(preferences) = plan.preferences {
        row.notification_preferences = Set(preferences);
        changed.push("notificationPreferences");
    }
    if let Some(languages) = languages {
        sets::replace_languages(txn, user, &languages).await?;
        changed.push("languages");
    }
    if let Some(windows) = plan.windows {
        windows::replace(txn, user, windows).await?;
        changed.push("availability");
    }
    for chosen in plan.sets {
        changed.push(chosen.set.word());
        sets::replace(txn, user, chosen).await?;
    }
    if !changed.is_empty() {
        row.updated_at = Set(state.clock.now());
        let after = row.update(txn).await?;
        if changed.iter().any(|field| ON_DELIVERIES.contains(field)) {
            deliveries::replan(txn, &after, state.clock.now()).await?;
        }
    }
    Ok(changed)
}

fn write_columns(profile: UpdateMe, row: &mut user::ActiveModel, changed: &mut Vec<&'static str>) {
    macro_rules! write {
        ($($field:ident $word:literal,)*) => {
            $(if let Some(value) = profile.$field {
                row.$field = Set(value);
                changed.push($word);
            })*
        };
    }
    write! {
        name "name",
        image "image",
        title "title",
        location "location",
        time_zone "timeZone",
        in_person "inPerson",
        about "about",
        motivation "motivation",
        side_projects "sideProjects",
        linkedin_url "linkedinUrl",
        gender "gender",
        preferred_mentor_gender "preferredMentorGender",
        active_mentor "activeMentor",
        active_mentee "activeMentee",
        mentor_capacity "mentorCapacity",
    }
    if let Some(until) = profile.paused_until {
        row.paused_until = Set(until);
        changed.push("pausedUntil");
    }
}
