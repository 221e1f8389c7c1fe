//! The language server: the only place that knows the protocol and its positions.

mod asked;
mod backend;
mod busy;
mod capabilities;
mod commands;
mod consistent;
mod edits;
mod entry;
mod errors;
mod features;
mod generation;
mod loading;
mod navigation;
#[cfg(test)]
mod panic_tests;
mod plain;
mod preview;
mod proto;
mod publish;
mod refreshing;
mod saving;
mod server;
mod session;
mod shown;
mod snapshot;
mod status;
mod surrogates;
mod symbols;
mod tips;
mod turns;

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::process::ExitCode;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, DuplexStream};
use tower_lsp::{ClientSocket, LspService, Server};

/// How many messages may be under way at once. An editor asks a dozen things about each of its
/// documents, and all of that may wait for a project to be read: the next change of a text must
/// not wait with it.
const CONCURRENCY: usize = 1_024;

/// Serves on stdin and stdout until the client says `exit`. The exit code is 0 if the client has
/// said `shutdown` before, as the protocol wants it.
pub fn run() -> ExitCode {
    errors::log();
    let runtime = match tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .worker_threads(2)
        .build()
    {
        Ok(runtime) => runtime,
        Err(error) => {
            eprintln!("error: cannot start the server: {error}");
            return ExitCode::from(2);
        }
    };
    let code = runtime.block_on(serve(tokio::io::stdin(), tokio::io::stdout()));
    // A read of stdin that still waits must not keep the process alive.
    runtime.shutdown_background();
    code
}

/// Serves one client over a pair of streams, in the runtime that it is called in, until the client
/// says `exit` or its stream ends. Answers the exit code of [`run`].
pub async fn serve(
    from_client: impl AsyncRead + Send + Unpin + 'static,
    to_client: impl AsyncWrite,
) -> ExitCode {
    let (input, writer) = tokio::io::duplex(64 * 1024);
    tokio::spawn(feed(from_client, writer));
    let (service, socket) = service();
    let (ended, busy) = (service.inner().ended(), service.inner().busy());
    Server::new(input, to_client, socket)
        .concurrency_level(CONCURRENCY)
        .serve(service)
        .await;
    // Who says nothing before it goes has saved something all the same.
    busy.done().await;
    if ended.load(std::sync::atomic::Ordering::SeqCst) {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// The server with all its methods.
fn service() -> (LspService<server::Backend>, ClientSocket) {
    LspService::build(server::Backend::new)
        .custom_method("quickback/preview", server::Backend::preview)
        .finish()
}

/// Passes on what the client says, unpaired surrogates replaced.
async fn feed(mut from_client: impl AsyncRead + Unpin, mut writer: DuplexStream) {
    let mut filter = surrogates::Filter::default();
    let mut buffer = vec![0; 64 * 1024];
    let mut out = Vec::new();
    loop {
        let read = from_client.read(&mut buffer).await.unwrap_or(0);
        out.clear();
        match buffer.get(..read) {
            Some(bytes) if read > 0 => filter.push(bytes, &mut out),
            _ => filter.finish(&mut out),
        }
        // The other end is gone when the server has ended: then nobody reads.
        if writer.write_all(&out).await.is_err() || read == 0 {
            return;
        }
    }
}

/// Runs what a request asks for. A panic answers nothing and is written to the log: one bad
/// request must not end the server.
fn guarded<T>(what: &str, run: impl FnOnce() -> T) -> Option<T> {
    let run = || {
        #[cfg(test)]
        panic_tests::before(what);
        run()
    };
    match catch_unwind(AssertUnwindSafe(run)) {
        Ok(value) => Some(value),
        Err(_) => {
            #[cfg(test)]
            panic_tests::logged(what);
            eprintln!(
                "quickback-realtime: {what} failed; this is a bug, please report it with the lines above"
            );
            None
        }
    }
}
