use std::io::{IsTerminal, stdin};
use std::process::Command;

use anyhow::{Context, Result, anyhow};
use api::error::Error;
use api::identity;
use api::server;
use api::state::Clock;
use clap::Args;

#[derive(Args)]
pub struct CreateOwner {
    #[arg(long)]
    email: String,
    #[arg(long)]
    name: String,
}

pub async fn create_owner(arguments: CreateOwner) -> Result<()> {
    let state = server::open(super::configure()?, Clock::system()).await?;
    let password = read_password()?;
    let made = identity::create_owner(&state, arguments.name, arguments.email, password).await;
    let owner = made.map_err(|error| match error {
        Error::Refused(_, why) => anyhow!(why),
        Error::Later(code, _) | Error::RefusedAll(code, _) => anyhow!(code.title()),
        Error::Invalid(faults) => {
            let lines: Vec<_> =
                faults.iter().map(|fault| format!("{}: {}", &fault.pointer[1..], fault.detail)).collect();
            anyhow!(lines.join("; "))
        }
        Error::Internal(cause) => cause,
    })?;
    println!("Owner {} ({}) made.", owner.name, owner.id);
    Ok(())
}

/// A line of standard input; typed at a terminal, it is not shown.
fn read_password() -> Result<String> {
    let is_typed = stdin().is_terminal();
    if is_typed {
        eprint!("Password: ");
        echo(false);
    }
    let mut line = String::new();
    let read = stdin().read_line(&mut line);
    if is_typed {
        echo(true);
        eprintln!();
    }
    read.context("the password cannot be read")?;
    Ok(line.trim_end_matches(['\r', '\n']).to_owned())
}

/// Where there is no `stty` the password shows while it is typed.
fn echo(on: bool) {
    let _ = Command::new("stty").arg(if on { "echo" } else { "-echo" }).status();
}
