use entity::suggestion::{self, Shared};
use uuid::Uuid;

use super::reasons::Reasons;

impl Reasons {
    /// What is stored with a suggestion: the terms of the taxonomy by the names that `name` has for them now, in the order of
    /// their ids; those that it does not know are left out.
    pub fn record(&self, name: impl Fn(Uuid) -> Option<Shared>) -> suggestion::Reasons {
        let named = |ids: &[Uuid]| ids.iter().filter_map(|id| name(*id)).collect();
        let skills: Vec<_> = self.skills.iter().map(|shared| shared.skill).collect();
        suggestion::Reasons {
            skills: named(&skills),
            topics: named(&self.topics),
            industries: named(&self.industries),
            soft_skills: named(&self.soft_skills),
            languages: self.languages.clone(),
            seniority_distance: self.seniority_distance,
            shared_minutes: self.shared_minutes.and_then(|minutes| i32::try_from(minutes).ok()).unwrap_or_default(),
            in_person: self.in_person,
            terms: self.terms.clone(),
        }
    }

    /// All terms of the taxonomy that it names.
    pub fn taxonomy(&self) -> impl Iterator<Item = Uuid> + '_ {
        let skills = self.skills.iter().map(|shared| shared.skill);
        skills.chain([&self.topics, &self.industries, &self.soft_skills].into_iter().flatten().copied())
    }
}
