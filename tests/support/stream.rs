//! A live stream as a client reads it.

use std::time::Duration;

use serde_json::Value;
use tokio::time::timeout;

use crate::document::document;

/// How long anything may take that is told at once: a busy machine is slow.
const BOUND: Duration = Duration::from_secs(20);

/// Server-sent events, read as they come.
pub struct Stream {
    response: reqwest::Response,
    bytes: Vec<u8>,
    /// What is resumed after.
    pub last_id: String,
}

/// An event as it came.
#[derive(Clone, Debug)]
pub struct Heard {
    pub id: String,
    pub kind: String,
    pub data: Value,
}

/// What names an event in every record: the kind of row, the row, and its number there.
pub type EventKey = (String, String, i64);

impl Heard {
    pub fn key(&self) -> EventKey {
        let text = |name: &str| self.data[name].as_str().unwrap().to_owned();
        (text("subjectKind"), text("subjectId"), self.data["seq"].as_i64().unwrap())
    }

    /// Whether it is of the log, and not of the stream itself.
    pub fn is_event(&self) -> bool {
        self.kind.contains('.')
    }
}

impl Stream {
    pub(crate) fn new(response: reqwest::Response) -> Self {
        assert_eq!(response.headers()["content-type"], "text/event-stream");
        Self { response, bytes: Vec::new(), last_id: String::new() }
    }

    /// The next event, passing over comments; `None` once the stream has ended or broken.
    pub async fn next(&mut self) -> Option<Heard> {
        loop {
            while let Some(end) = self.bytes.windows(2).position(|two| two == b"\n\n") {
                let block: Vec<u8> = self.bytes.drain(..end + 2).collect();
                if let Some(heard) = read(&String::from_utf8(block).unwrap()) {
                    if !heard.id.is_empty() {
                        self.last_id.clone_from(&heard.id);
                    }
                    return Some(heard);
                }
            }
            let bytes = self.response.chunk().await.ok().flatten()?;
            self.bytes.extend_from_slice(&bytes);
        }
    }

    /// The next event, which must come soon.
    pub async fn heard(&mut self) -> Heard {
        timeout(BOUND, self.next()).await.expect("nothing comes").expect("the stream has ended")
    }

    /// The next event, which is one of `kind`.
    pub async fn expect(&mut self, kind: &str) -> Heard {
        let heard = self.heard().await;
        assert_eq!(heard.kind, kind, "{heard:?}");
        heard
    }

    /// Whether the stream ends within `bound`, and what it says then.
    pub async fn ends_within(mut self, bound: Duration) -> Option<Heard> {
        let end = async {
            let mut last = None;
            while let Some(heard) = self.next().await {
                last = Some(heard);
            }
            last
        };
        timeout(bound, end).await.unwrap_or_else(|_| panic!("the stream goes on after {bound:?}"))
    }
}

fn read(block: &str) -> Option<Heard> {
    let field = |name: &str| block.lines().find_map(|line| line.strip_prefix(&format!("{name}: "))).map(str::to_owned);
    let heard = Heard {
        id: field("id").unwrap_or_default(),
        kind: field("event")?,
        data: serde_json::from_str(&field("data")?).unwrap(),
    };
    if heard.is_event() {
        document().check_component("StreamEvent", &heard.data).unwrap();
        assert_eq!((&heard.data["id"], &heard.data["kind"]), (&heard.id.as_str().into(), &heard.kind.as_str().into()));
    }
    Some(heard)
}
