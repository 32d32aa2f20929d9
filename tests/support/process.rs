use std::io::{BufRead, BufReader, Read};
use std::net::{SocketAddr, TcpListener};
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::LazyLock;
use std::thread::JoinHandle;
use std::time::Duration;

use tokio::sync::watch;
use tokio::time::timeout;

/// The program itself, built once in a run: what `cargo test` of this crate does not build by itself. The whole workspace is
/// named so that the dependencies have the features that `cargo test --workspace` built them with.
static PROGRAM: LazyLock<PathBuf> = LazyLock::new(|| {
    let built = Command::new(env!("CARGO")).args(["build", "--quiet", "--workspace", "--bin", "mentorship"]).status();
    assert!(built.unwrap().success(), "the program does not build");
    // …/target/PROFILE/deps/api-HASH → …/target/PROFILE/mentorship
    let tests = std::env::current_exe().unwrap();
    tests.parent().unwrap().parent().unwrap().join("mentorship")
});

/// How the line begins that `serve` prints once it listens.
const LISTENS: &str = "API            http://";

/// The real binary as a process of its own.
pub struct Process {
    child: Child,
    pub address: SocketAddr,
    output: Output,
    readers: Vec<JoinHandle<()>>,
}

/// What it has printed so far, by lines; closed once it prints no more.
type Output = watch::Receiver<String>;

impl Process {
    /// `mentorship ARGUMENTS` with nothing of the test's environment but `PATH`.
    pub fn command(arguments: &[&str], variables: &[(&str, &str)]) -> Command {
        // A write past a limit on file sizes must fail, not kill.
        let mut command = Command::new("sh");
        command.args(["-c", "trap '' XFSZ; exec \"$0\" \"$@\""]).arg(&*PROGRAM);
        command.args(arguments).env_clear().env("PATH", std::env::var("PATH").unwrap_or_default());
        command.envs(variables.iter().copied());
        command
    }

    /// Serves on a free port and waits until it is ready: a start that migrates and seeds first takes its time.
    pub async fn serve(variables: &[(&str, &str)]) -> Self {
        Self::serve_at(free_address(), variables).await
    }

    /// The same at an address that others know already.
    pub async fn serve_at(address: SocketAddr, variables: &[(&str, &str)]) -> Self {
        Self::serve_within(Duration::from_secs(120), address, variables).await
    }

    /// Serves again on a database that is there: that takes less than five seconds.
    pub async fn restart(variables: &[(&str, &str)]) -> Self {
        LazyLock::force(&PROGRAM);
        Self::serve_within(Duration::from_secs(5), free_address(), variables).await
    }

    async fn serve_within(bound: Duration, address: SocketAddr, variables: &[(&str, &str)]) -> Self {
        let port = address.port().to_string();
        let mut command = Self::command(&["serve"], variables);
        command.env("HOST", "127.0.0.1").env("PORT", &port);
        let mut process = Self::spawn(command, address);
        if timeout(bound, process.wait_ready()).await.is_err() {
            panic!("not ready within {bound:?}:\n{}", process.output());
        }
        process
    }

    fn spawn(mut command: Command, address: SocketAddr) -> Self {
        let mut child = command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        let (printed, output) = watch::channel(String::new());
        let readers =
            vec![keep(child.stdout.take().unwrap(), printed.clone()), keep(child.stderr.take().unwrap(), printed)];
        Self { child, address, output, readers }
    }

    /// Waits until it says where it listens, then asks for readiness until it is granted; fails when the process ends first.
    async fn wait_ready(&mut self) {
        let listens = self.output.wait_for(|printed| printed.contains(LISTENS)).await.is_ok();
        assert!(listens, "the process ended:\n{}", self.output());
        let http = reqwest::Client::builder().no_proxy().timeout(Duration::from_secs(3)).build().unwrap();
        while !http.get(self.url("/health/ready")).send().await.is_ok_and(|answer| answer.status().is_success()) {
            assert!(self.child.try_wait().unwrap().is_none(), "the process ended:\n{}", self.output());
        }
    }

    pub fn url(&self, path: &str) -> String {
        format!("http://{}{path}", self.address)
    }

    /// Writes past `bytes` of any file fail from now on, as on a full disk; `unlimited` lifts it.
    pub fn limit_file_size(&self, bytes: &str) {
        let limit = format!("--fsize={bytes}:unlimited");
        assert!(
            Command::new("prlimit").args(["--pid", &self.child.id().to_string(), &limit]).status().unwrap().success()
        );
    }

    /// Sends a signal by its name, such as `TERM`.
    pub fn signal(&self, name: &str) {
        let sent = Command::new("kill").arg(format!("-{name}")).arg(self.child.id().to_string()).status();
        assert!(sent.unwrap().success());
    }

    /// Waits for the end: how it ended, and all that it printed.
    pub fn wait(mut self) -> (ExitStatus, String) {
        let status = self.child.wait().unwrap();
        for reader in self.readers.drain(..) {
            reader.join().unwrap();
        }
        (status, self.output())
    }

    pub fn output(&self) -> String {
        self.output.borrow().clone()
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

fn free_address() -> SocketAddr {
    TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap()
}

fn keep(stream: impl Read + Send + 'static, printed: watch::Sender<String>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for line in BufReader::new(stream).lines().map_while(Result::ok) {
            printed.send_modify(|all| {
                all.push_str(&line);
                all.push('\n');
            });
        }
    })
}
