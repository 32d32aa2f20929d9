//! The journey of the README, as a newcomer would paste it: two people from signing up to a completed mentorship.

use std::process::Command;

use support::App;

#[tokio::test(flavor = "multi_thread")]
async fn the_journey_runs_as_it_is_written() {
    let app = App::seeded().await;
    let readme = include_str!("../../README.md");
    let journey = readme.split("## The journey").nth(1).and_then(|rest| rest.split("```sh\n").nth(1)).unwrap();
    let script = journey.split("```").next().unwrap();
    let ran = Command::new("bash").args(["-euo", "pipefail", "-c", script]).env("API", app.base()).output().unwrap();
    let (said, complained) = (String::from_utf8_lossy(&ran.stdout), String::from_utf8_lossy(&ran.stderr));
    assert!(ran.status.success(), "{said}\n{complained}");
    for step in
        [r#""status": "PENDING""#, r#""status": "ACCEPTED""#, r#""status": "CONFIRMED""#, r#""status": "COMPLETED""#]
    {
        assert!(said.contains(step), "no {step} in\n{said}");
    }
}
