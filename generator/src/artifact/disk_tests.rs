//! Artifacts on a real disk.

use super::disk::faults::{Fault, with};
use super::{
    Artifact, Comment, Difference, EditError, Foreign, State, WriteError, compare, create,
    find_ours, left_overs, replace, sha256, write,
};
use std::fs;
use std::io;
use std::path::Path;
use std::time::{Duration, SystemTime};
use tempfile::{TempDir, tempdir};

fn helper(body: &str) -> Artifact {
    let path = "src/lib/realtime.ts".to_owned();
    Artifact::generated(path, Comment::TypeScript, &sha256(body), body)
}

fn rust(path: &str, body: &str) -> Artifact {
    Artifact::generated(path.into(), Comment::Rust, &sha256(body), body)
}

fn state(root: &TempDir, artifact: &Artifact) -> State {
    compare(root.path(), std::slice::from_ref(artifact))
        .remove(0)
        .state
}

fn put(root: &TempDir, path: &str, text: &str) {
    let place = root.path().join(path);
    fs::create_dir_all(place.parent().unwrap()).unwrap();
    fs::write(place, text).unwrap();
}

fn listing(folder: &Path) -> Vec<String> {
    let mut names: Vec<_> = fs::read_dir(folder)
        .unwrap()
        .map(|entry| entry.unwrap().file_name().into_string().unwrap())
        .collect();
    names.sort();
    names
}

#[test]
fn missing_then_fresh_then_stale() {
    let root = tempdir().unwrap();
    let first = helper("export const a = 1;\n");
    assert_eq!(state(&root, &first), State::Missing);
    let report = write(root.path(), std::slice::from_ref(&first), false).unwrap();
    assert_eq!(report.created, ["src/lib/realtime.ts"]);
    assert_eq!(state(&root, &first), State::Fresh);
    assert_eq!(listing(&root.path().join("src/lib")), ["realtime.ts"]);

    let second = helper("export const a = 2;\n");
    let State::Stale(difference) = state(&root, &second) else {
        panic!("a changed definition makes the file stale");
    };
    assert_eq!(
        (difference.found, difference.expected),
        (
            Some("export const a = 1;".into()),
            Some("export const a = 2;".into())
        ),
        "the hashes in the header are passed over"
    );
    let report = write(root.path(), std::slice::from_ref(&second), false).unwrap();
    assert_eq!(report.updated, ["src/lib/realtime.ts"]);
    assert_eq!(state(&root, &second), State::Fresh);
}

#[test]
fn the_difference_is_counted_in_the_lines_of_the_disk() {
    let root = tempdir().unwrap();
    write(root.path(), &[rust("a.rs", "// 1\n// 2\n")], false).unwrap();
    let lines = rust("a.rs", "").contents.lines().count();
    let longer = state(&root, &rust("a.rs", "// 1\n// 2\n// 3\n"));
    assert_eq!(
        longer,
        State::Stale(Difference {
            line: lines + 3,
            found: None,
            expected: Some("// 3".into())
        })
    );
    let shorter = state(&root, &rust("a.rs", "// 1\n"));
    assert_eq!(
        shorter,
        State::Stale(Difference {
            line: lines + 2,
            found: Some("// 2".into()),
            expected: None
        })
    );
}

#[test]
fn a_file_that_is_right_is_not_touched() {
    let root = tempdir().unwrap();
    let artifact = helper("export {};\n");
    let all = std::slice::from_ref(&artifact);
    write(root.path(), all, false).unwrap();
    let place = root.path().join(&artifact.path);
    let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000);
    fs::File::options()
        .write(true)
        .open(&place)
        .unwrap()
        .set_modified(long_ago)
        .unwrap();
    let report = write(root.path(), all, true).unwrap();
    assert_eq!(report.unchanged, ["src/lib/realtime.ts"]);
    assert_eq!(fs::metadata(&place).unwrap().modified().unwrap(), long_ago);
}

#[test]
fn line_ends_of_a_checkout_are_no_difference() {
    let root = tempdir().unwrap();
    let artifact = helper("export {};\n");
    let windows = artifact.contents.replace('\n', "\r\n");
    put(&root, &artifact.path, &windows);
    assert_eq!(state(&root, &artifact), State::Fresh);
    write(root.path(), std::slice::from_ref(&artifact), false).unwrap();
    let kept = fs::read_to_string(root.path().join(&artifact.path)).unwrap();
    assert_eq!(kept, windows);
    put(&root, &artifact.path, &windows.replace("{}", "{ a }"));
    assert_eq!(state(&root, &artifact), State::Foreign(Foreign::Edited));
}

#[test]
fn what_a_formatter_does_is_no_difference() {
    let root = tempdir().unwrap();
    let artifact = helper("export const a = 1;\nexport const b = 1;\n");
    let formatted = format!(
        "/** @format */\n\n{}",
        artifact.contents.replace(";\n", "\n")
    );
    put(&root, &artifact.path, &formatted);
    assert_eq!(state(&root, &artifact), State::Fresh);
    let report = write(root.path(), std::slice::from_ref(&artifact), false).unwrap();
    assert_eq!(report.unchanged, ["src/lib/realtime.ts"]);
    // Where something else differs, it alone is said to.
    let changed = helper("export const a = 1;\nexport const b = 2;\n");
    let line = formatted.lines().count();
    assert_eq!(
        state(&root, &changed),
        State::Stale(Difference {
            line,
            found: Some("export const b = 1".into()),
            expected: Some("export const b = 2;".into())
        })
    );
}

#[test]
fn a_semicolon_of_what_no_formatter_changes_is_somebodys_edit() {
    let root = tempdir().unwrap();
    let artifact = rust("src/a.rs", "const A: u8 = 1;\n");
    put(
        &root,
        &artifact.path,
        &artifact.contents.replace(";\n", "\n"),
    );
    assert_eq!(state(&root, &artifact), State::Foreign(Foreign::Edited));
}

#[test]
fn a_foreign_file_yields_to_force_alone() {
    let root = tempdir().unwrap();
    let artifact = helper("export {};\n");
    let all = [artifact.clone(), rust("worker/src/config.rs", "// c\n")];
    let theirs = "// Generated by Quickback. Do not edit.\nexport const x = 1;\n";
    put(&root, &artifact.path, theirs);
    let error = write(root.path(), &all, false).unwrap_err();
    insta::assert_snapshot!(error.to_string());
    let kept = fs::read_to_string(root.path().join(&artifact.path)).unwrap();
    assert_eq!(kept, theirs);
    assert_eq!(listing(root.path()), ["src"], "all or none");
    write(root.path(), &all, true).unwrap();
    assert_eq!(state(&root, &artifact), State::Fresh);
}

#[test]
fn an_edit_by_hand_is_kept() {
    let root = tempdir().unwrap();
    let artifact = helper("export const a = 1;\n");
    let edited = artifact.contents.replace("a = 1", "a = 7");
    put(&root, &artifact.path, &edited);
    assert_eq!(state(&root, &artifact), State::Foreign(Foreign::Edited));
    write(root.path(), std::slice::from_ref(&artifact), false).unwrap_err();
    let kept = fs::read_to_string(root.path().join(&artifact.path)).unwrap();
    assert_eq!(kept, edited);
}

#[test]
fn bytes_that_are_no_text_are_foreign() {
    let root = tempdir().unwrap();
    fs::write(root.path().join("a.rs"), [0xff, 0xfe, 0]).unwrap();
    assert_eq!(
        state(&root, &rust("a.rs", "")),
        State::Foreign(Foreign::NotOurs(None))
    );
}

#[test]
fn a_merge_conflict_is_resolved_by_generating() {
    let root = tempdir().unwrap();
    let artifact = helper("export const a = 3;\n");
    let ours = helper("export const a = 1;\n").contents;
    let theirs = helper("export const a = 2;\n").contents;
    put(
        &root,
        &artifact.path,
        &format!("<<<<<<< HEAD\n{ours}=======\n{theirs}>>>>>>> topic\n"),
    );
    assert!(matches!(state(&root, &artifact), State::Stale(_)));
    write(root.path(), std::slice::from_ref(&artifact), false).unwrap();
    assert_eq!(state(&root, &artifact), State::Fresh);
}

#[test]
fn a_scaffold_is_written_once() {
    let root = tempdir().unwrap();
    let scaffold = Artifact::scaffold("w/wrangler.toml".into(), "name = \"a\"\n".into());
    let all = std::slice::from_ref(&scaffold);
    write(root.path(), all, false).unwrap();
    put(&root, "w/wrangler.toml", "name = \"mine\"\n");
    assert_eq!(state(&root, &scaffold), State::Fresh);
    write(root.path(), all, true).unwrap();
    let kept = fs::read_to_string(root.path().join("w/wrangler.toml")).unwrap();
    assert_eq!(kept, "name = \"mine\"\n");
}

#[test]
fn a_folder_in_the_way_stops_everything() {
    let root = tempdir().unwrap();
    fs::create_dir_all(root.path().join("b.rs/inner")).unwrap();
    let all = [rust("a.rs", ""), rust("b.rs", "")];
    let error = write(root.path(), &all, true).unwrap_err();
    insta::assert_snapshot!(error.to_string());
    assert_eq!(listing(root.path()), ["b.rs"]);
}

#[test]
fn a_file_where_a_folder_should_be_stops_everything() {
    let root = tempdir().unwrap();
    put(&root, "src", "a file");
    let all = [rust("a.rs", ""), rust("src/b.rs", "")];
    let error = write(root.path(), &all, true).unwrap_err();
    assert!(error.to_string().contains("src/b.rs"), "{error}");
    assert_eq!(listing(root.path()), ["src"]);
}

#[test]
fn a_name_that_the_disk_refuses_stops_everything() {
    let root = tempdir().unwrap();
    let all = [rust("new/a.rs", ""), rust(&"x".repeat(400), "")];
    write(root.path(), &all, true).unwrap_err();
    assert!(listing(root.path()).is_empty());
}

#[cfg(unix)]
mod unix {
    use super::*;
    use std::os::unix::fs::{PermissionsExt, symlink};

    #[test]
    fn a_read_only_folder_stops_everything() {
        let root = tempdir().unwrap();
        let locked = root.path().join("locked");
        fs::create_dir(&locked).unwrap();
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o555)).unwrap();
        // The superuser writes wherever it likes.
        let superuser = fs::write(locked.join("probe"), "").is_ok();
        let all = [rust("a.rs", ""), rust("locked/b.rs", "")];
        let result = write(root.path(), &all, false);
        assert_eq!(result.is_ok(), superuser);
        assert_eq!(root.path().join("a.rs").exists(), superuser);
        fs::set_permissions(&locked, fs::Permissions::from_mode(0o755)).unwrap();
    }

    #[test]
    fn what_is_made_through_a_link_is_not_left_over() {
        let root = tempdir().unwrap();
        fs::create_dir(root.path().join("src")).unwrap();
        symlink("src", root.path().join("app")).unwrap();
        let mut made = helper("export {};\n");
        made.path = "app/lib/realtime.ts".into();
        write(root.path(), std::slice::from_ref(&made), false).unwrap();
        let places = ["src/lib/realtime.ts".to_owned(), made.path.clone()];
        assert!(left_overs(root.path(), &[made], &places).is_empty());
        assert_eq!(left_overs(root.path(), &[], &places).len(), 2);
    }

    #[test]
    fn permissions_are_kept_and_new_files_have_the_usual_ones() {
        let root = tempdir().unwrap();
        put(&root, "plain", "");
        let mode = |path: &str| {
            let meta = fs::metadata(root.path().join(path)).unwrap();
            meta.permissions().mode() & 0o777
        };
        write(root.path(), &[rust("a.rs", "// 1\n")], false).unwrap();
        assert_eq!(mode("a.rs"), mode("plain"));
        let place = root.path().join("a.rs");
        fs::set_permissions(&place, fs::Permissions::from_mode(0o640)).unwrap();
        write(root.path(), &[rust("a.rs", "// 2\n")], false).unwrap();
        assert_eq!(mode("a.rs"), 0o640);
    }

    #[test]
    fn nothing_is_written_outside_the_project() {
        let root = tempdir().unwrap();
        let elsewhere = tempdir().unwrap();
        symlink(elsewhere.path(), root.path().join("src")).unwrap();
        symlink(elsewhere.path().join("x.rs"), root.path().join("x.rs")).unwrap();
        let inside = |name| root.path().canonicalize().unwrap().join(name);
        for (path, leads_out) in [
            ("src/lib/realtime.ts", inside("src")),
            ("x.rs", inside("x.rs")),
            ("../y.rs", "../y.rs".into()),
            ("/etc/y.rs", "/etc/y.rs".into()),
            ("", "".into()),
        ] {
            let artifact = rust(path, "");
            assert_eq!(
                state(&root, &artifact),
                State::Foreign(Foreign::Outside),
                "{path}"
            );
            let error = write(root.path(), &[rust("ok.rs", ""), artifact], true).unwrap_err();
            let WriteError::Outside { link, .. } = error else {
                panic!("{error}");
            };
            assert_eq!(link, leads_out);
        }
        assert!(listing(elsewhere.path()).is_empty());
        assert_eq!(listing(root.path()), ["src", "x.rs"]);
    }

    #[test]
    fn a_link_inside_the_project_is_written_through() {
        let root = tempdir().unwrap();
        put(&root, "real/a.rs", &rust("", "// 1\n").contents);
        symlink("real/a.rs", root.path().join("a.rs")).unwrap();
        write(root.path(), &[rust("a.rs", "// 2\n")], false).unwrap();
        let link = root.path().join("a.rs");
        assert!(fs::symlink_metadata(&link).unwrap().is_symlink());
        assert!(fs::read_to_string(&link).unwrap().ends_with("// 2\n"));
    }

    #[test]
    fn only_what_ended_writers_left_is_swept() {
        let root = tempdir().unwrap();
        let others = [".quickback-realtime-1.kept", "notes.tmp"];
        for name in others.into_iter().chain([".quickback-realtime-0.tmp"]) {
            put(&root, &format!("src/{name}"), "");
        }
        write(root.path(), &[rust("src/a.rs", "")], false).unwrap();
        let [kept, notes] = others;
        assert_eq!(listing(&root.path().join("src")), [kept, "a.rs", notes]);
    }
}

#[test]
fn a_temporary_name_that_is_taken_stops_nothing() {
    let root = tempdir().unwrap();
    put(&root, "src/.quickback-realtime-0.tmp/a", "");
    write(root.path(), &[rust("src/a.rs", "")], false).unwrap();
    let names = [".quickback-realtime-0.tmp", "a.rs"];
    assert_eq!(listing(&root.path().join("src")), names);
}

#[test]
fn where_there_are_no_hard_links_a_new_file_is_renamed() {
    let root = tempdir().unwrap();
    let place = root.path().join("a.json");
    let create = || create(root.path(), "a.json", "new");
    let (_, steps) = with(usize::MAX, Fault::Killed, || create().unwrap());
    fs::remove_file(&place).unwrap();
    let link = steps.iter().position(|step| *step == "link").unwrap();
    let fault = Fault::Broken(io::ErrorKind::Unsupported);
    let ([first, second], _) = with(link, fault, || [create(), create()]);
    first.unwrap();
    assert!(matches!(second, Err(EditError::Exists)), "{second:?}");
    assert_eq!(listing(root.path()), ["a.json"]);
    assert_eq!(fs::read_to_string(place).unwrap(), "new");
}

#[test]
fn a_file_that_cannot_be_read_is_left_alone() {
    let root = tempdir().unwrap();
    let artifact = helper("");
    put(&root, &artifact.path, "");
    let unread = |artifact: &Artifact| {
        let (_, steps) = with(usize::MAX, Fault::Killed, || state(&root, artifact));
        let read = steps.iter().position(|step| *step == "read").unwrap();
        let fault = Fault::Broken(io::ErrorKind::PermissionDenied);
        with(read, fault, || state(&root, artifact)).0
    };
    let found = unread(&artifact);
    let is_told = matches!(found, State::Foreign(Foreign::Unreadable(_)));
    assert!(is_told, "{found:?}");
    let scaffold = Artifact::scaffold(artifact.path, String::new());
    assert_eq!(unread(&scaffold), State::Fresh);
}

#[test]
fn what_is_no_longer_made_is_left_over() {
    let root = tempdir().unwrap();
    let old = [
        rust("worker/src/config.rs", "// 1\n"),
        rust("worker/src/lib.rs", "// 1\n"),
        helper("export {};\n"),
    ];
    write(root.path(), &old, false).unwrap();
    put(&root, "worker/src/mine.rs", "// mine\n");
    put(&root, "worker/target/debug/copy.rs", &old[0].contents);
    let places = ["src/lib/realtime.ts".to_owned(), "worker".to_owned()];
    assert_eq!(
        find_ours(root.path(), &places),
        [
            "src/lib/realtime.ts",
            "worker/src/config.rs",
            "worker/src/lib.rs"
        ]
    );
    assert_eq!(
        left_overs(root.path(), &old[..1], &places),
        ["src/lib/realtime.ts", "worker/src/lib.rs"]
    );
    let nowhere = ["absent".to_owned(), "../elsewhere".to_owned()];
    assert!(find_ours(root.path(), &nowhere).is_empty());
}

#[cfg(unix)]
#[test]
fn a_pipe_in_the_place_of_a_file_is_not_waited_for() {
    let root = tempdir().unwrap();
    let artifact = helper("");
    let scaffold = Artifact::scaffold("src/lib/wrangler.toml".into(), "name = \"a\"\n".into());
    fs::create_dir_all(root.path().join("src/lib")).unwrap();
    for artifact in [&artifact, &scaffold] {
        let place = root.path().join(&artifact.path);
        let made = std::process::Command::new("mkfifo").arg(place).status();
        assert!(made.unwrap().success());
    }
    assert_eq!(state(&root, &artifact), State::Foreign(Foreign::NotAFile));
    // Whatever stands in a scaffold's place is the user's.
    assert_eq!(state(&root, &scaffold), State::Fresh);
    let written = write(root.path(), &[scaffold, rust("src/a.rs", "")], false).unwrap();
    assert_eq!(written.created, ["src/a.rs"]);
    let path = &artifact.path;
    assert!(replace(root.path(), path, "", "x").is_err());
}

#[test]
fn a_file_of_any_length_is_not_read_whole() {
    let root = tempdir().unwrap();
    let artifact = helper("");
    put(&root, &artifact.path, "");
    let file = fs::OpenOptions::new()
        .write(true)
        .open(root.path().join(&artifact.path));
    let file = file.unwrap();
    // It takes no place on the disk.
    for length in [1 << 40, (64 << 20) + 1] {
        file.set_len(length).unwrap();
        let State::Foreign(Foreign::Unreadable(why)) = state(&root, &artifact) else {
            panic!("it is not ours");
        };
        assert_eq!(why, "it is longer than 64 MB");
    }
    file.set_len(64 << 20).unwrap();
    let read = state(&root, &artifact);
    assert_eq!(read, State::Foreign(Foreign::NotOurs(None)));
}
