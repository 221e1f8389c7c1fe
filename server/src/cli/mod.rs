//! The commands.

pub mod check;

use std::process::ExitCode;

use clap::Parser;

#[derive(Parser)]
#[command(
    name = "quickback-realtime",
    version,
    about = "Language server and check for Quickback's realtime configuration"
)]
struct Arguments {
    /// Validate every project at or under the given paths.
    #[arg(long)]
    check: bool,
    /// Where to look; here by default.
    paths: Vec<std::path::PathBuf>,
}

/// Runs the command that the arguments ask for.
pub fn run() -> ExitCode {
    let arguments = Arguments::parse();
    if !arguments.check {
        return crate::lsp::run();
    }
    match check::check(&arguments.paths) {
        Ok(code) => code,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::from(2)
        }
    }
}
