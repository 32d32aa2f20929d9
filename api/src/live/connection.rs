//! What one open stream has yet to be told: bounded, so that who does not read costs no memory.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use chrono::{DateTime, Utc};
use tokio::sync::Notify;
use uuid::Uuid;

use super::frame::Frame;
use crate::events::log::Position;

/// What may wait for a client that reads slowly.
const MOST_FRAMES: usize = 256;
const MOST_BYTES: usize = 1024 * 1024;

/// Why a stream ends, in the codes of a WebSocket's close.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Ending {
    /// The session is over, or its member may not listen any more
    NotAdmitted,
    /// It read too slowly
    Slow,
    /// This node stops
    Stopping,
}

impl Ending {
    pub fn code(self) -> u16 {
        match self {
            Self::Stopping => 1012,
            Self::NotAdmitted => 4001,
            Self::Slow => 4008,
        }
    }

    pub fn word(self) -> &'static str {
        match self {
            Self::Stopping => "restarting",
            Self::NotAdmitted => "session_ended",
            Self::Slow => "too_slow",
        }
    }
}

pub struct Connection {
    pub id: u64,
    pub user: Uuid,
    pub session: Uuid,
    staff: AtomicBool,
    inner: Mutex<Inner>,
    changed: Notify,
}

struct Inner {
    frames: VecDeque<Arc<Frame>>,
    bytes: usize,
    /// It reads from the database what came before; an overflow then only means that it reads on there.
    catching_up: bool,
    /// What came since it last read from the database must be read there
    behind: bool,
    /// How often its session was doubted, and up to which doubt it was asked for
    doubts: u64,
    settled: u64,
    until: DateTime<Utc>,
    last: Position,
    ending: Option<Ending>,
}

/// What a stream does next.
pub enum Turn {
    Frames(Vec<Arc<Frame>>),
    End(Ending),
    Doubted,
    Behind,
    Wait,
}

impl Connection {
    pub fn new(id: u64, user: Uuid, session: Uuid) -> Self {
        let inner = Inner {
            frames: VecDeque::new(),
            bytes: 0,
            catching_up: true,
            behind: false,
            // What ended it may have been told before this was opened.
            doubts: 1,
            settled: 0,
            until: DateTime::<Utc>::MAX_UTC,
            last: Position::default(),
            ending: None,
        };
        Self { id, user, session, staff: AtomicBool::new(false), inner: Mutex::new(inner), changed: Notify::new() }
    }

    fn inner(&self) -> MutexGuard<'_, Inner> {
        self.inner.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub fn is_staff(&self) -> bool {
        self.staff.load(Ordering::Acquire)
    }

    /// Adds an event; each position once.
    pub fn push(&self, frame: &Arc<Frame>) {
        let mut inner = self.inner();
        if inner.ending.is_some() || inner.behind || frame.position <= inner.last {
            return;
        }
        // It was admitted by rights that may be over.
        if inner.is_doubted() {
            return inner.fall_behind();
        }
        inner.last = frame.position;
        inner.add(frame);
        drop(inner);
        self.changed.notify_one();
    }

    /// Adds what is of the moment only; it is left out where older things are still to be told.
    pub fn push_passing(&self, frame: &Arc<Frame>) {
        let mut inner = self.inner();
        if inner.ending.is_none() && !inner.behind && !inner.catching_up {
            inner.add(frame);
            drop(inner);
            self.changed.notify_one();
        }
    }

    /// What is new must be read from the database.
    pub fn fall_behind(&self) {
        self.inner().fall_behind();
        self.changed.notify_one();
    }

    pub fn end(&self, ending: Ending) {
        let mut inner = self.inner();
        inner.clear();
        inner.ending.get_or_insert(ending);
        drop(inner);
        self.changed.notify_one();
    }

    /// Its session is asked for. What waits was for the rights it had: it is read anew with those that are left.
    pub fn doubt(&self) {
        let mut inner = self.inner();
        inner.doubts += 1;
        inner.fall_behind();
        drop(inner);
        self.changed.notify_one();
    }

    /// Whether its rights are to be asked for before anything is done by them.
    pub fn is_doubted(&self) -> bool {
        let inner = self.inner();
        inner.ending.is_some() || inner.is_doubted()
    }

    /// Ends it where its session's time is over.
    pub fn end_if_over(&self, now: DateTime<Utc>) {
        if self.inner().until <= now {
            self.end(Ending::NotAdmitted);
        }
    }

    pub fn doubts(&self) -> u64 {
        self.inner().doubts
    }

    /// Its session holds, as was asked after so many doubts. It lasts until the first time that this was answered.
    pub fn confirm(&self, doubts: u64, staff: bool, until: DateTime<Utc>) {
        let mut inner = self.inner();
        // What is handed on in this moment is by the former rights.
        if self.staff.swap(staff, Ordering::AcqRel) != staff {
            inner.fall_behind();
        }
        if inner.settled == 0 {
            inner.until = until;
        }
        inner.settled = doubts;
    }

    /// The session was proved again.
    pub fn extend(&self, until: DateTime<Utc>) {
        self.inner().until = until;
    }

    /// It reads from the database up to `position`, and is told what comes after that. The hub is locked meanwhile.
    pub fn attach(&self, position: Position) {
        let mut inner = self.inner();
        inner.clear();
        inner.behind = false;
        inner.catching_up = true;
        inner.last = position;
    }

    /// It has read what came before, unless more came in the meantime than it could hold.
    pub fn caught_up(&self) -> bool {
        let mut inner = self.inner();
        inner.catching_up = inner.behind;
        !inner.behind
    }

    /// What is to be done now; the frames only where it has caught up.
    pub fn turn(&self, at_most: usize) -> Turn {
        let mut inner = self.inner();
        if let Some(ending) = inner.ending {
            return Turn::End(ending);
        }
        if inner.is_doubted() {
            return Turn::Doubted;
        }
        if inner.behind {
            return Turn::Behind;
        }
        if inner.catching_up || inner.frames.is_empty() {
            return Turn::Wait;
        }
        Turn::Frames(inner.take(at_most))
    }

    pub async fn changed(&self) {
        self.changed.notified().await;
    }

    pub async fn ended(&self) -> Ending {
        loop {
            if let Some(ending) = self.inner().ending {
                return ending;
            }
            self.changed().await;
        }
    }
}

impl Inner {
    fn is_doubted(&self) -> bool {
        self.doubts > self.settled
    }

    fn add(&mut self, frame: &Arc<Frame>) {
        self.bytes += frame.size();
        self.frames.push_back(Arc::clone(frame));
        if self.frames.len() <= MOST_FRAMES && self.bytes <= MOST_BYTES {
            return;
        }
        self.clear();
        match self.catching_up {
            true => self.behind = true,
            false => self.ending = Some(Ending::Slow),
        }
    }

    fn take(&mut self, at_most: usize) -> Vec<Arc<Frame>> {
        let count = at_most.min(self.frames.len());
        let taken: Vec<_> = self.frames.drain(..count).collect();
        self.bytes -= taken.iter().map(|frame| frame.size()).sum::<usize>();
        if self.frames.is_empty() {
            // Most streams are idle most of the time.
            self.frames = VecDeque::new();
        }
        taken
    }

    fn fall_behind(&mut self) {
        self.clear();
        self.behind = true;
    }

    fn clear(&mut self) {
        self.frames = VecDeque::new();
        self.bytes = 0;
    }
}
