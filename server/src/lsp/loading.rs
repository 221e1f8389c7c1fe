//! Reading a project while the editor goes on.
//!
//! A large project is read in two steps. What can be said of an open document from its own text,
//! its imports, the settings and the roles is said at once, whatever the project's size; what
//! depends on the names of all files is said when they are known. A small project is read before
//! anybody notices, so it says everything at once.

use std::sync::{Arc, Mutex};

use tower_lsp::Client;
use tower_lsp::ls_types::ProgressToken;

use super::consistent::lock;
use super::entry::{Entry, Stage};
use super::guarded;
use super::refreshing;
use super::saving::send_status;
use super::server::Context;
use super::session::Session;

/// From how many sources on a project counts as large. Fewer are read in some tens of
/// milliseconds.
const LARGE: usize = 100;

/// Reads a project that has been begun to its end, or until nobody wants it any more.
pub async fn load(context: Context, entry: Arc<Entry>) {
    let Context {
        client,
        session,
        queue,
        loaded,
        ..
    } = context.clone();
    // One that is still read for whoever wanted it before stops first.
    let one = entry.reading().lock().await;
    if entry.is_let_go() {
        return;
    }
    let wishes = Arc::clone(&lock(&session).now().client);
    let reading = tokio::task::spawn_blocking({
        let (entry, session) = (Arc::clone(&entry), Arc::clone(&session));
        let (queue, loaded) = (Arc::clone(&queue), loaded.clone());
        move || {
            let is_large = || {
                entry.set_stage(Stage::Large);
                let open = lock(&session).now().open_uris();
                loaded.send_modify(|count| *count += 1);
                queue.then(open);
            };
            guarded("reading the project", || read(&session, &entry, &is_large))
        }
    });
    // The client's consent to progress must not hold up what it is about.
    let progress = wishes.shows_progress.then(|| {
        let (client, entry) = (client.clone(), Arc::clone(&entry));
        tokio::spawn(async move { begin_progress(&client, entry.project.root()).await })
    });
    let is_read = reading.await.ok().flatten().is_some();
    drop(one);
    let is_large = entry.stage() == Stage::Large;
    let (open, is_current) = {
        let mut session = lock(&session);
        let is_current = if is_read {
            session.finish(&entry)
        } else {
            if !entry.is_let_go() {
                session.give_up(entry.project.root().to_owned());
            }
            false
        };
        (session.now().open_uris(), is_current)
    };
    loaded.send_modify(|count| *count += 1);
    if is_large {
        queue.ask_anew();
    }
    queue.then(open);
    refreshing::attend(&context);
    if is_current {
        send_status(&context, &entry).await;
    }
    if let Some(progress) = progress
        && let Ok(Some(progress)) = progress.await
    {
        progress.finish().await;
    }
}

/// Reads a project, and the names of all its files, which the first finding would have to wait for.
fn read(session: &Mutex<Session>, entry: &Entry, is_large: &dyn Fn()) {
    if refreshing::compare(session, entry, LARGE, is_large).is_some() {
        entry.project.index();
    }
}

/// Begins work-done progress for the reading of a project, if the client agrees.
async fn begin_progress(
    client: &Client,
    root: &std::path::Path,
) -> Option<tower_lsp::OngoingProgress<tower_lsp::Unbounded, tower_lsp::NotCancellable>> {
    let token = ProgressToken::String(format!("quickback-realtime/{}", root.display()));
    client.create_work_done_progress(token.clone()).await.ok()?;
    let name = root
        .file_name()
        .unwrap_or(root.as_os_str())
        .to_string_lossy()
        .into_owned();
    Some(
        client
            .progress(token, "Quickback Realtime")
            .with_message(format!("Reading {name}"))
            .begin()
            .await,
    )
}
