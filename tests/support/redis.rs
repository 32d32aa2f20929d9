use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::time::timeout;

/// A Redis server of its own that keeps nothing on disk.
pub struct Redis {
    address: SocketAddr,
    child: Option<Child>,
}

impl Redis {
    pub async fn start() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        let mut redis = Self { address, child: None };
        redis.run().await;
        redis
    }

    /// Starts it again, empty, where it was.
    pub async fn run(&mut self) {
        let port = self.address.port().to_string();
        let mut command = Command::new("redis-server");
        command.args(["--bind", "127.0.0.1", "--port", &port, "--save", "", "--appendonly", "no"]);
        let child = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn();
        self.child = Some(child.expect("redis-server starts: scripts/test.sh installs it"));
        let answers = async {
            while self.ask("PING").await.is_none_or(|answer| !answer.starts_with("+PONG")) {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(10), answers).await.expect("redis-server answers");
    }

    pub fn url(&self) -> String {
        format!("redis://{}", self.address)
    }

    /// Ends it as a crash would.
    pub fn stop(&mut self) {
        if let Some(mut child) = self.child.take() {
            child.kill().unwrap();
            child.wait().unwrap();
        }
    }

    /// It answers nobody until `thaw`, and keeps the connections.
    pub fn freeze(&self) {
        self.signal("STOP");
    }

    pub fn thaw(&self) {
        self.signal("CONT");
    }

    fn signal(&self, name: &str) {
        let id = self.child.as_ref().expect("it runs").id().to_string();
        assert!(Command::new("kill").args([&format!("-{name}"), &id]).status().unwrap().success());
    }

    /// What it answers to a command, in the form of its protocol.
    pub async fn ask(&self, command: &str) -> Option<String> {
        let mut stream = TcpStream::connect(self.address).await.ok()?;
        stream.write_all(format!("{command}\r\nQUIT\r\n").as_bytes()).await.ok()?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.ok()?;
        Some(answer)
    }
}

impl Drop for Redis {
    fn drop(&mut self) {
        self.stop();
    }
}
