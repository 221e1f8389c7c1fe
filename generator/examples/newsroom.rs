//! Writes what is generated for the tests' newsroom into a folder, for the tests in TypeScript.

#[path = "../tests/newsroom/mod.rs"]
mod newsroom;

use generator::{Outputs, artifact, generate};
use std::path::PathBuf;
use std::process::ExitCode;

fn main() -> ExitCode {
    let Some(folder) = std::env::args_os().nth(1).map(PathBuf::from) else {
        eprintln!("usage: newsroom FOLDER");
        return ExitCode::FAILURE;
    };
    let artifacts = generate(&newsroom::project(), &Outputs::default());
    match artifact::write(&folder, &artifacts, true) {
        Ok(_) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}
