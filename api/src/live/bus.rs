//! Redis as a bell between nodes: it says that there is something to read, never what. Who types passes through it too, since that
//! is stored nowhere, and whose rights may be over, which each node then asks for itself. Where it is away, each node looks by itself a
//! few times a second.

use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError, Weak};
use std::time::Duration;

use futures_util::StreamExt;
use redis::aio::{MultiplexedConnection, PubSub};
use redis::{Client, RedisResult, cmd};
use secrecy::ExposeSecret;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use tokio::sync::{Notify, mpsc};
use tokio::time::{sleep, timeout};
use uuid::Uuid;

use super::frame::Frame;
use super::hub::Live;
use crate::config::Config;
use crate::events::Kind;
use crate::events::log::Entry;

const WRITTEN: &str = "mentorship:live:written";
const TYPING: &str = "mentorship:live:typing";
const DOUBTED: &str = "mentorship:live:doubted";
const PATIENCE: Duration = Duration::from_millis(500);
/// Between two tries to reach it, and two looks at whether it answers.
const PAUSE: Duration = Duration::from_millis(500);
/// What waits to be passed on; more is of the past before it arrives.
const MOST_PASSING: usize = 256;

/// Somebody types in a thread, which concerns somebody.
#[derive(Serialize, Deserialize)]
pub struct Typing {
    pub conversation: bool,
    pub thread: Uuid,
    pub from: Uuid,
    pub to: Uuid,
}

impl Typing {
    pub fn frame(&self) -> Arc<Frame> {
        let place = if self.conversation { "conversationId" } else { "mentorshipId" };
        Arc::new(Frame::typing(place, self.thread, self.from))
    }
}

/// An event that another node may not be able to read yet.
#[derive(Serialize, Deserialize)]
pub struct Doubted {
    kind: String,
    subject: Uuid,
}

impl Doubted {
    pub fn new(entry: Entry) -> Self {
        Self { kind: entry.kind.word().to_owned(), subject: entry.subject }
    }

    /// None where it is of a newer version.
    fn entry(&self) -> Option<Entry> {
        Some(Entry { kind: Kind::of_word(&self.kind)?, subject: self.subject })
    }
}

/// A channel, and what is said there.
type Passing = (&'static str, String);

pub struct Bus {
    client: Option<Client>,
    written: Arc<Notify>,
    passing: mpsc::Sender<Passing>,
    passed: Mutex<Option<mpsc::Receiver<Passing>>>,
    is_there: AtomicBool,
}

impl Bus {
    pub fn new(config: &Config) -> RedisResult<Self> {
        let url = config.redis_url.expose_secret();
        let client = if url.is_empty() { None } else { Some(Client::open(url)?) };
        let (passing, passed) = mpsc::channel(MOST_PASSING);
        let is_there = AtomicBool::new(false);
        Ok(Self { client, written: Arc::default(), passing, passed: Mutex::new(Some(passed)), is_there })
    }

    pub fn tell_others(&self) {
        self.written.notify_one();
    }

    /// Whether it goes to all nodes, this one included.
    pub fn pass_on(&self, typing: &Typing) -> bool {
        // Where too many wait, this one is as good as over.
        self.try_say(TYPING, typing)
    }

    /// What is lost of this is read from the log.
    pub fn pass_on_doubt(&self, doubted: &Doubted) {
        self.try_say(DOUBTED, doubted);
    }

    fn try_say(&self, channel: &'static str, what: &impl Serialize) -> bool {
        let Ok(text) = serde_json::to_string(what) else { return false };
        self.is_there.load(Ordering::Acquire) && self.passing.try_send((channel, text)).is_ok()
    }

    pub fn is_away(&self) -> bool {
        self.client.is_some() && !self.is_there.load(Ordering::Acquire)
    }
}

/// Rings and listens for as long as anybody uses `live`.
pub async fn serve(live: Weak<Live>) {
    let Some((client, written, mut passed)) = live.upgrade().and_then(|live| {
        let passed = live.bus.passed.lock().unwrap_or_else(PoisonError::into_inner).take()?;
        Some((live.bus.client.clone()?, Arc::clone(&live.bus.written), passed))
    }) else {
        return;
    };
    while live.strong_count() > 0 {
        if let Ok(Ok(link)) = timeout(PATIENCE * 2, Link::open(&client)).await {
            set_there(&live, true);
            let why = link.serve(&live, &written, &mut passed).await;
            set_there(&live, false);
            tracing::warn!(why, "Redis is away: this node looks into the log by itself");
        }
        sleep(PAUSE).await;
    }
}

fn set_there(live: &Weak<Live>, is_there: bool) {
    if let Some(live) = live.upgrade() {
        live.bus.is_there.store(is_there, Ordering::Release);
        live.wake();
    }
}

struct Link {
    hears: PubSub,
    says: MultiplexedConnection,
}

impl Link {
    async fn open(client: &Client) -> RedisResult<Self> {
        let mut hears = client.get_async_pubsub().await?;
        hears.subscribe(&[WRITTEN, TYPING, DOUBTED]).await?;
        Ok(Self { hears, says: client.get_multiplexed_async_connection().await? })
    }

    /// Until it fails, or nobody uses `live` any more; tells why.
    async fn serve(self, live: &Weak<Live>, written: &Notify, passed: &mut mpsc::Receiver<Passing>) -> &'static str {
        let Self { hears, mut says } = self;
        let mut heard = hears.into_on_message();
        loop {
            let said = tokio::select! {
                message = heard.next() => match (message, live.upgrade()) {
                    (Some(message), Some(live)) => {
                        hear(&live, &message);
                        continue;
                    }
                    (None, _) => return "it ended the connection",
                    (_, None) => return "nobody listens",
                },
                () = written.notified() => cmd("PUBLISH").arg(WRITTEN).arg("").to_owned(),
                Some((channel, text)) = passed.recv() => cmd("PUBLISH").arg(channel).arg(text).to_owned(),
                () = sleep(PAUSE) => cmd("PING"),
            };
            if live.strong_count() == 0 {
                return "nobody listens";
            }
            match timeout(PATIENCE, said.query_async::<redis::Value>(&mut says)).await {
                Ok(Ok(_)) => {}
                Ok(Err(_)) => return "it refused",
                Err(_) => return "it did not answer in time",
            }
        }
    }
}

fn hear(live: &Live, message: &redis::Msg) {
    match message.get_channel_name() {
        WRITTEN => live.wake(),
        TYPING => _ = said::<Typing>(message).map(|typing| live.pass_on(typing.to, &typing.frame())),
        DOUBTED => _ = said::<Doubted>(message).and_then(|doubted| doubted.entry()).map(|entry| live.doubt(entry)),
        _ => {}
    }
}

fn said<T: DeserializeOwned>(message: &redis::Msg) -> Option<T> {
    serde_json::from_slice(message.get_payload_bytes()).ok()
}
