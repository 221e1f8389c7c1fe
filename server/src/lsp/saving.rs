//! What follows a save, and what tells a client that shows a status.

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use serde_json::Value;
use tower_lsp::jsonrpc::{Error, Result};
use tower_lsp::ls_types::{TextDocumentIdentifier, Uri};

use super::busy::Work;
use super::consistent::lock;
use super::entry::{Entry, Stage};
use super::generation::{self, NOT_ADOPTED, NOT_USED};
use super::preview::{PreviewAnswer, PreviewParams, preview};
use super::server::{Backend, Context};
use super::session::OnDisk;
use super::status::{self, Generation, StatusChanged};
use super::{commands, guarded, proto};
use crate::generate::{self, Request};

impl Backend {
    /// Generates the project of a saved document, once it has been read and the burst of saves is
    /// over, and then those that have read the document too.
    pub(super) async fn saved(&self, uri: &Uri) {
        self.ready(uri, Stage::Whole).await;
        let own = self.now().locate(uri).map(|located| located.entry);
        let Some(path) = proto::path_of(uri) else {
            return;
        };
        if let Some(entry) = &own {
            generate_with(self, entry, &path);
        }
        self.all_ready().await;
        for entry in self.now().entries() {
            let is_own = own.as_ref().is_some_and(|own| Arc::ptr_eq(own, &entry));
            if !is_own && entry.disk.knows(&path) && is_adopted(&entry).await {
                generate_with(self, &entry, &path);
            }
        }
    }

    /// Answers `quickback/preview`.
    pub(super) async fn preview(&self, params: PreviewParams) -> Result<Option<PreviewAnswer>> {
        self.ready(&params.text_document.uri, Stage::Whole).await;
        let found = self.look(move |now| guarded("preview", || preview(now, &params)).flatten());
        Ok(found.await.flatten())
    }

    /// Carries out a command.
    pub(super) async fn execute(
        &self,
        command: &str,
        arguments: Vec<Value>,
    ) -> Result<Option<Value>> {
        match command {
            commands::PREVIEW => {
                let argument: commands::PreviewArgument =
                    commands::argument(arguments).map_err(Error::invalid_params)?;
                let params = PreviewParams {
                    text_document: TextDocumentIdentifier { uri: argument.uri },
                    position: argument.position,
                    name: argument.name,
                    kind: argument.kind,
                };
                Ok(self
                    .preview(params)
                    .await?
                    .and_then(|answer| serde_json::to_value(answer).ok()))
            }
            commands::GENERATE if !self.now().client.trusted => Err(Error::invalid_params(
                "This workspace is not trusted, so nothing is written into it.",
            )),
            commands::GENERATE => {
                let argument: commands::GenerateArgument =
                    commands::argument(arguments).map_err(Error::invalid_params)?;
                Ok(Some(self.generate(argument).await))
            }
            commands::DOCTOR => {
                self.all_ready().await;
                let report = self.look(|now| {
                    let adopted = |entry: &Entry| generate::is_adopted(&entry.project);
                    guarded("doctor", || status::report(now, &adopted))
                });
                Ok(report.await.flatten().map(Value::String))
            }
            commands::RELOAD => {
                self.session().forget_projects();
                self.load_missing();
                // Where there is no project any more, nothing is read that would take findings back.
                self.all_changed();
                Ok(None)
            }
            other => Err(Error::invalid_params(format!(
                "There is no command `{other}`."
            ))),
        }
    }

    async fn generate(&self, argument: commands::GenerateArgument) -> Value {
        let entries = match self.asked(argument.uri.as_ref()).await {
            Ok(entries) => entries,
            Err(problem) => return generation::refusal(&problem),
        };
        let _work = self.busy.begin();
        let mut done = Vec::new();
        for entry in entries {
            let request = Request::Command {
                force: argument.force,
            };
            let read = reading(self, &entry);
            let generation = generation::generate(&entry, None, read, request, || true).await;
            let Some(generation) = generation else {
                done.push(generation::gone());
                continue;
            };
            entry.set_last_generation(generation.clone());
            send_status(self, &entry).await;
            done.push(generation);
        }
        generation::answer(&done)
    }
}

/// Generates a project because of a saved file that it is in or has read.
fn generate_with(context: &Context, entry: &Arc<Entry>, path: &Path) {
    let project = &entry.project;
    let file = project.file(path);
    // What is generated itself and defines nothing is saved without anything to follow.
    let is_generated =
        !project.role(file).is_definition() && project.facts(file).is_some_and(|f| f.generated);
    if entry.stage() == Stage::Whole && !is_generated {
        entry.set_saved();
        generate_saved(context, entry);
    }
}

/// Whether a project has adopted us. Nobody is asked about one of which nothing was saved itself.
async fn is_adopted(entry: &Arc<Entry>) -> bool {
    let entry = Arc::clone(entry);
    let found = tokio::task::spawn_blocking(move || {
        guarded("looking for outputs", || {
            generate::is_adopted(&entry.project)
        })
    });
    found.await.ok().flatten() == Some(true)
}

/// How long after a save files may be said to have changed that its generation should have had: an
/// editor gathers such news for a while.
pub const LATE: Duration = Duration::from_secs(3);

/// Generates a project of which something was saved, unless client or settings say no, and tells a
/// client that shows it the state after that.
pub fn generate_saved(context: &Context, entry: &Arc<Entry>) {
    let wishes = Arc::clone(&lock(&context.session).now().client);
    let is_generated = status::is_generated_on_save(entry, &wishes);
    if !is_generated && !wishes.wants_status {
        return;
    }
    let turn = entry.next_save();
    let work = context.busy.begin();
    let context = context.clone();
    let entry = Arc::clone(entry);
    tokio::spawn(async move {
        let read = reading(&context, &entry);
        let prepared = is_generated.then(|| generation::prepare_ahead(&entry, turn, read.clone()));
        tokio::time::sleep(generation::GATHER).await;
        let prepared = match prepared.flatten() {
            Some(prepared) => prepared.await.ok().flatten(),
            None => None,
        };
        if entry.last_save() != turn {
            return;
        }
        if is_generated
            && let Some((done, was_asked)) =
                after_save(&context, &entry, prepared, read, (turn, work)).await
        {
            if done.outcome == "written" {
                entry.set_owes_files(false);
            }
            entry.set_last_generation(done.clone());
            // Whoever has just asked for files is told why there are none.
            let is_listed = !was_asked && {
                let (session, root) = (lock(&context.session), entry.project.root());
                let mut stopped_in = done.stopped_in.iter();
                stopped_in.any(|file| session.now().is_open(&root.join(file)))
            };
            let shows_status = wishes.wants_status;
            generation::tell(&context.client, &entry, &done, shows_status, is_listed).await;
        }
        send_status(&context, &entry).await;
    });
}

/// Generates a project for the save of that number; one that has not adopted us if the user says
/// yes, or has said so and waits for the files. Answers what became of it and whether the user was
/// asked; `None` where nothing was to be done.
async fn after_save(
    context: &Context,
    entry: &Arc<Entry>,
    prepared: Option<generation::Prepared>,
    read: impl Fn() -> Option<OnDisk> + Clone + Send + 'static,
    (save, work): (u64, Work),
) -> Option<(Generation, bool)> {
    let is_last = {
        let entry = Arc::clone(entry);
        move || entry.last_save() == save
    };
    let by_save = generation::generate(
        entry,
        prepared,
        read.clone(),
        Request::Save,
        is_last.clone(),
    );
    let done = by_save.await?;
    if done.outcome == NOT_USED {
        return None;
    }
    if done.outcome != NOT_ADOPTED {
        return Some((done, false));
    }
    let command = Request::Command { force: false };
    if entry.owes_files() {
        let done = generation::generate(entry, None, read, command, is_last).await?;
        return Some((done, false));
    }
    if !entry.may_ask() {
        return None;
    }
    // The answer may take its time.
    drop(work);
    send_status(context, entry).await;
    if !generation::ask(&context.client, entry).await {
        return None;
    }
    entry.set_owes_files(true);
    let _work = context.busy.begin();
    let done = generation::generate(entry, None, read, command, || true).await?;
    Some((done, true))
}

/// What reads a project as it stands on the disk, if it is one. What it finds that is another there
/// is published.
fn reading(
    context: &Context,
    entry: &Arc<Entry>,
) -> impl Fn() -> Option<OnDisk> + Clone + Send + 'static {
    let context = context.clone();
    let entry = Arc::clone(entry);
    move || {
        context.refresh(&entry);
        let read = lock(&context.session).as_on_disk(&entry);
        read()
    }
}

/// Tells a client that shows it the state of a project, unless nobody wants that any more.
pub async fn send_status(context: &Context, entry: &Arc<Entry>) {
    let wishes = Arc::clone(&lock(&context.session).now().client);
    if !wishes.wants_status || entry.is_let_go() {
        return;
    }
    let entry = Arc::clone(entry);
    let status = tokio::task::spawn_blocking(move || {
        guarded("status", || {
            status::status(&entry, &wishes, generate::is_adopted(&entry.project))
        })
    });
    if let Ok(Some(status)) = status.await {
        let client = &context.client;
        client.send_notification::<StatusChanged>(status).await;
    }
}
