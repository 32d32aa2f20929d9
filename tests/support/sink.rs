use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU16, Ordering};
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// A server that keeps what it is sent over HTTP and answers with the status that it is told to.
pub struct Sink {
    address: SocketAddr,
    status: Arc<AtomicU16>,
    taken: UnboundedReceiver<Taken>,
}

/// A request as it came in; names of headers are in lower case.
#[derive(Debug)]
pub struct Taken {
    pub path: String,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Sink {
    pub async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let status = Arc::new(AtomicU16::new(201));
        let (keep, taken) = unbounded_channel();
        let answered = Arc::clone(&status);
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&answered), keep.clone()));
            }
        });
        Self { address, status, taken }
    }

    pub fn url(&self) -> String {
        format!("http://{}", self.address)
    }

    pub fn answer_with(&self, status: u16) {
        self.status.store(status, Ordering::SeqCst);
    }

    /// The next request that comes in.
    pub async fn next(&mut self) -> Taken {
        timeout(Duration::from_secs(20), self.taken.recv()).await.expect("a request comes in").unwrap()
    }

    /// What came in and was not looked at yet.
    pub fn waiting(&mut self) -> Option<Taken> {
        self.taken.try_recv().ok()
    }
}

/// Requests on a connection, one after the other, until it ends.
async fn serve(stream: TcpStream, status: Arc<AtomicU16>, keep: UnboundedSender<Taken>) {
    let mut stream = BufReader::new(stream);
    while let Some(taken) = read(&mut stream).await {
        keep.send(taken).ok();
        let answer = format!("HTTP/1.1 {} X\r\nContent-Length: 2\r\n\r\n{{}}", status.load(Ordering::SeqCst));
        if stream.write_all(answer.as_bytes()).await.is_err() {
            return;
        }
    }
}

async fn read(stream: &mut BufReader<TcpStream>) -> Option<Taken> {
    let mut line = String::new();
    stream.read_line(&mut line).await.ok()?;
    let path = line.split(' ').nth(1)?.to_owned();
    let mut headers = BTreeMap::new();
    loop {
        let mut line = String::new();
        stream.read_line(&mut line).await.ok()?;
        let Some((name, value)) = line.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await.ok()?;
    Some(Taken { path, headers, body })
}
