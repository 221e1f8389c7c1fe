//! What the newsroom turns into.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod newsroom;

use generator::artifact::{Artifact, Kind};
use generator::broadcaster::holder::Holder;
use generator::broadcaster::limits::Limits;
use generator::model::Project;
use generator::{Outputs, generate};

fn contents(project: &Project, path: &str) -> String {
    let artifacts = generate(project, &Outputs::default());
    let found = artifacts.into_iter().find(|artifact| artifact.path == path);
    found.unwrap().contents
}

/// What is rendered: the file without what comes unchanged from the templates.
fn rendered(text: &str) -> String {
    let (_, text) = text.split_once("\n\n").unwrap();
    let (types, text) = text.split_once("/**\n * What a broadcast needs").unwrap();
    let (_, text) = text.split_once("const CONFIG_HASH").unwrap();
    let (values, _) = text.split_once("/** The hashes of other").unwrap();
    format!("{types}...\nconst CONFIG_HASH{values}")
}

#[test]
fn the_rendered_part_of_the_helper() {
    let helper = contents(&newsroom::project(), "src/lib/realtime.ts");
    insta::assert_snapshot!(rendered(&helper));
}

#[test]
fn without_a_declared_hierarchy_any_role_will_do() {
    let mut project = newsroom::project();
    project.roles = generator::model::Roles::default();
    project.tables.truncate(1);
    let helper = contents(&project, "src/lib/realtime.ts");
    insta::assert_snapshot!(rendered(&helper));
}

#[test]
fn the_same_project_gives_the_same_bytes_in_the_same_order() {
    let outputs = Outputs::default();
    let artifacts = generate(&newsroom::project(), &outputs);
    assert_eq!(artifacts, generate(&newsroom::project(), &outputs));
    assert!(artifacts.is_sorted_by_key(|artifact: &Artifact| artifact.path.clone()));
}

#[test]
fn a_project_that_is_idle_says_so_in_its_files() {
    let mut project = newsroom::project();
    let live = generate(&project, &Outputs::default());
    assert!(!project.is_idle());
    project.namespaces.clear();
    assert!(!project.is_idle());
    for table in &mut project.tables {
        table.realtime = None;
    }
    assert!(project.is_idle());
    let idle = generate(&project, &Outputs::default());
    let paths = |all: &[Artifact]| all.iter().map(|a| a.path.clone()).collect::<Vec<_>>();
    assert_eq!(paths(&idle), paths(&live));
    let helper = contents(&project, "src/lib/realtime.ts");
    assert!(!helper.contains(r#""insert":true"#));
    assert!(helper.contains(r#""insert":false"#));
}

#[test]
fn every_input_is_in_the_hash_and_nothing_else() {
    let hash = |project: &Project| {
        let helper = contents(project, "src/lib/realtime.ts");
        let line = helper.lines().find(|line| line.contains("Inputs sha256"));
        line.unwrap().to_owned()
    };
    let before = hash(&newsroom::project());
    assert_eq!(before, hash(&newsroom::project()));
    let mut project = newsroom::project();
    project.roles.others.push("intern".into());
    assert_ne!(before, hash(&project));
}

#[test]
fn outputs_are_looked_for_where_they_may_have_been() {
    let moved = Outputs {
        helper: "app/realtime.ts".into(),
        client: None,
        worker: Some("./workers/realtime/".into()),
        package: None,
    };
    let artifacts = generate(&newsroom::project(), &moved);
    assert!(
        artifacts
            .iter()
            .any(|a| a.path == "workers/realtime/Cargo.toml")
    );
    assert_eq!(
        moved.places(),
        [
            "app/realtime.ts",
            "realtime-worker",
            "src/lib/realtime-client.ts",
            "src/lib/realtime.ts",
            "workers/realtime",
        ]
    );
}

#[test]
fn the_broadcaster_itself_runs_what_is_rendered() {
    let config = contents(&newsroom::project(), "realtime-worker/src/config.rs");
    let (_, config) = config.split_once("\n\n").unwrap();
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/broadcaster/src/config.rs");
    if std::env::var_os("UPDATE_EXPECTED").is_some() {
        std::fs::write(path, config).unwrap();
    }
    let checked_in = std::fs::read_to_string(path).unwrap();
    assert_eq!(
        config, checked_in,
        "the broadcaster's configuration is rendered: run this test with UPDATE_EXPECTED=1"
    );
}

#[test]
fn another_definition_changes_only_what_depends_on_it() {
    let mut project = newsroom::project();
    project.tables.truncate(3);
    let outputs = Outputs::default();
    let after = generate(&project, &outputs);
    let changed: Vec<_> = generate(&newsroom::project(), &outputs)
        .into_iter()
        .filter(|artifact| !after.contains(artifact))
        .map(|artifact| artifact.path)
        .collect();
    let expected = [
        "realtime-worker/src/config.rs",
        "src/lib/realtime-client.ts",
        "src/lib/realtime.ts",
    ];
    assert_eq!(changed, expected);
}

#[test]
fn what_surrounds_the_worker_is_the_users() {
    let outputs = Outputs {
        worker: Some("services/Live".into()),
        package: Some("@acme/news".into()),
        ..Outputs::default()
    };
    let scaffolds: Vec<_> = generate(&newsroom::project(), &outputs)
        .into_iter()
        .filter(|artifact| artifact.kind == Kind::Scaffold)
        .collect();
    let paths: Vec<_> = scaffolds.iter().map(|a| a.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "services/Live/.gitignore",
            "services/Live/README.md",
            "services/Live/wrangler.toml"
        ]
    );
    assert!(
        scaffolds[2]
            .contents
            .contains("\nname = \"acme-news-live\"\n")
    );
}

#[test]
fn outputs_can_be_switched_off() {
    let outputs = Outputs {
        client: None,
        worker: None,
        ..Outputs::default()
    };
    let artifacts = generate(&newsroom::project(), &outputs);
    assert_eq!(artifacts.len(), 1);
    assert_eq!(artifacts[0].path, "src/lib/realtime.ts");
}

#[test]
fn the_rendered_part_of_the_client() {
    let client = contents(&newsroom::project(), "src/lib/realtime-client.ts");
    let (_, client) = client.split_once("\n\n").unwrap();
    let (types, _) = client.split_once("/** A record or a payload").unwrap();
    insta::assert_snapshot!(types);
}

#[test]
fn the_client_takes_ids_as_long_as_a_worker_does() {
    let client = contents(&newsroom::project(), "src/lib/realtime-client.ts");
    let (_, most) = client.split_once("const MOST_BYTES = ").unwrap();
    let (most, _) = most.split_once(';').unwrap();
    let most: usize = most.parse().unwrap();
    let takes = |length| Holder::can_be_of(&"x".repeat(length), &Limits::DEFAULT);
    assert_eq!((takes(most), takes(most + 1)), (true, false));
}

#[test]
fn a_client_without_events_or_tables_is_typed_all_the_same() {
    let mut project = newsroom::project();
    project.namespaces.clear();
    let client = contents(&project, "src/lib/realtime-client.ts");
    assert!(client.contains("export type EventName = never;"));
    let mut project = newsroom::project();
    project.tables.clear();
    let client = contents(&project, "src/lib/realtime-client.ts");
    assert!(client.contains("export interface Tables {\n}\n"));
}
