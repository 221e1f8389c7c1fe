//! Projects of which the user has said that nothing is to be generated in them: nobody asks again,
//! whichever editor is opened next. The command *Generate* adopts such a project all the same.

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use sha2::{Digest as _, Sha256};

/// Where the answers are kept: in the system's folder for the state of programs. `None` if the
/// system names none; then an answer holds for as long as the server runs.
pub fn folder() -> Option<PathBuf> {
    let state = dirs::state_dir().or_else(dirs::data_local_dir)?;
    Some(state.join("quickback-realtime").join("declined"))
}

/// Whether the project at `root` is one of them.
pub fn holds(folder: &Path, root: &Path) -> bool {
    file(folder, root).exists()
}

/// Makes the project at `root` one of them.
///
/// # Errors
/// What the system refused.
pub fn add(folder: &Path, root: &Path) -> io::Result<()> {
    fs::create_dir_all(folder)?;
    // The content is for people who look: the name is a hash, as a path may be too long for one.
    fs::write(file(folder, root), format!("{}\n", root.display()))
}

fn file(folder: &Path, root: &Path) -> PathBuf {
    let hash: [u8; 32] = Sha256::digest(root.as_os_str().as_encoded_bytes()).into();
    let name: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
    folder.join(name)
}
