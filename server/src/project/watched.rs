//! The constants that definitions are read from, and which sources could change one.
//!
//! Most sources hold nothing that matters and are never parsed. Yet any of them can change a
//! constant that is exported: so those are searched for the names by which it is imported.

use std::cell::LazyCell;
use std::ops::Deref;
use std::sync::Arc;

use memchr::memmem;
use rayon::prelude::*;
use rustc_hash::FxHashSet;
use serde::{Deserialize, Serialize};
use smol_str::SmolStr;

use super::layout::Role;
use super::resolve::TsConfig;
use super::{Project, read, write};
use crate::span::{FileId, Place};
use crate::syntax::ExportTarget;
use crate::syntax::value::{Property, ValueKind};

/// The words of which a file holds at least one that imports a constant of a definition.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Watched(Vec<SmolStr>);

impl Watched {
    /// The words for constants, by where their names are declared.
    pub fn of(project: &Project, constants: impl IntoIterator<Item = Place>) -> Self {
        let mut watched = Self::default();
        // Only what is exported by default is asked for by other names.
        let configs = LazyCell::new(|| {
            let listed = Arc::clone(&read(&project.searched).listed);
            project.configurations(&listed)
        });
        for constant in constants {
            watched.0.extend(exported_as(project, constant, &configs));
        }
        watched.0.sort_unstable();
        watched.0.dedup();
        watched
    }

    /// The last word by which a file is imported.
    pub fn word_of(project: &Project, file: FileId) -> Option<SmolStr> {
        let path = project.path(file);
        let stem = path.file_stem()?.to_str()?;
        if stem == "index" {
            return path.parent()?.file_name()?.to_str().map(SmolStr::new);
        }
        Some(stem.into())
    }

    /// The words.
    pub fn into_words(self) -> Vec<SmolStr> {
        self.0
    }

    /// Adds words, and says whether one of them is new.
    pub fn add(&mut self, words: Vec<SmolStr>) -> bool {
        let known = self.0.len();
        self.0.extend(words);
        self.0.sort_unstable();
        self.0.dedup();
        self.0.len() > known
    }

    /// Whether no file can import any.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// Whether a text holds one of the words.
    pub fn are_in(&self, text: &[u8]) -> bool {
        self.0.iter().any(|word| holds(text, word.as_bytes()))
    }
}

/// The names by which a constant is imported. A default export is imported by any name, but only
/// from its file, or by what `paths` of TypeScript call that.
fn exported_as(
    project: &Project,
    constant: Place,
    configs: &impl Deref<Target = Vec<Arc<TsConfig>>>,
) -> Vec<SmolStr> {
    let Some(facts) = project.facts(constant.file) else {
        return Vec::new();
    };
    let name = constant.span.text(&facts.text);
    let module = &facts.module;
    let is_exported = |target: &ExportTarget| matches!(target, ExportTarget::Local(n) if n == name);
    let exports = module.exports.iter();
    let exports = exports.filter(|export| is_exported(&export.target));
    let mut names: Vec<SmolStr> = exports.map(|export| export.name.clone()).collect();
    // `module.exports = { name }`
    if let Some(ValueKind::Object(properties)) = module.default.as_ref().map(|d| &d.kind) {
        names.extend(properties.iter().filter_map(|property| match property {
            Property::Pair {
                key: Some(key),
                value,
                ..
            } => matches!(&value.kind, ValueKind::Ident(n) if n == name).then(|| key.clone()),
            _ => None,
        }));
    }
    let is_default = module.default.as_ref().is_some_and(|default| {
        default.span == constant.span || matches!(&default.kind, ValueKind::Ident(n) if n == name)
    });
    if is_default || names.iter().any(|name| name == "default") {
        names.retain(|name| name != "default");
        let word = Watched::word_of(project, constant.file);
        let path = project.path(constant.file);
        let aliases = configs.iter().flat_map(|config| config.aliases(&path));
        // Most hold that word too.
        let holds_word = |alias: &String| {
            let word = word.as_ref();
            word.is_some_and(|word| holds(alias.as_bytes(), word.as_bytes()))
        };
        let others = aliases.filter(|alias| !holds_word(alias));
        names.extend(others.map(SmolStr::from));
        names.extend(word);
    }
    names
}

/// Whether a text holds a word that is no part of another.
fn holds(text: &[u8], word: &[u8]) -> bool {
    let is_part = |byte: Option<&u8>| {
        byte.is_some_and(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'$' | 0x80..))
    };
    memmem::find_iter(text, word).any(|at| {
        let before = at.checked_sub(1).and_then(|before| text.get(before));
        !is_part(before) && !is_part(text.get(at.saturating_add(word.len())))
    })
}

/// What has been searched.
#[derive(Debug, Clone, Default)]
pub(super) struct Searched {
    /// The files that are where a member can be, members or not.
    listed: Arc<Vec<FileId>>,
    watched: Arc<Watched>,
    /// The files that hold none of the words. Who sees that one has changed searches it himself.
    without: Arc<FxHashSet<FileId>>,
}

impl Project {
    /// Says which files are where a member can be, members or not.
    pub fn set_listed(&self, files: Vec<FileId>) {
        write(&self.searched).listed = Arc::new(files);
    }

    /// Adds one of them.
    pub fn add_listed(&self, file: FileId) {
        let mut searched = write(&self.searched);
        if !searched.listed.contains(&file) {
            Arc::make_mut(&mut searched.listed).push(file);
        }
    }

    /// What other sources were searched for the last time.
    pub fn watched(&self) -> Arc<Watched> {
        Arc::clone(&read(&self.searched).watched)
    }

    /// The sources that are no members and hold one of some words.
    pub fn others_with(&self, watched: Watched) -> Vec<FileId> {
        let watched = Arc::new(watched);
        // Said before anything is read: who sees a file change meanwhile has to know it.
        let Searched {
            listed, without, ..
        } = {
            let mut searched = write(&self.searched);
            if searched.watched != watched {
                searched.watched = Arc::clone(&watched);
                searched.without = Arc::default();
            }
            searched.clone()
        };
        let candidates: Vec<FileId> = if watched.is_empty() {
            Vec::new()
        } else {
            let files = listed.iter().copied();
            files.filter(|file| self.is_other_source(*file)).collect()
        };
        let (with, clean): (Vec<FileId>, Vec<FileId>) =
            candidates.into_par_iter().partition(|file| {
                let is_clean = without.contains(file) && self.known_facts(*file).is_none();
                !is_clean && self.is_text(*file, |text| watched.are_in(text))
            });
        let mut searched = write(&self.searched);
        if searched.watched == watched {
            searched.without = Arc::new(clean.into_iter().collect());
        }
        with
    }

    /// The sources that are no members and hold a word.
    pub fn others_holding(&self, word: &str) -> Vec<FileId> {
        let listed = Arc::clone(&read(&self.searched).listed);
        let files = listed.par_iter().copied();
        let others = files.filter(|file| self.is_other_source(*file));
        others
            .filter(|file| self.is_text(*file, |text| holds(text, word.as_bytes())))
            .collect()
    }

    /// Whether something is so of the text of a file, which is not parsed for that.
    fn is_text(&self, file: FileId, is_so: impl Fn(&[u8]) -> bool) -> bool {
        match self.known_facts(file) {
            Some(facts) => is_so(facts.text.as_bytes()),
            None => {
                let text = self.read_text(&self.path(file));
                text.is_some_and(|text| is_so(text.as_bytes()))
            }
        }
    }

    fn is_other_source(&self, file: FileId) -> bool {
        self.role(file) == Role::Source && !self.has_member(file)
    }
}

#[cfg(test)]
mod tests {
    use super::holds;

    #[test]
    fn a_word_is_no_part_of_another() {
        for text in [
            "BASE",
            "BASE.a",
            "{BASE}",
            "./BASE'",
            "DATABASE, BASE",
            "-BASE-",
        ] {
            assert!(holds(text.as_bytes(), b"BASE"), "{text}");
        }
        for text in [
            "DATABASE", "BASES", "_BASE", "$BASE", "BASE1", "éBASE", "BAS", "",
        ] {
            assert!(!holds(text.as_bytes(), b"BASE"), "{text}");
        }
    }
}
