use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError, RwLock};

use chrono::{DateTime, Utc};
use entity::side::Side;
use matching::{Faulty, Hit, Index, Profile, Query, Retriever, Sliced};
use sea_orm::ConnectionTrait;
use tokio::sync::{Notify, watch};
use uuid::Uuid;

use super::concern::{self, may_concern};
use super::load;
use super::noted::Noted;
use super::profiles::{self, Who};
use super::snapshot::Stamp;
use crate::error::Result;
use crate::events::log::{self, Entry, Position};

/// Users that are read again at once.
pub(super) const AT_ONCE: usize = 500;

/// This node's index, and what it has yet to take in.
pub struct Candidates {
    index: RwLock<Option<Index>>,
    /// Held while rows are read and written, or what was read earlier could overwrite what was read later
    writing: tokio::sync::Mutex<()>,
    noted: Mutex<Noted>,
    pending: AtomicUsize,
    report: watch::Sender<Report>,
    stamp: Mutex<Option<Stamp>>,
    asked: Mutex<Asked>,
    wake: Notify,
}

/// What the node's follower is asked to do besides following.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Asked {
    pub load: bool,
    pub check: bool,
}

impl Asked {
    pub fn add(&mut self, more: &Self) {
        self.load |= more.load;
        self.check |= more.check;
    }
}

/// How the index of this node stands.
#[derive(Clone, Debug, Default)]
pub struct Report {
    /// None before it is loaded
    pub loaded_at: Option<DateTime<Utc>>,
    pub checked_at: Option<DateTime<Utc>>,
    /// Checks since the start of the node
    pub checks: u64,
    /// Rows that the last check compared
    pub compared: u64,
    /// Rows that differed from the database at the last check
    pub differed: u64,
}

impl Default for Candidates {
    fn default() -> Self {
        Self {
            index: RwLock::default(),
            writing: tokio::sync::Mutex::default(),
            noted: Mutex::default(),
            pending: AtomicUsize::new(0),
            report: watch::Sender::default(),
            stamp: Mutex::default(),
            asked: Mutex::default(),
            wake: Notify::new(),
        }
    }
}

impl Candidates {
    /// Remembers what was written, to be taken in before somebody is looked up.
    pub fn note(&self, entries: Vec<Entry>) {
        let concerning: Vec<_> = entries.into_iter().filter(|entry| may_concern(entry.kind)).collect();
        if concerning.is_empty() {
            return;
        }
        self.change_noted(|noted| noted.add(concerning));
    }

    fn change_noted<T>(&self, change: impl FnOnce(&mut Noted) -> T) -> T {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let changed = change(&mut noted);
        self.pending.store(noted.new_entries().len(), Ordering::Release);
        changed
    }

    /// Takes in what was noted, if anything. It stays noted until it is in, whatever comes in between.
    pub async fn catch_up(&self, db: &impl ConnectionTrait, now: DateTime<Utc>) -> Result<()> {
        if self.pending.load(Ordering::Acquire) == 0 {
            return Ok(());
        }
        let _writing = self.writing.lock().await;
        let new = self.change_noted(|noted| noted.new_entries().to_vec());
        self.take_in(db, &new, now).await?;
        self.change_noted(|noted| noted.take_in(new.len()));
        Ok(())
    }

    /// Reads on in the log, and takes in what is new. Tells whether there may be more.
    pub async fn read_on(
        &self,
        db: &impl ConnectionTrait,
        position: &mut Position,
        now: DateTime<Utc>,
    ) -> Result<bool> {
        const MOST: u32 = 1000;
        let mut next = *position;
        let mut entries = log::read_on(db, &mut next, MOST).await?;
        let more = entries.len() >= MOST as usize;
        entries.retain(|entry| may_concern(entry.kind));
        if !entries.is_empty() {
            let _writing = self.writing.lock().await;
            self.take_in(db, &entries, now).await?;
        }
        *position = next;
        Ok(more)
    }

    async fn take_in(&self, db: &impl ConnectionTrait, entries: &[Entry], now: DateTime<Utc>) -> Result<()> {
        let concerned = concern::of(db, entries).await?;
        let users: Vec<_> = concerned.users.into_iter().collect();
        for some in users.chunks(AT_ONCE) {
            self.write(db, some, now).await?;
        }
        if concerned.everybody {
            self.ask(|asked| asked.load = true);
        }
        Ok(())
    }

    /// Reads these users again, whatever was noted of them.
    pub async fn read_again(&self, db: &impl ConnectionTrait, users: &[Uuid], now: DateTime<Utc>) -> Result<()> {
        let _writing = self.writing.lock().await;
        self.write(db, users, now).await
    }

    async fn write(&self, db: &impl ConnectionTrait, users: &[Uuid], now: DateTime<Utc>) -> Result<()> {
        let profiles = profiles::load_both(db, Who::These(users), now).await?;
        self.change(|index| write_all(index, users, &profiles));
        Ok(())
    }

    /// From now on until [`Self::put`], the index is made anew.
    pub(super) fn begin_load(&self) {
        self.change_noted(Noted::begin_load);
    }

    /// The index as it was made anew; what this node wrote meanwhile is taken in again before anybody is looked up.
    pub(super) async fn put(&self, index: Index) {
        let _writing = self.writing.lock().await;
        self.change_noted(Noted::end_load);
        *self.index.write().unwrap_or_else(PoisonError::into_inner) = Some(index);
    }

    /// Up to where the index is true; none before it is loaded.
    pub(super) fn stamp(&self) -> Option<Stamp> {
        self.stamp.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// The index can be used from now on.
    pub(super) fn begin(&self, stamp: &Stamp, now: DateTime<Utc>) {
        self.set_stamp(stamp);
        self.change_report(|report| report.loaded_at = Some(now));
    }

    pub(super) fn set_stamp(&self, stamp: &Stamp) {
        *self.stamp.lock().unwrap_or_else(PoisonError::into_inner) = Some(stamp.clone());
    }

    /// The best `k` partners of the query besides those excluded; none before the index is loaded.
    ///
    /// # Errors
    /// Where the query's profile does not keep the bounds of matching.
    pub fn best(&self, query: &Query<'_>, k: usize, excluded: &BTreeSet<Uuid>) -> Result<Vec<Hit>, Faulty> {
        self.read(|index| Sliced(index).top_k(query, k, excluded)).unwrap_or_else(|| Ok(Vec::new()))
    }

    /// What `look` sees in the index; none before it is loaded.
    pub fn read<T>(&self, look: impl FnOnce(&Index) -> T) -> Option<T> {
        self.index.read().unwrap_or_else(PoisonError::into_inner).as_ref().map(look)
    }

    pub(super) fn change(&self, change: impl FnOnce(&mut Index)) {
        if let Some(index) = self.index.write().unwrap_or_else(PoisonError::into_inner).as_mut() {
            change(index);
        }
    }

    pub fn report(&self) -> Report {
        self.report.borrow().clone()
    }

    pub(super) fn change_report(&self, change: impl FnOnce(&mut Report)) {
        self.report.send_modify(change);
    }

    /// Compares everybody with the database, and tells how that went.
    pub async fn check(&self) -> Report {
        let mut reports = self.report.subscribe();
        let before = reports.borrow().checks;
        self.ask(|asked| asked.check = true);
        // The sender lives as long as this.
        let _ = reports.wait_for(|report| report.checks > before).await;
        self.report()
    }

    /// Returns once the index is loaded.
    pub async fn loaded(&self) {
        let _ = self.report.subscribe().wait_for(|report| report.loaded_at.is_some()).await;
    }

    pub(super) fn ask(&self, what: impl FnOnce(&mut Asked)) {
        what(&mut self.asked.lock().unwrap_or_else(PoisonError::into_inner));
        self.wake.notify_one();
    }

    /// Asks the same in the next round again, without waking anybody.
    pub(super) fn ask_again(&self, what: &Asked) {
        self.asked.lock().unwrap_or_else(PoisonError::into_inner).add(what);
    }

    /// What was asked since this was called last.
    pub(super) fn asked(&self) -> Asked {
        std::mem::take(&mut *self.asked.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns once something is asked.
    pub(super) async fn woken(&self) {
        self.wake.notified().await;
    }
}

/// Writes `users` as their profiles say; whoever has none is taken out.
fn write_all(index: &mut Index, users: &[Uuid], profiles: &[(Side, Profile)]) {
    let known: BTreeSet<_> = profiles.iter().map(|(_, profile)| profile.user_id).collect();
    for user in users.iter().filter(|user| !known.contains(user)) {
        for side in profiles::BOTH {
            index.remove(side, *user);
        }
    }
    profiles.iter().for_each(|(side, profile)| load::write(index, *side, profile));
}
