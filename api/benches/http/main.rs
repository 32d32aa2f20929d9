//! How fast the API is, beside a ceiling in the same run: a bare actix handler that gets the same answer with hand-written SQL on a raw driver.
//!
//! `cargo bench -p api -- [--users 100000] [--seconds 8] [--connections 64] [--only me,dashboard]`

mod cases;
mod ceiling;
mod certificate;
mod cluster;
mod cohort;
mod enumeration;
mod explain;
mod live;
mod load;
mod messages;
mod million;
mod report;
mod server;
mod sign_ins;

use anyhow::{Context, Result};
use clap::Parser;

use crate::cases::Case;
use crate::cluster::Cluster;
use crate::report::{Figures, Row};
use crate::server::Server;

#[derive(Parser)]
struct Arguments {
    /// Users to seed; messages and mentorships follow in proportion. 100,000, or a million with `--million`
    #[arg(long)]
    users: Option<u64>,
    /// Seconds of each measurement, after one of warming up
    #[arg(long, default_value_t = 8)]
    seconds: u64,
    #[arg(long, default_value_t = 64)]
    connections: usize,
    /// Names of cases, with commas; all by default
    #[arg(long, value_delimiter = ',')]
    only: Vec<String>,
    /// Only say, for each list, whether its plan scans a large table
    #[arg(long)]
    explain: bool,
    /// Only measure what 200 parallel sign-ins do to others, and how near they come to bare argon2
    #[arg(long)]
    sign_ins: bool,
    /// Only measure whether the time of an answer tells if somebody has an address
    #[arg(long)]
    enumeration: bool,
    /// Only measure matching, with a million members who have suggestions and mentorships but no messages, accounts and events
    #[arg(long)]
    million: bool,
    /// Only measure a match run of 10,000 mentees and 5,000 mentors, drawn from 40,000 members as with `--million`
    #[arg(long)]
    cohort: bool,
    /// Only measure live streams: delivery on another node at 1,000 clients, and the memory of an idle one
    #[arg(long)]
    live: bool,
    /// Only measure what sending a message costs, with more and more stored messages up to so many
    #[arg(long)]
    messages: Option<i64>,
    /// Serve the ceiling on this database instead of measuring (used by the programme itself)
    #[arg(long, hide = true)]
    ceiling: Option<String>,
    #[arg(long, hide = true)]
    bench: bool,
}

fn main() -> Result<()> {
    let arguments = Arguments::parse();
    if let Some(database) = arguments.ceiling {
        return ceiling::serve(&database);
    }
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build()?;
    runtime.block_on(measure(&arguments))
}

async fn measure(arguments: &Arguments) -> Result<()> {
    if arguments.million {
        let cluster = Cluster::start_bare(arguments.users.unwrap_or(1_000_000))?;
        return million::measure(&cluster, arguments.seconds).await;
    }
    if arguments.cohort {
        let cluster = Cluster::start_bare(arguments.users.unwrap_or(40_000))?;
        return cohort::measure(&cluster, arguments.seconds).await;
    }
    if arguments.live {
        return live::measure(&Cluster::start(arguments.users.unwrap_or(10_000))?).await;
    }
    if let Some(most) = arguments.messages {
        let cluster = Cluster::start(arguments.users.unwrap_or(1_000))?;
        return messages::measure(&cluster, most, arguments.seconds).await;
    }
    let users = arguments.users.unwrap_or(100_000);
    let cluster = Cluster::start(users)?;
    if arguments.explain {
        let scanned = explain::run(&cluster).await?;
        anyhow::ensure!(scanned == 0, "{scanned} lists scan a large table");
        return Ok(());
    }
    let api = Server::api(&cluster)?;
    if arguments.sign_ins {
        return sign_ins::measure(&cluster, &api, arguments.seconds).await;
    }
    if arguments.enumeration {
        return enumeration::measure(&cluster, &api).await;
    }
    let ceiling = Server::ceiling(&cluster)?;
    println!(
        "start to ready on the seeded database: {:.0} ms; idle memory {:.1} MiB",
        api.ready_ms(),
        api.memory("VmRSS:")?
    );
    let all = cases::all(&cluster, &api).await?;
    report::head(users, arguments.connections);
    for case in
        all.iter().filter(|case| arguments.only.is_empty() || arguments.only.iter().any(|name| name == case.name))
    {
        case.compare(&api, &ceiling)
            .await
            .with_context(|| format!("{} and its ceiling do not answer the same", case.name))?;
        let row = Row {
            name: case.name,
            ceiling: figures(arguments, &cluster, &ceiling, case, true).await?,
            api: figures(arguments, &cluster, &api, case, false).await?,
        };
        report::print(&row);
    }
    println!(
        "\npeak memory of the API {:.1} MiB, of the ceiling {:.1} MiB",
        api.memory("VmHWM:")?,
        ceiling.memory("VmHWM:")?
    );
    Ok(())
}

async fn figures(
    arguments: &Arguments,
    cluster: &Cluster,
    server: &Server,
    case: &Case,
    bare: bool,
) -> Result<Figures> {
    let requests = case.requests(server, bare);
    load::run(server.address(), &requests, arguments.connections, 1).await?;
    let before = cluster.statements().await?;
    let measured = load::run(server.address(), &requests, arguments.connections, arguments.seconds).await?;
    let statements = cluster.statements().await? - before;
    Ok(Figures::new(measured, statements))
}
