//! What is measured: four reads and two writes, each with the same request to the ceiling.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use anyhow::{Context, Result, ensure};
use api::auth::{Auth, Claims};
use api::config::Config;
use api::state::Clock;
use chrono::TimeDelta;
use serde_json::Value;
use uuid::Uuid;

use crate::cluster::Cluster;
use crate::load::Requests;
use crate::server::Server;

/// A member with a session, an active mentorship and suggestions that wait for their answer as mentee.
#[derive(Clone)]
pub struct Member {
    id: Uuid,
    pub token: String,
    pub thread: Option<Uuid>,
    suggestions: Vec<Uuid>,
}

type Request = Arc<dyn Fn(&Member) -> (String, String, String) + Send + Sync>;

pub struct Case {
    pub name: &'static str,
    members: Arc<Vec<Member>>,
    writes: bool,
    /// Whether each can be written once only.
    once: bool,
    /// How many writes each side has had, in this process: none is sent twice.
    written: [Arc<AtomicU64>; 2],
    /// Method and path with body, of the API and of the ceiling.
    api: Request,
    ceiling: Request,
}

impl Case {
    /// The stream of requests; a write never repeats one, and the ceiling has half of the members for itself.
    pub fn requests(&self, _: &Server, bare: bool) -> Requests {
        let (make, members) = (if bare { self.ceiling.clone() } else { self.api.clone() }, self.members.clone());
        let (writes, once, written) = (self.writes, self.once, self.written[usize::from(bare)].clone());
        Arc::new(move |number| {
            let half = members.len() as u64 / 2;
            let place = if writes {
                let turn = written.fetch_add(1, Ordering::Relaxed);
                ensure!(
                    !once || turn < half,
                    "nothing is left to write: remove the seeded folder, and the next run makes it anew"
                );
                (turn % half) * 2 + u64::from(bare)
            } else {
                number % members.len() as u64
            };
            let (line, body, token) = make(&members[place as usize]);
            Ok(render(&line, &body, &token))
        })
    }

    /// Fails unless both answer the same to the first request of a read, or the same fields to that of a write.
    pub async fn compare(&self, api: &Server, ceiling: &Server) -> Result<()> {
        let (of_api, of_ceiling) = (self.requests(api, false), self.requests(ceiling, true));
        for number in 0..if self.writes { 1 } else { 20 } {
            let (left, right) = (api.once(&of_api(number)?).await?, ceiling.once(&of_ceiling(number)?).await?);
            let (mut left, mut right): (Value, Value) = (parse(&left)?, parse(&right)?);
            if self.writes {
                (left, right) = (keys(&left), keys(&right));
            } else {
                // A page's cursor is signed by the API; the ceiling has none.
                for side in [&mut left, &mut right] {
                    side.as_object_mut().and_then(|fields| fields.remove("nextCursor"));
                }
            }
            ensure!(left == right, "{left}\n{right}");
        }
        Ok(())
    }
}

fn parse((status, body): &(u16, Vec<u8>)) -> Result<Value> {
    ensure!((200..300).contains(status), "{status}: {}", String::from_utf8_lossy(body));
    Ok(serde_json::from_slice(body)?)
}

fn keys(value: &Value) -> Value {
    value.as_object().map(|fields| fields.keys().map(|key| Value::from(key.as_str())).collect()).unwrap_or_default()
}

pub fn render(line: &str, body: &str, token: &str) -> Vec<u8> {
    let kind = if body.is_empty() { "" } else { "Content-Type: application/json\r\n" };
    format!(
        "{line} HTTP/1.1\r\nHost: localhost\r\nAuthorization: Bearer {token}\r\n{kind}Content-Length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

pub async fn all(cluster: &Cluster, _: &Server) -> Result<Vec<Case>> {
    let readers = Arc::new(members(cluster, 256, READERS).await?);
    let writers = Arc::new(members(cluster, 20_000, WRITERS).await?);
    let senders: Arc<Vec<_>> = Arc::new(readers.iter().filter(|member| member.thread.is_some()).cloned().collect());
    let read = |name, api: fn(&Member) -> String, ceiling: fn(&Member) -> String, members: &Arc<Vec<Member>>| Case {
        name,
        members: members.clone(),
        writes: false,
        once: false,
        written: Default::default(),
        api: Arc::new(move |member| (format!("GET /api/v1{}", api(member)), String::new(), member.token.clone())),
        ceiling: Arc::new(move |member| (format!("GET {}", ceiling(member)), String::new(), String::new())),
    };
    let thread = |member: &Member| member.thread.unwrap_or_default();
    Ok(vec![
        read("me", |_| "/me".to_owned(), |member| format!("/me/{}", member.id), &readers),
        read("dashboard", |_| "/me/dashboard".to_owned(), |member| format!("/dashboard/{}", member.id), &readers),
        read("suggestions", |_| "/me/suggestions".to_owned(), |member| format!("/suggestions/{}", member.id), &readers),
        read(
            "thread",
            |member| format!("/mentorships/{}/messages", member.thread.unwrap_or_default()),
            |member| format!("/messages/{}/{}", member.id, member.thread.unwrap_or_default()),
            &senders,
        ),
        Case {
            name: "message",
            members: senders.clone(),
            writes: true,
            once: false,
            written: Default::default(),
            api: Arc::new(move |member| {
                (format!("POST /api/v1/mentorships/{}/messages", thread(member)), letter(), member.token.clone())
            }),
            ceiling: Arc::new(move |member| {
                (format!("POST /messages/{}/{}", member.id, thread(member)), letter(), String::new())
            }),
        },
        Case {
            name: "answer",
            members: flatten(&writers),
            writes: true,
            once: true,
            written: Default::default(),
            api: Arc::new(|member| {
                (
                    format!("POST /api/v1/suggestions/{}/decline", member.suggestions[0]),
                    String::new(),
                    member.token.clone(),
                )
            }),
            ceiling: Arc::new(|member| {
                (format!("POST /suggestions/{}/{}", member.id, member.suggestions[0]), String::new(), String::new())
            }),
        },
    ])
}

pub fn letter() -> String {
    format!(
        r#"{{"clientId":"{}","content":"Shall we go through the first chapter on Thursday, or would you rather talk about the interview?"}}"#,
        Uuid::new_v4()
    )
}

/// One entry for each suggestion, so that none is answered twice. Members take turns, a thousand at a time: who answers one
/// suggestion is still there for the next.
fn flatten(members: &[Member]) -> Arc<Vec<Member>> {
    let turn = |members: &[Member], at: usize| -> Vec<Member> {
        let one = |member: &Member| Some(Member { suggestions: vec![*member.suggestions.get(at)?], ..member.clone() });
        members.iter().filter_map(one).collect()
    };
    let most = members.iter().map(|member| member.suggestions.len()).max().unwrap_or_default();
    Arc::new(members.chunks(1_000).flat_map(|group| (0..most).flat_map(move |at| turn(group, at))).collect())
}

const READERS: &str = "SELECT u.id, (SELECT m.id FROM mentorships m WHERE m.mentee_id = u.id AND m.status = 'ACTIVE' AND m.last_message_seq >= 10 LIMIT 1) AS thread, \
    ARRAY[]::uuid[] AS suggestions FROM users u JOIN mentorships m ON m.mentee_id = u.id \
    WHERE u.status = 'ACTIVE' AND u.role = 'REGULAR' AND m.status = 'ACTIVE' AND m.last_message_seq >= 10 ORDER BY u.id LIMIT $1";
const WRITERS: &str = "SELECT s.mentee_id AS id, NULL::uuid AS thread, array_agg(s.id) AS suggestions FROM suggestions s JOIN users u ON u.id = s.mentee_id \
    WHERE s.status = 'PENDING' AND s.mentee_response = 'PENDING' AND s.expires_at > now() AND u.status = 'ACTIVE' GROUP BY s.mentee_id ORDER BY count(*) DESC, s.mentee_id LIMIT $1";

const TALKERS: &str = "SELECT m.mentee_id AS id, min(m.id::text)::uuid AS thread, ARRAY[]::uuid[] AS suggestions \
    FROM mentorships m JOIN users u ON u.id = m.mentee_id AND u.status = 'ACTIVE' AND u.role = 'REGULAR' \
    WHERE m.status = 'ACTIVE' GROUP BY m.mentee_id ORDER BY m.mentee_id LIMIT $1";
const ANYBODY: &str = "SELECT id, NULL::uuid AS thread, ARRAY[]::uuid[] AS suggestions FROM users \
    WHERE status = 'ACTIVE' AND role = 'REGULAR' ORDER BY md5(id::text) LIMIT $1";
/// Both mentors and mentees, and able to be matched.
const SEEKERS: &str = "SELECT id, NULL::uuid AS thread, ARRAY[]::uuid[] AS suggestions FROM users \
    WHERE status = 'ACTIVE' AND role = 'REGULAR' AND active_mentor AND active_mentee AND paused_until IS NULL \
    ORDER BY md5(id::text) DESC LIMIT $1";
const UNSOUGHT: &str = "SELECT slug FROM skills WHERE NOT EXISTS \
    (SELECT 1 FROM mentee_skills WHERE user_id = $1 AND skill_id = skills.id) ORDER BY slug LIMIT 1";

const STAFF: &str = "SELECT id, NULL::uuid AS thread, ARRAY[]::uuid[] AS suggestions FROM users \
    WHERE role = 'OWNER' AND status = 'ACTIVE' ORDER BY id LIMIT $1";

pub async fn member_with_thread(cluster: &Cluster) -> Result<Member> {
    members(cluster, 1, READERS).await?.pop().context("nobody has a thread")
}

/// Mentees, each in an active mentorship with a thread.
pub async fn talkers(cluster: &Cluster, count: i64) -> Result<Vec<Member>> {
    members(cluster, count, TALKERS).await
}

/// Members who each have a thread to send in.
pub async fn senders(cluster: &Cluster, count: i64) -> Result<Vec<Member>> {
    members(cluster, count, READERS).await
}

/// Members who read their own profile, in turn.
pub async fn readers(cluster: &Cluster) -> Result<Requests> {
    let readers = members(cluster, 256, READERS).await?;
    Ok(Arc::new(move |number| Ok(get("/me", &readers[number as usize % readers.len()].token))))
}

/// Members by chance, the same in every run.
pub async fn anybody(cluster: &Cluster, count: i64) -> Result<Vec<Member>> {
    members(cluster, count, ANYBODY).await
}

/// Mentors who are mentees as well, each with a skill that they do not seek yet.
pub async fn seekers(cluster: &Cluster, count: i64) -> Result<Vec<(Member, String)>> {
    let (client, mut seekers) = (cluster.connect().await?, Vec::new());
    for member in members(cluster, count, SEEKERS).await? {
        let skill = client.query_one(UNSOUGHT, &[&member.id]).await?.get("slug");
        seekers.push((member, skill));
    }
    Ok(seekers)
}

pub async fn staff(cluster: &Cluster) -> Result<Member> {
    members(cluster, 1, STAFF).await?.pop().context("there is no owner")
}

pub fn get(path: &str, token: &str) -> Vec<u8> {
    render(&format!("GET /api/v1{path}"), "", token)
}

/// Members of the seeded database, each with a session made for this run.
async fn members(cluster: &Cluster, count: i64, sql: &str) -> Result<Vec<Member>> {
    let client = cluster.connect().await?;
    let rows = client.query(sql, &[&count]).await?;
    ensure!(!rows.is_empty(), "the seeded database has nobody for this");
    let auth = Auth::new(&Config::from_variables([])?)?;
    let now = Clock::system().now();
    // A token lasts ten minutes. These are of the end of an hour in which the session has been seen already.
    let (issued, end) = (now + TimeDelta::minutes(50), now + TimeDelta::days(14));
    let insert = client
        .prepare("INSERT INTO sessions (id, user_id, refresh_hash, refresh_counter, created_at, last_seen_at, auth_time, idle_expires_at, expires_at) \
            VALUES ($1, $2, $3, 0, $4, $6, $4, $5, $5)")
        .await?;
    client.batch_execute("BEGIN").await?;
    let mut members = Vec::with_capacity(rows.len());
    for row in &rows {
        let (id, session): (Uuid, Uuid) = (row.get("id"), Uuid::new_v4());
        client.execute(&insert, &[&session, &id, &session.to_string(), &now, &end, &issued]).await?;
        let token = auth.sign(&claims(id, session, issued.timestamp())).context("no token")?;
        members.push(Member { id, token, thread: row.get("thread"), suggestions: row.get("suggestions") });
    }
    client.batch_execute("COMMIT").await?;
    Ok(members)
}

fn claims(user: Uuid, session: Uuid, now: i64) -> Claims {
    let public_url = "http://localhost:8080".to_owned();
    Claims {
        iss: public_url.clone(),
        aud: public_url,
        sub: user,
        sid: session,
        jti: Uuid::new_v4(),
        client_id: "mentorship".to_owned(),
        iat: now,
        exp: now + 600,
        nbf: 0,
        auth_time: now,
    }
}
