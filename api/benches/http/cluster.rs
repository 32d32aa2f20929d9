//! A throw-away PostgreSQL with durable settings, migrated and seeded once; it is kept under `target/` for the next run.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context, Result, ensure};
use tokio_postgres::NoTls;

pub struct Cluster {
    script: PathBuf,
    folder: PathBuf,
    pub url: String,
}

impl Cluster {
    pub fn start(users: u64) -> Result<Self> {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().context("no workspace folder")?;
        let script = root.join("scripts/postgres.sh");
        let folder = std::env::temp_dir().join(format!("mentorship-bench-{users}"));
        let seeded = folder.join("seeded").exists();
        let url = output(Command::new(&script).arg("start").arg(&folder).env("POSTGRES_DURABLE", "1"))?;
        let mut cluster = Self { script, folder, url };
        if !seeded {
            cluster.fill(users)?;
        }
        cluster.url = cluster.database();
        Ok(cluster)
    }

    fn database(&self) -> String {
        let (server, options) = self.url.split_once('?').map_or((self.url.as_str(), ""), |(server, options)| (server, options));
        let server = server.trim_end_matches('/').trim_end_matches("/postgres");
        format!("{server}/mentorship?{options}")
    }

    fn fill(&self, users: u64) -> Result<()> {
        println!("seeding {users} users …");
        let url = self.url.clone();
        let make = async move {
            let (client, connection) = tokio_postgres::connect(&url, NoTls).await?;
            tokio::spawn(connection);
            client.batch_execute("CREATE DATABASE mentorship").await
        };
        std::thread::spawn(|| tokio::runtime::Runtime::new().map(|runtime| runtime.block_on(make)))
            .join()
            .map_err(|_| anyhow::anyhow!("the database could not be made"))???;
        for command in [vec!["migrate".to_owned()], vec!["seed".to_owned(), "--scale".to_owned(), users.to_string()]] {
            let status = Command::new(env!("CARGO_BIN_EXE_mentorship")).args(&command).env("DATABASE_URL", self.database()).status()?;
            ensure!(status.success(), "`mentorship {}` failed", command.join(" "));
        }
        std::fs::write(self.folder.join("seeded"), "")?;
        Ok(())
    }

    pub async fn connect(&self) -> Result<tokio_postgres::Client> {
        let (client, connection) = tokio_postgres::connect(&self.url, NoTls).await?;
        tokio::spawn(connection);
        Ok(client)
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
        let _ = Command::new(&self.script).arg("stop").arg(&self.folder).status();
    }
}

fn output(command: &mut Command) -> Result<String> {
    let output = command.output().with_context(|| format!("{command:?} does not run"))?;
    ensure!(output.status.success(), "{command:?}: {}", String::from_utf8_lossy(&output.stderr));
    Ok(String::from_utf8(output.stdout)?.trim().to_owned())
}
