//! `--check`: what it looks at, what it ends with, and bad input.

use crate::support::{command, project, run, run_in, table};

const CLEAN: &str = "['id', 'title']";
const BROKEN: &str = "['id', 'titel']";

#[test]
fn a_clean_project_ends_with_0_and_one_line() {
    let project = project(&table(CLEAN));
    let run = project.run(&["--check"]);
    insta::assert_snapshot!(run.all());
}

#[test]
fn an_error_ends_with_1_and_its_frame() {
    let project = project(&table(BROKEN));
    let run = project.run(&["--check"]);
    insta::assert_snapshot!(run.all());
    assert_eq!(project.run(&["check"]).stdout, run.stdout);
    assert_eq!(
        project
            .run(&["--quiet", "--check", "."])
            .stdout
            .lines()
            .last(),
        Some("")
    );
}

#[test]
fn warnings_count_against_their_limit_alone() {
    let project = project(&format!(
        "{}//- src/x.ts\n// quickback-realtime-ignore unknown-field: no longer\nexport {{}};\n",
        table(CLEAN)
    ));
    for (arguments, code) in [
        (&["--check"][..], 0),
        (&["--check", "--max-warnings", "1"], 0),
        (&["--check", "--max-warnings", "0"], 1),
        (&["--check", "--max-warnings", "no"], 2),
    ] {
        assert_eq!(project.run(arguments).code, code, "{arguments:?}");
    }
}

#[test]
fn a_path_may_be_above_inside_or_a_file() {
    let project = project(&format!(
        "{}//- quickback/features/x/notes.ts\n// quickback-realtime-ignore no-events: no longer\nexport {{}};\n",
        table(BROKEN)
    ));
    let found = |path: &str| {
        let run = project.run(&["--check", path, "--format", "json"]);
        let json = run.json();
        assert_eq!(json["summary"]["tables"], 1, "the whole project is read");
        let all = json["diagnostics"].as_array().unwrap();
        let codes = all.iter().map(|d| d["code"].as_str().unwrap());
        codes.collect::<Vec<_>>().join(" ")
    };
    let both = "unknown-field unused-suppression";
    assert_eq!(found("."), both);
    assert_eq!(found("quickback"), both);
    assert_eq!(found("quickback/features/x"), "unused-suppression");
    assert_eq!(found("quickback/features/claims.ts"), "unknown-field");
    let above = run_in(
        project.root().parent().unwrap(),
        &["--check", project.root().to_str().unwrap()],
        "",
    );
    assert_eq!(above.code, 1);
    let twice = project.run(&["--check", ".", "quickback", "--format", "json"]);
    assert_eq!(
        twice.stdout,
        project.run(&["--check", ".", "--format", "json"]).stdout
    );
}

#[test]
fn names_are_relative_to_where_it_runs() {
    let project = project(&table(BROKEN));
    let inner = project.path("quickback/features");
    let run = run_in(&inner, &["--check", "..", "--format", "json"], "");
    assert_eq!(run.json()["diagnostics"][0]["file"], "claims.ts");
    std::fs::create_dir(project.path("src")).unwrap();
    let beside = run_in(
        &project.path("src"),
        &["--check", "..", "--format", "json"],
        "",
    );
    assert_eq!(
        beside.json()["diagnostics"][0]["file"],
        "../quickback/features/claims.ts"
    );
}

#[test]
fn the_same_bytes_on_every_run() {
    let project = project(&table(BROKEN));
    for n in 0..40 {
        let text = project.read("quickback/features/claims.ts");
        let name = format!("quickback/features/t{n}.ts");
        project.write(&name, text.replace("claims", &format!("t{n}")));
    }
    let first = project.run(&["--check", "--format", "json"]).stdout;
    for _ in 0..5 {
        assert_eq!(project.run(&["--check", "--format", "json"]).stdout, first);
    }
}

#[test]
fn without_a_project_it_says_what_to_do() {
    let empty = tempfile::tempdir().unwrap();
    let unasked = run_in(empty.path(), &["--check"], "");
    assert_eq!(unasked.code, 0);
    assert!(
        unasked.stderr.contains("quickback.config.ts"),
        "{}",
        unasked.all()
    );
    // Who reads another format reads the whole of it.
    let json = run_in(empty.path(), &["--check", "--format", "json"], "");
    let report: serde_json::Value = serde_json::from_str(&json.stdout).unwrap();
    assert_eq!((json.code, &report["summary"]["files"]), (0, &0.into()));
    let asked = run_in(empty.path(), &["--check", "."], "");
    assert_eq!(asked.code, 2);
    insta::assert_snapshot!(asked.all());
}

#[test]
fn bad_arguments_end_with_2() {
    let project = project(&table(CLEAN));
    for arguments in [
        &["--check", "nowhere"][..],
        &["--check", "--format", "xml"],
        &["--check", "--zzz"],
        &["zzz"],
    ] {
        let run = project.run(arguments);
        assert_eq!(run.code, 2, "{arguments:?}");
        assert_eq!(run.stdout, "", "{arguments:?}");
        assert!(run.stderr.starts_with("error: "), "{}", run.all());
    }
    let run = project.run(&["--check", "nowhere"]);
    assert_eq!(
        run.stderr,
        "error: cannot read nowhere: there is no such file or folder. Check the path\n"
    );
}

#[test]
fn what_is_not_text_is_a_finding_and_the_rest_is_checked() {
    let project = project(&table(BROKEN));
    project.write(
        "quickback/features/latin.ts",
        b"import { defineTable } from '@quickback/compiler';\n// caf\xe9\n",
    );
    std::fs::create_dir(project.path("quickback/features/folder.ts")).unwrap();
    project.write("quickback/features/empty.ts", "");
    let run = project.run(&["--check"]);
    insta::assert_snapshot!(run.all());
}

#[test]
fn a_configuration_of_typescript_that_is_no_json_is_a_finding() {
    let project = project(&table(CLEAN));
    project.write("tsconfig.json", "{ \"extends\": \"./tsconfig.base\" }");
    project.write(
        "tsconfig.base.json",
        "{\n  \"compilerOptions\": {\n    \"paths\": { \"~/*\": \"src/*\" ]\n  }\n}\n",
    );
    let cached = ["--check", "--cache-dir", "cache"];
    let run = project.run(&cached);
    insta::assert_snapshot!(run.all());
    // It is said each time, until it is mended.
    assert_eq!(project.run(&cached).all(), run.all());
    project.write("tsconfig.base.json", "{}");
    assert_eq!(project.run(&cached).code, 0);
    project.write("tsconfig.json", "{");
    assert_eq!(project.run(&cached).code, 1);
}

#[test]
fn what_a_configuration_extends_and_is_not_there_is_said_where_it_may_be_needed() {
    // No package is installed, and nothing is made yet: as in the first step of a CI.
    let project = project(&table(CLEAN));
    let text = project.read("quickback/features/claims.ts");
    let text = text.replace(
        "id: text('id')",
        "id: text('id').$defaultFn(() => createId())",
    );
    let text = format!("import {{ createId }} from '@paralleldrive/cuid2';\n{text}");
    project.write("quickback/features/claims.ts", &text);
    project.write(
        "tsconfig.json",
        "{\n  \"extends\": [\"@acme/tsconfig/base.json\", \"./.svelte-kit/tsconfig.json\"]\n}\n",
    );
    let cached = ["--check", "--cache-dir", "cache"];
    assert_eq!(
        project.run(&cached).stdout,
        "No errors or warnings in 2 files (1 table, 0 namespaces).\n"
    );
    let text = text.replace("['id'", "[...FIELDS, 'id'");
    let text = format!("import {{ FIELDS }} from '$lib/fields';\n{text}");
    project.write("quickback/features/claims.ts", text);
    let run = project.run(&cached);
    insta::assert_snapshot!(run.all());
    assert_eq!(project.run(&cached).all(), run.all());
    project.write(
        "src/fields.ts",
        "export const FIELDS = ['title'] as const;\n",
    );
    project.write(
        ".svelte-kit/tsconfig.json",
        "{ \"compilerOptions\": { \"paths\": { \"$lib/*\": [\"../src/*\"] } } }",
    );
    let run = project.run(&cached);
    assert!(!run.stdout.contains("unresolved-value"), "{}", run.all());
}

#[test]
fn a_table_whose_import_needs_what_is_extended_and_not_there_is_a_finding() {
    let project = project(&table(CLEAN));
    let text = project.read("quickback/features/claims.ts");
    let (declaration, definition) = text.split_once("export default").unwrap();
    project.write("src/claims.ts", declaration);
    let import =
        "import { defineTable } from '@quickback/compiler';\nimport { claims } from '@/claims';\n";
    let definition = format!("{import}export default{definition}");
    project.write("quickback/features/claims.ts", definition);
    project.write("tsconfig.json", "{ \"extends\": \"./tsconfig.base\" }");
    let lost = "`./tsconfig.base` cannot be read, so what its paths lead to is not known, as perhaps `@/claims` in quickback/features/claims.ts.";
    let run = project.run(&["--check"]);
    assert!(run.stdout.contains(lost), "{}", run.all());
    project.write(
        "tsconfig.base.json",
        "{ \"compilerOptions\": { \"paths\": { \"@/*\": [\"./src/*\"] } } }",
    );
    let run = project.run(&["--check"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(!run.stdout.contains(lost), "{}", run.all());
}

#[cfg(unix)]
#[test]
fn a_link_to_a_folder_is_a_finding_where_definitions_are() {
    use std::os::unix::fs::symlink;
    let project = project(&table(CLEAN));
    project.write(
        "lib/people/people.ts",
        project.read("quickback/features/claims.ts"),
    );
    project.write("services/mail/send.ts", "");
    let link = |to: &str, at: &str| symlink(project.path(to), project.path(at)).unwrap();
    // Nothing is defined there, or it is read where it is.
    link("lib", "src");
    link("services", "quickback/services");
    link("lib", "quickback/features/node_modules");
    link("quickback/features", "quickback/features/self");
    assert_eq!(project.run(&["generate"]).code, 0);
    assert_eq!(project.run(&["--check"]).code, 0);
    link("lib/people", "quickback/features/people");
    let run = project.run(&["--check"]);
    insta::assert_snapshot!(run.all());
    let run = project.run(&["generate"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(
        run.all().contains("quickback/features/people"),
        "{}",
        run.all()
    );
    project.write(
        "quickback-realtime.json",
        "{ \"exclude\": [\"quickback/features/people\"] }",
    );
    assert_eq!(project.run(&["generate"]).code, 0);
    assert_eq!(project.run(&["--check"]).code, 0);
}

#[cfg(target_os = "linux")]
#[test]
fn a_name_that_is_no_unicode_is_one() {
    use std::os::unix::ffi::OsStrExt as _;
    let project = project(&table(BROKEN));
    let from = project.path("quickback/features/claims.ts");
    let name = std::ffi::OsStr::from_bytes(b"bad\xff.ts");
    std::fs::rename(&from, from.with_file_name(name)).unwrap();
    let run = project.run(&["--check"]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(run.stdout.contains("(1 table, "), "{}", run.all());
}

#[cfg(unix)]
#[test]
fn what_cannot_be_read_is_a_finding_but_of_the_configuration_a_failure() {
    use std::os::unix::fs::PermissionsExt;
    let project = project(&table(BROKEN));
    let deny = |path: &str| {
        let path = project.path(path);
        std::fs::set_permissions(&path, PermissionsExt::from_mode(0o000)).unwrap();
        // Nothing is denied to a superuser.
        let denied = |error: std::io::Error| error.kind() == std::io::ErrorKind::PermissionDenied;
        if path.is_dir() {
            std::fs::read_dir(path).is_err_and(denied)
        } else {
            std::fs::read(path).is_err_and(denied)
        }
    };
    project.write("quickback/features/locked.ts", "");
    if deny("quickback/features/locked.ts") {
        let run = project.run(&["--check"]);
        assert_eq!(run.code, 1);
        assert!(run.stdout.contains("permission denied"), "{}", run.all());
    }
    project.write("quickback/features/closed/t.ts", "");
    if deny("quickback/features/closed") {
        let run = project.run(&["--check"]);
        assert!(
            run.stdout.contains("--> quickback/features/closed:1:1"),
            "{}",
            run.all()
        );
        let path = project.path("quickback/features/closed");
        std::fs::set_permissions(path, PermissionsExt::from_mode(0o755)).unwrap();
    }
    project.write("quickback/quickback.config.ts", b"\xff");
    let run = project.run(&["--check"]);
    assert_eq!(run.code, 2);
    assert!(run.stdout.contains("unknown-field"), "{}", run.all());
    assert!(
        run.stderr
            .contains("cannot read quickback/quickback.config.ts: byte 0"),
        "{}",
        run.all()
    );
    project.write("quickback/quickback.config.ts", "export default {};");
    project.write("quickback-realtime.json", b"\xff");
    let run = project.run(&["--check"]);
    assert_eq!(run.code, 2);
    assert!(
        run.stderr.contains("cannot read quickback-realtime.json"),
        "{}",
        run.all()
    );
}

#[cfg(unix)]
#[test]
fn a_file_may_be_a_link() {
    let outside = tempfile::tempdir().unwrap();
    let project = project(&table(BROKEN));
    let path = "quickback/features/claims.ts";
    let target = outside.path().join("claims.ts");
    std::fs::rename(project.path(path), &target).unwrap();
    std::os::unix::fs::symlink(&target, project.path(path)).unwrap();
    let run = project.run(&["--check", path]);
    assert_eq!(run.code, 1, "{}", run.all());
    assert!(
        run.stdout.contains("--> quickback/features/claims.ts:4:81"),
        "{}",
        run.all()
    );
}

#[cfg(unix)]
#[test]
fn links_in_circles_end() {
    let project = project(&table(BROKEN));
    std::os::unix::fs::symlink(project.root(), project.path("quickback/features/loop")).unwrap();
    std::os::unix::fs::symlink(project.path("a.ts"), project.path("a.ts")).unwrap();
    let run = project.run(&["--check"]);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("1 error and 0 warnings in 2 files"),
        "{}",
        run.all()
    );
}

#[test]
fn the_settings_hold_and_their_mistakes_are_findings() {
    let project = project(&table(BROKEN));
    project.write(
        "quickback-realtime.json",
        r#"{ "rules": { "unknown-field": "warning" } }"#,
    );
    let run = project.run(&["--check", "--no-generated"]);
    assert_eq!(run.code, 0, "{}", run.all());
    project.write("quickback-realtime.json", "{\n\t\"rule\": {},\n}");
    let run = project.run(&["--check", "--no-generated"]);
    insta::assert_snapshot!(run.all());
    project.write(
        "quickback-realtime.json",
        r#"{ "exclude": ["**/claims.ts"] }"#,
    );
    assert_eq!(project.run(&["--check", "--no-generated"]).code, 0);
}

#[test]
fn colors_are_used_where_they_are_asked_for() {
    let project = project(&table(BROKEN));
    let plain = project.run(&["--check"]).stdout;
    assert!(!plain.contains('\u{1b}'));
    let colored = project.run(&["--check", "--color", "always"]).stdout;
    assert!(colored.contains('\u{1b}'));
    let mut forced = command(project.root(), &["--check", "--color", "never"]);
    forced.env("CLICOLOR_FORCE", "1");
    assert_eq!(run(forced, "").stdout, plain);
    let mut forced = command(project.root(), &["--check"]);
    forced.env("CLICOLOR_FORCE", "1");
    assert_eq!(run(forced, "").stdout, colored);
}

#[test]
fn a_reader_that_leaves_is_no_failure() {
    let project = project(&table(BROKEN));
    let mut child = command(project.root(), &["--check", "--format", "json"])
        .stdout(std::process::Stdio::piped())
        .stderr(std::process::Stdio::piped())
        .spawn()
        .unwrap();
    drop(child.stdout.take());
    let output = child.wait_with_output().unwrap();
    assert_eq!(String::from_utf8(output.stderr).unwrap(), "");
}

#[test]
fn standard_input_takes_the_place_of_a_file() {
    let project = project(&table(CLEAN));
    let clean = project.read("quickback/features/claims.ts");
    let broken = clean.replace("'title']", "'titel']");
    let stdin = ["--check", "--stdin", "--stdin-filename"];
    let check =
        |name: &str, text: &str| project.run_with_input(&[&stdin[..], &[name]].concat(), text);
    let run = check("quickback/features/claims.ts", &broken);
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("--> quickback/features/claims.ts:4:81"),
        "{}",
        run.all()
    );
    assert_eq!(check("quickback/features/claims.ts", &clean).code, 0);

    // A file that is not there yet, which makes a table twice: only its own end is reported.
    let run = check(
        "quickback/features/new.ts",
        &broken.replace("'titel'", "'zzz'"),
    );
    assert_eq!(run.code, 1);
    assert!(run.stdout.contains("zzz"), "{}", run.all());
    assert!(
        !run.stdout.contains("--> quickback/features/claims.ts:4"),
        "{}",
        run.all()
    );

    let run = check("quickback-realtime.json", "{ \"zzz\": 1 }");
    assert!(run.stdout.contains("zzz") && run.code == 1, "{}", run.all());
    let run = check("package.json", "{");
    assert!(run.stdout.starts_with("No errors"), "{}", run.all());
    assert_eq!(project.run(&["--check", "--stdin"]).code, 2);
    // A folder that is made when the file is saved.
    let run = check(
        "quickback/features/soon/new.ts",
        &broken.replace("'titel'", "'zzz'"),
    );
    assert_eq!(run.code, 1);
    assert!(
        run.stdout
            .contains("--> quickback/features/soon/new.ts:4:81"),
        "{}",
        run.all()
    );
    assert_eq!(check("nowhere/at/all/x.ts", "").code, 0);
    assert_eq!(check("nowhere/../..", "").code, 2);
    assert_eq!(check("/nowhere/x.ts", "").code, 2);
    assert_eq!(
        project
            .run(&[
                "--check",
                "--stdin",
                "--stdin-filename",
                "x.ts",
                "quickback"
            ])
            .code,
        2
    );
}
