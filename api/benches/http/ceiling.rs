//! The ceiling: a bare actix server that gets the same answers with hand-written SQL on tokio-postgres, pipelined. No sign-in, no
//! checks, no logs, no middleware: what is left is what the machine and the database can do.

#![expect(clippy::disallowed_types, reason = "the ceiling takes the framework as it is")]

mod reads;
mod writes;

use std::cell::Cell;

use actix_web::{App, HttpResponse, HttpServer};
use anyhow::Result;
use chrono::{DateTime, SecondsFormat, Utc};
use serde_json::{Value, json};
use tokio_postgres::{Client, NoTls, Row, Statement};
use uuid::Uuid;

/// Commits wait for the disk: more connections let them share a flush.
const WRITERS: usize = 12;

/// The connections of one worker, each with all statements prepared.
pub struct Database {
    reader: Prepared,
    writers: Vec<Prepared>,
    next: Cell<usize>,
}

pub struct Prepared {
    pub client: Client,
    pub statements: Vec<Statement>,
}

impl Database {
    async fn connect(url: &str) -> Result<Self> {
        let mut writers = Vec::new();
        for _ in 0..WRITERS {
            writers.push(Prepared::connect(url).await?);
        }
        Ok(Self { reader: Prepared::connect(url).await?, writers, next: Cell::new(0) })
    }

    pub fn reader(&self) -> &Prepared {
        &self.reader
    }

    pub fn writer(&self) -> &Prepared {
        self.next.set((self.next.get() + 1) % WRITERS);
        &self.writers[self.next.get()]
    }
}

impl Prepared {
    async fn connect(url: &str) -> Result<Self> {
        let (client, connection) = tokio_postgres::connect(url, NoTls).await?;
        actix_web::rt::spawn(connection);
        let mut statements = Vec::new();
        for sql in reads::SQL.iter().chain(writes::SQL) {
            statements.push(client.prepare(sql).await?);
        }
        Ok(Self { client, statements })
    }
}

pub fn serve(url: &str) -> Result<()> {
    let port: u16 = std::env::var("PORT")?.parse()?;
    let url = url.to_owned();
    actix_web::rt::System::new().block_on(async move {
        let server = HttpServer::new(move || {
            let url = url.clone();
            App::new()
                .data_factory(move || {
                    let url = url.clone();
                    async move { Database::connect(&url).await }
                })
                .service(ready)
                .configure(reads::routes)
                .configure(writes::routes)
        });
        Ok(server.workers(std::thread::available_parallelism()?.get()).bind(("127.0.0.1", port))?.run().await?)
    })
}

#[actix_web::get("/health/ready")]
async fn ready() -> HttpResponse {
    HttpResponse::Ok().finish()
}

pub fn failed(error: tokio_postgres::Error) -> actix_web::Error {
    actix_web::error::ErrorInternalServerError(error)
}

pub fn at(row: &Row, column: &str) -> Value {
    row.get::<_, Option<DateTime<Utc>>>(column)
        .map_or(Value::Null, |at| at.to_rfc3339_opts(SecondsFormat::Millis, true).into())
}

pub fn text(row: &Row, column: &str) -> Value {
    row.get::<_, Option<String>>(column).map_or(Value::Null, Value::from)
}

pub fn id(row: &Row, column: &str) -> Value {
    row.get::<_, Uuid>(column).to_string().into()
}

/// The card of a person, from columns that begin with `other_`.
pub fn person(row: &Row) -> Value {
    json!({
        "id": id(row, "other_id"), "name": text(row, "other_name"), "title": text(row, "other_title"),
        "image": text(row, "other_image"), "seniority": seniority(row, "other_seniority"),
    })
}

pub fn seniority(row: &Row, prefix: &str) -> Value {
    let column = |part: &str| format!("{prefix}_{part}");
    match row.get::<_, Option<Uuid>>(column("id").as_str()) {
        Some(id) => json!({ "id": id, "slug": text(row, &column("slug")), "name": text(row, &column("name")) }),
        None => Value::Null,
    }
}
