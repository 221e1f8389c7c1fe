//! `preview`.

use crate::support::{Project, project, table};

fn both() -> Project {
    let files = table("['id', 'title']");
    project(&format!(
        "{files}//- quickback/services/realtime/extraction.ts\n\
         import {{ defineRealtime }} from '@quickback/compiler';\n\
         export default defineRealtime({{ name: 'extraction', events: ['started', 'failed'] }});\n\
         //- quickback/services/realtime/claims.ts\n\
         import {{ defineRealtime }} from '@quickback/compiler';\n\
         export default defineRealtime({{ name: 'notes', events: ['added'] }});\n"
    ))
}

#[test]
fn a_table_and_a_namespace_are_shown() {
    let project = both();
    insta::assert_snapshot!(project.run(&["preview", "claims"]).all());
    insta::assert_snapshot!(project.run(&["preview", "extraction.failed"]).all());
}

#[test]
fn what_is_not_known_is_said_with_its_place() {
    let project = both();
    for (path, old, new) in [
        (
            "quickback/features/claims.ts",
            "enabled: true",
            "enabled: isOn()",
        ),
        (
            "quickback/services/realtime/extraction.ts",
            "'started'",
            "...more(), 'started'",
        ),
    ] {
        let text = project.read(path);
        assert!(text.contains(old), "{text}");
        project.write(path, text.replace(old, new));
    }
    insta::assert_snapshot!(project.run(&["preview", "claims.insert"]).all());
    insta::assert_snapshot!(project.run(&["preview", "extraction"]).all());
    let run = project.run(&["preview", "claims", "--json"]);
    assert_eq!((run.code, run.stdout.as_str()), (0, ""));
    assert!(run.stderr.contains("claims.ts:"), "{}", run.all());
}

#[test]
fn one_event_one_role_as_lines() {
    let project = both();
    let run = project.run(&["preview", "claims.insert", "--role", "admin", "--json"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert_eq!(
        run.stdout,
        project
            .run(&[
                "preview",
                "table:claims",
                "--event",
                "INSERT",
                "--role",
                "admin",
                "--json"
            ])
            .stdout
    );
    let lines: Vec<serde_json::Value> = run
        .stdout
        .lines()
        .map(|l| serde_json::from_str(l).unwrap())
        .collect();
    assert_eq!(lines.len(), 1);
    assert_eq!(lines[0]["receivers"][0]["role"], "admin");
    assert_eq!(lines[0]["event"]["eventType"], "INSERT");
}

#[test]
fn a_role_that_nobody_has_is_said() {
    let project = both();
    let role = |role: &str| project.run(&["preview", "claims.insert", "--role", role, "--json"]);
    let typo = role("admn");
    assert_eq!(typo.code, 0, "{}", typo.all());
    assert!(
        typo.stderr
            .starts_with("admn is no role that this project knows. Did you mean admin?"),
        "{}",
        typo.all()
    );
    let higher = role("admin+");
    assert_eq!((higher.code, higher.stdout.as_str()), (2, ""));
    assert!(higher.stderr.contains("such as admin"), "{}", higher.all());
    assert_eq!(role("admin").stderr, "");

    let targets = |roles: &str| {
        let run = project.run(&["preview", "claims", "--target-roles", roles, "--json"]);
        assert_eq!(run.code, 0, "{}", run.all());
        run.stderr
    };
    assert_eq!(targets("admin,member+"), "");
    let said = targets("admin,admn");
    assert!(
        said.starts_with("admn is no role that this project knows. Did you mean admin?"),
        "{said}"
    );
}

#[test]
fn that_nobody_owns_what_is_sent_is_said() {
    let project = both();
    let said = |name: &str| {
        let run = project.run(&["preview", name, "--owner"]);
        assert_eq!(run.code, 0, "{}", run.all());
        run.stderr
    };
    for name in ["claims", "extraction"] {
        let start = format!("{name} has no owner column, so nobody owns what is sent");
        assert!(said(name).starts_with(&start), "{}", said(name));
    }
    let path = "quickback/features/claims.ts";
    let text = project.read(path);
    let owned = text.replace("{ id: ", "{ ownerId: text('owner'), id: ");
    assert_ne!(owned, text);
    project.write(path, owned);
    assert_eq!(said("claims"), "");
}

#[test]
fn real_records_take_the_place_of_samples() {
    let project = both();
    project.write(
        "new.json",
        r#"{ "id": 9007199254740993, "title": "A", "organizationId": "o", "x": 1 }"#,
    );
    let run = project.run(&["preview", "claims.insert", "--json", "--new", "new.json"]);
    assert!(
        run.stdout
            .contains(r#""new":{"id":9007199254740993,"title":"A"}"#),
        "{}",
        run.all()
    );
    let none = project.run(&[
        "preview",
        "claims.insert",
        "--json",
        "--target-roles",
        "owner,nobody",
    ]);
    assert_eq!(none.code, 0);
    assert!(
        none.stdout.contains("owner") && !none.stdout.contains("member"),
        "{}",
        none.all()
    );
    let one = project.run(&["preview", "claims.insert", "--user", "u7"]);
    assert_eq!(one.code, 0, "{}", one.all());
}

#[test]
fn bad_input_is_named() {
    let project = both();
    project.write("list.json", "[]");
    for arguments in [
        &["preview", "clams"][..],
        &["preview", "claims.inserted"],
        &["preview", "claims", "--new", "nowhere.json"],
        &["preview", "claims", "--new", "list.json"],
        &["preview", "claims.insert", "--event", "update"],
        &["preview", "namespace:claims"],
        &["preview"],
    ] {
        let run = project.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}: {}", run.all());
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.starts_with("error: "), "{}", run.all());
    }
    let said = project.run(&["preview", "clams"]).stderr;
    assert!(said.contains("Did you mean claims?"), "{said}");
}

#[test]
fn a_name_of_both_asks_which() {
    let project = both();
    let text = project.read("quickback/services/realtime/claims.ts");
    project.write(
        "quickback/services/realtime/claims.ts",
        text.replace("'notes'", "'claims'"),
    );
    let run = project.run(&["preview", "claims"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("table:claims or namespace:claims"),
        "{}",
        run.all()
    );
    assert_eq!(project.run(&["preview", "table:claims"]).code, 0);
    let run = project.run(&["preview", "namespace:claims.added", "--json"]);
    assert!(
        run.stdout.contains("\"event\":\"claims:added\""),
        "{}",
        run.all()
    );
}
