//! What `generate` makes for wrangler, and what `--check` says of it: the file is the user's.

use crate::support::{Project, project, table};

fn generated() -> Project {
    let project = project(&table("['id', 'title']"));
    let run = project.run(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.all());
    project
}

#[test]
fn who_tells_wrangler_in_json_gets_no_toml_again() {
    let project = generated();
    std::fs::remove_file(project.path("realtime-worker/wrangler.toml")).unwrap();
    let json = r#"{
  "name": "mine", // ours
  "main": "build/index.js",
  "durable_objects": { "bindings": [{ "name": "ROOMS", "class_name": "Broadcaster" }] },
  "migrations": [{ "tag": "v1", "new_sqlite_classes": ["Broadcaster"] }],
}
"#;
    project.write("realtime-worker/wrangler.jsonc", json);
    let run = project.run(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(!project.path("realtime-worker/wrangler.toml").exists());
    assert_eq!(project.run(&["generate", "--dry-run"]).stdout, "");
    let run = project.run(&["--check"]);
    let lacks = "wrangler.jsonc lacks what the worker needs";
    assert!(run.stdout.contains(lacks), "{}", run.all());
    let whole = json.replace("ROOMS", "BROADCASTER");
    project.write("realtime-worker/wrangler.jsonc", whole);
    let run = project.run(&["--check"]);
    assert!(!run.stdout.contains("wrangler"), "{}", run.all());
}

#[test]
fn a_new_worker_is_named_after_its_package_and_keeps_the_name() {
    const WRANGLER: &str = "realtime-worker/wrangler.toml";
    let names = |project: &Project, name: &str| {
        let line = format!("\nname = \"{name}\"\n");
        project.read(WRANGLER).contains(&line)
    };
    let project = generated();
    assert!(names(&project, "realtime-worker"));
    project.write("package.json", r#"{ "name": "@acme/News" }"#);
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(names(&project, "realtime-worker"), "it may be deployed");
    assert_eq!(project.run(&["--check"]).code, 0);
    std::fs::remove_file(project.path(WRANGLER)).unwrap();
    assert_eq!(project.run(&["generate"]).code, 0);
    assert!(names(&project, "acme-news-realtime-worker"));
    for package in ["{", "{}", r#"{ "name": 1 }"#, "[]", ""] {
        std::fs::remove_file(project.path(WRANGLER)).unwrap();
        project.write("package.json", package);
        assert_eq!(project.run(&["generate"]).code, 0);
        assert!(names(&project, "realtime-worker"), "{package}");
    }
}
