use std::collections::{HashMap, HashSet};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, TimeDelta, Utc};
use sea_orm::ConnectionTrait;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::audience::{Audiences, Known};
use super::bus::Bus;
use super::connection::{Connection, Ending};
use super::frame::Frame;
use crate::auth::Auth;
use crate::config::Config;
use crate::error::{Code, Error, Result};
use crate::events::STAFF;
use crate::events::log::{Entry, Position};
use crate::events::told::{Part, Told};
use crate::messages;

/// Streams that one member may have open on a node.
const MOST_STREAMS: usize = 5;

/// The open streams of this node, and how far they have been told.
pub struct Live {
    hub: Mutex<Hub>,
    /// Whether the log is being read; before, nobody knows where a stream begins.
    begun: watch::Sender<bool>,
    wake: Notify,
    stopping: AtomicBool,
    pub(super) audiences: Audiences,
    pub(super) bus: Bus,
}

#[derive(Default)]
struct Hub {
    until: Position,
    last_id: u64,
    by_user: HashMap<Uuid, Vec<Arc<Connection>>>,
}

impl Hub {
    fn all(&self) -> impl Iterator<Item = &Arc<Connection>> {
        self.by_user.values().flatten()
    }

    /// The streams of a receiver, which may be the staff.
    fn of(&self, receiver: Uuid) -> impl Iterator<Item = &Arc<Connection>> {
        let staff = (receiver == STAFF).then(|| self.all().filter(|one| one.is_staff()));
        self.by_user.get(&receiver).into_iter().flatten().chain(staff.into_iter().flatten())
    }
}

impl Live {
    pub fn new(config: &Config) -> anyhow::Result<Self> {
        Ok(Self {
            hub: Mutex::default(),
            begun: watch::Sender::new(false),
            wake: Notify::new(),
            stopping: AtomicBool::new(false),
            audiences: Audiences::default(),
            bus: Bus::new(config)?,
        })
    }

    fn hub(&self) -> MutexGuard<'_, Hub> {
        self.hub.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn wake(&self) {
        self.wake.notify_one();
    }

    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }

    pub(super) fn begin(&self, position: Position) {
        self.hub().until = position;
        self.begun.send_replace(true);
    }

    /// Returns once streams can begin.
    pub(super) async fn begun(&self) {
        // The sender lives as long as this.
        let _ = self.begun.subscribe().wait_for(|begun| *begun).await;
    }

    pub(super) fn subscribe(self: &Arc<Self>, user: Uuid, session: Uuid) -> Result<Subscription> {
        if self.stopping.load(Ordering::Acquire) {
            return Err(Error::refused(Code::Unavailable, "the server is stopping"));
        }
        let mut hub = self.hub();
        hub.last_id += 1;
        let id = hub.last_id;
        let open = hub.by_user.entry(user).or_default();
        if open.len() >= MOST_STREAMS {
            // Those whose clients are gone are found out by the time that this one comes back.
            let sign = Arc::new(Frame::sign_of_life());
            open.iter().for_each(|one| one.push_passing(&sign));
            return Err(Error::later(Code::TooManyStreams, TimeDelta::seconds(5)));
        }
        let connection = Arc::new(Connection::new(id, user, session));
        open.push(Arc::clone(&connection));
        Ok(Subscription { live: Arc::clone(self), connection })
    }

    /// From where on `connection` is told, which has seen what is up to `seen`: what is before that, it reads itself.
    pub(super) fn attach(&self, connection: &Connection, seen: Option<Position>) -> Position {
        let hub = self.hub();
        connection.attach(seen.unwrap_or_default().max(hub.until));
        hub.until
    }

    /// Tells the streams of this node what is new.
    pub(super) async fn take_in(&self, db: &impl ConnectionTrait, auth: &Auth, part: &Part) -> Result<()> {
        for told in &part.events {
            self.audiences.note(told);
            self.follow_rights(auth, Entry { kind: told.kind, subject: told.subject });
        }
        let connected = self.connected(&part.events);
        let heard: Vec<_> =
            part.events.iter().filter(|told| told.receivers.iter().any(|one| connected.contains(one))).collect();
        let frames = frames_of(db, auth, &heard).await?;
        let known = self.audiences.of(db, &heard).await?;
        let mut hub = self.hub();
        for told in &part.events {
            hub.tell(told, frames.get(&told.position), &known);
        }
        hub.until = part.until;
        Ok(())
    }

    /// Those receivers who have a stream open here.
    fn connected(&self, events: &[Told]) -> HashSet<Uuid> {
        let hub = self.hub();
        let receivers: HashSet<_> = events.iter().flat_map(|told| told.receivers.iter().copied()).collect();
        receivers.into_iter().filter(|receiver| hub.of(*receiver).next().is_some()).collect()
    }

    pub(super) fn each(&self, which: impl Fn(&Connection) -> bool, what: impl Fn(&Connection)) {
        self.hub().all().filter(|one| which(one)).for_each(|one| what(one));
    }

    pub(super) fn end_those_over(&self, now: DateTime<Utc>) {
        self.each(|_| true, |one| one.end_if_over(now));
    }

    /// What is of the moment, to the streams of `user`.
    pub(super) fn pass_on(&self, user: Uuid, frame: &Arc<Frame>) {
        self.hub().of(user).for_each(|one| one.push_passing(frame));
    }

    /// Ends all streams, and lets no new ones begin.
    pub fn stop(&self) {
        self.stopping.store(true, Ordering::Release);
        self.each(|_| true, |one| one.end(Ending::Stopping));
    }

    /// Whether other nodes learn at once of what is written here, as far as that was asked for.
    pub fn is_degraded(&self) -> bool {
        self.bus.is_away()
    }
}

impl Hub {
    fn tell(&self, told: &Told, frame: Option<&Arc<Frame>>, known: &Known) {
        for receiver in &told.receivers {
            for one in self.of(*receiver) {
                match frame {
                    Some(frame) if known.admits(told, one.user, one.is_staff()) => one.push(frame),
                    // It was opened while the frames were made.
                    None => one.fall_behind(),
                    Some(_) => {}
                }
            }
        }
    }
}

/// The frames of `events`, with the messages that they are about, by their positions.
pub(super) async fn frames_of(
    db: &impl ConnectionTrait,
    auth: &Auth,
    events: &[&Told],
) -> Result<HashMap<Position, Arc<Frame>>> {
    let message_of = |told: &Told| told.data["messageId"].as_str().and_then(|id| id.parse::<Uuid>().ok());
    let ids: HashSet<_> = events.iter().filter_map(|told| message_of(told)).collect();
    let messages = messages::by_ids(db, ids.into_iter().collect()).await?;
    let mut frames = HashMap::with_capacity(events.len());
    for told in events {
        let message = message_of(told).and_then(|id| messages.get(&id)).cloned();
        frames.insert(told.position, Arc::new(Frame::event(auth, told, message.map(Into::into))?));
    }
    Ok(frames)
}

/// An open stream, until it is dropped.
pub(super) struct Subscription {
    live: Arc<Live>,
    pub connection: Arc<Connection>,
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut hub = self.live.hub();
        let user = self.connection.user;
        if let Some(open) = hub.by_user.get_mut(&user) {
            open.retain(|one| one.id != self.connection.id);
            if open.is_empty() {
                hub.by_user.remove(&user);
            }
        }
    }
}
