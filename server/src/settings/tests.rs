//! Tests of the settings.

use std::path::PathBuf;
use std::sync::Arc;

use super::keys::{KEYS, Key, Kind};
use super::*;

/// Reads settings and renders what is wrong: `code "text": message`.
fn load_text(text: &str) -> (Settings, Vec<String>) {
    let root = tempfile::tempdir().unwrap();
    load_in(root.path(), text)
}

fn load_in(root: &Path, text: &str) -> (Settings, Vec<String>) {
    let owned = text.to_owned();
    let read: Read = Arc::new(move |_| Some(owned.clone()));
    let (settings, found) = load(root, &read);
    let found = found
        .iter()
        .map(|d| {
            assert_eq!(d.severity, Severity::Error);
            let help = d.help.iter().map(|help| format!(" ({help})"));
            let fixes = d.fixes.iter().map(|fix| format!(" [{}]", fix.title));
            let more: String = help.chain(fixes).collect();
            format!("{} {:?}: {}{more}", d.code, d.span.text(text), d.message)
        })
        .collect();
    (settings, found)
}

fn span_of(text: &str, part: &str) -> Span {
    let start = text.find(part).unwrap();
    Span::new(start, start + part.len())
}

#[test]
fn without_the_file_the_defaults_hold() {
    let root = tempfile::tempdir().unwrap();
    let read: Read = Arc::new(|_| None);
    assert_eq!(load(root.path(), &read), (Settings::default(), Vec::new()));
}

#[test]
fn a_file_that_cannot_be_read_is_an_error() {
    let root = tempfile::tempdir().unwrap();
    std::fs::write(root.path().join("quickback-realtime.json"), b"\xff").unwrap();
    let read: Read = Arc::new(|_| None);
    let (settings, found) = load(root.path(), &read);
    assert!(settings.exists && settings.mistake.is_some());
    assert_eq!(found[0].code, "unreadable-file");
}

#[test]
fn every_key_is_read() {
    let text = "\u{feff}{
          // the file may hold comments
          \"$schema\": \"x\",
          \"roles\": [\"auditor\"],
          \"rules\": { \"unknown-field\": \"off\", \"stale-output\": \"warning\" },
          \"exclude\": [\"scripts/**\"],
          \"output\": { \"helper\": \"./app//realtime.ts\", \"client\": false, \"worker\": \"workers\\\\rt/\" },
          \"generateOnSave\": false,
        }";
    let (settings, found) = load_text(text);
    assert_eq!(found, Vec::<String>::new());
    let expected = Settings {
        roles: vec![("auditor".into(), span_of(text, "auditor"))],
        rules: [
            ("unknown-field".to_owned(), None),
            ("stale-output".to_owned(), Some(Severity::Warning)),
        ]
        .into(),
        exclude: vec!["scripts/**".into()],
        output: Output {
            helper: "app/realtime.ts".into(),
            client: None,
            worker: Some("workers/rt".into()),
        },
        generate_on_save: Some(false),
        exists: true,
        mistake: None,
    };
    assert_eq!(settings, expected);
}

#[test]
fn an_empty_file_is_right() {
    for text in ["", "\u{feff}", "  // nothing\n", "{}"] {
        let (settings, found) = load_text(text);
        assert_eq!(found, Vec::<String>::new(), "{text:?}");
        assert!(settings.exists && settings.mistake.is_none());
    }
}

#[test]
fn what_is_wrong_is_said() {
    let text = r#"{
  "role": ["x"],
  "zzz": 1,
  "roles": ["auditor", "", 1, "admin+"],
  "rules": { "unknown-feild": "off", "zzz": "off", "unknown-field": "fatal", "stale-output": 1 },
  "exclude": ["[", "{a", "ok/**"],
  "exclude": "scripts",
  "output": { "helper": false, "server": "x" },
  "generateOnSave": "no"
}"#;
    let (settings, found) = load_text(text);
    insta::assert_snapshot!(found.join("\n"));
    let (role, span) = settings.roles.first().unwrap();
    assert_eq!((settings.roles.len(), role.as_str()), (1, "auditor"));
    assert_eq!(span.text(text), "auditor");
    assert_eq!(settings.exclude, ["ok/**"]);
    assert!(settings.rules.is_empty() && settings.mistake.is_some());
    assert_eq!(settings.output, Output::default());
}

#[test]
fn what_is_not_json_is_one_finding() {
    let brackets = "[".repeat(10_000);
    let mut all = Vec::new();
    for text in [
        "{",
        "{ roles: [] }",
        "{ \"roles\" [] }",
        "[]",
        "{} {}",
        "\0",
        &brackets,
    ] {
        let (settings, found) = load_text(text);
        assert_eq!(found.len(), 1, "{text}");
        assert!(settings.mistake.is_some());
        all.extend(
            found
                .into_iter()
                .map(|line| line.chars().take(160).collect::<String>()),
        );
    }
    insta::assert_snapshot!(all.join("\n"));
}

#[test]
fn places_of_output_are_judged() {
    let mut all = Vec::new();
    for output in [
        r#"{ "helper": "/abs/x.ts" }"#,
        r#"{ "helper": "C:\\x.ts" }"#,
        r#"{ "helper": "../x.ts" }"#,
        r#"{ "helper": "a/../../x.ts" }"#,
        r#"{ "helper": "" }"#,
        r#"{ "helper": "src/lib" }"#,
        r#"{ "helper": "src/lib.ts/" }"#,
        r#"{ "helper": "quickback/features/x.ts" }"#,
        r#"{ "worker": "services/realtime" }"#,
        r#"{ "worker": "node_modules/x" }"#,
        r#"{ "worker": "." }"#,
        r#"{ "client": "src/lib/realtime.ts" }"#,
        r#"{ "helper": "src/lib/Realtime-Client.ts" }"#,
        r#"{ "worker": "src" }"#,
    ] {
        let (settings, found) = load_text(&format!("{{ \"output\": {output} }}"));
        assert!(settings.mistake.is_some(), "{output}");
        all.extend(found);
    }
    insta::assert_snapshot!(all.join("\n"));
}

#[cfg(unix)]
#[test]
fn links_are_followed() {
    let root = tempfile::tempdir().unwrap();
    let outside = tempfile::tempdir().unwrap();
    std::fs::create_dir(root.path().join("real")).unwrap();
    std::os::unix::fs::symlink(outside.path(), root.path().join("out")).unwrap();
    std::os::unix::fs::symlink(root.path().join("real"), root.path().join("alias")).unwrap();
    let (_, found) = load_in(root.path(), r#"{ "output": { "worker": "out/worker" } }"#);
    assert!(found[0].contains("through a symbolic link"), "{found:?}");
    let (_, found) = load_in(
        root.path(),
        r#"{ "output": { "helper": "real/x.ts", "client": "alias/x.ts" } }"#,
    );
    assert!(found[0].contains("in the same place"), "{found:?}");
    let (_, found) = load_in(root.path(), r#"{ "output": { "helper": "alias/x.ts" } }"#);
    assert_eq!(found, Vec::<String>::new());
}

/// Compares a file that is written from the table of keys; with `UPDATE_SCHEMA` set, writes it.
fn up_to_date(name: &str, contents: &str) {
    let path = PathBuf::from(env!("CARGO_MANIFEST_DIR"))
        .join("schema")
        .join(name);
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        std::fs::write(&path, contents).unwrap();
    }
    assert_eq!(
        std::fs::read_to_string(&path).unwrap_or_default(),
        contents,
        "run `UPDATE_SCHEMA=1 cargo test -p quickback-realtime settings` to write schema/{name}"
    );
}

#[test]
fn schema_and_page_are_up_to_date() {
    let schema = serde_json::to_string_pretty(&json_schema()).unwrap() + "\n";
    up_to_date("quickback-realtime.schema.json", &schema);
    up_to_date("README.md", &page());
}

/// The example of every key, alone in a file.
fn examples(keys: &'static [Key], wrap: &dyn Fn(String) -> String, all: &mut Vec<String>) {
    for key in keys {
        all.push(wrap(format!("\"{}\": {}", key.name, key.example)));
        if let Kind::Object(keys) = key.kind {
            let inner = |text: String| wrap(format!("\"{}\": {{ {text} }}", key.name));
            examples(keys, &inner, all);
        }
    }
}

#[test]
fn schema_and_reader_agree() {
    let validator = jsonschema::validator_for(&json_schema()).unwrap();
    let mut texts = Vec::new();
    examples(KEYS, &|text| format!("{{ {text} }}"), &mut texts);
    assert_eq!(texts.len(), 9);
    for text in texts {
        let json: serde_json::Value = serde_json::from_str(&text).unwrap();
        assert!(validator.is_valid(&json), "{text}");
        let (_, found) = load_text(&text);
        assert_eq!(found, Vec::<String>::new(), "{text}");
    }
    for text in [
        r#"{ "zzz": 1 }"#,
        r#"{ "roles": "x" }"#,
        r#"{ "roles": [""] }"#,
        r#"{ "roles": ["x+"] }"#,
        r#"{ "rules": { "unknown-field": "fatal" } }"#,
        r#"{ "rules": { "unknown-feild": "off" } }"#,
        r#"{ "rules": [] }"#,
        r#"{ "exclude": [1] }"#,
        r#"{ "output": { "helper": false } }"#,
        r#"{ "output": { "client": true } }"#,
        r#"{ "output": { "x": true } }"#,
        r#"{ "generateOnSave": 1 }"#,
        r#"[]"#,
    ] {
        let json: serde_json::Value = serde_json::from_str(text).unwrap();
        assert!(!validator.is_valid(&json), "{text}");
        assert_ne!(load_text(text).1, Vec::<String>::new(), "{text}");
    }
}
