//! What a match run says of its plan: the proof, who is left out, what edits cost, and that it is the same every time.

use support::App;

use crate::match_runs::{cohort, id_of, run};

#[tokio::test]
async fn nothing_yet() {
    let app = App::start().await;
    let cohort = cohort(&app, 4).await;
    let run = run(&app, &cohort.admin, serde_json::json!({})).await;
    assert_eq!(run["id"], id_of(&run).to_string());
}
