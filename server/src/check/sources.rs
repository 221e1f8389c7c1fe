//! The texts that the findings of a project mean.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;

use super::{Edit, Finding, Fix, Location, Source};
use crate::diagnostic::Diagnostic;
use crate::project::{Project, Read};
use crate::settings;
use crate::span::{FileId, Place};

/// The texts of the files that findings name, each read once.
pub(super) struct Sources<'p> {
    project: &'p Project,
    read: &'p Read,
    base: &'p Path,
    known: Mutex<FxHashMap<FileId, Arc<Source>>>,
}

impl<'p> Sources<'p> {
    pub(super) fn new(project: &'p Project, read: &'p Read, base: &'p Path) -> Self {
        Self {
            project,
            read,
            base,
            known: Mutex::default(),
        }
    }

    fn source(&self, file: FileId) -> Arc<Source> {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let source = known.entry(file).or_insert_with(|| {
            let path = self.project.path(file);
            // The settings are no source: nobody needs them parsed as one.
            let text = if file == settings::FILE {
                let read = |path: &Path| (self.read)(path);
                settings::text(self.project.root(), &read).map(Arc::from)
            } else {
                self.project
                    .facts(file)
                    .map(|facts| Arc::clone(&facts.text))
            };
            Arc::new(Source::new(&path, text.unwrap_or_default(), self.base))
        });
        Arc::clone(source)
    }

    /// A rule's finding with the texts that its ranges mean.
    pub(super) fn finding(&self, file: FileId, diagnostic: Diagnostic) -> Finding {
        let place = |place: Place| (self.source(place.file), place.span);
        let related = diagnostic.related.into_iter().map(|related| {
            let (source, span) = place(related.place);
            Location {
                source,
                span,
                message: related.message,
            }
        });
        let fixes = diagnostic.fixes.into_iter().map(|fix| {
            let edits = fix.edits.into_iter().map(|edit| {
                let (source, span) = place(edit.place);
                Edit {
                    source,
                    span,
                    new_text: edit.new_text,
                }
            });
            Fix {
                title: fix.title,
                safe: fix.safe,
                edits: edits.collect(),
            }
        });
        Finding {
            code: diagnostic.code,
            severity: diagnostic.severity,
            span: diagnostic.span,
            message: diagnostic.message,
            help: diagnostic.help,
            related: related.collect(),
            fixes: fixes.collect(),
            source: self.source(file),
        }
    }
}
