//! The language server.

use std::process::ExitCode;

/// Serves on stdin and stdout until the client says `exit`.
pub fn run() -> ExitCode {
    ExitCode::SUCCESS
}
