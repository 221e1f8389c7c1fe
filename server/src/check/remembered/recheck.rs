//! From what is kept of a project to what holds of it now.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use rayon::prelude::*;
use rustc_hash::{FxHashMap, FxHashSet};

use super::{
    Checked, Found, Given, Looked, Member, Reads, Remembered, kept_path, kept_paths, learn,
};
use crate::facts;
use crate::project::layout::Role;
use crate::project::trace::GivenName;
use crate::project::{Project, Read};
use crate::settings::Settings;
use crate::span::FileId;
use crate::workspace::{self, Hash, hash};

/// If more files than this have to be looked at again, a whole check is hardly slower.
const MAX_FILES: usize = 512;

/// How often names may turn up that nobody asked for before.
const MAX_ROUNDS: usize = 4;

/// What holds now.
pub struct Rechecked {
    /// A project of which only what had to be looked at has been read.
    pub project: Project,
    /// What is to be kept.
    pub remembered: Remembered,
    /// Whether that is something else than before.
    pub has_changed: bool,
}

/// A change of which cannot be told what it has an effect on.
struct Unbounded;

/// What has changed.
struct Change {
    /// The paths of files that are no members, and what is found there now.
    others: Vec<(String, Found)>,
    /// The members whose text changed, by their indices, and its new hash.
    members: Vec<(usize, Hash)>,
    /// The files that changed, and the members whose meaning was read from one of them.
    affected: FxHashSet<FileId>,
}

impl Remembered {
    /// Looks again at what has changed in the project at `root`, whose members are `members` in the
    /// order of their paths. `read` has to note in `reads` what it reads. `None` if only a whole
    /// check can tell what holds.
    pub fn recheck(
        mut self,
        root: &Path,
        members: &[&PathBuf],
        settings: Settings,
        read: Read,
        reads: &Reads,
    ) -> Option<Rechecked> {
        let project = Project::new(root.to_owned(), settings, read);
        for (index, path) in self.paths.iter().enumerate() {
            if project.file(&root.join(path)).0 as usize != index {
                return None;
            }
        }
        let change = self.change(&project, members, reads)?;
        let has_changed = !change.affected.is_empty();
        if has_changed {
            let checked = self.look_again(&project, &change)?;
            self.learn(&project, change, checked, reads)?;
        }
        Some(Rechecked {
            project,
            remembered: self,
            has_changed,
        })
    }

    /// What has changed; `None` if that is more than can be followed.
    fn change(&self, project: &Project, members: &[&PathBuf], reads: &Reads) -> Option<Change> {
        if members.len() != self.members.len() {
            return None;
        }
        let changed: Vec<(usize, Hash)> = members
            .par_iter()
            .zip(&self.members)
            .enumerate()
            .map(|(index, (path, member))| {
                let now = self.changed_member(project, path, member, reads);
                let now = now.ok_or(Unbounded)?;
                Ok(now.map(|hash| (index, hash)))
            })
            .filter_map(Result::transpose)
            .collect::<Result<_, Unbounded>>()
            .ok()?;
        let others: Vec<(String, Found)> = self
            .reads
            .par_iter()
            .map(|(kept, before)| {
                let bytes = workspace::bytes(&project.root().join(kept));
                let text = bytes.as_deref().filter(|b| std::str::from_utf8(b).is_ok());
                match (before, Found::of(text)) {
                    (before, now) if *before == now => Ok(None),
                    (Found::Text(_), now @ Found::Text(_)) => Ok(Some((kept.clone(), now))),
                    // What appears or is gone may be what an import means.
                    _ => Err(Unbounded),
                }
            })
            .filter_map(Result::transpose)
            .collect::<Result<_, Unbounded>>()
            .ok()?;
        self.affected(project, changed, others)
    }

    /// The hash of a member's text if it has changed: `Some(None)` if it has not, `None` if it is
    /// another file, cannot be read, matters now and did not before, or the other way round, or if
    /// it may change what definitions are read from, or might have.
    fn changed_member(
        &self,
        project: &Project,
        path: &Path,
        member: &Member,
        reads: &Reads,
    ) -> Option<Option<Hash>> {
        let kept = self.paths.get(member.file.0 as usize)?;
        let relative = path.strip_prefix(project.root()).ok()?;
        if relative.as_os_str() != kept.as_str() {
            return None;
        }
        let bytes = workspace::bytes(path)?;
        let now = hash(&[&bytes]);
        if now == member.hash {
            return Some(None);
        }
        reads.note(path, Some(&bytes));
        std::str::from_utf8(&bytes).ok()?;
        let is_source = project.role(member.file) == Role::Source;
        let matters = !is_source || facts::may_matter(&bytes);
        let may_change =
            !matters && !self.watched.is_empty() && (member.is_read || self.watched.are_in(&bytes));
        (matters == member.looked.is_some() && !may_change).then_some(Some(now))
    }

    fn affected(
        &self,
        project: &Project,
        members: Vec<(usize, Hash)>,
        others: Vec<(String, Found)>,
    ) -> Option<Change> {
        let changed_members = members
            .iter()
            .filter_map(|(index, _)| self.members.get(*index));
        let changed_others = others
            .iter()
            .map(|(kept, _)| project.file(&project.root().join(kept)));
        let changed_others: FxHashSet<FileId> = changed_others.collect();
        let mut changed: FxHashSet<FileId> = changed_members.map(|member| member.file).collect();
        changed.extend(&changed_others);
        let mut affected = changed.clone();
        let mut followed: FxHashSet<FileId> = FxHashSet::default();
        for (member, looked) in self.looked() {
            let asked = looked.visited.iter().chain(&looked.asked_files);
            followed.extend(asked.filter(|file| changed_others.contains(file)));
            if looked.visited.iter().any(|file| changed.contains(file)) {
                affected.insert(member.file);
            }
        }
        // What nobody followed is something else: the settings, a `tsconfig.json`.
        let is_bounded = followed.len() == changed_others.len()
            && !self.roles.iter().any(|file| affected.contains(file))
            && affected.len() <= MAX_FILES;
        is_bounded.then_some(Change {
            others,
            members,
            affected,
        })
    }

    fn looked(&self) -> impl Iterator<Item = (&Member, &Looked)> {
        self.members
            .iter()
            .filter_map(|member| Some((member, member.looked.as_ref()?)))
    }

    /// Checks every file again on which a change may have an effect.
    fn look_again(&self, project: &Project, change: &Change) -> Option<Vec<Checked>> {
        let affected = &change.affected;
        let mut given: FxHashMap<FileId, Given> = FxHashMap::default();
        let mut touched: FxHashSet<GivenName> = FxHashSet::default();
        let mut is_all_the_same = true;
        for (member, before) in self.looked().filter(|(m, _)| affected.contains(&m.file)) {
            project.add_member(&project.path(member.file));
            let now = learn::given(project, member.file);
            // What should be generated follows from all definitions, from what is changed of what
            // they are read from, and, where the roles are, from whether anybody says `role+`.
            let defines = project.role(member.file).is_definition()
                || before.given.changes
                || now.changes
                || before.given.names_higher != now.names_higher
                || before.given.names().chain(now.names()).next().is_some();
            if self.expected.is_some() && defines {
                return None;
            }
            touched.extend(before.given.names().chain(now.names()));
            is_all_the_same &= before.given.all == now.all;
            given.insert(member.file, now);
        }
        let is_to_be_checked = |member: &Member, looked: &Looked| {
            affected.contains(&member.file)
                || looked
                    .asked_files
                    .iter()
                    .any(|file| affected.contains(file))
                || looked.asked_names.iter().any(|name| touched.contains(name))
                || looked.asked_all && !is_all_the_same
        };
        let queue: Vec<(FileId, &Looked)> = self
            .looked()
            .filter(|(member, looked)| is_to_be_checked(member, looked))
            .map(|(member, looked)| (member.file, looked))
            .collect();
        if queue.len() > MAX_FILES {
            return None;
        }
        let mut givers: FxHashMap<GivenName, Vec<FileId>> = FxHashMap::default();
        for (member, before) in self.looked() {
            let given = given.get(&member.file).unwrap_or(&before.given);
            for name in given.names() {
                givers.entry(name).or_default().push(member.file);
            }
        }
        check(project, &queue, &givers)
    }

    /// Takes in what was found, and what there is now.
    fn learn(
        &mut self,
        project: &Project,
        change: Change,
        checked: Vec<Checked>,
        reads: &Reads,
    ) -> Option<()> {
        for (index, hash) in change.members {
            self.members.get_mut(index)?.hash = hash;
        }
        let mut found: FxHashMap<FileId, Looked> = checked
            .into_iter()
            .map(|checked| (checked.file, learn::looked(project, checked)))
            .collect();
        for member in &mut self.members {
            if let Some(looked) = found.remove(&member.file) {
                member.looked = Some(looked);
            }
        }
        let root = project.root();
        let members: FxHashMap<FileId, Hash> =
            self.members.iter().map(|m| (m.file, m.hash)).collect();
        let mut others: BTreeMap<String, Found> =
            std::mem::take(&mut self.reads).into_iter().collect();
        others.extend(change.others);
        for (path, found) in reads.all()? {
            match members.get(&project.file(&path)) {
                // Somebody wrote after it was looked at.
                Some(hash) if found != Found::Text(*hash) => return None,
                Some(_) => {}
                None => {
                    let kept = kept_path(root, &path)?;
                    let before = others.insert(kept, found);
                    if before.is_some_and(|before| before != found) {
                        return None;
                    }
                }
            }
        }
        self.reads = others.into_iter().collect();
        self.paths = kept_paths(project)?;
        Some(())
    }
}

/// Checks files of which is kept what they asked for, in a project that has no members but those
/// that changed. `None` if one of them asks for all names.
fn check(
    project: &Project,
    queue: &[(FileId, &Looked)],
    givers: &FxHashMap<GivenName, Vec<FileId>>,
) -> Option<Vec<Checked>> {
    let asked = queue.iter().flat_map(|(_, looked)| &looked.asked_names);
    let mut names: FxHashSet<GivenName> = asked.cloned().collect();
    for _ in 0..MAX_ROUNDS {
        for file in names.iter().filter_map(|name| givers.get(name)).flatten() {
            project.add_member(&project.path(*file));
        }
        // It is read before, on all processors: what is asked for is noted on one.
        project.index();
        let checked: Vec<Checked> = queue
            .par_iter()
            .map(|(file, _)| Checked::of(project, *file))
            .collect::<Option<_>>()?;
        if checked.iter().any(|checked| checked.trace.all_names) {
            return None;
        }
        let asked = checked.iter().flat_map(|checked| &checked.trace.names);
        let new: Vec<GivenName> = asked
            .filter(|name| !names.contains(*name))
            .cloned()
            .collect();
        if new.is_empty() {
            return Some(checked);
        }
        names.extend(new);
    }
    None
}

#[cfg(test)]
mod tests;
