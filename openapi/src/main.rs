//! Writes `openapi.json` beside this crate; with `--check` it only compares and fails where the file is out of date.

use std::path::Path;
use std::process::ExitCode;

fn main() -> ExitCode {
    match run(std::env::args().nth(1).as_deref()) {
        Ok(said) => {
            println!("{said}");
            ExitCode::SUCCESS
        }
        Err(fault) => {
            eprintln!("{fault}");
            ExitCode::FAILURE
        }
    }
}

fn run(argument: Option<&str>) -> Result<String, String> {
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("openapi.json");
    let document = api::openapi().to_pretty_json().map_err(|error| error.to_string())? + "\n";
    match argument {
        None => {
            std::fs::write(&file, document).map_err(|error| error.to_string())?;
            Ok("openapi.json is written".to_owned())
        }
        Some("--check") => {
            let committed = std::fs::read_to_string(&file).unwrap_or_default();
            if committed == document {
                Ok("openapi.json matches the code".to_owned())
            } else {
                Err("openapi.json does not match the code: run `cargo run -p openapi`".to_owned())
            }
        }
        Some(other) => Err(format!("unknown argument {other:?}; the only one is --check")),
    }
}
