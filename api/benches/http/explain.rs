//! Asks every list of the API on the seeded database and reads, from the server's own plans, whether a large table was scanned whole.

use std::collections::BTreeSet;

use anyhow::Result;

use crate::cases::{self, Member};
use crate::cluster::Cluster;
use crate::server::Server;

/// A table with more rows than this is large.
const LARGE: i64 = 10_000;

const OF_MEMBERS: &[&str] = &[
    "/me",
    "/me/dashboard",
    "/me/suggestions",
    "/me/suggestions?side=MENTOR",
    "/me/suggestions?status=PENDING",
    "/me/mentorships",
    "/me/mentorships?status=ACTIVE",
    "/me/meetings",
    "/mentors",
    "/mentors?skill=databases",
    "/mentors?topic=find-a-job",
    "/mentors?language=en",
    "/mentors?inPerson=true",
    "/mentors?hasCapacity=true",
    "/mentors?q=engineer",
    "/conversations",
    "/notifications",
    "/notifications?unread=true",
    "/skills",
    "/soft-skills",
    "/topics",
    "/industries",
    "/seniority-levels",
    "/mentorships/{thread}/messages",
    "/mentorships/{thread}/goals",
    "/mentorships/{thread}/notes",
    "/mentorships/{thread}/meetings",
];

const OF_STAFF: &[&str] = &[
    "/admin/users",
    "/admin/users?q=a",
    "/admin/users?status=SUSPENDED",
    "/admin/users?role=ADMIN",
    "/admin/mentorships",
    "/admin/mentorships?status=PENDING",
    "/admin/audit-log",
];

/// Prints each list with its verdict; answers how many scanned a large table.
pub async fn run(cluster: &Cluster) -> Result<usize> {
    let server = Server::explained(cluster)?;
    let member = cases::member_with_thread(cluster).await?;
    let staff = cases::staff(cluster).await?;
    let large = cluster.tables_above(LARGE).await?;
    let mut scanned = 0;
    for (who, paths) in [(&member, OF_MEMBERS), (&staff, OF_STAFF)] {
        for path in paths {
            let found = scans(cluster, &server, who, path, &large).await?;
            scanned += usize::from(!found.is_empty());
            println!(
                "{path:<45} {}",
                if found.is_empty() { "indexed".to_owned() } else { format!("SCANS {}", found.join(", ")) }
            );
        }
    }
    Ok(scanned)
}

async fn scans(
    cluster: &Cluster,
    server: &Server,
    who: &Member,
    path: &str,
    large: &BTreeSet<String>,
) -> Result<Vec<String>> {
    let before = cluster.log()?.len();
    let mut path = path.replace("{thread}", &who.thread.unwrap_or_default().to_string());
    // The first page, and one further on where there is one.
    for _ in 0..2 {
        let (status, body) = server.once(&cases::get(&path, &who.token)).await?;
        anyhow::ensure!(status == 200, "{path}: {status} {}", String::from_utf8_lossy(&body));
        let page: serde_json::Value = serde_json::from_slice(&body)?;
        let Some(cursor) = page["nextCursor"].as_str() else { break };
        path = format!("{}{}cursor={cursor}", path, if path.contains('?') { '&' } else { '?' });
    }
    let log = cluster.log()?;
    let plans = log[before..].lines().filter_map(|line| line.split("Seq Scan on ").nth(1)?.split_whitespace().next());
    Ok(plans.filter(|table| large.contains(*table)).map(str::to_owned).collect::<BTreeSet<_>>().into_iter().collect())
}
