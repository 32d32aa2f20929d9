use std::env;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

use crate::database::on_database;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Open,
    /// Bytes stop, connections stay: a network that drops packets.
    Frozen,
    /// Connections end, new ones are refused at once: a server that is gone.
    Gone,
}

/// No message is counted.
const NEVER: usize = usize::MAX;

/// `Sync` alone: with it a pool asks a connection that comes back whether it lives, at any time after its use.
const PING: [u8; 5] = [b'S', 0, 0, 0, 4];

/// A TCP relay in front of PostgreSQL on its socket; it can fail as networks do.
pub struct Proxy {
    address: SocketAddr,
    mode: Arc<watch::Sender<Mode>>,
    left: Arc<AtomicUsize>,
}

impl Proxy {
    /// In front of the server of the tests.
    pub async fn start() -> Self {
        let server = env::var("TEST_POSTGRES_URL").unwrap();
        let (_, folder) = server.split_once("host=").expect("a server on a socket, as scripts/postgres.sh makes it");
        Self::before(PathBuf::from(folder).join(".s.PGSQL.5432")).await
    }

    /// The database of `url`, through here.
    pub fn url(&self, url: &str) -> String {
        let name = url.split('?').next().and_then(|url| url.rsplit('/').next()).unwrap();
        on_database(&format!("postgres://postgres@{}/postgres", self.address), name)
    }

    async fn before(server: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mode, _) = watch::channel(Mode::Open);
        let mode = Arc::new(mode);
        let left = Arc::new(AtomicUsize::new(NEVER));
        let (control, counted) = (Arc::clone(&mode), Arc::clone(&left));
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *control.borrow() == Mode::Gone {
                    continue;
                }
                if let Ok(upstream) = UnixStream::connect(&server).await {
                    relay(client, upstream, &control, &counted);
                }
            }
        });
        Self { address, mode, left }
    }

    pub fn freeze(&self) {
        self.mode.send_replace(Mode::Frozen);
    }

    pub fn cut(&self) {
        self.mode.send_replace(Mode::Gone);
    }

    /// Lets `count` more messages of clients pass; the connection that sends the next one ends, and the server is not told why.
    pub fn cut_after(&self, count: usize) {
        self.left.store(count, Ordering::SeqCst);
    }

    /// Nothing is cut any more; whether it was.
    pub fn was_cut(&self) -> bool {
        self.left.swap(NEVER, Ordering::SeqCst) == NEVER
    }

    pub fn restore(&self) {
        self.mode.send_replace(Mode::Open);
    }
}

fn relay(client: TcpStream, upstream: UnixStream, mode: &Arc<watch::Sender<Mode>>, left: &Arc<AtomicUsize>) {
    let (client_in, client_out) = client.into_split();
    let (upstream_in, upstream_out) = upstream.into_split();
    let (to_server, to_client) = (mode.subscribe(), mode.subscribe());
    let left = Arc::clone(left);
    tokio::spawn(async move {
        // Whichever way ends first ends the other with it: nobody waits at half a connection.
        tokio::select! {
            () = pump(client_in, upstream_out, to_server, |message| message == PING || may_pass(&left)) => {}
            () = pump(upstream_in, client_out, to_client, |_| true) => {}
        }
    });
}

/// Counts one message; a client waits for the answer to one before it sends the next, so each arrives by itself.
fn may_pass(left: &AtomicUsize) -> bool {
    let next = |left| match left {
        NEVER => None,
        0 => Some(NEVER),
        left => Some(left - 1),
    };
    left.fetch_update(Ordering::SeqCst, Ordering::SeqCst, next) != Ok(0)
}

async fn pump(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut mode: watch::Receiver<Mode>,
    may_pass: impl Fn(&[u8]) -> bool,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let now = *mode.borrow_and_update();
        tokio::select! {
            changed = mode.changed() => if changed.is_err() { return },
            read = from.read(&mut buffer), if now == Mode::Open => match read {
                Ok(length) if length > 0 => {
                    if !may_pass(&buffer[..length]) || to.write_all(&buffer[..length]).await.is_err() {
                        return;
                    }
                }
                _ => return,
            },
        }
        if *mode.borrow() == Mode::Gone {
            return;
        }
    }
}
