//! The hints and lenses that a client shows. It asks for them again when it changes the text that
//! they stand in; when something else has changed, it has to be told to.

use std::collections::HashMap;
use std::ops::BitOrAssign;
use std::sync::{Mutex, MutexGuard, PoisonError};

use tower_lsp::ls_types::{CodeLens, Uri};
use tower_lsp::{Client, jsonrpc};

use super::consistent::unless_overtaken;
use super::entry::Stage;
use super::features::{self, Document};
use super::session::Session;
use super::snapshot::{Located, Snapshot};
use super::{guarded, tips};
use crate::ide::hints::{self, Hint};
use crate::span::Span;

/// What may stand beside a document's text, as it was computed at one moment.
#[derive(Debug, Default)]
struct Beside {
    /// The version of the text.
    version: i32,
    /// All of its hints, if the client asks for hints.
    hints: Option<Vec<Hint>>,
    /// Its lenses, if the client asks for lenses.
    lenses: Option<Vec<CodeLens>>,
}

/// What the client has to ask for anew.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Outdated {
    /// The hints of its documents.
    pub hints: bool,
    /// The lenses of its documents.
    pub lenses: bool,
}

impl Outdated {
    /// Has the client ask anew, without waiting for it.
    pub fn refresh(self, client: &Client) {
        if self.hints {
            let client = client.clone();
            tokio::spawn(async move { report(client.inlay_hint_refresh().await) });
        }
        if self.lenses {
            let client = client.clone();
            tokio::spawn(async move { report(client.code_lens_refresh().await) });
        }
    }
}

impl BitOrAssign for Outdated {
    fn bitor_assign(&mut self, other: Self) {
        self.hints |= other.hints;
        self.lenses |= other.lenses;
    }
}

fn report(answer: jsonrpc::Result<()>) {
    if let Err(error) = answer {
        eprintln!("quickback-realtime: the client does not ask anew: {error}");
    }
}

/// What the client has been answered last, by document.
#[derive(Default)]
pub struct Shown(Mutex<HashMap<String, Beside>>);

impl Shown {
    /// Takes note of the hints that the client is answered some of. Like that of the lenses, this
    /// belongs into the computing of the answer: a change that comes after that finds the note, and
    /// one that comes before has it computed again.
    pub fn answer_hints(&self, document: &Document<'_>) {
        let hints = all_hints(document);
        self.answer(document, |known| known.hints = Some(hints));
    }

    /// Takes note of the lenses that the client is answered.
    pub fn answer_lenses(&self, document: &Document<'_>, lenses: &[CodeLens]) {
        self.answer(document, |known| known.lenses = Some(lenses.to_vec()));
    }

    fn answer(&self, document: &Document<'_>, note: impl FnOnce(&mut Beside)) {
        let mut known = self.known();
        let known = known
            .entry(document.open.uri.as_str().to_owned())
            .or_default();
        let version = document.open.version;
        if known.version != version {
            // It asks for what else is beside that version too.
            *known = Beside {
                version,
                ..Beside::default()
            };
        }
        note(known);
    }

    /// What the client has been told of a document that is not so any more. Nothing of what it has
    /// not asked for, and nothing if it will ask by itself: the text is another, or the project is
    /// still being read.
    pub fn outdated(&self, session: &Mutex<Session>, uri: &Uri) -> Outdated {
        // A change that overtakes this has the document looked at again.
        let now = unless_overtaken(session, |now| self.look(now, uri)).flatten();
        let mut known = self.known();
        let (Some(now), Some(known)) = (now, known.get_mut(uri.as_str())) else {
            return Outdated::default();
        };
        if known.version != now.version {
            return Outdated::default();
        }
        let outdated = Outdated {
            hints: now.hints.is_some() && known.hints != now.hints,
            lenses: now.lenses.is_some() && known.lenses != now.lenses,
        };
        // What the client has asked for only meanwhile stays as it was answered.
        known.hints = now.hints.or(known.hints.take());
        known.lenses = now.lenses.or(known.lenses.take());
        outdated
    }

    fn look(&self, now: &Snapshot, uri: &Uri) -> Option<Beside> {
        let (version, hints, lenses) = {
            let known = self.known();
            let known = known.get(uri.as_str())?;
            (known.version, known.hints.is_some(), known.lenses.is_some())
        };
        let document = features::document(now, uri)?;
        if document.open.version != version || now.stage(document.open) != Stage::Whole {
            return None;
        }
        guarded("hints and lenses", || Beside {
            version,
            hints: hints.then(|| all_hints(&document)),
            lenses: lenses.then(|| tips::lenses(&document)),
        })
    }

    /// Forgets a document that is closed.
    pub fn close(&self, uri: &Uri) {
        self.known().remove(uri.as_str());
    }

    fn known(&self) -> MutexGuard<'_, HashMap<String, Beside>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The hints of a whole document.
fn all_hints(document: &Document<'_>) -> Vec<Hint> {
    let Located { entry, file } = &document.located;
    let all = Span {
        start: 0,
        end: u32::MAX,
    };
    hints::inlay(&entry.project, *file, all)
}
