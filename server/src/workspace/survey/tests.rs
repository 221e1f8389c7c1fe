//! Tests of what a walk comes by.

use std::fs;

use super::*;

/// A folder with empty files.
fn folder(files: &[&str]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for file in files {
        let path = folder.path().join(file);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        fs::write(path, "").unwrap();
    }
    folder
}

fn relative<'p>(top: &Path, paths: impl IntoIterator<Item = &'p Path>) -> Vec<String> {
    let paths = paths.into_iter();
    paths
        .map(|path| {
            let relative = path.strip_prefix(top).unwrap();
            relative.to_string_lossy().replace('\\', "/")
        })
        .collect()
}

#[test]
fn each_file_belongs_to_the_nearest_root() {
    let top = folder(&[
        "quickback.config.ts",
        "features/build/a.ts",
        "build/b.ts",
        "apps/x/quickback/quickback.config.ts",
        "apps/x/quickback/features/dist/c.ts",
        "apps/x/dist/d.ts",
        "apps/x/e.tsx",
        "apps/y/f.ts",
        "apps/y/g.json",
        "node_modules/h/quickback.config.ts",
    ]);
    let survey = Survey::of(top.path());
    assert_eq!(relative(top.path(), survey.roots()), ["", "apps/x"]);
    let listings = survey.listings();
    let files = |root: &str| {
        let root = if root.is_empty() {
            top.path().to_owned()
        } else {
            top.path().join(root)
        };
        let listing = &listings[&root];
        let files = listing.files.iter().map(PathBuf::as_path);
        let members = files
            .filter(|file| layout::role(file.strip_prefix(&root).unwrap()) != layout::Role::Other);
        relative(top.path(), members)
    };
    assert_eq!(
        files(""),
        ["apps/y/f.ts", "features/build/a.ts", "quickback.config.ts"]
    );
    assert_eq!(
        files("apps/x"),
        [
            "apps/x/e.tsx",
            "apps/x/quickback/features/dist/c.ts",
            "apps/x/quickback/quickback.config.ts"
        ]
    );
    let alone = Listing::of(&top.path().join("apps/x"));
    assert_eq!(alone.files, listings[&top.path().join("apps/x")].files);
}

#[test]
fn a_folder_that_is_no_root_is_listed_when_it_is_named() {
    let top = folder(&["a.ts", "b/c.ts"]);
    assert_eq!(Listing::of(top.path()).files.len(), 2);
}

#[test]
fn what_git_ignores_is_left_out() {
    let top = folder(&["quickback.config.ts", "a.ts", "b/c.ts", "d/e.ts"]);
    fs::write(top.path().join(".gitignore"), "a.ts\n/b/\n").unwrap();
    let files = Listing::of(top.path()).files;
    let files = files.iter().map(PathBuf::as_path);
    assert_eq!(
        relative(top.path(), files),
        ["d/e.ts", "quickback.config.ts"]
    );
}

/// The names of the files that a walk from `folder` comes by.
fn names(top: &Path, folder: &str) -> Vec<String> {
    let survey = Survey::of(&top.join(folder));
    relative(top, survey.files.iter().map(PathBuf::as_path))
}

#[test]
fn what_is_above_a_repository_hides_nothing_in_it() {
    // Where the working tree is not the main one, or is a submodule, `.git` is a file.
    for (git, is_folder) in [(".git", true), (".git", false), (".jj", true)] {
        let top = folder(&["p/quickback.config.ts", "p/app/a.ts", "p/app/b.ts", "c.ts"]);
        let marker = top.path().join("p").join(git);
        if is_folder {
            fs::create_dir(marker).unwrap();
        } else {
            fs::write(marker, "gitdir: ../elsewhere").unwrap();
        }
        fs::write(top.path().join(".gitignore"), "a.ts\n*.config.ts\n").unwrap();
        fs::write(top.path().join("p/.gitignore"), "b.ts\n").unwrap();
        let inside = ["p/app/a.ts", "p/quickback.config.ts"];
        assert_eq!(names(top.path(), "p"), inside, "{git}");
        assert_eq!(names(top.path(), "p/app"), inside[..1], "{git}");
        assert_eq!(
            names(top.path(), ""),
            ["c.ts", "p/app/a.ts", "p/quickback.config.ts"],
            "{git}"
        );
    }
}

#[test]
fn a_repository_within_another_is_its_own() {
    let top = folder(&["a.ts", "b.ts", "sub/a.ts", "sub/b.ts", "sub/deep/b.ts"]);
    fs::create_dir(top.path().join(".git")).unwrap();
    fs::write(top.path().join("sub/.git"), "gitdir: ../.git/modules/sub").unwrap();
    fs::write(top.path().join(".gitignore"), "a.ts\n").unwrap();
    fs::write(top.path().join("sub/.gitignore"), "b.ts\n").unwrap();
    assert_eq!(names(top.path(), ""), ["b.ts", "sub/a.ts"]);
    assert_eq!(names(top.path(), "sub"), ["sub/a.ts"]);
    assert_eq!(names(top.path(), "sub/deep"), [""; 0]);
}

#[test]
fn outside_of_a_repository_only_what_is_looked_at_says_what_is_ignored() {
    let top = folder(&["p/a.ts", "p/b.ts", "p/c/d.ts"]);
    // As in a home folder whose dotfiles are kept by git.
    fs::write(top.path().join(".gitignore"), "*\n").unwrap();
    fs::write(top.path().join("p/.gitignore"), "b.ts\n").unwrap();
    assert_eq!(names(top.path(), "p"), ["p/a.ts", "p/c/d.ts"]);
}

#[test]
fn outside_of_a_repository_a_project_is_the_same_from_wherever_one_looks() {
    let top = folder(&[
        "a.ts",
        "p/quickback.config.ts",
        "p/a.ts",
        "p/b.ts",
        "p/in/quickback/quickback.config.ts",
        "p/in/a.ts",
        "p/in/b.ts",
        "old/quickback.config.ts",
    ]);
    fs::write(top.path().join(".gitignore"), "a.ts\nold/\n").unwrap();
    fs::write(top.path().join("p/.gitignore"), "b.ts\n").unwrap();
    let listings = Survey::of(top.path()).listings();
    let mut roots: Vec<&Path> = listings.keys().map(PathBuf::as_path).collect();
    roots.sort_unstable();
    assert_eq!(relative(top.path(), roots), ["p", "p/in"]);
    for root in ["p", "p/in"] {
        let root = top.path().join(root);
        let alone = Listing::of(&root).files;
        assert_eq!(alone, listings[&root].files);
        for name in ["a.ts", "b.ts"] {
            let file = root.join(name);
            assert_eq!(lists(&root, &file), alone.contains(&file), "{file:?}");
        }
    }
}

#[test]
fn the_ignore_files_of_others_say_nothing() {
    let top = folder(&["a.ts", "b.ts"]);
    fs::create_dir(top.path().join(".git")).unwrap();
    fs::write(top.path().join(".ignore"), "a.ts\n").unwrap();
    fs::write(top.path().join(".rgignore"), "b.ts\n").unwrap();
    assert_eq!(names(top.path(), ""), ["a.ts", "b.ts"]);
}

#[test]
fn a_file_that_is_not_there_belongs_by_its_folder() {
    let top = folder(&["features/a.ts", "old/b.ts"]);
    fs::write(top.path().join(".gitignore"), "old\n").unwrap();
    let is_listed = |path: &str| lists(top.path(), &top.path().join(path));
    for path in ["features/a.ts", "features/new.ts", "new/and/newer.ts"] {
        assert!(is_listed(path), "{path}");
    }
    for path in ["old/b.ts", "old/new.ts", "old/new/newer.ts"] {
        assert!(!is_listed(path), "{path}");
    }
    let nowhere = top.path().join("nowhere");
    assert!(lists(&nowhere, &nowhere.join("features/a.ts")));
    assert!(!lists(&nowhere, &top.path().join("features/a.ts")));
}
