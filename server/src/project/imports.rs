//! Which files the imports of a project's files mean.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use smol_str::SmolStr;

use super::layout::Role;
use super::resolve::{self, Mistake, TsConfig};
use super::{Project, read, write};
use crate::span::FileId;

/// An import that leads nowhere.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Needed {
    /// The file that it is in.
    pub file: FileId,
    /// The module that it names.
    pub module: SmolStr,
}

impl Project {
    /// The file that an import in `file` means, if it is one that can be read.
    pub fn resolve(&self, file: FileId, module: &str) -> Option<FileId> {
        let path = self.path(file);
        let folder = path.parent()?;
        let is_relative = module.starts_with('.') || module.starts_with('/');
        let tsconfig = if is_relative {
            None
        } else {
            self.tsconfig(folder)
        };
        let exists = |path: &Path| self.facts(self.file(path)).is_some();
        let found = resolve::resolve(folder, module, tsconfig.as_deref(), &exists);
        if found.is_none()
            && let Some(config) = tsconfig.filter(|config| !config.lost.is_empty())
            && (self.role(file).is_definition() || self.role(file) == Role::Config)
        {
            self.note_lost(file, module, &config.lost);
        }
        found.map(|path| self.file(&path))
    }

    /// Notes that an import that leads nowhere may be one of the `paths` that are not known.
    fn note_lost(&self, file: FileId, module: &str, lost: &[Mistake]) {
        let mut derived = write(&self.derived);
        for lost in lost {
            let needed = derived.lost.entry(lost.clone()).or_default();
            needed.insert(Needed {
                file,
                module: module.into(),
            });
        }
    }

    /// What configurations of TypeScript extend and cannot be read, each with the imports in
    /// definitions that were asked for so far and that it may be needed for.
    pub fn lost_configurations(&self) -> Vec<(Mistake, BTreeSet<Needed>)> {
        let derived = read(&self.derived);
        let lost = derived.lost.iter();
        lost.map(|(lost, needed)| (lost.clone(), needed.clone()))
            .collect()
    }

    /// The configuration that TypeScript would use for a file in `folder`.
    fn tsconfig(&self, folder: &Path) -> Option<Arc<TsConfig>> {
        let revision = {
            let derived = read(&self.derived);
            if let Some(found) = derived.tsconfigs.get(folder) {
                return found.clone();
            }
            derived.revision
        };
        let load = |path: &Path| (self.read)(path);
        let found = match TsConfig::load(&folder.join("tsconfig.json"), &load) {
            Some(config) => Some(Arc::new(config)),
            None => folder.parent().and_then(|parent| self.tsconfig(parent)),
        };
        self.keep(revision, |derived| {
            derived.tsconfigs.insert(folder.to_owned(), found.clone());
        });
        found
    }

    /// The configurations of TypeScript around some files, each once.
    pub(super) fn configurations(&self, files: &[FileId]) -> Vec<Arc<TsConfig>> {
        let files = files.iter().map(|file| self.path(*file));
        let folders: BTreeSet<PathBuf> = files
            .filter_map(|file| Some(file.parent()?.to_owned()))
            .collect();
        let configs = folders.iter().filter_map(|folder| self.tsconfig(folder));
        let mut configs: Vec<Arc<TsConfig>> = configs.collect();
        configs.sort_by_key(Arc::as_ptr);
        configs.dedup_by(|a, b| Arc::ptr_eq(a, b));
        configs
    }

    /// The mistakes in the configurations of TypeScript that were asked for so far, in order.
    pub fn configuration_mistakes(&self) -> Vec<Mistake> {
        let derived = read(&self.derived);
        let configs = derived.tsconfigs.values().flatten();
        let found: BTreeSet<&Mistake> = configs.flat_map(|config| &config.mistakes).collect();
        found.into_iter().cloned().collect()
    }

    /// Whether `module`, imported in `file`, is the generated helper.
    pub fn is_helper(&self, file: FileId, module: &str) -> bool {
        if is_named_as_helper(module) {
            return true;
        }
        let helper = resolve::normalize(&self.root.join(&self.settings().output.helper));
        let path = self.path(file);
        let Some(folder) = path.parent() else {
            return false;
        };
        let is_relative = module.starts_with('.');
        let tsconfig = if is_relative {
            None
        } else {
            self.tsconfig(folder)
        };
        resolve::resolve(folder, module, tsconfig.as_deref(), &|candidate| {
            candidate == helper
        })
        .is_some()
    }
}

/// Whether a module ends in the helper's usual path, whatever leads there: `../lib/realtime`,
/// `@/lib/realtime.js`, `#lib/realtime`.
fn is_named_as_helper(module: &str) -> bool {
    let stem = module
        .rsplit_once('.')
        .filter(|(_, e)| matches!(*e, "js" | "ts" | "mjs" | "mts" | "cjs" | "cts"))
        .map_or(module, |(stem, _)| stem);
    // A `$` begins an alias as `#` and `@` do: SvelteKit's `$lib`.
    let is_name = |c: char| c.is_alphanumeric() || c == '_';
    stem.strip_suffix("lib/realtime")
        .is_some_and(|before| !before.ends_with(is_name))
}

#[cfg(test)]
mod tests {
    use super::is_named_as_helper;

    #[test]
    fn the_helper_is_known_by_how_its_path_ends() {
        for module in [
            "lib/realtime",
            "./lib/realtime",
            "../../src/lib/realtime.js",
            "@/lib/realtime.ts",
            "~/lib/realtime.mjs",
            "#lib/realtime",
            "@lib/realtime",
            "~lib/realtime",
            "$lib/realtime",
            "@acme/app/lib/realtime",
        ] {
            assert!(is_named_as_helper(module), "{module}");
        }
        for module in [
            "mylib/realtime",
            "../zlib/realtime",
            "./lib/realtime-client",
            "./lib/realtime/x",
            "./lib/realtime.json",
            "./realtime",
            "lib",
            "",
        ] {
            assert!(!is_named_as_helper(module), "{module}");
        }
    }
}
