//! The same by a real Chromium: from a page on another origin, with its cookies and its rules (promises B1, B11, C, D1, D3).

use std::net::TcpListener;
use std::path::Path;
use std::process::Stdio;

use serde_json::json;
use support::{App, Providers, node};

use crate::journey::ada;

/// Ports that nobody has at the moment.
fn free_ports<const COUNT: usize>() -> [u16; COUNT] {
    let held: [TcpListener; COUNT] = std::array::from_fn(|_| TcpListener::bind("127.0.0.1:0").unwrap());
    held.map(|listener| listener.local_addr().unwrap().port())
}

fn chromium() -> &'static str {
    let places = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
    let found = places.into_iter().find(|place| Path::new(place).exists());
    found.expect("Chromium is missing: scripts/test.sh installs Debian's")
}

#[tokio::test]
async fn chromium_signs_in_from_an_allowed_page_in_both_modes_and_from_no_other() {
    let [api, page, stranger] = free_ports().map(|port: u16| (port, format!("http://localhost:{port}")));
    let providers = Providers::start_asking(&api.1);
    let app = App::start_with(|config| {
        providers.configure(config);
        config.port = api.0;
        config.public_url = api.1.clone();
        config.cors_origins = vec![page.1.clone()];
    })
    .await;
    app.set_clock_to_now();
    let told = json!({ "api": api.1, "app": page.1, "stranger": stranger.1, "claims": ada(&app) });
    let mut script = node("chromium.mjs");
    script.arg(told.to_string()).env("CHROMIUM", chromium()).stderr(Stdio::piped());
    let output = tokio::task::spawn_blocking(move || script.output()).await.unwrap().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
}
