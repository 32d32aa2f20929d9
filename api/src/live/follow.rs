//! The reader of the log: one on each node, on behalf of all its streams.

use std::sync::Arc;
use std::time::{Duration, Instant};

use sea_orm::DatabaseConnection;
use tokio::time::timeout;

use super::hub::Live;
use crate::auth::Auth;
use crate::error::Result;
use crate::events::log::{self, Position};
use crate::events::told;
use crate::state::{AppState, Clock};

/// How long a change on another node stays unseen at most where nobody tells of it.
const PAUSE: Duration = Duration::from_millis(250);
/// Before a look at what waits for an older transaction; doubled until something comes.
const HELD: Duration = Duration::from_millis(2);
const AT_ONCE: usize = 500;

/// Reads on in the log for as long as anybody uses it.
pub async fn follow(state: AppState) {
    let live = Arc::downgrade(&state.live);
    let mut reader = Reader {
        db: state.read().clone(),
        auth: Arc::clone(&state.auth),
        clock: state.clock.clone(),
        position: None,
        held: HELD,
        swept: Instant::now(),
        is_failing: false,
    };
    drop(state);
    while let Some(live) = live.upgrade() {
        let pause = reader.round(&live).await;
        reader.sweep(&live);
        // Elapsed or woken, it goes on.
        let _ = timeout(pause, live.woken()).await;
    }
}

struct Reader {
    db: DatabaseConnection,
    auth: Arc<Auth>,
    clock: Clock,
    position: Option<Position>,
    held: Duration,
    swept: Instant,
    is_failing: bool,
}

impl Reader {
    /// Reads one part; how long to wait before the next.
    async fn round(&mut self, live: &Live) -> Duration {
        match self.read(live).await {
            Ok(pause) => {
                self.is_failing = false;
                pause
            }
            Err(error) => {
                if !self.is_failing {
                    tracing::warn!(cause = ?error, "live streams wait for the log");
                }
                self.is_failing = true;
                PAUSE
            }
        }
    }

    /// Ends the streams whose time is over, a few times a second.
    fn sweep(&mut self, live: &Live) {
        if self.swept.elapsed() >= PAUSE {
            self.swept = Instant::now();
            live.end_those_over(self.clock.now());
        }
    }

    async fn read(&mut self, live: &Live) -> Result<Duration> {
        let from = match self.position {
            Some(position) => position,
            None => {
                let position = log::present(&self.db).await?;
                live.begin(position);
                *self.position.insert(position)
            }
        };
        let part = told::after(&self.db, from, AT_ONCE).await?;
        live.take_in(&self.db, &self.auth, &part).await?;
        self.position = Some(part.until);
        self.held = if part.held && part.events.is_empty() { (self.held * 2).min(PAUSE) } else { HELD };
        Ok(match part {
            _ if part.more => Duration::ZERO,
            _ if part.held => self.held,
            _ => PAUSE,
        })
    }
}
