//! What a check has read from the disk, and what it found there.

use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

use rustc_hash::FxHashMap;
use serde::{Deserialize, Serialize};

use crate::project::Read;
use crate::workspace::{Hash, hash};

/// What was found at a path.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub enum Found {
    /// Nothing that can be read.
    Nothing,
    /// A text with this hash.
    Text(Hash),
}

impl Found {
    /// What these bytes are.
    pub fn of(bytes: Option<&[u8]>) -> Self {
        bytes.map_or(Self::Nothing, |bytes| Self::Text(hash(&[bytes])))
    }
}

/// Everything that was read, by its absolute path.
#[derive(Debug, Default)]
pub struct Reads {
    /// `None` where something else was found the second time: somebody wrote meanwhile.
    found: Mutex<FxHashMap<PathBuf, Option<Found>>>,
}

impl Reads {
    /// Notes what was found at a path.
    pub fn note(&self, path: &Path, bytes: Option<&[u8]>) {
        let now = Found::of(bytes);
        let mut found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        match found.get_mut(path) {
            Some(before) if *before == Some(now) => {}
            Some(before) => *before = None,
            None => {
                found.insert(path.to_owned(), Some(now));
            }
        }
    }

    /// Reads as `read` does, and notes it.
    pub fn noting(self: &Arc<Self>, read: Read) -> Read {
        let reads = Arc::clone(self);
        Arc::new(move |path| {
            let text = read(path);
            reads.note(path, text.as_deref().map(str::as_bytes));
            text
        })
    }

    /// What was found; `None` if somebody wrote while it was read.
    pub fn all(&self) -> Option<FxHashMap<PathBuf, Found>> {
        let found = self.found.lock().unwrap_or_else(PoisonError::into_inner);
        let whole = found
            .iter()
            .map(|(path, found)| Some((path.clone(), (*found)?)));
        whole.collect()
    }
}
