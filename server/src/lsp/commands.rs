//! The commands of the server.

use serde::Deserialize;
use serde_json::Value;
use tower_lsp::ls_types::Uri;

/// Answers the preview of a table or namespace, as `quickback/preview` does.
pub const PREVIEW: &str = "quickbackRealtime.preview";
/// Generates the files of a project, or of all of the workspace that have adopted us.
pub const GENERATE: &str = "quickbackRealtime.generate";
/// Answers what the server knows.
pub const DOCTOR: &str = "quickbackRealtime.doctor";

/// Reads every project anew, as a restart of the server would.
pub const RELOAD: &str = "quickbackRealtime.reload";

/// The argument of [`PREVIEW`].
#[derive(Debug, Deserialize)]
pub struct PreviewArgument {
    /// A document of the project.
    pub uri: Uri,
    /// A position in it, where no name is given.
    pub position: Option<tower_lsp::ls_types::Position>,
    /// The table or namespace.
    pub name: Option<String>,
    /// Which of the two.
    pub kind: Option<super::preview::Kind>,
}

/// The argument of [`GENERATE`].
#[derive(Debug, Default, Deserialize)]
pub struct GenerateArgument {
    /// A file of the project, open or not; without one, every project that has been read, and every
    /// other of the workspace that has adopted us.
    pub uri: Option<Uri>,
    /// Whether files that are not ours are replaced.
    #[serde(default)]
    pub force: bool,
}

/// The first argument of a command.
///
/// # Errors
/// A sentence, if it is none that the command understands.
pub fn argument<T: for<'de> Deserialize<'de>>(arguments: Vec<Value>) -> Result<T, String> {
    let first = arguments
        .into_iter()
        .next()
        .unwrap_or_else(|| Value::Object(serde_json::Map::new()));
    serde_json::from_value(first)
        .map_err(|error| format!("The argument of this command cannot be read: {error}"))
}
