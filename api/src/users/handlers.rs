mod me;
mod preferences;
mod profile;
mod sets;

pub use me::{get_me, update_me};
pub use preferences::{
    get_availability, get_notification_preferences, replace_availability, replace_notification_preferences,
};
pub use profile::get_user;
pub use sets::{
    replace_mentee_skills, replace_mentee_soft_skills, replace_mentee_topics, replace_mentor_skills,
    replace_mentor_soft_skills, replace_mentor_topics,
};
