use std::io::Write;
use std::net::{SocketAddr, TcpListener};
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use tokio::time::timeout;

/// A real proxy (HAProxy) that shares requests out among nodes and takes a node out while it is not ready. As it comes, it tries a
/// request again only where no connection was made.
pub struct Balancer {
    child: Child,
    address: SocketAddr,
    report: SocketAddr,
    http: reqwest::Client,
}

/// What it says of one of its parts, by the names of its columns.
struct Row<'a>(Vec<(&'a str, &'a str)>);

impl Row<'_> {
    fn text(&self, name: &str) -> &str {
        self.0.iter().find(|(column, _)| *column == name).map(|(_, value)| *value).expect("a column of the report")
    }

    fn count(&self, name: &str) -> u64 {
        match self.text(name) {
            "" => 0,
            count => count.parse().unwrap(),
        }
    }
}

impl Balancer {
    /// Before `nodes`, each of which it takes for ready.
    pub async fn start(nodes: &[SocketAddr]) -> Self {
        let [address, report] = free_addresses();
        let mut child = Command::new("haproxy")
            .args(["-db", "-q", "-f", "/dev/stdin"])
            .stdin(Stdio::piped())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("haproxy starts: scripts/test.sh installs it");
        let mut stdin = child.stdin.take().unwrap();
        stdin.write_all(configuration(address, report, nodes).as_bytes()).unwrap();
        drop(stdin);
        let http = reqwest::Client::builder().no_proxy().build().unwrap();
        let balancer = Self { child, address, report, http };
        for node in nodes {
            balancer.wait_up(*node).await;
        }
        balancer
    }

    pub fn base(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Until `node` gets requests.
    pub async fn wait_up(&self, node: SocketAddr) {
        let is_up = async {
            while self.status(node).await.as_deref() != Some("UP") {
                tokio::task::yield_now().await;
            }
        };
        timeout(Duration::from_secs(20), is_up).await.expect("the proxy takes the node in");
    }

    async fn status(&self, node: SocketAddr) -> Option<String> {
        let report = self.try_report().await?;
        let rows = rows(&report);
        rows.iter().find(|row| row.text("svname") == node.to_string()).map(|row| row.text("status").to_owned())
    }

    /// How many answers were broken, and how many told of a fault of the servers, also where a client tried again.
    pub async fn failures(&self) -> u64 {
        let report = self.try_report().await.unwrap();
        let of = |row: &Row| row.count("eresp") + row.count("hrsp_5xx");
        rows(&report).iter().filter(|row| row.text("pxname") == "api").map(of).sum()
    }

    async fn try_report(&self) -> Option<String> {
        self.http.get(format!("http://{}/;csv", self.report)).send().await.ok()?.text().await.ok()
    }
}

impl Drop for Balancer {
    fn drop(&mut self) {
        self.child.kill().ok();
        self.child.wait().ok();
    }
}

/// A table whose first line names the columns, after `# `.
fn rows(report: &str) -> Vec<Row<'_>> {
    let mut lines = report.lines();
    let columns: Vec<_> = lines.next().unwrap_or_default().trim_start_matches("# ").split(',').collect();
    lines.map(|line| Row(columns.iter().copied().zip(line.split(',')).collect())).collect()
}

fn free_addresses() -> [SocketAddr; 2] {
    let listeners = [(); 2].map(|()| TcpListener::bind("127.0.0.1:0").unwrap());
    listeners.map(|listener| listener.local_addr().unwrap())
}

fn configuration(address: SocketAddr, report: SocketAddr, nodes: &[SocketAddr]) -> String {
    let servers: String = nodes.iter().map(|node| format!("    server {node} {node}\n")).collect();
    format!(
        "defaults
    mode http
    option redispatch
    timeout connect 2s
    timeout client 60s
    timeout server 60s
    timeout check 2s
listen api
    bind {address}
    balance roundrobin
    option httpchk GET /health/ready
    default-server check inter 200ms fall 1 rise 1
{servers}frontend report
    bind {report}
    stats enable
    stats uri /
"
    )
}
