//! The steps, in their order. Each writes its own tables and the events of what it brings.

mod accounts;
mod conversations;
mod issues;
mod mentorships;
mod messages;
mod moves;
mod sessions;
mod skills;
mod suggestions;
pub mod users;

use anyhow::Result;
use indicatif::ProgressBar;

use crate::load::Load;
use crate::world::World;

#[derive(Clone, Copy, Debug)]
pub enum Step {
    Skills,
    Users,
    Accounts,
    Sessions,
    Mentorships,
    Messages,
    Suggestions,
    Conversations,
    Issues,
}

pub const ALL: [Step; 9] = [
    Step::Skills,
    Step::Users,
    Step::Accounts,
    Step::Sessions,
    Step::Mentorships,
    Step::Messages,
    Step::Suggestions,
    Step::Conversations,
    Step::Issues,
];

impl Step {
    pub fn name(self) -> String {
        format!("{self:?}")
    }

    /// Whether it is a step towards a world without accounts and messages.
    pub fn is_bare(self) -> bool {
        matches!(self, Self::Skills | Self::Users | Self::Mentorships | Self::Suggestions)
    }

    pub async fn run(self, world: &World, load: &mut Load, bar: &ProgressBar) -> Result<()> {
        match self {
            Self::Skills => skills::load(load).await?,
            Self::Users => users::load(world, load, bar).await?,
            Self::Accounts => accounts::load(world, load, bar).await?,
            Self::Sessions => sessions::load(world, load, bar).await?,
            Self::Mentorships => mentorships::load(world, load, bar).await?,
            Self::Messages => messages::load(world, load, bar).await?,
            Self::Suggestions => suggestions::load(world, load, bar).await?,
            Self::Conversations => conversations::load(world, load, bar).await?,
            Self::Issues => issues::load(world, load).await?,
        }
        Ok(())
    }
}
