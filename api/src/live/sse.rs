//! Server-Sent Events, as the HTML standard has them.

use std::time::Duration;

use actix_web::HttpResponse;
use actix_web::http::header;
use actix_web::web::Bytes;
use futures_util::Stream;
use futures_util::stream::unfold;
use tokio::time::timeout;

use super::connection::Ending;
use super::feed::Feed;

/// Between two signs of life.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// After how many milliseconds a browser comes back.
const RETRY: u64 = 2000;
/// Over so many clients of a node that stops come back, by the numbers of their streams.
const SPREAD: u64 = 10_000;

pub fn answer(feed: Feed) -> HttpResponse {
    HttpResponse::Ok()
        .insert_header((header::CONTENT_TYPE, "text/event-stream"))
        .insert_header((header::CACHE_CONTROL, "no-store"))
        // What is compressed waits until there is enough of it.
        .insert_header((header::CONTENT_ENCODING, "identity"))
        .insert_header(("X-Accel-Buffering", "no"))
        .streaming(stream(feed))
}

enum Step {
    Open(Feed),
    Told(Feed),
    Over,
}

fn stream(feed: Feed) -> impl Stream<Item = Result<Bytes, actix_web::Error>> {
    unfold(Step::Open(feed), |step| async {
        let (text, next) = match step {
            Step::Open(feed) => (format!("retry: {RETRY}\n\n"), Step::Told(feed)),
            Step::Told(feed) => tell(feed).await,
            Step::Over => return None,
        };
        Some((Ok(Bytes::from(text)), next))
    })
}

async fn tell(mut feed: Feed) -> (String, Step) {
    match timeout(HEARTBEAT, feed.next()).await {
        Err(_) => (":\n\n".to_owned(), Step::Told(feed)),
        Ok(Ok(frames)) => {
            let mut text = String::with_capacity(frames.iter().map(|frame| frame.size()).sum());
            frames.iter().for_each(|frame| frame.write_sse(&mut text));
            (text, Step::Told(feed))
        }
        Ok(Err(ending)) => (farewell(ending, feed.connection().id), Step::Over),
    }
}

fn farewell(ending: Ending, number: u64) -> String {
    let retry = match ending {
        Ending::Stopping => format!("retry: {}\n", retry_after(number)),
        _ => String::new(),
    };
    format!("{retry}event: closed\ndata: {{\"reason\":\"{}\"}}\n\n", ending.word())
}

/// Milliseconds after which the client with this number comes back, so that not all do at once.
pub fn retry_after(number: u64) -> u64 {
    number.wrapping_mul(0x9E37_79B9_7F4A_7C15) % SPREAD
}
