//! A project that has been read, with what the server remembers of it.

use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use super::preview::LastGood;
use super::status::Generation;
use crate::diagnostic::Diagnostic;
use crate::project::Project;
use crate::span::FileId;
use crate::workspace::Loaded;
use crate::{rules, settings};

/// A project that has been read.
pub struct Entry {
    /// The project.
    pub project: Project,
    /// The findings in `quickback-realtime.json`.
    settings_findings: RwLock<Vec<Diagnostic>>,
    memory: Arc<Memory>,
}

/// What is remembered of a project when it is read anew.
#[derive(Default)]
pub struct Memory {
    last_good: LastGood,
    last_generation: Mutex<Option<Generation>>,
    saves: AtomicU64,
    asked: AtomicBool,
}

impl Entry {
    /// A project and what is wrong in its settings.
    pub fn new(loaded: Loaded, settings_findings: Vec<Diagnostic>) -> Self {
        Self {
            project: loaded.project,
            settings_findings: RwLock::new(settings_findings),
            memory: Arc::default(),
        }
    }

    /// Goes on with what was remembered of the project before it was read anew.
    pub fn remember(&mut self, memory: &Arc<Memory>) {
        self.memory = Arc::clone(memory);
    }

    /// The last good previews.
    pub fn last_good(&self) -> &LastGood {
        &self.memory.last_good
    }

    /// The findings in one file.
    pub fn findings(&self, file: FileId) -> Vec<Diagnostic> {
        if file == settings::FILE {
            return self
                .settings_findings
                .read()
                .unwrap_or_else(PoisonError::into_inner)
                .clone();
        }
        // An excluded or ignored file is nobody's mistake, though it can be opened.
        if !self.project.has_member(file) {
            return Vec::new();
        }
        rules::check(&self.project, file)
    }

    /// Puts other findings in the settings in the place of those that were.
    pub fn set_settings_findings(&self, findings: Vec<Diagnostic>) {
        *self
            .settings_findings
            .write()
            .unwrap_or_else(PoisonError::into_inner) = findings;
    }

    /// What became of the last generation.
    pub fn last_generation(&self) -> Option<Generation> {
        self.memory
            .last_generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Keeps what became of a generation.
    pub fn set_last_generation(&self, generation: Generation) {
        *self
            .memory
            .last_generation
            .lock()
            .unwrap_or_else(PoisonError::into_inner) = Some(generation);
    }

    /// Counts a save, and answers its number.
    pub fn next_save(&self) -> u64 {
        self.memory.saves.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The number of the last save.
    pub fn last_save(&self) -> u64 {
        self.memory.saves.load(Ordering::SeqCst)
    }

    /// Whether it has not been asked yet if the project may be generated: it is asked once.
    pub fn may_ask(&self) -> bool {
        !self.memory.asked.swap(true, Ordering::SeqCst)
    }
}
