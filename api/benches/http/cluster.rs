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
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no workspace folder")?;
        let script = root.join("scripts/postgres.sh");
        let folder = std::env::temp_dir().join(format!("mentorship-bench-{users}"));
        let seeded = folder.join("seeded").exists();
        let server = output(Command::new(&script).arg("start").arg(&folder))?;
        let cluster = Self { script, folder, url: server.replace("/postgres?", "/mentorship?"), server };
        if !seeded {
            cluster.fill(users)?;
        }
        Ok(cluster)
    }

    fn fill(&self, users: u64) -> Result<()> {
        println!("seeding {users} users …");
        let server = self.server.clone();
        let make = async move {
            let (client, connection) = tokio_postgres::connect(&server, NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute("CREATE DATABASE mentorship").await
        };
        // Apart, since the programme's own runtime is waiting for this.
        let made = std::thread::spawn(|| tokio::runtime::Runtime::new().map(|runtime| runtime.block_on(make))).join();
        made.map_err(|_| anyhow::anyhow!("the database could not be made"))???;
        self.run(&["migrate"])?;
        self.run(&["seed", "--scale", &users.to_string()])?;
        std::fs::write(self.folder.join("seeded"), "")?;
        Ok(())
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
