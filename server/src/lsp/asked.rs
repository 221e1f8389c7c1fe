//! Which projects a request is about that names no document: those that the editor shows, and those
//! that nobody has opened a file of.

use std::path::{Path, PathBuf};
use std::sync::Arc;

use tower_lsp::ls_types::Uri;

use super::consistent::lock;
use super::entry::{Entry, Stage};
use super::server::{Backend, Context};
use super::{guarded, proto};
use crate::project::Project;
use crate::{generate, settings, workspace};

impl Context {
    /// Begins to read the projects in the workspace folders that no document is open of. They are
    /// looked for once, until projects may have come or gone.
    async fn survey(self) {
        let unsurveyed = lock(&self.session).unsurveyed();
        if let Some(folders) = unsurveyed {
            let looking = tokio::task::spawn_blocking({
                let folders = Arc::clone(&folders);
                move || guarded("looking for projects", || roots(&folders))
            });
            let found = looking.await.ok().flatten().unwrap_or_default();
            let begun = lock(&self.session).begin_found(found, &folders);
            self.load(begun);
        }
    }
}

impl Backend {
    /// Reads the projects in the workspace folders that no document is open of, and waits for all. Who
    /// asks while they are looked for waits for the same look.
    pub(super) async fn whole_workspace(&self) {
        let context: &Context = self;
        self.surveys.take(context.clone().survey()).await;
        self.all_ready().await;
    }

    /// The projects to generate for a document: its own, or else those that read it; without one,
    /// all that a document is open of and all in the workspace folders that have adopted us.
    ///
    /// # Errors
    /// Says why there is none.
    pub(super) async fn asked(&self, uri: Option<&Uri>) -> Result<Vec<Arc<Entry>>, String> {
        let Some(uri) = uri else {
            return self.asked_for_all().await;
        };
        self.ready(uri, Stage::Whole).await;
        let now = self.now();
        if let Some(located) = now.locate(uri) {
            return Ok(vec![located.entry]);
        }
        let Some(path) = proto::path_of(uri) else {
            return Err(format!("{} is no file.", uri.as_str()));
        };
        if let Some(root) = path.parent().and_then(workspace::root_of) {
            return Ok(vec![self.session().unread(root)]);
        }
        self.all_ready().await;
        let now = self.now();
        let readers = now.projects().filter(|entry| entry.disk.knows(&path));
        let readers: Vec<Arc<Entry>> = readers.cloned().collect();
        if readers.is_empty() {
            return Err(format!(
                "{} is in no Quickback project: no folder above it has a quickback.config.ts.",
                path.display()
            ));
        }
        Ok(readers)
    }

    async fn asked_for_all(&self) -> Result<Vec<Arc<Entry>>, String> {
        self.all_ready().await;
        let now = self.now();
        let mut entries: Vec<Arc<Entry>> = now.shown_projects().cloned().collect();
        let known: Vec<PathBuf> = entries
            .iter()
            .map(|entry| entry.project.root().to_owned())
            .collect();
        let folders = Arc::clone(&now.folders);
        let looking = tokio::task::spawn_blocking(move || {
            guarded("looking for projects", || unread(&folders, &known))
        });
        let (adopted, others) = looking.await.ok().flatten().unwrap_or_default();
        // A single project can only be meant.
        let is_single = entries.is_empty() && adopted.is_empty() && others.len() == 1;
        let roots = if is_single { others.clone() } else { adopted };
        {
            let mut session = self.session();
            entries.extend(roots.into_iter().map(|root| {
                let mut read = now.projects();
                let read = read.find(|entry| entry.project.root() == root);
                read.cloned().unwrap_or_else(|| session.unread(root))
            }));
        }
        match (entries.as_slice(), others.as_slice()) {
            ([], []) => Err("There is no Quickback project in the workspace.".to_owned()),
            ([], _) => Err(
                "Of the projects in the workspace none has been generated yet. Open a file of the one that is to be."
                    .to_owned(),
            ),
            _ => Ok(entries),
        }
    }
}

/// The roots of the projects in some folders that are not among the `known` ones: of those that have
/// adopted us, and of the others.
fn unread(folders: &[PathBuf], known: &[PathBuf]) -> (Vec<PathBuf>, Vec<PathBuf>) {
    let unread = roots(folders).into_iter();
    let unread = unread.filter(|root| !known.contains(root));
    unread.partition(|root| is_adopted(root))
}

/// The roots of all projects in some folders, and of those around them, sorted.
fn roots(folders: &[PathBuf]) -> Vec<PathBuf> {
    let found = folders.iter().flat_map(|folder| {
        let within = workspace::discover(folder);
        workspace::root_of(folder).into_iter().chain(within)
    });
    let mut roots: Vec<PathBuf> = found.collect();
    roots.sort_unstable();
    roots.dedup();
    roots
}

fn is_adopted(root: &Path) -> bool {
    let read = workspace::reader(None);
    let (settings, _) = settings::load(root, &read);
    generate::is_adopted(&Project::new(root.to_owned(), settings, read))
}
