//! Several nodes start at once on an empty database: one migrates and seeds, all become ready (promise N2).

use futures_util::future::join_all;
use support::{Database, Process};

#[tokio::test(flavor = "multi_thread")]
async fn five_nodes_start_cold_at_once() {
    let database = Database::blank().await;
    let variables = [("DATABASE_URL", database.url.as_str())];
    let nodes = join_all((0..5).map(|_| Process::serve(&variables))).await;
    let http = reqwest::Client::builder().no_proxy().build().unwrap();
    for node in &nodes {
        let body = serde_json::json!({ "email": "mentee@example.org", "password": "mentorship-demo" });
        let answer = http.post(node.url("/api/v1/auth/sign-in")).json(&body).send().await.unwrap();
        assert_eq!(answer.status(), 200, "{}", node.output());
    }
    drop(nodes);
    database.discard().await;
}
