//! What a client shows: what it fetched, and what it makes of the events that it hears.

use std::collections::BTreeMap;

use serde_json::{Value, json};
use support::{Client, Heard};

/// The documents of a client by their addresses.
pub struct Shown {
    who: Client,
    is_staff: bool,
    /// Whose accounts it shows, where it may.
    accounts: Vec<String>,
    pub documents: BTreeMap<String, Value>,
}

impl Shown {
    /// All that `who` may see of what they have to do with; members see themselves, staff those `accounts`.
    pub async fn fetch(who: &Client, accounts: &[Client]) -> Self {
        let accounts = accounts.iter().filter(|one| one.id != who.id).map(|one| one.id.to_string()).collect();
        let mut shown = Self { who: who.clone(), is_staff: false, accounts, documents: BTreeMap::new() };
        shown.fetch_all().await;
        shown
    }

    /// The same, fetched anew.
    pub async fn again(&self) -> Self {
        let (who, accounts) = (self.who.clone(), self.accounts.clone());
        let mut shown = Self { who, is_staff: false, accounts, documents: BTreeMap::new() };
        shown.fetch_all().await;
        shown
    }

    async fn fetch_all(&mut self) {
        self.documents.clear();
        self.own().await;
        self.is_staff = self.documents["/me"]["role"] != "REGULAR";
        self.reload("/notifications?limit=100").await;
        if self.is_staff {
            self.list("/admin/issues", "/admin/issues").await;
            self.list("/admin/match-runs", "/admin/match-runs").await;
            for id in self.accounts.clone() {
                self.reload(&format!("/admin/users/{id}")).await;
            }
            return;
        }
        self.list("/me/issues", "/me/issues").await;
        for status in ["PENDING", "ACCEPTED", "DECLINED"] {
            self.list(&format!("/me/suggestions?status={status}"), "/suggestions").await;
        }
        for (list, threads) in [("/me/mentorships", "/mentorships"), ("/conversations", "/conversations")] {
            for row in self.who.all(list).await {
                self.thread(&address(threads, &row)).await;
            }
        }
    }

    async fn own(&mut self) {
        for path in ["/me", "/me/accounts", "/me/second-factor"] {
            self.reload(path).await;
        }
    }

    /// A thread with all that belongs to it.
    async fn thread(&mut self, path: &str) {
        self.reload(path).await;
        if !self.documents.contains_key(path) {
            return;
        }
        for message in self.who.all(format!("{path}/messages")).await {
            self.message(path, &message);
        }
        if path.starts_with("/mentorships") {
            for part in ["goals", "notes", "meetings"] {
                self.list(&format!("{path}/{part}"), &format!("/{part}")).await;
            }
        }
    }

    fn message(&mut self, thread: &str, message: &Value) {
        self.documents.insert(format!("{thread}/messages/{}", message["seq"]), message.clone());
    }

    async fn list(&mut self, list: &str, items: &str) {
        for item in self.who.all(list).await {
            self.documents.insert(address(items, &item), item);
        }
    }

    /// One document as it stands now, or is no more.
    async fn reload(&mut self, path: &str) {
        let answer = self.who.get(path).await;
        match answer.status {
            200 => _ = self.documents.insert(path.to_owned(), answer.json()),
            404 => _ = self.documents.remove(path),
            _ => panic!("{answer}"),
        }
    }

    /// What a client does at an event: it takes the message that comes along, else it fetches what the event names.
    pub async fn apply(&mut self, event: &Heard) {
        let (data, me) = (&event.data, json!(self.who.id));
        let id = data["subjectId"].as_str().unwrap();
        match data["subjectKind"].as_str().unwrap() {
            "user" if data["subjectId"] != me => self.account(id).await,
            "user" if event.kind == "user.role_changed" => self.fetch_all().await,
            "user" => self.own().await,
            "inbox" => {}
            "issue" if self.is_staff => self.reload(&format!("/admin/issues/{id}")).await,
            "issue" => self.reload(&format!("/me/issues/{id}")).await,
            "match_run" => self.reload(&format!("/admin/match-runs/{id}")).await,
            // Of members, staff shows accounts alone.
            _ if self.is_staff => {}
            kind @ ("goal" | "note" | "meeting") => self.reload(&format!("/{kind}s/{id}")).await,
            "suggestion" => self.suggestion(&format!("/suggestions/{id}"), data).await,
            kind @ ("mentorship" | "conversation") => self.of_thread(&format!("/{kind}s/{id}"), data).await,
            other => panic!("a client knows no {other}"),
        }
        // What others do may add a notification; reading a thread reads that of the thread.
        if data["actorId"] != me || event.kind.ends_with(".read") {
            self.reload("/notifications?limit=100").await;
        }
    }

    async fn account(&mut self, id: &str) {
        if self.is_staff && self.accounts.iter().any(|one| one == id) {
            self.reload(&format!("/admin/users/{id}")).await;
        }
    }

    /// One that is put off or over can be asked for, and is in no list.
    async fn suggestion(&mut self, path: &str, data: &Value) {
        self.reload(path).await;
        let is_hidden =
            |row: &Value| !row["notBefore"].is_null() || row["expiresAt"].as_str() <= data["occurredAt"].as_str();
        if self.documents.get(path).is_some_and(is_hidden) {
            self.documents.remove(path);
        }
    }

    async fn of_thread(&mut self, path: &str, data: &Value) {
        if !self.documents.contains_key(path) {
            return self.thread(path).await;
        }
        self.reload(path).await;
        if let Some(message) = data.get("message") {
            self.message(path, message);
        }
    }

    /// What is shown otherwise than in `other`, a line for each document.
    pub fn differences(&self, other: &Self) -> Vec<String> {
        let paths = self.documents.keys().chain(other.documents.keys());
        let mut lines: Vec<_> = paths
            .filter(|path| self.documents.get(*path) != other.documents.get(*path))
            .map(|path| format!("{path}\n  {:?}\n  {:?}", self.documents.get(path), other.documents.get(path)))
            .collect();
        lines.sort();
        lines.dedup();
        lines
    }
}

fn address(items: &str, item: &Value) -> String {
    format!("{items}/{}", item["id"].as_str().unwrap())
}
