use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream, UnixStream};
use tokio::sync::watch;

#[derive(Clone, Copy, PartialEq, Eq)]
enum Mode {
    Open,
    /// Bytes stop, connections stay: a network that drops packets.
    Frozen,
    /// Connections end, new ones are refused at once: a server that is gone.
    Gone,
}

/// A TCP relay in front of a server on a socket; it can fail as networks do.
pub struct Proxy {
    pub address: SocketAddr,
    mode: Arc<watch::Sender<Mode>>,
}

impl Proxy {
    pub async fn before(server: PathBuf) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (mode, _) = watch::channel(Mode::Open);
        let mode = Arc::new(mode);
        let control = Arc::clone(&mode);
        tokio::spawn(async move {
            while let Ok((client, _)) = listener.accept().await {
                if *control.borrow() == Mode::Gone {
                    continue;
                }
                if let Ok(upstream) = UnixStream::connect(&server).await {
                    relay(client, upstream, &control);
                }
            }
        });
        Self { address, mode }
    }

    pub fn freeze(&self) {
        self.mode.send_replace(Mode::Frozen);
    }

    pub fn cut(&self) {
        self.mode.send_replace(Mode::Gone);
    }

    pub fn restore(&self) {
        self.mode.send_replace(Mode::Open);
    }
}

fn relay(client: TcpStream, upstream: UnixStream, mode: &Arc<watch::Sender<Mode>>) {
    let (client_in, client_out) = client.into_split();
    let (upstream_in, upstream_out) = upstream.into_split();
    tokio::spawn(pump(client_in, upstream_out, mode.subscribe()));
    tokio::spawn(pump(upstream_in, client_out, mode.subscribe()));
}

async fn pump(
    mut from: impl AsyncReadExt + Unpin,
    mut to: impl AsyncWriteExt + Unpin,
    mut mode: watch::Receiver<Mode>,
) {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let now = *mode.borrow_and_update();
        tokio::select! {
            changed = mode.changed() => if changed.is_err() { return },
            read = from.read(&mut buffer), if now == Mode::Open => match read {
                Ok(length) if length > 0 => if to.write_all(&buffer[..length]).await.is_err() { return },
                _ => return,
            },
        }
        if *mode.borrow() == Mode::Gone {
            return;
        }
    }
}
