//! The preview of a table or namespace, as `quickback/preview` answers it.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use generator::preview::{Options, Owns};
use serde::{Deserialize, Serialize};
use tower_lsp::ls_types::{Location, Position, TextDocumentIdentifier};

use super::features;
use super::snapshot::{Located, Snapshot};
use crate::ide::preview::{self, Asked, Preview, PreviewKind};
use crate::project::Project;

/// The parameters of `quickback/preview`.
#[derive(Debug, Clone, Deserialize, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewParams {
    /// A document of the project.
    pub text_document: TextDocumentIdentifier,
    /// A position in it, where no name is given.
    pub position: Option<Position>,
    /// The table or namespace.
    pub name: Option<String>,
    /// Which of the two, where both have the name.
    pub kind: Option<Kind>,
}

/// What a preview can be of.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Kind {
    /// A table.
    Table,
    /// A namespace.
    Namespace,
}

/// The answer to `quickback/preview`.
#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PreviewAnswer {
    title: String,
    name: String,
    kind: Kind,
    /// The whole as a document to read.
    text: String,
    /// The same as data.
    json: Vec<Event>,
    /// Whether the definition is in the middle of an edit and this is its last good preview.
    stale: bool,
    source: Location,
}

#[derive(Debug, Clone, Serialize)]
struct Event {
    event: String,
    views: Vec<View>,
}

#[derive(Debug, Clone, Serialize)]
struct View {
    receivers: Vec<Receiver>,
    json: String,
}

#[derive(Debug, Clone, Serialize)]
#[serde(rename_all = "camelCase")]
struct Receiver {
    role: Option<String>,
    record_owner: bool,
}

/// The last good preview of each table and namespace that was asked for.
#[derive(Default)]
pub struct LastGood(Mutex<HashMap<(Kind, String), PreviewAnswer>>);

/// The preview that is asked for; `None` if there is no such table or namespace. It stays when its
/// source is closed: only a position is one in an open document.
pub fn preview(now: &Snapshot, params: &PreviewParams) -> Option<PreviewAnswer> {
    let uri = &params.text_document.uri;
    let Located { entry, file } = now.locate(uri)?;
    let offset = match params.position {
        Some(position) => Some(features::document(now, uri)?.offset(position)),
        None => None,
    };
    let asked = match (&params.name, params.kind, offset) {
        (Some(name), Some(Kind::Table), _) => Asked::Table(name),
        (Some(name), Some(Kind::Namespace), _) => Asked::Namespace(name),
        (Some(name), None, _) => Asked::Name(name),
        (None, _, Some(offset)) => Asked::Offset(offset),
        (None, _, None) => return None,
    };
    let found = preview::preview(&entry.project, file, asked, &Options::default());
    let last = |kind: Kind, name: &str| {
        let last = entry
            .last_good()
            .0
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        last.get(&(kind, name.to_owned()))
            .map(|answer| PreviewAnswer {
                stale: true,
                ..answer.clone()
            })
    };
    match found {
        Some(Ok(found)) => {
            let good = found.is_whole;
            let unresolved = found.preview.unresolved_text();
            let answer = answer(now, &entry.project, found)?;
            if good {
                let mut known = entry
                    .last_good()
                    .0
                    .lock()
                    .unwrap_or_else(PoisonError::into_inner);
                known.insert((answer.kind, answer.name.clone()), answer.clone());
                return Some(answer);
            }
            // What was shown before is worth more, under what is not known any more.
            match last(answer.kind, &answer.name) {
                Some(last) => Some(PreviewAnswer {
                    text: unresolved + &last.text,
                    ..last
                }),
                None => Some(answer),
            }
        }
        // What is being typed may have no name at the moment.
        Some(Err(_)) | None => {
            let name = params.name.as_deref()?;
            match params.kind {
                Some(kind) => last(kind, name),
                None => last(Kind::Table, name).or_else(|| last(Kind::Namespace, name)),
            }
        }
    }
}

fn answer(now: &Snapshot, project: &Project, found: Preview) -> Option<PreviewAnswer> {
    let kind = match found.kind {
        PreviewKind::Table => Kind::Table,
        PreviewKind::Namespace => Kind::Namespace,
    };
    let text = found.preview.to_text();
    let json = found.preview.events.into_iter().map(event).collect();
    Some(PreviewAnswer {
        title: format!("Events of {}", found.preview.name),
        name: found.preview.name,
        kind,
        text,
        json,
        stale: false,
        source: now.location(project, found.definition)?,
    })
}

fn event(event: generator::preview::Event) -> Event {
    let views = event.views.into_iter().map(|view| View {
        receivers: view
            .receivers
            .into_iter()
            .map(|receiver| Receiver {
                role: receiver.role,
                record_owner: receiver.owns != Owns::Nothing,
            })
            .collect(),
        json: view.json,
    });
    Event {
        event: event.name,
        views: views.collect(),
    }
}
