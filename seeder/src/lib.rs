//! Demonstration data: the same for the same seed number, on both databases, from ten users to a million.

mod calendar;
mod chronicle;
mod crowd;
mod dice;
mod first;
mod ids;
mod load;
mod plan;
mod report;
mod steps;
mod taxonomy;
mod texts;
mod world;

use anyhow::{Result, ensure};
use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};
use sea_orm::DatabaseConnection;

pub use calendar::NOW;
pub use report::{Report, SignIn};

use crate::load::Load;
use crate::world::World;

/// The password of every seeded user.
pub const PASSWORD: &str = "mentorship-demo";

pub struct Options {
    /// The same number gives the same data.
    pub seed: u64,
    /// How many users in all, where more than the ten are wanted.
    pub scale: Option<u64>,
    /// Only members, their mentorships and suggestions: no account, session, message, event or notification. For measuring matching
    /// at a size whose whole story would fill a disk.
    pub bare: bool,
    /// Show on stderr how far it is.
    pub progress: bool,
}

/// Fills an empty, migrated database in one transaction. Where this was done before nothing is changed, and where there
/// are other users it is refused.
pub async fn seed(db: &DatabaseConnection, options: Options) -> Result<Report> {
    ensure!(!migration::pending(db).await?, "the database has no schema, or an old one: migrate it first");
    let mut load = Load::begin(db, options.bare).await?;
    if steps::users::is_seeded(&mut load).await? {
        return Ok(Report::untouched());
    }
    ensure!(
        load.count("SELECT count(*) AS n FROM users").await? == 0,
        "the database holds users who were not seeded: demonstration data is refused there"
    );
    let world = World::new(options.seed, options.scale);
    let bars = MultiProgress::with_draw_target(match options.progress {
        true => ProgressDrawTarget::stderr(),
        false => ProgressDrawTarget::hidden(),
    });
    let style = ProgressStyle::with_template("{prefix:14} {wide_bar} {percent:>3} % {elapsed:>4}")?;
    for step in steps::ALL.into_iter().filter(|step| !options.bare || step.is_bare()) {
        let bar = bars.add(ProgressBar::new(world.circles()).with_style(style.clone()).with_prefix(step.name()));
        step.run(&world, &mut load, &bar).await?;
        bar.finish();
    }
    if options.scale.is_some() {
        load.execute("ANALYZE").await?;
    }
    Ok(Report::created(load.commit().await?))
}
