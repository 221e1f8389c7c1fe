//! The formats: each is what its readers expect.

use crate::support::{Project, command, project, run, table};

/// A project with an error that has a related place, a fix and a help, and a warning with a safe
/// fix; with characters that every format has to escape.
fn sample() -> Project {
    let files = table("['id', 'titel', '<&\"%,:\\u{1}']");
    project(&format!(
        "{files}//- src/ä b.ts\nexport {{}}; // 😀\r\n\t// quickback-realtime-ignore no-events: 文字 e\u{301}\r\n"
    ))
}

/// The same for somebody who is in a folder of the repository.
fn output_within(project: &Project, folder: &str, format: &str) -> String {
    let arguments = ["--check", "--all", "--format", format, ".."];
    let mut there = command(&project.path(folder), &arguments);
    there.env("GITHUB_WORKSPACE", project.root());
    run(there, "").stdout
}

fn output(project: &Project, format: &str) -> String {
    let run = project.run(&["--check", "--all", "--format", format]);
    assert_eq!(run.stderr, "");
    assert_eq!(run.code, 1);
    run.stdout
}

#[test]
fn text() {
    insta::assert_snapshot!(output(&sample(), "text"));
}

#[test]
fn json() {
    insta::assert_snapshot!(output(&sample(), "json"));
}

#[test]
fn sarif() {
    let project = sample();
    let text = output(&project, "sarif");
    assert_eq!(
        output_within(&project, "src", "sarif"),
        text,
        "relative to the repository"
    );
    let log: serde_json::Value = serde_json::from_str(&text).unwrap();
    // One pattern has a `]` that opens nothing: fine in JavaScript, an error to the validator.
    let schema =
        include_str!("../schemas/sarif-2.1.0.json").replace("[a-zA-Z]{2}]?$", "[a-zA-Z]{2}\\\\]?$");
    let validator = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let errors: Vec<String> = validator.iter_errors(&log).map(|e| e.to_string()).collect();
    assert_eq!(errors, Vec::<String>::new());
    insta::assert_snapshot!(text);
}

#[test]
fn github() {
    let project = sample();
    let text = output(&project, "github");
    insta::assert_snapshot!(text);
    let mut there = command(&project.path("src"), &["--check", "--all", ".."]);
    there
        .env("GITHUB_ACTIONS", "true")
        .env("GITHUB_WORKSPACE", project.root());
    assert_eq!(
        run(there, "").stdout,
        text,
        "by itself, and relative to the repository"
    );
}

#[test]
fn gitlab() {
    let project = sample();
    let text = output(&project, "gitlab");
    let schema = include_str!("../schemas/gitlab-code-quality.json");
    let validator = jsonschema::validator_for(&serde_json::from_str(schema).unwrap()).unwrap();
    let report: serde_json::Value = serde_json::from_str(&text).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&report)
        .map(|e| e.to_string())
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    insta::assert_snapshot!(text);

    // A finding that moves is the same finding.
    let fingerprints = |text: &str| {
        let report: serde_json::Value = serde_json::from_str(text).unwrap();
        let issues = report.as_array().unwrap().clone();
        let all = issues
            .iter()
            .map(|i| i["fingerprint"].as_str().unwrap().to_owned());
        all.collect::<Vec<_>>()
    };
    let moved = project.read("quickback/features/claims.ts");
    project.write("quickback/features/claims.ts", format!("\n\n{moved}"));
    let moved = output(&project, "gitlab");
    assert_ne!(moved, text);
    assert_eq!(fingerprints(&moved), fingerprints(&text));
}

/// Validates a report, and says how many tests failed in it.
fn junit_failures(xml: &str) -> usize {
    let schema = uppsala::parse(include_str!("../schemas/junit-10.xsd")).unwrap();
    let validator = uppsala::XsdValidator::from_schema(&schema).unwrap();
    let document = uppsala::parse(xml).unwrap();
    let errors: Vec<String> = validator
        .validate(&document)
        .iter()
        .map(|e| format!("{e:?}"))
        .collect();
    assert_eq!(errors, Vec::<String>::new());
    xml.matches("<failure").count()
}

#[test]
fn junit() {
    let text = output(&sample(), "junit");
    assert!(junit_failures(&text) >= 3);
    insta::assert_snapshot!(text);
    let clean = project(&table("['id']")).run(&["--check", "--format", "junit"]);
    assert_eq!(junit_failures(&clean.stdout), 0);
    insta::assert_snapshot!("junit_of_a_clean_project", clean.stdout);
}

#[test]
fn the_junit_schema_refuses_what_is_wrong() {
    let schema = uppsala::parse(include_str!("../schemas/junit-10.xsd")).unwrap();
    let validator = uppsala::XsdValidator::from_schema(&schema).unwrap();
    for xml in [
        "<testsuites><x/></testsuites>",
        "<testsuites><testsuite tests='1'/></testsuites>",
    ] {
        let document = uppsala::parse(xml).unwrap();
        assert!(!validator.validate(&document).is_empty(), "{xml}");
    }
}

#[test]
fn hints_are_shown_only_when_asked_for() {
    let project = project(&table("['id', 'titel']"));
    project.write(
        "quickback-realtime.json",
        r#"{ "rules": { "unknown-field": "hint" } }"#,
    );
    for format in ["text", "github", "gitlab", "junit"] {
        let arguments = ["--check", "--no-generated", "--format", format];
        let run = project.run(&arguments);
        assert_eq!(run.code, 0);
        assert!(!run.stdout.contains("titel"), "{format}: {}", run.stdout);
        let run = project.run(&[&arguments[..], &["--all"]].concat());
        assert_eq!(run.code, 0);
        assert!(run.stdout.contains("titel"), "{format}: {}", run.stdout);
    }
    for format in ["json", "sarif"] {
        let run = project.run(&["--check", "--no-generated", "--format", format]);
        assert!(run.stdout.contains("titel"), "{format}");
    }
}

#[test]
fn other_programs_get_every_byte() {
    let project = project(&table("['id', 'ti\u{7f}t\u{1b}[31mle']"));
    for (format, name) in [
        ("json", "ti\u{7f}t\\u001b[31mle"),
        ("github", "ti\u{7f}t\u{1b}[31mle"),
    ] {
        let run = project.run(&["check", "--no-generated", "--format", format]);
        assert!(run.stdout.contains(name), "{format}: {:?}", run.stdout);
    }
    let run = project.run(&["check", "--no-generated"]);
    assert!(!run.stdout.contains('\u{1b}'), "{:?}", run.stdout);
}
