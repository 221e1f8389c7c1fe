//! Where the parts of a project are: what each path means.

use std::ffi::OsStr;
use std::path::{Component, Path, PathBuf};

/// The names that a project's configuration may have.
pub const CONFIG_NAMES: [&str; 4] = [
    "quickback.config.ts",
    "quickback.config.mts",
    "quickback.config.js",
    "quickback.config.mjs",
];

/// The name of our own configuration file.
pub const SETTINGS_NAME: &str = "quickback-realtime.json";

/// Folders that never hold a project's own sources, whatever ignore files say. In a folder of
/// definitions, where a feature may well be called `build`, only those that are never a feature.
const SKIPPED_FOLDERS: [&str; 17] = [
    "node_modules",
    ".git",
    "dist",
    "build",
    "out",
    "coverage",
    "target",
    ".next",
    ".nuxt",
    ".output",
    ".svelte-kit",
    ".turbo",
    ".wrangler",
    ".cache",
    ".vercel",
    ".hg",
    ".svn",
];

/// What a file is to its project, judged by its path alone.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Role {
    /// `quickback.config.ts`.
    Config,
    /// `quickback-realtime.json`.
    Settings,
    /// A file in a features folder: tables.
    Feature,
    /// A separate schema file: table objects that features take up.
    Schema,
    /// A file in `services/realtime`: event namespaces.
    Service,
    /// Any other source: handlers and actions.
    Source,
    /// Nothing of ours.
    Other,
}

impl Role {
    /// Whether definitions are read from the file.
    pub fn is_definition(self) -> bool {
        matches!(self, Self::Feature | Self::Schema | Self::Service)
    }

    /// Whether the tables that the file declares or defines are the project's.
    pub fn holds_tables(self) -> bool {
        matches!(self, Self::Feature | Self::Schema)
    }
}

const FEATURE_FOLDERS: [&[&str]; 4] = [
    &["quickback", "features"],
    &["quickback", "definitions", "features"],
    &["definitions", "features"],
    &["features"],
];

const SERVICE_FOLDERS: [&[&str]; 4] = [
    &["quickback", "services", "realtime"],
    &["quickback", "definitions", "services", "realtime"],
    &["definitions", "services", "realtime"],
    &["services", "realtime"],
];

const SCHEMA_FOLDERS: [&[&str]; 2] = [
    &["quickback", "definitions", "schema"],
    &["definitions", "schema"],
];

/// What a file is, by its path relative to the project's root.
pub fn role(relative: &Path) -> Role {
    let parts: Vec<&str> = relative
        .components()
        .filter_map(|c| match c {
            Component::Normal(part) => Some(readable(part)),
            _ => None,
        })
        .collect();
    let Some((&name, folders)) = parts.split_last() else {
        return Role::Other;
    };
    if (1..=folders.len()).any(|depth| folders.get(..depth).is_some_and(is_skipped)) {
        return Role::Other;
    }
    if CONFIG_NAMES.contains(&name) && (folders.is_empty() || folders == ["quickback"]) {
        return Role::Config;
    }
    if name == SETTINGS_NAME && folders.is_empty() {
        return Role::Settings;
    }
    if !is_source(name) {
        return Role::Other;
    }
    let under = |places: &[&[&str]]| places.iter().any(|place| folders.starts_with(place));
    if under(&FEATURE_FOLDERS) {
        Role::Feature
    } else if under(&SCHEMA_FOLDERS) {
        Role::Schema
    } else if SERVICE_FOLDERS.contains(&folders) {
        Role::Service
    } else {
        Role::Source
    }
}

/// Whether nothing is read in a folder, given its path relative to the project's root.
pub fn is_skipped_folder(relative: &Path) -> bool {
    let parts: Vec<&str> = relative
        .components()
        .map(|c| readable(c.as_os_str()))
        .collect();
    is_skipped(&parts)
}

/// A name, or how it ends where it is no Unicode: that tells what a file is.
fn readable(name: &OsStr) -> &str {
    name.to_str().unwrap_or_else(|| {
        let last = name.as_encoded_bytes().utf8_chunks().last();
        let end = last.filter(|chunk| chunk.invalid().is_empty());
        end.map_or("", |chunk| chunk.valid())
    })
}

/// Whether definitions would be read under a folder of the project at `root`, if it were one: it is
/// in a place of definitions, or holds one. `is_folder` tells whether there is a folder at a path.
pub fn may_hold_definitions(
    root: &Path,
    relative: &Path,
    is_folder: &dyn Fn(&Path) -> bool,
) -> bool {
    if is_skipped_folder(relative) {
        return false;
    }
    let parts: Vec<&str> = relative
        .components()
        .map(|c| readable(c.as_os_str()))
        .collect();
    let within = FEATURE_FOLDERS.iter().chain(&SCHEMA_FOLDERS);
    let mut around = within.clone().chain(&SERVICE_FOLDERS);
    within.clone().any(|place| parts.starts_with(place))
        || around.any(|place| {
            place.starts_with(&parts) && is_folder(&root.join(place.iter().collect::<PathBuf>()))
        })
}

fn is_skipped(folders: &[&str]) -> bool {
    let Some((name, above)) = folders.split_last() else {
        return false;
    };
    let mut places = FEATURE_FOLDERS
        .iter()
        .chain(&SERVICE_FOLDERS)
        .chain(&SCHEMA_FOLDERS);
    if places.any(|place| above.starts_with(place)) {
        return *name == "node_modules" || name.starts_with('.');
    }
    SKIPPED_FOLDERS.contains(name)
}

/// Whether a file's name is one of TypeScript's or JavaScript's, declarations left out.
pub fn is_source(name: &str) -> bool {
    let Some((stem, extension)) = name.rsplit_once('.') else {
        return false;
    };
    matches!(
        extension,
        "ts" | "tsx" | "mts" | "cts" | "js" | "jsx" | "mjs" | "cjs"
    ) && !stem.ends_with(".d")
}

/// The same of a path.
pub fn is_source_path(path: &Path) -> bool {
    path.file_name().map(readable).is_some_and(is_source)
}

/// Whether a path has the name of a project's configuration.
pub fn is_config(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(|name| CONFIG_NAMES.contains(&name))
}

/// The folders of a project's root that hold tests and what these need. Deeper a folder of such a
/// name may be about anything.
const TEST_FOLDERS: [&str; 3] = ["e2e", "test", "tests"];

/// Whether a file is a test, or runs with tests, by its path from the root: it runs beside the
/// project and not in it.
pub fn is_test(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    let mut words = name.unwrap_or_default().split('.').skip(1);
    let mut folders = path.components();
    let outermost = folders.clone().next();
    words.any(|word| matches!(word, "test" | "spec"))
        || outermost.is_some_and(|o| TEST_FOLDERS.iter().any(|folder| o.as_os_str() == *folder))
        || folders.any(|folder| folder.as_os_str() == "__tests__")
}

/// Whether `folder` is a project's root, given a test for files. A folder `quickback` that holds
/// the configuration and no `package.json` is not itself one: its parent is.
pub fn is_root(folder: &Path, is_file: &dyn Fn(&Path) -> bool) -> bool {
    let has_config = |folder: &Path| CONFIG_NAMES.iter().any(|name| is_file(&folder.join(name)));
    if has_config(folder) {
        let inner = folder.file_name().is_some_and(|n| n == "quickback")
            && !is_file(&folder.join("package.json"));
        return !inner;
    }
    let nested = folder.join("quickback");
    has_config(&nested) && !is_file(&nested.join("package.json"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_tell_what_a_file_is() {
        for (path, expected) in [
            ("quickback/quickback.config.ts", Role::Config),
            ("quickback.config.mjs", Role::Config),
            ("src/quickback.config.ts", Role::Source),
            ("quickback-realtime.json", Role::Settings),
            ("quickback/features/contacts.ts", Role::Feature),
            ("definitions/features/a/b/c.ts", Role::Feature),
            ("features/claims/schema.ts", Role::Feature),
            ("services/realtime/x.ts", Role::Service),
            ("services/realtime/deeper/x.ts", Role::Source),
            ("src/handler.tsx", Role::Source),
            ("src/types.d.ts", Role::Other),
            ("node_modules/x/features/a.ts", Role::Other),
            ("quickback/features/build/a.ts", Role::Feature),
            ("build/features/a.ts", Role::Other),
            ("features/x/node_modules/y/a.ts", Role::Other),
            ("features/a.json", Role::Other),
        ] {
            assert_eq!(role(Path::new(path)), expected, "{path}");
        }
    }

    #[test]
    fn a_quickback_folder_belongs_to_its_parent() {
        let files = [
            "app/quickback/quickback.config.ts",
            "alone/quickback/quickback.config.ts",
            "alone/quickback/package.json",
        ];
        let is_file = |path: &Path| files.iter().any(|f| Path::new(f) == path);
        assert!(is_root(Path::new("app"), &is_file));
        assert!(!is_root(Path::new("app/quickback"), &is_file));
        assert!(is_root(Path::new("alone/quickback"), &is_file));
        assert!(!is_root(Path::new("alone"), &is_file));
    }
}
