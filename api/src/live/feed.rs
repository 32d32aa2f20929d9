//! What one stream is told, in order and once: first from the database what it missed, then what the reader of the log hands on.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use actix_web::web::Data;
use chrono::TimeDelta;
use tokio::time::sleep;
use uuid::Uuid;

use super::connection::{Connection, Ending, Turn};
use super::cursor::Cursor;
use super::frame::Frame;
use super::hub::{Subscription, frames_of};
use crate::auth::{self, Standing};
use crate::error::Result;
use crate::events::log::{self, Position};
use crate::events::{STAFF, told};
use crate::state::AppState;

/// Events that are read, or handed on, at once.
const AT_ONCE: usize = 64;
/// After a failure of the database.
const PAUSE: Duration = Duration::from_millis(250);

pub struct Feed {
    state: Data<AppState>,
    subscription: Subscription,
    /// Up to where it has been told; none before it began.
    seen: Option<Position>,
    phase: Phase,
    /// What is said first
    start: Option<&'static str>,
}

#[derive(Clone, Copy)]
enum Phase {
    Detached,
    /// Reads from the database what is up to this position.
    CatchingUp(Position),
    Live,
}

impl Feed {
    /// Begins after the event with the id `after`, or now.
    pub async fn open(state: Data<AppState>, user: Uuid, session: Uuid, after: Option<&str>) -> Result<Self> {
        let subscription = state.live.subscribe(user, session)?;
        let mut feed = Self { state, subscription, seen: None, phase: Phase::Detached, start: Some("ready") };
        if let Some(after) = after {
            feed.resume(after).await?;
        }
        Ok(feed)
    }

    /// Goes on after the event with the id `after`; where that is too old or not one of ours, it says so and begins anew.
    pub async fn resume(&mut self, after: &str) -> Result<()> {
        let known = self.known(after).await?;
        self.start = if known.is_some() { None } else { Some("resync") };
        self.seen = known;
        self.phase = Phase::Detached;
        // What waits comes after what is to be told first.
        self.connection().fall_behind();
        Ok(())
    }

    async fn known(&self, after: &str) -> Result<Option<Position>> {
        let oldest = self.state.clock.now() - TimeDelta::days(self.state.config.event_days.into());
        let Some(cursor) = Cursor::open(&self.state.auth, after).filter(|cursor| cursor.at > oldest) else {
            return Ok(None);
        };
        // A database that was restored knows less than its clients.
        let end = log::end(self.state.read()).await?;
        Ok(Some(cursor.position).filter(|position| position.is_before(end)))
    }

    pub fn connection(&self) -> &Arc<Connection> {
        &self.subscription.connection
    }

    /// What comes next; whoever stops waiting loses nothing.
    pub async fn next(&mut self) -> Result<Vec<Arc<Frame>>, Ending> {
        loop {
            match self.subscription.connection.turn(AT_ONCE) {
                Turn::End(ending) => return Err(ending),
                Turn::Doubted => patiently(self.confirm()).await,
                Turn::Frames(frames) => return Ok(self.handed_on(frames)),
                turn @ (Turn::Behind | Turn::Wait) => {
                    if matches!(turn, Turn::Behind) {
                        self.phase = Phase::Detached;
                    }
                    if let Some(frames) = self.advance().await {
                        return Ok(frames);
                    }
                }
            }
        }
    }

    fn handed_on(&mut self, frames: Vec<Arc<Frame>>) -> Vec<Arc<Frame>> {
        let last = frames.iter().rev().find(|frame| !frame.is_passing());
        self.seen = last.map(|frame| frame.position).or(self.seen);
        frames
    }

    async fn advance(&mut self) -> Option<Vec<Arc<Frame>>> {
        let Phase::CatchingUp(until) = self.phase else {
            return if let Phase::Live = self.phase {
                self.subscription.connection.changed().await;
                None
            } else {
                self.state.live.begun().await;
                self.attach()
            };
        };
        let seen = self.seen.unwrap_or(until);
        if seen >= until {
            self.phase = if self.connection().caught_up() { Phase::Live } else { Phase::Detached };
            return None;
        }
        // Apart, so that a stream that is idle holds no room for it.
        match Box::pin(self.page(seen, until)).await {
            // Read with rights that may be over: it is read again.
            Ok(_) if self.connection().is_doubted() => None,
            Ok((frames, now)) => {
                self.seen = Some(now);
                (!frames.is_empty()).then_some(frames)
            }
            Err(error) => {
                tracing::warn!(cause = ?error, "a live stream waits for the database");
                sleep(PAUSE).await;
                None
            }
        }
    }

    fn attach(&mut self) -> Option<Vec<Arc<Frame>>> {
        let until = self.state.live.attach(self.connection(), self.seen);
        self.phase = Phase::CatchingUp(until);
        let seen = *self.seen.get_or_insert(until);
        let kind = self.start.take()?;
        let cursor = Cursor { position: seen, at: self.state.clock.now() };
        Some(vec![Arc::new(Frame::start(&self.state.auth, kind, cursor))])
    }

    async fn page(&self, seen: Position, until: Position) -> Result<(Vec<Arc<Frame>>, Position)> {
        let (db, one) = (self.state.read(), self.connection());
        let receivers = [one.user, STAFF];
        let receivers = if one.is_staff() { &receivers[..] } else { &receivers[..1] };
        let (events, last) = told::between(db, receivers, (seen, until), AT_ONCE).await?;
        let events: Vec<_> = events.iter().collect();
        let known = self.state.live.audiences.of(db, &events).await?;
        let admitted: Vec<_> = events.into_iter().filter(|told| known.admits(told, one.user, one.is_staff())).collect();
        let mut frames = frames_of(db, &self.state.auth, &admitted).await?;
        let frames = admitted.iter().filter_map(|told| frames.remove(&told.position)).collect();
        Ok((frames, last.unwrap_or(until)))
    }

    /// Asks the database whether the session still holds. It lasts for as long as it did when the stream was opened.
    async fn confirm(&self) -> Result<()> {
        let one = &self.subscription.connection;
        let doubts = one.doubts();
        match Box::pin(auth::standing(&self.state, one.session, None)).await {
            Ok(Standing { caller, until }) if caller.id() == one.user => {
                one.confirm(doubts, caller.is_staff(), until);
            }
            Ok(_) => one.end(Ending::NotAdmitted),
            Err(error) if error.code().status().is_client_error() => one.end(Ending::NotAdmitted),
            Err(error) => return Err(error),
        }
        Ok(())
    }
}

async fn patiently(work: impl Future<Output = Result<()>>) {
    if let Err(error) = work.await {
        tracing::warn!(cause = ?error, "a live stream waits for the database");
        sleep(PAUSE).await;
    }
}
