//! The two programmes under measurement, each a process of its own.

use std::io;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;

use crate::cluster::Cluster;
use crate::load;

/// Where nothing is remembered, everybody is read before a node is ready.
const PATIENCE: Duration = Duration::from_secs(300);

pub struct Server {
    child: Child,
    address: SocketAddr,
    ready: Duration,
}

impl Server {
    /// The API, on an already seeded database.
    pub fn api(cluster: &Cluster) -> Result<Self> {
        Self::serve(&cluster.url, "")
    }

    /// A node among several.
    pub fn with_redis(cluster: &Cluster, redis: &str) -> Result<Self> {
        Self::serve(&cluster.url, redis)
    }

    /// The API on connections that write the plan of every statement to the server's log.
    pub fn explained(cluster: &Cluster) -> Result<Self> {
        let settings = [("session_preload_libraries", "auto_explain"), ("auto_explain.log_min_duration", "0")];
        let options: String = settings.map(|(name, value)| format!("&options[{name}]={value}")).concat();
        Self::serve(&format!("{}{options}", cluster.url), "")
    }

    fn serve(database: &str, redis: &str) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(env!("CARGO_BIN_EXE_mentorship"));
        command.arg("serve").env("DATABASE_URL", database).env("PORT", port.to_string()).env("RUST_LOG", "info");
        command.env("MENTORSHIP_LOG_FORMAT", "json").env("REDIS_URL", redis);
        // A few members and one address send what thousands would.
        command.env("MENTORSHIP_RATE_LIMIT", "10000000").env("MENTORSHIP_ATTEMPT_LIMIT", "10000000");
        Self::start(command, port)
    }

    pub fn ceiling(cluster: &Cluster) -> Result<Self> {
        let port = free_port()?;
        let mut command = Command::new(std::env::current_exe()?);
        command.arg("--ceiling").arg(&cluster.url).env("PORT", port.to_string());
        Self::start(command, port)
    }

    fn start(mut command: Command, port: u16) -> Result<Self> {
        let started = Instant::now();
        let mut child = command.stdout(Stdio::null()).stderr(Stdio::piped()).spawn()?;
        let mut log = child.stderr.take().context("no log")?;
        // The log must be read, or the pipe fills and the server stands still.
        std::thread::spawn(move || io::copy(&mut log, &mut io::sink()));
        let address = SocketAddr::from(([127, 0, 0, 1], port));
        let mut server = Self { child, address, ready: Duration::ZERO };
        while !server.is_ready() {
            if server.child.try_wait()?.is_some() || started.elapsed() > PATIENCE {
                bail!("a server did not become ready");
            }
            std::thread::sleep(Duration::from_millis(2));
        }
        server.ready = started.elapsed();
        Ok(server)
    }

    fn is_ready(&self) -> bool {
        use std::io::{Read, Write};
        let ask = || -> Option<bool> {
            let mut stream = std::net::TcpStream::connect(self.address).ok()?;
            stream.write_all(b"GET /health/ready HTTP/1.0\r\nHost: localhost\r\n\r\n").ok()?;
            let mut answer = String::new();
            stream.read_to_string(&mut answer).ok()?;
            Some(answer.contains(" 200 "))
        };
        ask().unwrap_or(false)
    }

    pub fn address(&self) -> SocketAddr {
        self.address
    }

    pub fn ready_ms(&self) -> f64 {
        self.ready.as_secs_f64() * 1000.0
    }

    /// A figure of the process in MiB: `VmRSS:` now, `VmHWM:` at its highest.
    pub fn memory(&self, figure: &str) -> Result<f64> {
        let status = std::fs::read_to_string(format!("/proc/{}/status", self.child.id()))?;
        let line = status.lines().find(|line| line.starts_with(figure)).context("no such figure")?;
        let kib: f64 = line.split_whitespace().nth(1).context("no number")?.parse()?;
        Ok(kib / 1024.0)
    }

    pub async fn once(&self, request: &[u8]) -> Result<(u16, Vec<u8>)> {
        load::once(self.address, request).await
    }

    /// The document that answers a request; an error where it is refused.
    pub async fn send(&self, request: &[u8]) -> Result<Value> {
        let (status, body) = self.once(request).await?;
        ensure!((200..300).contains(&status), "{status}: {}", String::from_utf8_lossy(&body));
        Ok(serde_json::from_slice(&body)?)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn free_port() -> Result<u16> {
    Ok(TcpListener::bind("127.0.0.1:0")?.local_addr()?.port())
}
