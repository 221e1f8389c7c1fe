//! `explain` and `init`, and the command line itself.

use crate::support::{project, run_in, table};

fn here(arguments: &[&str]) -> crate::support::Run {
    run_in(&std::env::temp_dir(), arguments, "")
}

#[test]
fn explain_says_what_a_rule_means() {
    let run = here(&["explain", "unused-suppression"]);
    assert_eq!(run.code, 0);
    insta::assert_snapshot!(run.stdout);
    assert_ne!(
        here(&["explain", "unknown-field", "--color", "always"]).stdout,
        here(&["explain", "unknown-field"]).stdout
    );
}

#[test]
fn explain_lists_every_rule() {
    let run = here(&["explain"]);
    assert_eq!(run.code, 0);
    for code in [
        "unknown-field",
        "stale-output",
        "foreign-output",
        "unreadable-file",
        "unused-suppression",
    ] {
        assert!(
            run.stdout.lines().any(|line| line.starts_with(code)),
            "{code}"
        );
        assert_eq!(here(&["explain", code]).code, 0, "{code}");
    }
}

#[test]
fn an_unknown_rule_gets_a_suggestion() {
    let run = here(&["explain", "unknown-feild"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("Did you mean unknown-field?"),
        "{}",
        run.all()
    );
}

#[test]
fn init_writes_settings_once() {
    let project = project(&table("['id']"));
    std::fs::create_dir(project.path("src")).unwrap();
    let run = run_in(&project.path("src"), &["init"], "");
    assert_eq!(run.code, 0, "{}", run.all());
    insta::assert_snapshot!(project.read("quickback-realtime.json"));
    assert_eq!(project.run(&["--check", "--no-generated"]).code, 0);
    project.write("quickback-realtime.json", "{ \"roles\": [\"x\"] }");
    let again = project.run(&["init"]);
    assert_eq!(again.code, 2);
    assert!(again.stderr.contains("exists already"), "{}", again.all());
    assert_eq!(
        project.read("quickback-realtime.json"),
        "{ \"roles\": [\"x\"] }"
    );
}

#[test]
fn init_asks_which_project() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a", "b"] {
        std::fs::create_dir(folder.path().join(name)).unwrap();
        let config = folder.path().join(name).join("quickback.config.ts");
        std::fs::write(config, "export default {};").unwrap();
    }
    let run = run_in(folder.path(), &["init"], "");
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("there are 2 projects under"),
        "{}",
        run.all()
    );
    assert_eq!(run_in(folder.path(), &["init", "b"], "").code, 0);
    assert!(folder.path().join("b/quickback-realtime.json").exists());
}

#[test]
fn help_and_version_end_well() {
    let help = here(&["--help"]);
    assert_eq!(help.code, 0);
    for command in ["lsp", "check", "--check", "explain", "init"] {
        assert!(help.stdout.contains(command), "{command}: {}", help.stdout);
    }
    let version = here(&["--version"]);
    assert_eq!(
        version.stdout,
        format!("quickback-realtime {}\n", env!("CARGO_PKG_VERSION"))
    );
    assert!(
        here(&["--check", "--help"])
            .stdout
            .contains("--max-warnings")
    );
}
