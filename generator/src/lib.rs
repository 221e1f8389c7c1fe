//! Turns the model of a Quickback project's realtime configuration into running code.
//!
//! This crate knows nothing of syntax or of any protocol: it is handed a complete, valid
//! [`model::Project`] and returns text. Delivery and masking are not written here but in the
//! `broadcaster` crate, which is what the worker runs.

pub use broadcaster;

pub mod artifact;
mod client;
mod helper;
pub mod model;
pub mod policy;
pub mod preview;
mod typescript;
mod worker;

use artifact::{Artifact, Comment, sha256};
use model::Project;
use policy::Written;

/// Where the generated files belong, relative to the project root, with `/`, and whose they are.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Outputs {
    /// The helper that handlers and actions import.
    pub helper: String,
    /// The typed client; `None` for none.
    pub client: Option<String>,
    /// The folder of the worker's crate; `None` for none.
    pub worker: Option<String>,
    /// What the project's `package.json` calls it: a worker that is made anew is named after it.
    pub package: Option<String>,
}

impl Default for Outputs {
    fn default() -> Self {
        Self {
            helper: "src/lib/realtime.ts".into(),
            client: Some("src/lib/realtime-client.ts".into()),
            worker: Some("realtime-worker".into()),
            package: None,
        }
    }
}

impl Outputs {
    /// The same paths without what says nothing: `./` before them, `/` after them.
    #[must_use]
    fn plain(&self) -> Self {
        let plain = |path: &String| {
            let path = path.trim_end_matches('/');
            path.trim_start_matches("./").to_owned()
        };
        Self {
            helper: plain(&self.helper),
            client: self.client.as_ref().map(plain),
            worker: self.worker.as_ref().map(plain),
            package: self.package.clone(),
        }
    }

    /// The files and folders in which outputs may have been left: these, and the defaults, for a
    /// project that has since moved them.
    #[must_use]
    pub fn places(&self) -> Vec<String> {
        let all = [self.plain(), Self::default()];
        let mut places: Vec<String> = all
            .into_iter()
            .flat_map(|outputs| [Some(outputs.helper), outputs.client, outputs.worker])
            .flatten()
            .collect();
        places.sort();
        places.dedup();
        places
    }
}

/// Everything that a project's definitions turn into, sorted by path. Where no table is broadcast
/// any more, files that say so are made as well: the former ones would go on broadcasting.
///
/// The same project gives the same bytes, on every machine and at any time.
#[must_use]
pub fn generate(project: &Project, outputs: &Outputs) -> Vec<Artifact> {
    let outputs = outputs.plain();
    let (written, inputs) = rayon::join(
        || Written::of(project),
        // Strings, booleans and lists of them always serialize.
        || sha256(&serde_json::to_string(project).unwrap_or_default()),
    );
    let config = &written.config;
    let typescript =
        |path, body: String| Artifact::generated(path, Comment::TypeScript, &inputs, &body);
    let helper = || typescript(outputs.helper, helper::body(project, &written));
    let client = || Some(typescript(outputs.client?, client::body(project, config)));
    let worker = || {
        let folder = outputs.worker.as_ref()?;
        let package = outputs.package.as_deref();
        Some(worker::artifacts(folder, package, config, &inputs))
    };
    // In a project of thousands of tables each of them is a megabyte.
    let (helper, (client, worker)) = rayon::join(helper, || rayon::join(client, worker));
    let mut artifacts: Vec<Artifact> = [helper].into_iter().chain(client).collect();
    artifacts.extend(worker.into_iter().flatten());
    artifacts.sort_by(|a, b| a.path.cmp(&b.path));
    artifacts
}
