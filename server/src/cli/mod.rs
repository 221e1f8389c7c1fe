//! The commands.

mod arguments;
mod check;
mod doctor;
mod explain;
mod format;
mod generate;
mod init;
mod output;
mod preview;
mod progress;
mod watch;

use std::ffi::OsString;
use std::io::IsTerminal as _;
use std::path::PathBuf;
use std::process::ExitCode;

use anyhow::Context as _;
use clap::Parser as _;

use arguments::{Arguments, Command};
use output::Output;

/// What a command ends with.
type Outcome = anyhow::Result<ExitCode>;

/// The exit status of a command that found something.
fn findings() -> ExitCode {
    ExitCode::from(1)
}

/// The exit status of a command that could not run.
fn failure() -> ExitCode {
    ExitCode::from(2)
}

/// The directory that files are named relative to.
fn current_directory() -> anyhow::Result<PathBuf> {
    std::env::current_dir()
        .and_then(|base| base.canonicalize())
        .context("cannot read the current directory")
}

/// Runs the command that the arguments of the process ask for.
pub fn run() -> ExitCode {
    run_with(std::env::args_os().collect())
}

fn run_with(arguments: Vec<OsString>) -> ExitCode {
    let arguments = match Arguments::try_parse_from(arguments::with_check_first(arguments)) {
        Ok(arguments) => arguments,
        Err(error) => {
            // Help and version go to stdout and end well; a mistake is clap's own 2.
            let printed = error.print();
            let code = u8::try_from(error.exit_code()).unwrap_or(2);
            return if printed.is_ok() {
                ExitCode::from(code)
            } else {
                failure()
            };
        }
    };
    let outcome = match &arguments.command {
        None | Some(Command::Lsp(_)) => {
            if std::io::stdin().is_terminal() {
                let hint = "This is the language server, which waits for an editor on standard input. \
                            `quickback-realtime --help` lists the commands; Ctrl-C ends it.";
                Output::new(Default::default()).note(hint);
            }
            return crate::lsp::run();
        }
        Some(Command::Check(options)) => check::run(options),
        Some(Command::Explain(options)) => explain::run(options),
        Some(Command::Init(options)) => init::run(options),
        Some(Command::Generate(options)) => generate::run(options),
        Some(Command::Preview(options)) => preview::run(options),
        Some(Command::Doctor(options)) => doctor::run(options),
    };
    match outcome {
        Ok(code) => code,
        Err(error) if is_broken_pipe(&error) => findings(),
        Err(error) => {
            Output::new(Default::default()).error(&error);
            failure()
        }
    }
}

/// Whether the reader of our output has gone, as `head` does: nobody is left to be told.
fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error.chain().any(|cause| {
        cause
            .downcast_ref::<std::io::Error>()
            .is_some_and(|error| error.kind() == std::io::ErrorKind::BrokenPipe)
    })
}
