//! What the files of a project mean, each and together, read where it is asked for and kept.

use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

use rayon::prelude::*;
use rustc_hash::FxHashMap;

use super::index::{Index, Part};
use super::model::FileModel;
use super::{Project, build, read, trace, write};
use crate::span::FileId;

/// The parts of an index by file, as they were added.
pub(super) type Indexed = FxHashMap<FileId, Arc<FileModel>>;

/// How many files may be read anew while somebody waits. The meaning of one takes some 80 µs.
const AT_ONCE: usize = 64;

impl Project {
    /// What a file means. Of a file that cannot be read: nothing.
    pub fn model(&self, file: FileId) -> Arc<FileModel> {
        let known = read(&self.derived).models.get(&file).map(Arc::clone);
        let model = known.or_else(|| self.models(&[file]).pop());
        let model = model.unwrap_or_default();
        trace::note(|trace| {
            trace.files.insert(file);
            trace.files.extend(&model.visited);
        });
        model
    }

    /// What files mean, in their order. To keep the meanings of many together takes the lock once,
    /// for which threads that read others would wait.
    fn models(&self, files: &[FileId]) -> Vec<Arc<FileModel>> {
        let (revision, known): (u64, Vec<Option<Arc<FileModel>>>) = {
            let derived = read(&self.derived);
            let known = files.iter().map(|file| derived.models.get(file).cloned());
            (derived.revision, known.collect())
        };
        let mut models: Vec<(Arc<FileModel>, bool)> = files
            .iter()
            .zip(known)
            .map(|(file, known)| match known {
                Some(model) => (model, false),
                None => {
                    let facts = self.facts(*file);
                    let model = facts.map(|facts| build::build(self, *file, &facts));
                    (Arc::new(model.unwrap_or_default()), true)
                }
            })
            .collect();
        self.keep(revision, |derived| {
            let new = models.iter_mut().zip(files).filter(|((_, new), _)| *new);
            for ((model, _), file) in new {
                for visited in &model.visited {
                    derived
                        .dependents
                        .entry(*visited)
                        .or_default()
                        .insert(*file);
                }
                // Whoever else has read it at the same time has read the same.
                let kept = derived
                    .models
                    .entry(*file)
                    .or_insert_with(|| Arc::clone(model));
                *model = Arc::clone(kept);
            }
        });
        models.into_iter().map(|(model, _)| model).collect()
    }

    /// The names of the project.
    pub fn index(&self) -> Arc<Index> {
        trace::note(|trace| trace.all_names = true);
        self.names()
    }

    /// The same for whoever notes himself which of them he asks for.
    pub fn names(&self) -> Arc<Index> {
        loop {
            if let Some(index) = self.try_index(None) {
                return index;
            }
        }
    }

    /// The names of the project as far as they are known at once: where many files are to be read
    /// anew, since something has changed that they depend on, only `file` is, and of the others
    /// stands what was there before. [`Project::lags`] tells whether that is so.
    pub fn index_at_hand(&self, file: FileId) -> Arc<Index> {
        if self.lags()
            && let Some(index) = self.try_index(Some(file))
        {
            return index;
        }
        self.index()
    }

    /// Whether so many files are to be read anew that nobody who types should wait for it.
    pub fn lags(&self) -> bool {
        let derived = read(&self.derived);
        derived.index.is_some() && derived.unindexed.len() > AT_ONCE
    }

    /// The members whose meaning was read from a file too, in the order of their paths.
    pub fn readers_of(&self, file: FileId) -> Vec<FileId> {
        // Who reads what is known once all meanings are; nobody who types should wait for them.
        if !self.lags() {
            self.index();
        }
        let readers: Vec<FileId> = match read(&self.derived).dependents.get(&file) {
            Some(readers) => readers.iter().copied().collect(),
            None => Vec::new(),
        };
        let mut readers: Vec<(Arc<Path>, FileId)> = readers
            .into_iter()
            .filter(|reader| self.has_member(*reader))
            .filter(|reader| self.model(*reader).visited.contains(&file))
            .map(|reader| (self.path(reader), reader))
            .collect();
        readers.sort();
        readers.into_iter().map(|(_, reader)| reader).collect()
    }

    /// The same as [`Project::index`], or only with what `one` file says now; `None` if everything
    /// was forgotten meanwhile, so that what is missing in the index has to be asked again.
    fn try_index(&self, one: Option<FileId>) -> Option<Arc<Index>> {
        let (forgotten, is_new, pending): (u64, bool, Vec<(FileId, bool)>) = {
            let derived = read(&self.derived);
            let is_asked = |id: &&FileId| one.is_none_or(|one| one == **id);
            // Nothing is to be done, so that the index need not be copied for whoever holds it.
            if let Some(index) = &derived.index
                && !derived.unindexed.iter().any(|id| is_asked(&id))
            {
                return Some(Arc::clone(index));
            }
            let files = read(&self.files);
            let with_membership = |id: &FileId| (*id, files.members.contains(id));
            let pending = match &derived.index {
                Some(_) => {
                    let asked = derived.unindexed.iter().filter(is_asked);
                    asked.map(with_membership).collect()
                }
                None => files.members.iter().map(with_membership).collect(),
            };
            (derived.forgotten, derived.index.is_none(), pending)
        };
        // A new index is filled by whoever has read something for it, while others read on.
        let new: Option<Mutex<(Index, Indexed)>> = is_new.then(Mutex::default);
        // Models are read before the lock is taken again: they take it themselves.
        let read_parts = |chunk: &[(FileId, bool)]| -> Vec<(FileId, Option<Arc<FileModel>>)> {
            let members: Vec<FileId> = chunk
                .iter()
                .filter(|(_, is_member)| *is_member)
                .map(|(id, _)| *id)
                .collect();
            let mut models = self.models(&members).into_iter();
            let part = |(id, is_member): &(FileId, bool)| {
                (*id, is_member.then(|| models.next()).flatten())
            };
            let parts: Vec<_> = chunk.iter().map(part).collect();
            if let Some(new) = &new {
                let mut new = new.lock().unwrap_or_else(PoisonError::into_inner);
                let (index, indexed) = &mut *new;
                self.put(&parts, index, indexed);
            }
            parts
        };
        // Whoever types does not wait for threads that may be busy with something larger.
        let parts = if pending.len() <= AT_ONCE {
            read_parts(&pending)
        } else {
            let chunks = pending.par_chunks(AT_ONCE);
            chunks.flat_map_iter(read_parts).collect()
        };
        let mut guard = write(&self.derived);
        let derived = &mut *guard;
        if derived.forgotten != forgotten {
            return None;
        }
        // Whoever asked at the same time may have been faster.
        if let Some(new) = new
            && derived.index.is_none()
        {
            let (index, indexed) = new.into_inner().unwrap_or_else(PoisonError::into_inner);
            derived.index = Some(Arc::new(index));
            derived.indexed = indexed;
        }
        let mut changed: Vec<(FileId, Option<Arc<FileModel>>)> = Vec::with_capacity(parts.len());
        let files = read(&self.files);
        for (file, model) in parts {
            // Until the part is in the index nobody may take the index for whole, so only now is
            // the file struck off; and not if it has changed in the meantime, or become a member or
            // ceased to be one.
            let now = derived.models.get(&file);
            let is_current = files.members.contains(&file) == model.is_some()
                && (model.as_ref()).is_none_or(|model| now.is_some_and(|n| Arc::ptr_eq(n, model)));
            if is_current {
                derived.unindexed.remove(&file);
            } else {
                derived.unindexed.insert(file);
            }
            // Whoever asked at the same time may have put the same part in.
            let is_known = match (derived.indexed.get(&file), &model) {
                (Some(known), Some(model)) => Arc::ptr_eq(known, model),
                (None, None) => true,
                _ => false,
            };
            if !is_known {
                changed.push((file, model));
            }
        }
        drop(files);
        let mut index = derived.index.take().unwrap_or_default();
        if !changed.is_empty() {
            self.put(&changed, Arc::make_mut(&mut index), &mut derived.indexed);
        }
        derived.index = Some(Arc::clone(&index));
        Some(index)
    }

    /// Puts parts in the place of those that are in an index.
    fn put(
        &self,
        parts: &[(FileId, Option<Arc<FileModel>>)],
        index: &mut Index,
        indexed: &mut Indexed,
    ) {
        let path = |id: FileId| self.path(id);
        for (file, model) in parts {
            let file = *file;
            let role = self.role(file);
            let old = indexed.remove(&file);
            let part = |model| Part { file, role, model };
            if let Some(old) = &old {
                index.remove(&part(old));
            }
            if let Some(model) = model {
                index.add(&part(model), &path);
                indexed.insert(file, Arc::clone(model));
            }
        }
    }
}
