//! A project that has been read, with what the server remembers of it.

use std::sync::atomic::{AtomicBool, AtomicU8, AtomicU64, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError, RwLock};
use std::time::{Duration, Instant};

use super::guarded;
use super::preview::LastGood;
use super::refreshing::Doubts;
use super::status::Generation;
use crate::diagnostic::Diagnostic;
use crate::lower::Looked;
use crate::project::Project;
use crate::span::FileId;
use crate::workspace::Disk;
use crate::{rules, settings};

/// How far a project has been read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Stage {
    /// Its settings and open documents are known. It is small, or nobody knows yet.
    Begun,
    /// The same, and it is large enough that nobody should wait for the rest: what can be said of
    /// an open document by itself is said before.
    Large,
    /// All of it.
    Whole,
}

/// A project that the server has.
pub struct Entry {
    /// The project.
    pub project: Project,
    /// What the disk said of its files when they were read.
    pub disk: Arc<Disk>,
    /// What says that it is not as the disk is.
    pub doubts: Doubts,
    is_let_go: AtomicBool,
    stage: AtomicU8,
    /// The findings in `quickback-realtime.json`.
    settings_findings: RwLock<Vec<Diagnostic>>,
    looked: Looked,
    is_catching_up: AtomicBool,
    memory: Arc<Memory>,
}

/// What is remembered of a project when it is read anew.
#[derive(Default)]
pub struct Memory {
    last_good: LastGood,
    last_generation: Mutex<Option<Generation>>,
    /// What the user was told last that stops it from being generated.
    problem: Mutex<Option<String>>,
    saves: AtomicU64,
    saved: Mutex<Option<Instant>>,
    /// Held by whoever reads it from the disk: one at a time.
    reading: tokio::sync::Mutex<()>,
    is_preparing: AtomicBool,
    /// Held by whoever generates it: one at a time.
    generating: Arc<tokio::sync::Mutex<()>>,
    asked: AtomicBool,
    /// Whether the user has asked for files that could not be written yet.
    owes_files: AtomicBool,
}

impl Entry {
    /// A project and what is wrong in its settings.
    pub fn new(
        project: Project,
        disk: Arc<Disk>,
        settings_findings: Vec<Diagnostic>,
        stage: Stage,
    ) -> Self {
        Self {
            project,
            disk,
            doubts: Doubts::default(),
            is_let_go: AtomicBool::new(false),
            stage: AtomicU8::new(stage as u8),
            settings_findings: RwLock::new(settings_findings),
            looked: Looked::default(),
            is_catching_up: AtomicBool::new(false),
            memory: Arc::default(),
        }
    }

    /// Goes on with what was remembered of the project before it was read anew.
    pub fn remember(&mut self, memory: &Arc<Memory>) {
        self.memory = Arc::clone(memory);
    }

    /// Takes note that nobody wants it any more: whoever still reads it stops.
    pub fn let_go(&self) {
        self.is_let_go.store(true, Ordering::SeqCst);
    }

    /// Whether nobody wants it any more.
    pub fn is_let_go(&self) -> bool {
        self.is_let_go.load(Ordering::SeqCst)
    }

    /// What whoever reads the project from the disk holds, also while it is read anew.
    pub fn reading(&self) -> &tokio::sync::Mutex<()> {
        &self.memory.reading
    }

    /// How far it has been read.
    pub fn stage(&self) -> Stage {
        match self.stage.load(Ordering::SeqCst) {
            stage if stage == Stage::Begun as u8 => Stage::Begun,
            stage if stage == Stage::Large as u8 => Stage::Large,
            _ => Stage::Whole,
        }
    }

    /// Takes note of how far it has been read.
    pub fn set_stage(&self, stage: Stage) {
        self.stage.store(stage as u8, Ordering::SeqCst);
    }

    /// Whether somebody has to read anew what findings were computed without, and nobody does yet.
    pub fn begins_to_catch_up(&self) -> bool {
        self.stage() == Stage::Whole
            && self.project.lags()
            && !self.is_catching_up.swap(true, Ordering::SeqCst)
    }

    /// Reads it; false if that failed.
    pub fn catch_up(&self) -> bool {
        let index = guarded("reading what depends on a change", || self.project.index());
        self.is_catching_up.store(false, Ordering::SeqCst);
        index.is_some()
    }

    /// What the last generation found in each file.
    pub fn looked(&self) -> &Looked {
        &self.looked
    }

    /// The last good previews.
    pub fn last_good(&self) -> &LastGood {
        &self.memory.last_good
    }

    /// The findings in one file: all of them, by the names that are known at once; or, of a project
    /// that is still being read, those that will stand whatever is in the rest of it.
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
        if self.stage() == Stage::Whole {
            rules::check_at_hand(&self.project, file)
        } else {
            rules::check_alone(&self.project, file)
        }
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

    /// Keeps what the user is told that stops it from being generated, if something does. Answers
    /// whether that is something else than before.
    pub fn set_problem(&self, problem: Option<&str>) -> bool {
        let known = self.memory.problem.lock();
        let mut known = known.unwrap_or_else(PoisonError::into_inner);
        let is_new = known.as_deref() != problem;
        *known = problem.map(str::to_owned);
        is_new
    }

    /// Takes note of a save by the user.
    pub fn set_saved(&self) {
        *self.saved() = Some(Instant::now());
    }

    /// Whether the user has saved something within this time.
    pub fn was_saved_within(&self, time: Duration) -> bool {
        self.saved().is_some_and(|saved| saved.elapsed() < time)
    }

    fn saved(&self) -> MutexGuard<'_, Option<Instant>> {
        let saved = self.memory.saved.lock();
        saved.unwrap_or_else(PoisonError::into_inner)
    }

    /// Counts a save, or what is to be followed by the same, and answers its number.
    pub fn next_save(&self) -> u64 {
        self.memory.saves.fetch_add(1, Ordering::SeqCst) + 1
    }

    /// The number of the last save.
    pub fn last_save(&self) -> u64 {
        self.memory.saves.load(Ordering::SeqCst)
    }

    /// Whether nobody prepares a generation ahead of its time yet. Whoever does says when it is
    /// done.
    pub fn begins_to_prepare(&self) -> bool {
        !self.memory.is_preparing.swap(true, Ordering::SeqCst)
    }

    /// The next one may.
    pub fn has_prepared(&self) {
        self.memory.is_preparing.store(false, Ordering::SeqCst);
    }

    /// What whoever generates it holds, also while it is read anew.
    pub fn generating(&self) -> Arc<tokio::sync::Mutex<()>> {
        Arc::clone(&self.memory.generating)
    }

    /// Whether it has not been asked yet if the project may be generated: it is asked once.
    pub fn may_ask(&self) -> bool {
        !self.memory.asked.swap(true, Ordering::SeqCst)
    }

    /// Whether the user has said that it is to be generated, and it has not been yet: an error
    /// stops it, or the disk.
    pub fn owes_files(&self) -> bool {
        self.memory.owes_files.load(Ordering::SeqCst)
    }

    /// Takes note that the user has said so, or that it has been generated.
    pub fn set_owes_files(&self, owes: bool) {
        self.memory.owes_files.store(owes, Ordering::SeqCst);
    }
}
