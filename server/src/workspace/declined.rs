//! Projects of which the user has said that nothing is to be generated in them: nobody asks again,
//! whichever editor is opened next. The command *Generate* adopts such a project all the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use super::cache::place_of;

/// Where the answers are kept: in the system's folder for the state of programs. `None` if the
/// system names none; then an answer holds for as long as the server runs.
pub fn folder() -> Option<PathBuf> {
    let state = dirs::state_dir().or_else(dirs::data_local_dir)?;
    Some(state.join("quickback-realtime").join("declined"))
}

/// Whether the project at `root` is one of them.
pub fn holds(folder: &Path, root: &Path) -> bool {
    place_of(folder, root).exists()
}

/// Makes the project at `root` one of them.
///
/// # Errors
/// What the system refused.
pub fn add(folder: &Path, root: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // The content is for people who look.
    fs::write(place_of(folder, root), format!("{}\n", root.display()))
}
