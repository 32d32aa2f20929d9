//! A throw-away PostgreSQL with durable settings, migrated and seeded once; it is kept in the temporary folder for the next run.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tokio_postgres::NoTls;

pub struct Cluster {
    script: PathBuf,
    folder: PathBuf,
    server: String,
    pub url: String,
}

impl Cluster {
    pub fn start(users: u64) -> Result<Self> {
        Self::start_as(&format!("mentorship-bench-{users}"), &["--scale", &users.to_string()])
    }

    /// Members, mentorships and suggestions only.
    pub fn start_bare(users: u64) -> Result<Self> {
        Self::start_as(&format!("mentorship-bench-bare-{users}"), &["--bare", "--scale", &users.to_string()])
    }

    fn start_as(name: &str, seeding: &[&str]) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no workspace folder")?;
        let script = root.join("scripts/postgres.sh");
        let folder = std::env::temp_dir().join(name);
        let seeded = folder.join("seeded").exists();
        let server = output(Command::new(&script).arg("start").arg(&folder))?;
        let cluster = Self { script, folder, url: server.replace("/postgres?", "/mentorship?"), server };
        if !seeded {
            cluster.fill(seeding)?;
        }
        cluster.run(&["migrate"])?;
        Ok(cluster)
    }

    /// What is lost with the machine is seeded anew, so nothing waits for the disk meanwhile.
    fn fill(&self, seeding: &[&str]) -> Result<()> {
        println!("seeding {} users …", seeding.last().unwrap_or(&""));
        let hasty = ["fsync = off", "full_page_writes = off", "max_wal_size = '1GB'"];
        let hasty = hasty.map(|setting| format!("ALTER SYSTEM SET {setting}"));
        let reload = "SELECT pg_reload_conf()".to_owned();
        self.execute(hasty.into_iter().chain([reload.clone(), "CREATE DATABASE mentorship".to_owned()]).collect())?;
        self.run(&["migrate"])?;
        self.run(&[&["seed"], seeding].concat())?;
        self.execute(vec!["ALTER SYSTEM RESET ALL".to_owned(), reload, "CHECKPOINT".to_owned()])?;
        std::fs::write(self.folder.join("seeded"), "")?;
        Ok(())
    }

    /// Statements that stand in no transaction.
    fn execute(&self, statements: Vec<String>) -> Result<()> {
        let server = self.server.clone();
        let execute = async move {
            let (client, connection) = tokio_postgres::connect(&server, NoTls).await?;
            tokio::spawn(connection);
            for statement in statements {
                client.batch_execute(&statement).await?;
            }
            Ok::<_, anyhow::Error>(())
        };
        // Apart, since the programme's own runtime is waiting for this.
        let done = std::thread::spawn(|| tokio::runtime::Runtime::new()?.block_on(execute)).join();
        done.map_err(|_| anyhow::anyhow!("a statement panicked"))?
    }

    fn run(&self, arguments: &[&str]) -> Result<()> {
        let program = env!("CARGO_BIN_EXE_mentorship");
        let status = Command::new(program).args(arguments).env("DATABASE_URL", &self.url).status()?;
        ensure!(status.success(), "`mentorship {}` failed", arguments.join(" "));
        Ok(())
    }

    pub async fn connect(&self) -> Result<tokio_postgres::Client> {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
    }

    /// The tables with more rows than `rows`.
    pub async fn tables_above(&self, rows: i64) -> Result<BTreeSet<String>> {
        let sql = "SELECT relname::text FROM pg_class WHERE relkind = 'r' AND reltuples > $1";
        let found = self.connect().await?.query(sql, &[&(rows as f32)]).await?;
        Ok(found.iter().map(|row| row.get(0)).collect())
    }

    pub fn log(&self) -> Result<String> {
        Ok(std::fs::read_to_string(self.folder.join("server.log"))?)
    }

    /// How many statements the server has run so far.
    pub async fn statements(&self) -> Result<u64> {
        let client = self.connect().await?;
        client.batch_execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements").await?;
        let row = client.query_one("SELECT COALESCE(SUM(calls), 0)::bigint FROM pg_stat_statements", &[]).await?;
        Ok(row.get::<_, i64>(0) as u64)
    }
}

impl Drop for Cluster {
    fn drop(&mut self) {
        let _ = Command::new(&self.script).arg("stop").arg(&self.server).status();
    }
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?} does not run"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
