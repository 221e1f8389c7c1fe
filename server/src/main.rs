//! The binary: a language server on stdin and stdout, or a command.

use std::process::ExitCode;

#[cfg(all(unix, any(target_arch = "x86_64", target_arch = "aarch64")))]
#[global_allocator]
static ALLOCATOR: tikv_jemallocator::Jemalloc = tikv_jemallocator::Jemalloc;

fn main() -> ExitCode {
    quickback_realtime::cli::run()
}
