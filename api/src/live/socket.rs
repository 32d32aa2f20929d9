//! A WebSocket (RFC 6455): the events of a stream, and what its client says.

use std::sync::Arc;
use std::time::{Duration, Instant};

use actix_web::web::Data;
use actix_ws::{AggregatedMessage, AggregatedMessageStream, CloseCode, ProtocolError, Session};
use serde_json::{Value, json};
use tokio::time::{MissedTickBehavior, interval, timeout};
use uuid::Uuid;

use super::bus::Typing;
use super::close::Close;
use super::connection::Ending;
use super::feed::Feed;
use super::frames_in::{Said, ToSend, place};
use super::handshake;
use super::sse::retry_after;
use super::tickets;
use crate::auth;
use crate::error::{Code, Error, Result};
use crate::http::quota;
use crate::live::audience::Shared;
use crate::messages::{self, MessageOut, Sent};
use crate::state::AppState;

/// Frames a second, and how many at once.
const RATE: f64 = 20.0;
const BURST: f64 = 40.0;
const PING: Duration = Duration::from_secs(25);
/// A peer that is silent for so long when it is pinged is gone: that is within a minute.
const SILENCE: Duration = Duration::from_secs(45);
/// For the first frame, and for an answer to be taken.
const PATIENCE: Duration = Duration::from_secs(10);
/// For the last frame to be taken.
const FAREWELL: Duration = Duration::from_secs(30);
const MOST_FAULTS: u32 = 3;

/// An open socket, on which a member may be proved already.
pub struct Socket {
    state: Data<AppState>,
    session: Session,
    request_id: Option<Uuid>,
    /// Frames that the client may still send
    allowed: f64,
    counted: Instant,
    faults: u32,
}

/// What a frame brings.
enum Heard {
    Said(Said),
    Nonsense,
    Nothing,
}

impl Socket {
    pub fn new(state: Data<AppState>, session: Session, request_id: Option<Uuid>) -> Self {
        Self { state, session, request_id, allowed: BURST, counted: Instant::now(), faults: 0 }
    }

    pub async fn serve(mut self, mut frames: AggregatedMessageStream, feed: Option<Feed>) {
        let feed = match feed {
            Some(feed) => Ok(feed),
            None => self.authenticate(&mut frames).await,
        };
        let close = match feed {
            Ok(feed) => self.converse(&mut frames, feed).await,
            Err(close) => close,
        };
        if let Some(Close(reason)) = close {
            // Who does not even take this is cut off.
            let _ = timeout(FAREWELL, self.session.close(reason)).await;
        }
    }

    /// The first frame is `auth`, and comes soon.
    async fn authenticate(&mut self, frames: &mut AggregatedMessageStream) -> Result<Feed, Option<Close>> {
        let refused = || Some(Close::from(Ending::NotAdmitted));
        let first = timeout(PATIENCE, self.first(frames)).await.map_err(|_| refused())??;
        let Heard::Said(Said::Auth { ticket, after }) = first else { return Err(refused()) };
        let opened = async {
            let standing = tickets::redeem(&self.state, &ticket, self.request_id).await?;
            handshake::listen(&self.state, &standing, after.as_deref()).await
        };
        match opened.await {
            Ok(feed) => Ok(feed),
            Err(error) => {
                self.refuse(None, &error).await;
                Err(refused())
            }
        }
    }

    async fn first(&mut self, frames: &mut AggregatedMessageStream) -> Result<Heard, Option<Close>> {
        loop {
            match self.read(frames.recv().await.ok_or(None)?).await? {
                Heard::Nothing => {}
                heard => return Ok(heard),
            }
        }
    }

    /// Until either side ends it; why, unless the client is gone.
    async fn converse(&mut self, frames: &mut AggregatedMessageStream, mut feed: Feed) -> Option<Close> {
        let mut ping = interval(PING);
        ping.set_missed_tick_behavior(MissedTickBehavior::Delay);
        let mut heard = Instant::now();
        loop {
            tokio::select! {
                frame = frames.recv() => {
                    heard = Instant::now();
                    match self.hear(frame, &mut feed).await {
                        Ok(true) => {}
                        Ok(false) => return None,
                        Err(close) => return Some(close),
                    }
                }
                told = feed.next() => {
                    let Err(ending) = self.tell(told, &feed).await else { continue };
                    return Some(self.farewell(ending, &feed));
                }
                _ = ping.tick() => {
                    if heard.elapsed() > SILENCE || self.session.ping(b"").await.is_err() {
                        return None;
                    }
                }
            }
        }
    }

    fn farewell(&self, ending: Ending, feed: &Feed) -> Close {
        match ending {
            Ending::Stopping => Close::because(CloseCode::Restart, retry_after(feed.connection().id).to_string()),
            ending => ending.into(),
        }
    }

    /// Hands frames on; a client that takes none of them is waited for until its stream ends.
    async fn tell(&mut self, told: Result<Vec<Arc<super::frame::Frame>>, Ending>, feed: &Feed) -> Result<(), Ending> {
        for frame in told?.iter().filter(|frame| !frame.is_sign_of_life()) {
            tokio::select! {
                sent = self.session.text(frame.socket_text()) => if sent.is_err() { return Err(Ending::Slow) },
                ending = feed.connection().ended() => return Err(ending),
            }
        }
        Ok(())
    }

    async fn say(&mut self, frame: Value) {
        // A socket that is closed is found so by the next read.
        let _ = timeout(PATIENCE, self.session.text(frame.to_string())).await;
    }

    async fn refuse(&mut self, reference: Option<Uuid>, error: &Error) {
        if let Error::Internal(cause) = error {
            tracing::error!(cause = %format!("{cause:#}"), "internal error");
        }
        let problem = error.problem(self.request_id.map(|id| id.to_string()).unwrap_or_default());
        self.say(json!({ "type": "error", "ref": reference, "problem": problem })).await;
    }

    /// Whether the client is still there.
    async fn hear(
        &mut self,
        frame: Option<Result<AggregatedMessage, ProtocolError>>,
        feed: &mut Feed,
    ) -> Result<bool, Close> {
        let Some(frame) = frame else { return Ok(false) };
        match self.read(frame).await? {
            Heard::Said(said) => self.follow(said, feed).await?,
            Heard::Nonsense => self.fault().await?,
            Heard::Nothing => {}
        }
        Ok(true)
    }

    async fn read(&mut self, frame: Result<AggregatedMessage, ProtocolError>) -> Result<Heard, Close> {
        self.count()?;
        Ok(match frame? {
            AggregatedMessage::Close(reason) => return Err(Close::answer(reason)),
            AggregatedMessage::Binary(_) => return Err(Close::because(CloseCode::Unsupported, "text_only")),
            AggregatedMessage::Ping(bytes) => {
                // A socket that is closed is found so by the next read.
                let _ = timeout(PATIENCE, self.session.pong(&bytes)).await;
                Heard::Nothing
            }
            AggregatedMessage::Pong(_) => Heard::Nothing,
            AggregatedMessage::Text(text) => serde_json::from_str(&text).map_or(Heard::Nonsense, Heard::Said),
        })
    }

    fn count(&mut self) -> Result<(), Close> {
        let now = Instant::now();
        self.allowed = (self.allowed + RATE * now.duration_since(self.counted).as_secs_f64()).min(BURST) - 1.0;
        self.counted = now;
        if self.allowed < 0.0 { Err(Close::because(CloseCode::Policy, "too_many_frames")) } else { Ok(()) }
    }

    async fn fault(&mut self) -> Result<(), Close> {
        self.faults += 1;
        self.refuse(None, &Error::refused(Code::MalformedRequest, "it is no frame of this socket")).await;
        if self.faults < MOST_FAULTS { Ok(()) } else { Err(Close::because(CloseCode::Invalid, "malformed_frames")) }
    }

    async fn follow(&mut self, said: Said, feed: &mut Feed) -> Result<(), Close> {
        let done = match said {
            Said::Auth { ticket, .. } => self.renew(&ticket, feed).await,
            Said::Resume { after } => feed.resume(&after).await,
            Said::Send(message) => return self.send(&message, feed).await,
            Said::Typing { mentorship_id, conversation_id } => match place(mentorship_id, conversation_id) {
                Ok(shared) => self.typing(shared, feed).await,
                Err(error) => Err(error),
            },
            Said::Ping {} => {
                self.say(json!({ "type": "pong" })).await;
                Ok(())
            }
        };
        match done {
            Ok(()) => Ok(()),
            Err(error) if error.code() == Code::Unauthenticated => Err(Ending::NotAdmitted.into()),
            Err(error) => {
                self.refuse(None, &error).await;
                Ok(())
            }
        }
    }

    /// A new ticket of the same session: the socket lasts for as long as that does now.
    async fn renew(&self, ticket: &str, feed: &Feed) -> Result<()> {
        let standing = tickets::redeem(&self.state, ticket, self.request_id).await?;
        if standing.caller.session_id() != feed.connection().session {
            return Err(Code::Unauthenticated.into());
        }
        feed.connection().extend(standing.until);
        Ok(())
    }

    async fn send(&mut self, message: &ToSend, feed: &Feed) -> Result<(), Close> {
        match self.try_send(message, feed).await {
            Ok(Sent::Now(row) | Sent::Before(row)) => {
                self.state.live.committed(&[]);
                self.say(json!({ "type": "sent", "ref": message.reference, "message": MessageOut::from(row) })).await;
            }
            Err(error) => self.refuse(message.reference, &error).await,
        }
        Ok(())
    }

    async fn try_send(&self, message: &ToSend, feed: &Feed) -> Result<Sent> {
        let standing = auth::standing(&self.state, feed.connection().session, self.request_id).await?;
        quota::demand(&self.state, standing.caller.id()).await?;
        messages::send(&self.state, &standing.caller, message.thread()?, message.body()?).await
    }

    /// Told to who else is there, and to nobody where that is not for them to say.
    async fn typing(&self, shared: Shared, feed: &Feed) -> Result<()> {
        let one = feed.connection();
        if one.is_doubted() {
            auth::standing(&self.state, one.session, self.request_id).await?;
        }
        let from = one.user;
        let pair = self.state.live.audiences.pair(self.state.read(), shared).await?;
        let Some(to) = pair.and_then(|pair| pair.reached_by(from)) else { return Err(Code::NotFound.into()) };
        let (conversation, thread) = shared.thread();
        let typing = Typing { conversation, thread, from, to };
        let frame = typing.frame();
        if !self.state.live.bus.pass_on(&typing) {
            self.state.live.pass_on(to, &frame);
        }
        Ok(())
    }
}
