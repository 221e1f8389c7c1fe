//! Generation on save and on command: asked for here, decided and done in [`crate::generate`].

use std::sync::Arc;
use std::time::Duration;

use serde_json::{Value, json};
use tokio::task::JoinHandle;
use tower_lsp::Client;
use tower_lsp::ls_types::{MessageActionItem, MessageType};

use super::entry::Entry;
use super::guarded;
use super::session::OnDisk;
use super::status::Generation;
use crate::generate::{self, Outcome, Request};
use crate::workspace::declined;

/// How long saves are gathered: an editor that saves all its files says so in a burst.
pub const GATHER: Duration = Duration::from_millis(30);

/// The question of the first save in a project that has not adopted us.
const YES: &str = "Generate";
const NO: &str = "Not in this project";

/// What is to be generated, and of which project.
pub struct Prepared {
    on_disk: OnDisk,
    what: generate::Prepared,
}

/// Prepares a generation, without mixing what is typed or changed meanwhile into it. `None` if it is
/// not wanted any more, or there is no such project.
pub fn prepare(
    read: &dyn Fn() -> Option<OnDisk>,
    request: Request,
    is_wanted: &dyn Fn() -> bool,
) -> Option<Prepared> {
    while is_wanted() {
        let on_disk = read()?;
        let entry = &on_disk.entry;
        let what = generate::prepare(&entry.project, request, entry.looked());
        if on_disk.holds() {
            return Some(Prepared { on_disk, what });
        }
    }
    None
}

/// A generation that is being prepared in a thread of its own.
pub type Preparing = JoinHandle<Option<Prepared>>;

/// Prepares the generation of the save of that number while other saves are gathered: nobody waits
/// for both. `None` if one is being prepared already, in a burst of saves.
pub fn prepare_ahead(
    entry: &Arc<Entry>,
    save: u64,
    read: impl Fn() -> Option<OnDisk> + Send + 'static,
) -> Option<Preparing> {
    let entry = Arc::clone(entry);
    entry.begins_to_prepare().then(|| {
        tokio::task::spawn_blocking(move || {
            let is_wanted = || entry.last_save() == save;
            let prepared = guarded("generation", || prepare(&read, Request::Save, &is_wanted));
            entry.has_prepared();
            prepared.flatten()
        })
    })
}

/// Generates the files of a project in a thread of its own, where it is read from the disk too,
/// unless what has been `prepared` still holds. One generation of a project follows the other, so
/// that none writes over a later one. `None` if it is not wanted any more once it is its turn, or
/// there is no such project any more.
pub async fn generate(
    entry: &Entry,
    prepared: Option<Prepared>,
    read: impl Fn() -> Option<OnDisk> + Send + 'static,
    request: Request,
    is_wanted: impl Fn() -> bool + Send + 'static,
) -> Option<Generation> {
    let generating = entry.generating();
    let (alone, prepared) = match Arc::clone(&generating).try_lock_owned() {
        Ok(alone) => (alone, prepared),
        // While it waits, the disk may become another.
        Err(_) => (generating.lock_owned().await, None),
    };
    let done = tokio::task::spawn_blocking(move || {
        // Held to the end also where nobody waits for that.
        let _alone = alone;
        guarded("generation", || {
            let prepared = prepared.filter(|prepared| is_wanted() && prepared.on_disk.holds());
            let prepared = prepared.or_else(|| prepare(&read, request, &is_wanted))?;
            let project = &prepared.on_disk.entry.project;
            let outcome = prepared.what.write(project.root());
            Some(describe(outcome, &project.settings().output.helper))
        })
    });
    done.await.ok().flatten().unwrap_or_else(|| {
        Some(failure(
            "The generator failed; this is a bug. Nothing was written.",
        ))
    })
}

/// What became of a generation that wrote nothing.
fn failure(message: &str) -> Generation {
    Generation {
        outcome: "failed".to_owned(),
        message: message.to_owned(),
        files: Vec::new(),
        created: Vec::new(),
        stopped_in: Vec::new(),
    }
}

/// What is answered to the command where a project was, and is none any more.
pub fn gone() -> Generation {
    failure("There is no Quickback project any more where one was. Nothing was written.")
}

/// The outcome of a save in a project that has not adopted us and broadcasts something.
pub const NOT_ADOPTED: &str = "not-adopted";

/// The outcome of a save in a project that has not adopted us and has no use for us yet.
pub const NOT_USED: &str = "not-used";

/// What a client is told of an outcome. Of many files the helper is named: it is what people
/// import.
fn describe(outcome: Outcome, helper: &str) -> Generation {
    let generation = |outcome: &str, message: String, files: Vec<String>| Generation {
        outcome: outcome.to_owned(),
        message,
        files,
        created: Vec::new(),
        stopped_in: Vec::new(),
    };
    match outcome {
        Outcome::NotAdopted { broadcasts } => generation(
            if broadcasts { NOT_ADOPTED } else { NOT_USED },
            String::new(),
            Vec::new(),
        ),
        Outcome::Blocked(blocked) => Generation {
            stopped_in: blocked.reasons.iter().map(|r| r.path.clone()).collect(),
            ..generation("blocked", blocked.to_string(), Vec::new())
        },
        Outcome::Idle => generation(
            "unchanged",
            "No table is broadcast and no event is defined: nothing is generated.".to_owned(),
            Vec::new(),
        ),
        Outcome::Unchanged { left_overs } => generation(
            "unchanged",
            with_left_overs("Generated files are up to date.".to_owned(), &left_overs),
            Vec::new(),
        ),
        Outcome::Written {
            created,
            updated,
            left_overs,
        } => {
            let mut files: Vec<String> = created.iter().cloned().chain(updated).collect();
            files.sort_by_key(|file| file != helper);
            let names = match files.as_slice() {
                [one] => one.clone(),
                [first, rest @ ..] => format!("{first} and {} more", rest.len()),
                [] => String::new(),
            };
            let message = with_left_overs(format!("Wrote {names}."), &left_overs);
            Generation {
                created,
                ..generation("written", message, files)
            }
        }
        Outcome::Failed(error) => generation("failed", error.to_string(), Vec::new()),
    }
}

fn with_left_overs(message: String, left_overs: &[String]) -> String {
    if left_overs.is_empty() {
        return message;
    }
    format!(
        "{message} No longer generated, yours to remove: {}.",
        left_overs.join(", ")
    )
}

/// What the client is told of a generation that a save caused: nothing where nothing changed, and a
/// problem once, until it is another or there is none. A client that shows a status has the files
/// there. `is_listed` says whether an error that stops it is in the client's list of problems: that
/// is so in open documents.
pub async fn tell(
    client: &Client,
    entry: &Entry,
    generation: &Generation,
    shows_status: bool,
    is_listed: bool,
) {
    let message = &generation.message;
    let kind = match generation.outcome.as_str() {
        "failed" => MessageType::ERROR,
        "blocked" if is_listed => {
            return client.log_message(MessageType::INFO, message).await;
        }
        "blocked" => MessageType::WARNING,
        outcome => {
            entry.set_problem(None);
            if outcome == "written" && !shows_status {
                client.show_message(MessageType::INFO, message).await;
            }
            return;
        }
    };
    if entry.set_problem(Some(message)) {
        client.show_message(kind, message).await;
    }
}

/// Asks whether a project may be generated, unless the user has said that it may not. A question
/// that is closed without an answer is asked again by the next server.
pub async fn ask(client: &Client, entry: &Entry) -> bool {
    let root = entry.project.root();
    let folder = declined::folder();
    if folder.as_ref().is_some_and(|f| declined::holds(f, root)) {
        return false;
    }
    let name = root
        .file_name()
        .unwrap_or_default()
        .to_string_lossy()
        .into_owned();
    let item = |title: &str| MessageActionItem {
        title: title.to_owned(),
        properties: Default::default(),
    };
    let question = format!(
        "Quickback Realtime can generate the helper, the client and the worker of \"{name}\" on every save. Generate them?"
    );
    let answer = client
        .show_message_request(MessageType::INFO, question, Some(vec![item(YES), item(NO)]))
        .await;
    let title = answer.ok().flatten().map(|item| item.title);
    if title.as_deref() == Some(NO)
        && let Some(folder) = folder
        && let Err(error) = declined::add(&folder, root)
    {
        let problem = format!("the answer could not be kept: {error}");
        client.log_message(MessageType::WARNING, problem).await;
    }
    title.as_deref() == Some(YES)
}

/// The answer to the command where there is nothing to generate.
pub fn refusal(problem: &str) -> Value {
    json!({ "written": [], "unchanged": 0, "problems": [problem] })
}

/// The answer to the command.
pub fn answer(generations: &[Generation]) -> Value {
    let written: Vec<&String> = generations.iter().flat_map(|g| &g.files).collect();
    let unchanged = generations
        .iter()
        .filter(|g| g.outcome == "unchanged")
        .count();
    let problems: Vec<&String> = generations
        .iter()
        .filter(|g| g.outcome == "blocked" || g.outcome == "failed")
        .map(|g| &g.message)
        .collect();
    json!({ "written": written, "unchanged": unchanged, "problems": problems })
}

#[cfg(test)]
mod tests;
