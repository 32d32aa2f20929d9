//! What is built in: its licences, its sources, what is banned, as `deny.toml` says it; and no unsafe code of our own
//! (promises S1, S3). `cargo deny check` holds the same file against the advisories, which it must fetch: that is
//! `just deny`.

use std::collections::HashSet;
use std::path::Path;
use std::process::Command;

use serde_json::Value;

const CRATES_IO: &str = "registry+https://github.com/rust-lang/crates.io-index";

fn file(name: &str) -> toml::Table {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("..").join(name);
    std::fs::read_to_string(path).unwrap().parse().unwrap()
}

fn words(table: &toml::Table, path: [&str; 2]) -> Vec<String> {
    table[path[0]][path[1]].as_array().unwrap().iter().map(|word| word.as_str().unwrap().to_owned()).collect()
}

/// What `cargo metadata` tells of this workspace, for the targets of `deny.toml`.
fn metadata(deny: &toml::Table) -> Value {
    let mut command = Command::new(env!("CARGO"));
    command.args(["metadata", "--format-version", "1", "--locked", "--offline"]);
    for target in words(deny, ["graph", "targets"]) {
        command.args(["--filter-platform", &target]);
    }
    let output = command.current_dir(env!("CARGO_MANIFEST_DIR")).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    serde_json::from_slice(&output.stdout).unwrap()
}

/// What is built for them.
fn packages(metadata: &Value) -> Vec<&Value> {
    let nodes = metadata["resolve"]["nodes"].as_array().unwrap();
    let built: HashSet<_> = nodes.iter().map(|node| node["id"].as_str().unwrap()).collect();
    let all = metadata["packages"].as_array().unwrap().iter();
    all.filter(|package| built.contains(package["id"].as_str().unwrap())).collect()
}

#[test]
fn licences_sources_and_bans_are_as_deny_says() {
    let deny = file("deny.toml");
    let metadata = metadata(&deny);
    let allowed = words(&deny, ["licenses", "allow"]);
    let banned: Vec<_> = deny["bans"]["deny"].as_array().unwrap().iter().map(|ban| ban["crate"].as_str()).collect();
    assert_eq!(deny["sources"]["unknown-registry"].as_str(), Some("deny"));
    assert_eq!(deny["sources"]["unknown-git"].as_str(), Some("deny"));
    let packages = packages(&metadata);
    assert!(packages.len() > 200, "{} packages are not all", packages.len());
    for package in packages {
        let name = package["name"].as_str().unwrap();
        assert!(!banned.contains(&Some(name)), "{name} is banned");
        let source = package["source"].as_str();
        assert!(source.is_none_or(|source| source == CRATES_IO), "{name} comes from {source:?}");
        let licence = package["license"].as_str().unwrap_or_default();
        assert!(source.is_none() || is_allowed(licence, &allowed), "{name} is under {licence:?}");
        for dependency in package["dependencies"].as_array().unwrap() {
            let is_wild = source.is_none() && dependency["req"] == "*" && dependency["path"].is_null();
            assert!(!is_wild, "{name} takes any version of {}", dependency["name"]);
        }
    }
}

/// An SPDX expression, of which the allowed licences are enough.
fn is_allowed(expression: &str, allowed: &[String]) -> bool {
    let spaced = expression.replace('/', " OR ").replace('(', " ( ").replace(')', " ) ");
    let words: Vec<_> = spaced.split_whitespace().collect();
    let mut rest = words.as_slice();
    let holds = either(&mut rest, allowed);
    holds && rest.is_empty()
}

fn either(words: &mut &[&str], allowed: &[String]) -> bool {
    let mut holds = both(words, allowed);
    while words.first() == Some(&"OR") {
        *words = &words[1..];
        holds |= both(words, allowed);
    }
    holds
}

fn both(words: &mut &[&str], allowed: &[String]) -> bool {
    let mut holds = one(words, allowed);
    while words.first() == Some(&"AND") {
        *words = &words[1..];
        holds &= one(words, allowed);
    }
    holds
}

fn one(words: &mut &[&str], allowed: &[String]) -> bool {
    let Some((first, rest)) = words.split_first() else { return false };
    *words = rest;
    if *first == "(" {
        let holds = either(words, allowed);
        *words = words.get(1..).unwrap_or_default();
        return holds;
    }
    let mut name = (*first).to_owned();
    if let ["WITH", exception, rest @ ..] = *words {
        name = format!("{name} WITH {exception}");
        *words = rest;
    }
    allowed.contains(&name)
}

#[test]
fn an_expression_is_read_as_spdx_has_it() {
    let allowed = ["MIT".to_owned(), "ISC".to_owned(), "Apache-2.0 WITH LLVM-exception".to_owned()];
    for good in ["MIT", "GPL-3.0 OR MIT", "MIT/GPL-3.0", "MIT AND (GPL-3.0 OR ISC)", "Apache-2.0 WITH LLVM-exception"] {
        assert!(is_allowed(good, &allowed), "{good}");
    }
    for bad in ["", "GPL-3.0", "MIT AND GPL-3.0", "(MIT OR ISC) AND GPL-3.0", "Apache-2.0", "MIT WITH LLVM-exception"] {
        assert!(!is_allowed(bad, &allowed), "{bad}");
    }
}

#[test]
fn no_crate_of_ours_may_be_unsafe_or_unwrap() {
    let root = file("Cargo.toml");
    let lints = &root["workspace"]["lints"];
    assert_eq!(lints["rust"]["unsafe_code"].as_str(), Some("forbid"));
    for lint in ["unwrap_used", "expect_used", "panic"] {
        assert!(lints["clippy"].get(lint).is_some(), "clippy::{lint} is not asked");
    }
    for member in words(&root, ["workspace", "members"]) {
        let manifest = file(&format!("{member}/Cargo.toml"));
        assert_eq!(manifest["lints"]["workspace"].as_bool(), Some(true), "{member}");
    }
}
