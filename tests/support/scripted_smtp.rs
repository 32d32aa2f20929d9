use std::sync::Arc;
use std::time::Duration;

use tokio::io::{AsyncBufReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::time::timeout;

/// A mail server that does what real ones seldom do: it refuses recipients, or takes its time over a mail.
pub struct ScriptedSmtp {
    pub url: String,
    mails: UnboundedReceiver<()>,
    answers: Arc<Semaphore>,
}

struct Script {
    to_recipients: &'static str,
    mails: UnboundedSender<()>,
    answers: Arc<Semaphore>,
}

impl ScriptedSmtp {
    /// Takes mails, and says so once it is let.
    pub async fn holding() -> Self {
        Self::start("250 Ok", 0).await
    }

    pub async fn answering_recipients(answer: &'static str) -> Self {
        Self::start(answer, Semaphore::MAX_PERMITS).await
    }

    async fn start(to_recipients: &'static str, permits: usize) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("smtp://{}", listener.local_addr().unwrap());
        let (keep, mails) = unbounded_channel();
        let answers = Arc::new(Semaphore::new(permits));
        let script = Arc::new(Script { to_recipients, mails: keep, answers: Arc::clone(&answers) });
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(serve(stream, Arc::clone(&script)));
            }
        });
        Self { url, mails, answers }
    }

    /// Waits until a mail came in whole.
    pub async fn next(&mut self) {
        timeout(Duration::from_secs(20), self.mails.recv()).await.expect("a mail comes in").unwrap();
    }

    /// Whether another came in.
    pub fn waiting(&mut self) -> Option<()> {
        self.mails.try_recv().ok()
    }

    /// Takes what came in and what will.
    pub fn release(&self) {
        self.answers.add_permits(Semaphore::MAX_PERMITS);
    }
}

/// Says what the script says, command by command, until the client leaves.
async fn serve(stream: TcpStream, script: Arc<Script>) -> Option<()> {
    let mut stream = BufReader::new(stream);
    stream.write_all(b"220 scripted\r\n").await.ok()?;
    let mut in_mail = false;
    loop {
        let mut line = String::new();
        if stream.read_line(&mut line).await.ok()? == 0 {
            return None;
        }
        let answer = match line.trim_end() {
            "." if in_mail => {
                in_mail = false;
                script.mails.send(()).ok();
                let _turn = script.answers.acquire().await.ok()?;
                "250 Ok"
            }
            _ if in_mail => continue,
            "DATA" => {
                in_mail = true;
                "354 Go on"
            }
            command if command.starts_with("RCPT") => script.to_recipients,
            _ => "250 Ok",
        };
        stream.write_all(format!("{answer}\r\n").as_bytes()).await.ok()?;
    }
}
