//! Who may be told of an event at this moment, whatever was written down when it happened.

use std::collections::{BTreeSet, HashMap};
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

use moka::sync::Cache;
use sea_orm::{ConnectionTrait, FromQueryResult};
use uuid::Uuid;

use crate::error::Result;
use crate::events::Kind;
use crate::events::told::Told;
use crate::sql::Sql;

/// For how long a node trusts what it read of two people; what changes it is dropped by its event.
const REMEMBERED: Duration = Duration::from_secs(4);

/// What two people share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Shared {
    Mentorship(Uuid),
    Conversation(Uuid),
    Suggestion(Uuid),
    /// Who reported, and whom
    Issue(Uuid),
}

/// What makes it of an id; the table, its two people, and whether they may write to each other there.
type Source = (fn(Uuid) -> Shared, &'static str);

impl Shared {
    /// What `told` is about; none where it is about one person or the staff.
    fn of(told: &Told) -> Option<Self> {
        let in_mentorship = || told.data["mentorshipId"].as_str().and_then(|id| id.parse().ok());
        match told.kind.stream() {
            "mentorship" => Some(Self::Mentorship(told.subject)),
            "conversation" => Some(Self::Conversation(told.subject)),
            "suggestion" => Some(Self::Suggestion(told.subject)),
            "issue" => Some(Self::Issue(told.subject)),
            "goal" | "meeting" | "note" => in_mentorship().map(Self::Mentorship),
            _ => None,
        }
    }

    /// A thread: whether it is that of a conversation, and its id.
    pub fn thread(self) -> (bool, Uuid) {
        (matches!(self, Self::Conversation(_)), self.id())
    }

    fn id(self) -> Uuid {
        match self {
            Self::Mentorship(id) | Self::Conversation(id) | Self::Suggestion(id) | Self::Issue(id) => id,
        }
    }

    const SOURCES: [Source; 4] = [
        (
            Self::Mentorship,
            "id, mentor_id AS one, mentee_id AS other, status = 'ACTIVE' AND NOT EXISTS (SELECT 1 FROM blocks \
             WHERE mentor_id IN (blocker_id, blocked_id) AND mentee_id IN (blocker_id, blocked_id)) AS open \
             FROM mentorships",
        ),
        (
            Self::Conversation,
            "id, user_a_id AS one, user_b_id AS other, NOT EXISTS (SELECT 1 FROM blocks \
             WHERE user_a_id IN (blocker_id, blocked_id) AND user_b_id IN (blocker_id, blocked_id)) AS open \
             FROM conversations",
        ),
        (Self::Suggestion, "id, mentor_id AS one, mentee_id AS other, FALSE AS open FROM suggestions"),
        (Self::Issue, "id, reporter_id AS one, reported_id AS other, FALSE AS open FROM issues"),
    ];
}

/// The two who share something, and whether they may write to each other there.
#[derive(Clone, Copy, Debug, FromQueryResult)]
pub struct Pair {
    id: Uuid,
    one: Uuid,
    other: Option<Uuid>,
    open: bool,
}

impl Pair {
    fn has(&self, user: Uuid) -> bool {
        user == self.one || Some(user) == self.other
    }

    /// To whom `user` may write here.
    pub fn reached_by(&self, user: Uuid) -> Option<Uuid> {
        match user {
            _ if !self.open => None,
            user if user == self.one => self.other,
            user if Some(user) == self.other => Some(self.one),
            _ => None,
        }
    }
}

pub struct Audiences {
    pairs: Cache<Shared, Option<Pair>>,
    /// How often something was dropped: what was read before that may be of before the change
    dropped: AtomicU64,
}

/// The pairs that some events are about.
#[derive(Default)]
pub struct Known(HashMap<Shared, Pair>);

impl Default for Audiences {
    fn default() -> Self {
        let pairs = Cache::builder().max_capacity(20_000).time_to_live(REMEMBERED).build();
        Self { pairs, dropped: AtomicU64::new(0) }
    }
}

impl Audiences {
    pub async fn of(&self, db: &impl ConnectionTrait, events: &[&Told]) -> Result<Known> {
        let wanted: BTreeSet<_> = events.iter().filter_map(|told| Shared::of(told)).collect();
        self.read(db, &wanted).await
    }

    pub async fn pair(&self, db: &impl ConnectionTrait, shared: Shared) -> Result<Option<Pair>> {
        Ok(self.read(db, &BTreeSet::from([shared])).await?.0.remove(&shared))
    }

    /// Drops what `told` may have changed.
    pub fn note(&self, told: &Told) {
        let keeps = matches!(
            told.kind,
            Kind::MentorshipMessageSent | Kind::ConversationMessageSent | Kind::MentorshipRead | Kind::ConversationRead
        );
        if let Some(shared) = Shared::of(told).filter(|_| !keeps) {
            self.dropped.fetch_add(1, Ordering::AcqRel);
            self.pairs.invalidate(&shared);
        }
    }

    /// Drops everything, where anybody's pair may have changed.
    pub fn forget_all(&self) {
        self.dropped.fetch_add(1, Ordering::AcqRel);
        self.pairs.invalidate_all();
    }

    async fn read(&self, db: &impl ConnectionTrait, wanted: &BTreeSet<Shared>) -> Result<Known> {
        let dropped = self.dropped.load(Ordering::Acquire);
        let (mut known, mut missing) = (Known::default(), BTreeSet::new());
        for shared in wanted {
            match self.pairs.get(shared) {
                Some(pair) => known.0.extend(pair.map(|pair| (*shared, pair))),
                None => _ = missing.insert(*shared),
            }
        }
        for (kind, source) in Shared::SOURCES {
            let ids = missing.iter().filter(|one| kind(one.id()) == **one).map(|one| one.id());
            for pair in pairs(db, source, ids.collect()).await? {
                known.0.insert(kind(pair.id), pair);
            }
        }
        for shared in &missing {
            self.pairs.insert(*shared, known.0.get(shared).copied());
        }
        // Asked after the insertion: whoever drops something later than this finds it there.
        if self.dropped.load(Ordering::Acquire) != dropped {
            missing.iter().for_each(|shared| self.pairs.invalidate(shared));
        }
        Ok(known)
    }
}

async fn pairs(db: &impl ConnectionTrait, source: &str, ids: Vec<Uuid>) -> Result<Vec<Pair>> {
    if ids.is_empty() {
        return Ok(Vec::new());
    }
    let mut sql = Sql::default();
    let ids = sql.bind_all(ids);
    sql.text = format!("SELECT {source} WHERE id IN ({ids})");
    sql.all(db).await
}

impl Known {
    /// Whether `user`, now of the staff or not, may be told.
    pub fn admits(&self, told: &Told, user: Uuid, staff: bool) -> bool {
        let did_it_as_staff = staff && told.actor == Some(user);
        let asked_as_staff = staff && told.kind == Kind::MentorshipSilent && told.receivers.contains(&user);
        match told.kind.stream() {
            "mentorship" | "conversation" | "suggestion" | "goal" | "meeting" => {
                did_it_as_staff || asked_as_staff || self.pair_of(told).is_some_and(|pair| pair.has(user))
            }
            // A private note is nobody's but its author's.
            "note" => match self.pair_of(told) {
                Some(pair) => pair.has(user),
                None => told.actor == Some(user),
            },
            "user" | "inbox" => told.subject == user || did_it_as_staff,
            "issue" => told.receivers.contains(&user) || staff && self.is_handled_by(told, user),
            "match_run" => staff,
            _ => false,
        }
    }

    /// Nobody handles an issue about themselves, or hears of it.
    fn is_handled_by(&self, told: &Told, staff: Uuid) -> bool {
        self.pair_of(told).is_some_and(|issue| issue.other != Some(staff))
    }

    fn pair_of(&self, told: &Told) -> Option<&Pair> {
        self.0.get(&Shared::of(told)?)
    }
}
