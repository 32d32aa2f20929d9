//! Users with all that describes them.

use anyhow::Result;
use chrono::TimeDelta;
use entity::notification::Kind;
use entity::user::{Role, Status};
use entity::{
    availability_window, mentee_skill, mentee_soft_skill, mentee_topic, mentor_skill, mentor_soft_skill, mentor_topic,
    onboarding_step, user, user_industry, user_language,
};
use indicatif::ProgressBar;
use serde_json::json;

use crate::chronicle::{Chronicle, Happening};
use crate::first::{self, ADMIN, OWNER};
use crate::load::Load;
use crate::plan::Member;
use crate::taxonomy::{INDUSTRIES, SKILLS, SOFT_SKILLS, TOPICS, term_id};
use crate::world::World;

/// Whether the owner of the seeded world is there.
pub async fn is_seeded(load: &mut Load) -> Result<bool> {
    load.has_user(first::id_of(OWNER)).await
}

#[derive(Default)]
struct Rows {
    users: Vec<user::Model>,
    languages: Vec<user_language::Model>,
    industries: Vec<user_industry::Model>,
    offers: Vec<mentor_skill::Model>,
    seeks: Vec<mentee_skill::Model>,
    soft_offers: Vec<mentor_soft_skill::Model>,
    soft_seeks: Vec<mentee_soft_skill::Model>,
    topics_offered: Vec<mentor_topic::Model>,
    topics_sought: Vec<mentee_topic::Model>,
    windows: Vec<availability_window::Model>,
    steps: Vec<onboarding_step::Model>,
    chronicle: Chronicle,
}

pub async fn load(world: &World, load: &mut Load, bar: &ProgressBar) -> Result<()> {
    for circles in world.batches() {
        bar.set_position(circles.start);
        let mut rows = Rows::default();
        for member in circles.flat_map(|circle| world.members(circle)) {
            rows.add(member);
        }
        rows.write_to(load).await?;
    }
    Ok(())
}

impl Rows {
    fn add(&mut self, member: Member) {
        let user_id = member.row.id;
        record(&mut self.chronicle, &member);
        self.users.push(member.row);
        let languages = member.languages.into_iter().map(str::to_owned);
        self.languages.extend(languages.map(|language| user_language::Model { user_id, language }));
        let industries = member.industries.into_iter().map(|place| term_id("industries", INDUSTRIES[place]));
        self.industries.extend(industries.map(|industry_id| user_industry::Model { user_id, industry_id }));
        let skill = |place: usize| term_id("skills", SKILLS[place]);
        let offers = member.offers.into_iter();
        self.offers.extend(offers.map(|(place, level)| mentor_skill::Model { user_id, skill_id: skill(place), level }));
        let seeks = member.seeks.into_iter();
        let sought = |(place, level)| mentee_skill::Model { user_id, skill_id: skill(place), level, priority: 1 };
        self.seeks.extend(seeks.map(sought));
        let soft = |place: usize| term_id("soft_skills", SOFT_SKILLS[place]);
        let offers = member.soft_offers.into_iter().map(soft);
        self.soft_offers.extend(offers.map(|soft_skill_id| mentor_soft_skill::Model { user_id, soft_skill_id }));
        let seeks = member.soft_seeks.into_iter().map(soft);
        self.soft_seeks.extend(seeks.map(|soft_skill_id| mentee_soft_skill::Model { user_id, soft_skill_id }));
        let topic = |place: usize| term_id("topics", TOPICS[place]);
        let offered = member.topics_offered.into_iter().map(topic);
        self.topics_offered.extend(offered.map(|topic_id| mentor_topic::Model { user_id, topic_id }));
        let sought = member.topics_sought.into_iter().map(topic);
        self.topics_sought.extend(sought.map(|topic_id| mentee_topic::Model { user_id, topic_id }));
        self.windows.extend(member.windows.into_iter().map(|window| availability_window::Model {
            user_id,
            weekday: window.weekday,
            start_minute: window.start,
            end_minute: window.end,
        }));
        let steps = member.steps.into_iter();
        self.steps.extend(steps.map(|(step, saved_at)| onboarding_step::Model { user_id, step, saved_at }));
    }

    async fn write_to(self, load: &mut Load) -> Result<()> {
        load.insert(&self.users).await?;
        load.insert(&self.languages).await?;
        load.insert(&self.industries).await?;
        load.insert(&self.offers).await?;
        load.insert(&self.seeks).await?;
        load.insert(&self.soft_offers).await?;
        load.insert(&self.soft_seeks).await?;
        load.insert(&self.topics_offered).await?;
        load.insert(&self.topics_sought).await?;
        load.insert(&self.windows).await?;
        load.insert(&self.steps).await?;
        self.chronicle.write_to(load).await
    }
}

fn record(chronicle: &mut Chronicle, member: &Member) {
    let row = &member.row;
    let own = |word, at, data| Happening { stream: "user", word, subject: row.id, at, actor: Some(row.id), data };
    chronicle.record(Happening { actor: None, ..own("signed_up", row.created_at, json!(null)) });
    if let Some(at) = row.onboarding_completed_at {
        chronicle.record(own("onboarded", at, json!(null)));
    }
    if let Some(act) = member.approved {
        let data = json!({ "before": { "status": Status::PendingApproval }, "after": { "status": Status::Active } });
        let approved = Happening { actor: Some(act.by), ..own("approved", act.at, data) };
        chronicle.record_by_staff(approved).inform(Kind::AccountApproved, [row.id]);
    }
    if row.id == first::id_of(ADMIN) {
        let data = json!({ "before": { "role": Role::Regular }, "after": { "role": Role::Admin } });
        let at = row.created_at + TimeDelta::hours(2);
        let changed = Happening { actor: Some(first::id_of(OWNER)), ..own("role_changed", at, data) };
        chronicle.record_by_staff(changed).inform(Kind::RoleChanged, [row.id]);
    }
    if let Some(act) = member.suspended {
        let data = json!({ "before": { "status": Status::Active }, "after": { "status": Status::Suspended } });
        chronicle.record_by_staff(Happening { actor: Some(act.by), ..own("suspended", act.at, data) });
    }
}
