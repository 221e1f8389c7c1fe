//! The binary: a language server on stdin and stdout, or a command.

use std::process::ExitCode;

fn main() -> ExitCode {
    quickback_realtime::cli::run()
}
