//! What is said of a file before the rest of its project has been read is never wrong: it is said
//! again when all is known.

#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use quickback_realtime::project::Project;
use quickback_realtime::{rules, settings, workspace};

fn fixtures() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("the package is in the project")
        .join("tests/fixtures")
        .canonicalize()
        .expect("the fixtures are there")
}

#[test]
fn what_is_found_in_a_file_alone_is_found_in_its_project() {
    let (mut early, mut late) = (BTreeSet::new(), BTreeSet::new());
    for root in workspace::discover(&fixtures()) {
        let load = || settings::load(&root, &workspace::reader(None)).0;
        let whole = workspace::load(&root, load(), None).project;
        for file in whole.members() {
            let path = whole.path(file);
            // Every file is the only one that is known of its project.
            let lonely = Project::new(root.clone(), load(), workspace::reader(None));
            let alone = rules::check_alone(&lonely, lonely.add_member(&path));
            let all = rules::check(&whole, file);
            let mut rest = all.iter();
            for found in &alone {
                // Places in other files have other ids here, so they are not compared.
                let is_it = |other: &&_| {
                    let other: &quickback_realtime::diagnostic::Diagnostic = other;
                    (other.code, other.severity, other.span, &other.message)
                        == (found.code, found.severity, found.span, &found.message)
                };
                assert!(
                    rest.any(|other| is_it(&other)),
                    "{}: {} is said early and taken back, or out of order",
                    path.display(),
                    found.message
                );
            }
            early.extend(alone.iter().map(|found| found.code));
            late.extend(all.iter().map(|found| found.code));
        }
    }
    for code in [
        "unknown-field",
        "unknown-role",
        "unmasked-sensitive-field",
        "syntax-error",
    ] {
        assert!(early.contains(code), "{code} needs nothing of other files");
    }
    for code in ["unknown-table", "duplicate-table", "unused-suppression"] {
        assert!(late.contains(code), "no fixture has {code}");
        assert!(!early.contains(code), "{code} is about the whole project");
    }
}
