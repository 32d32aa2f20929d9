mod availability;
mod language;
mod me;
mod preferences;
mod profile;
mod sets;

pub use availability::{Availability, AvailabilityOut, Window, WindowOut, to_minutes};
pub use language::Language;
pub use me::{MeOut, UpdateMe, linkedin};
pub use preferences::{Preferences, PreferencesOut};
pub use profile::ProfileOut;
pub use sets::{
    SkillChoice, SkillOut, SkillSet, SkillSetOut, SoughtSkillChoice, SoughtSkillOut, SoughtSkillSet, SoughtSkillSetOut,
    TermSet, TermSetOut,
};
