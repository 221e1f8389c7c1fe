//! The fixtures as a user would check them: `leaky` in every format, `newsroom` clean, and what the
//! README shows of them.

use std::path::PathBuf;

use crate::support::{Run, run_in};

fn repository() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("..")
}

fn check(fixture: &str, arguments: &[&str]) -> Run {
    let path = format!("tests/fixtures/{fixture}");
    let arguments = [&["--check", &path], arguments].concat();
    run_in(&repository(), &arguments, "")
}

#[test]
fn leaky_in_every_format() {
    for format in ["text", "json", "sarif", "github", "gitlab", "junit"] {
        let run = check("leaky", &["--format", format, "--all"]);
        assert_eq!(run.code, 1, "{format}");
        assert_eq!(run.stderr, "", "{format}");
        insta::assert_snapshot!(format!("leaky_{format}"), run.stdout);
    }
}

#[test]
fn newsroom_is_clean() {
    let run = run_in(&repository(), &["--check", "tests/fixtures/newsroom"], "");
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.all());
    let all = check("newsroom", &["--all", "--max-warnings", "0"]);
    assert_eq!(all.code, 0, "{}", all.stdout);
}

/// With `UPDATE_README` set, the README is written instead.
#[test]
fn the_readme_shows_what_leaky_gets() {
    const BEGIN: &str = "<!-- leaky:begin -->\n```text\n";
    const END: &str = "```\n<!-- leaky:end -->";
    let path = repository().join("README.md");
    let readme = std::fs::read_to_string(&path).unwrap();
    let (before, rest) = readme.split_once(BEGIN).unwrap();
    let (_, after) = rest.split_once(END).unwrap();
    let shown = check("leaky", &[]).stdout;
    let expected = format!("{before}{BEGIN}{shown}{END}{after}");
    if std::env::var_os("UPDATE_README").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap(),
        expected,
        "run `UPDATE_README=1 cargo nextest run -p quickback-realtime the_readme` to write it"
    );
}

#[test]
fn every_fixture_ends_as_it_should() {
    let mut count = 0;
    for entry in std::fs::read_dir(repository().join("tests/fixtures")).unwrap() {
        let entry = entry.unwrap();
        if !entry.file_type().unwrap().is_dir() {
            continue;
        }
        let name = entry.file_name().into_string().unwrap();
        let run = check(&name, &[]);
        assert!(run.code == 0 || run.code == 1, "{name}: {}", run.all());
        assert_eq!(run.stderr, "", "{name}");
        count += 1;
    }
    assert!(count >= 10, "{count}");
}
