use std::io::{BufRead, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread;
use std::time::Duration;

use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};
use tokio::time::timeout;

const BEGIN: &str = "---------- MESSAGE FOLLOWS ----------";
const END: &str = "------------ END MESSAGE ------------";

/// A real mail server (aiosmtpd, in Debian's package python3-aiosmtpd) that keeps what it gets.
pub struct SmtpServer {
    child: Child,
    pub url: String,
    mails: UnboundedReceiver<String>,
}

impl SmtpServer {
    pub fn start() -> Self {
        let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
        Self::start_at(&address.to_string())
    }

    pub fn start_at(address: &str) -> Self {
        // The program says of itself, at the level of `-d`, when it listens.
        let arguments = ["-u", "-m", "aiosmtpd", "-n", "-d", "-c", "aiosmtpd.handlers.Debugging", "stdout", "-l"];
        let mut child = Command::new(python())
            .args(arguments)
            .arg(address)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut log = BufReader::new(child.stderr.take().unwrap()).lines();
        let listens = log.by_ref().map_while(Result::ok).any(|line| line.contains("Server is listening"));
        assert!(listens, "the mail server does not start");
        thread::spawn(move || log.for_each(drop));
        let (keep, mails) = unbounded_channel();
        let output = BufReader::new(child.stdout.take().unwrap()).lines();
        thread::spawn(move || {
            let mut mail = String::new();
            for line in output.map_while(Result::ok) {
                match line.as_str() {
                    BEGIN => mail.clear(),
                    END => _ = keep.send(decoded(&mail)),
                    line => mail = mail + line + "\n",
                }
            }
        });
        Self { child, url: format!("smtp://{address}"), mails }
    }

    /// The next mail that comes in, its text decoded.
    pub async fn next(&mut self) -> String {
        timeout(Duration::from_secs(20), self.mails.recv()).await.expect("a mail comes in").unwrap()
    }

    /// What came in and was not looked at yet.
    pub fn waiting(&mut self) -> Option<String> {
        self.mails.try_recv().ok()
    }
}

impl Drop for SmtpServer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// The first Python that has the server: Debian's own does, where another one comes first in the path.
fn python() -> &'static str {
    let has_it = |python: &&str| {
        let tried = Command::new(python).args(["-c", "import aiosmtpd"]).stderr(Stdio::null()).status();
        tried.is_ok_and(|status| status.success())
    };
    ["python3", "/usr/bin/python3"].into_iter().find(has_it).expect("aiosmtpd is missing: python3-aiosmtpd in Debian")
}

/// Quoted-printable as far as our links need it (RFC 2045, section 6.7).
fn decoded(mail: &str) -> String {
    mail.replace("=\n", "").replace("=3D", "=").replace("=23", "#")
}
