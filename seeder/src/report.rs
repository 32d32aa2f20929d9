//! What a run did, and how to sign in afterwards.

use std::collections::BTreeMap;
use std::fmt;

use crate::PASSWORD;
use crate::first::{self, ADMIN, MENTEE, MENTOR, OWNER};

/// What a run did.
#[derive(Debug)]
pub struct Report {
    /// False where the data was there before.
    pub created: bool,
    /// Rows written, by table.
    pub rows: BTreeMap<&'static str, u64>,
    pub sign_ins: Vec<SignIn>,
}

/// Somebody to sign in as.
#[derive(Clone, Debug)]
pub struct SignIn {
    pub role: &'static str,
    pub email: String,
    pub password: &'static str,
    pub about: &'static str,
}

impl Report {
    pub(crate) fn created(rows: BTreeMap<&'static str, u64>) -> Self {
        let sign_ins = if rows.contains_key("accounts") { sign_ins() } else { Vec::new() };
        Self { created: true, rows, sign_ins }
    }

    pub(crate) fn untouched() -> Self {
        Self { created: false, rows: BTreeMap::new(), sign_ins: sign_ins() }
    }
}

fn sign_ins() -> Vec<SignIn> {
    let known = [
        (OWNER, "OWNER", "settings and roles; mentors"),
        (ADMIN, "ADMIN", "members, requests and taxonomy"),
        (MENTOR, "REGULAR", "a mentor with mentees, a request and suggestions"),
        (MENTEE, "REGULAR", "a mentee with a mentor, goals, meetings and suggestions"),
    ];
    let known = known.into_iter();
    known.map(|(place, role, about)| SignIn { role, email: first::email(place), password: PASSWORD, about }).collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if self.created {
            let count = |table| self.rows.get(table).copied().unwrap_or_default();
            let [users, mentorships] = ["users", "mentorships"].map(count);
            let [messages, conversations] = ["messages", "conversations"].map(count);
            writeln!(
                f,
                "Seeded {users} users, {mentorships} mentorships, {conversations} conversations, {messages} messages."
            )?;
        } else {
            writeln!(f, "The database was seeded before: nothing was changed.")?;
        }
        writeln!(f, "Sign in with the password {PASSWORD} as")?;
        for SignIn { role, email, about, .. } in &self.sign_ins {
            writeln!(f, "  {email:20} {role:8} {about}")?;
        }
        Ok(())
    }
}
