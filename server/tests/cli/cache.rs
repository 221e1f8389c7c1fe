//! `--cache-dir`, `--no-cache`, and a disk that is full.

use std::path::Path;
use std::process::Command;

use crate::support::{command, project, run, run_in, table};

const BROKEN: &str = "['id', 'titel']";

fn is_empty(folder: &Path) -> bool {
    std::fs::read_dir(folder).unwrap().next().is_none()
}

#[test]
fn what_was_found_is_kept_where_it_is_wanted_and_nowhere_else() {
    let project = project(&table(BROKEN));
    let home = tempfile::tempdir().unwrap();
    let check_in = |ci: &str, arguments: &[&str]| {
        let mut command = command(project.root(), arguments);
        command.env("XDG_CACHE_HOME", home.path()).env("CI", ci);
        let run = run(command, "");
        (run.code, run.stdout, run.stderr)
    };
    let check = |arguments: &[&str]| check_in("", arguments);
    let fresh = check(&["--check", "--no-cache"]);
    assert!(is_empty(home.path()));

    let own = tempfile::tempdir().unwrap();
    let folder = own.path().to_str().unwrap();
    for _ in 0..2 {
        assert_eq!(check(&["--check", "--cache-dir", folder]), fresh);
        assert!(is_empty(home.path()) && !is_empty(own.path()));
    }

    assert_eq!(check_in("true", &["--check"]), fresh);
    assert!(is_empty(home.path()));
    for _ in 0..2 {
        assert_eq!(check(&["--check"]), fresh);
        assert!(!is_empty(home.path()));
    }
    assert_eq!(
        check(&["--check", "--no-cache", "--cache-dir", folder]).0,
        2
    );
}

#[test]
fn a_full_disk_changes_no_finding_and_leaves_nothing_behind() {
    // Comments make the file so large that the system refuses it at the limit.
    let broken = project(&format!("{}// {}\n", table(BROKEN), "x".repeat(100)));
    let fresh = run_in(broken.root(), &["--check", "--no-cache"], "");
    let folder = tempfile::tempdir().unwrap();
    let check = command(broken.root(), &["--check", "--cache-dir"]);
    let mut limited = Command::new("sh");
    limited
        .current_dir(broken.root())
        // What is written beyond the limit fails as it does on a full disk.
        .args(["-c", "trap '' XFSZ; ulimit -f 0; exec \"$0\" \"$@\""])
        .arg(check.get_program())
        .args(check.get_args())
        .arg(folder.path());
    let limited = run(limited, "");
    assert_eq!((limited.code, &limited.stdout), (fresh.code, &fresh.stdout));
    assert!(
        limited.stderr.contains("cannot keep what was found in "),
        "{}",
        limited.all()
    );
    for project in std::fs::read_dir(folder.path()).unwrap() {
        assert!(is_empty(&project.unwrap().path()));
    }
}
