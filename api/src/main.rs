//! The command line: one binary, `mentorship`.

mod commands;

use std::process::ExitCode;

use clap::{Parser, Subcommand};

/// The backend of mentorship programmes
#[derive(Parser)]
#[command(version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API (the default); in development also migrate the database, and seed it where it is empty
    Serve,
    /// Bring the database to the newest schema
    Migrate,
    /// Fill an empty database with demonstration data; not in production
    Seed(commands::Seed),
    /// Print the OpenAPI document
    Openapi,
    /// Make the first owner, once; the password is read from the terminal or from standard input
    CreateOwner(commands::CreateOwner),
    /// Check the configuration and the database; exits with 1 where something is wrong
    Doctor,
}

#[tokio::main]
async fn main() -> ExitCode {
    let done = match Arguments::parse().command.unwrap_or(Command::Serve) {
        Command::Serve => commands::serve().await,
        Command::Migrate => commands::migrate().await,
        Command::Seed(arguments) => commands::seed(arguments).await,
        Command::Openapi => commands::openapi(),
        Command::CreateOwner(arguments) => commands::create_owner(arguments).await,
        Command::Doctor => commands::doctor().await,
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("mentorship: {error:#}");
            ExitCode::FAILURE
        }
    }
}
