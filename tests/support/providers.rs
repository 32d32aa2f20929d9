//! Sign-in providers as processes of their own: a certified one, one that answers wrongly on demand, and a stand-in for GitHub.

use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::LazyLock;

use api::config::{Config, OidcProvider};
use base64::prelude::{BASE64_URL_SAFE_NO_PAD, Engine};
use serde_json::Value;

/// The folder of what runs in node, installed by `npm ci`.
const NODE_FOLDER: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/oidc");

/// As `tests/oidc/honest.mjs` has it.
const CLIENT_SECRET: &str = "a secret of the tests: 100% & more";

pub struct Providers {
    pub honest: String,
    pub forger: String,
    pub github: String,
    /// They end when this end of their standard input does.
    _process: Child,
}

impl Providers {
    /// For servers at the public address of tests.
    pub fn shared() -> &'static Self {
        static SHARED: LazyLock<Providers> = LazyLock::new(|| Providers::start("http://localhost:8080"));
        &SHARED
    }

    /// For a server at `public_url`.
    pub fn start(public_url: &str) -> Self {
        Self::run(node("providers.mjs").arg(public_url))
    }

    /// The same, and the certified one shows a page to who signs in.
    pub fn start_asking(public_url: &str) -> Self {
        Self::run(node("providers.mjs").args([public_url, "ask"]))
    }

    fn run(command: &mut Command) -> Self {
        let mut process = command.stdin(Stdio::piped()).spawn().unwrap();
        let mut line = String::new();
        BufReader::new(process.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let addresses: Value = serde_json::from_str(&line).expect("the providers do not start");
        let address = |name: &str| addresses[name].as_str().unwrap().to_owned();
        Self { honest: address("honest"), forger: address("forger"), github: address("github"), _process: process }
    }

    /// Settings by which a server knows them; `aloof` is the forger, whose word on addresses is not taken.
    pub fn configure(&self, config: &mut Config) {
        let own = |id: &str, issuer: &str| OidcProvider {
            id: id.to_owned(),
            name: format!("The {id} one"),
            issuer: issuer.to_owned(),
            client_id: "mentorship".to_owned(),
            client_secret: CLIENT_SECRET.into(),
            trusts_email: id != "aloof",
        };
        config.providers.own = vec![
            own("honest", &self.honest),
            own("forger", &self.forger),
            own("aloof", &self.forger),
            own("liar", &format!("{}/liar", self.forger)),
            // Nobody listens there.
            own("dead", "http://127.0.0.1:9"),
        ];
        config.providers.github_client_id = "mentorship".to_owned();
        config.providers.github_client_secret = CLIENT_SECRET.into();
        config.providers.github_url = self.github.clone();
        config.providers.github_api_url = self.github.clone();
    }
}

/// A script of `tests/oidc`, its standard output piped.
pub fn node(script: &str) -> Command {
    let folder = Path::new(NODE_FOLDER);
    assert!(folder.join("node_modules").is_dir(), "first run: npm ci --prefix tests/oidc (node 20 or newer)");
    let mut command = Command::new("node");
    command.arg(folder.join(script)).current_dir(folder).stdout(Stdio::piped()).stderr(Stdio::null());
    command
}

/// JSON as these providers take it in a parameter.
pub fn hint(value: &Value) -> String {
    BASE64_URL_SAFE_NO_PAD.encode(value.to_string())
}
