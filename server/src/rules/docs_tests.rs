//! The documentation of the rules is true: every example fires its rule, or none, and the table of
//! all rules in `README.md` is the one that the code says.

use std::fmt::Write as _;
use std::path::Path;

use super::testing::fixture;
use super::{ALL, Rule};
use crate::diagnostic::Diagnostic;

const IMPORTS: &str = r#"import { sqliteTable, text, integer } from "drizzle-orm/sqlite-core";
import { defineTable, defineRealtime, feature, q } from "@quickback/compiler";
import { createRealtime } from "../lib/realtime";
"#;

/// The code blocks under a heading of a rule's documentation.
pub fn examples(rule: &Rule, heading: &str) -> Vec<String> {
    let title = format!("## {heading}");
    let mut found = Vec::new();
    let mut in_section = false;
    let mut block: Option<String> = None;
    for line in rule.docs.lines() {
        let line = line.strip_prefix(' ').unwrap_or(line);
        match &mut block {
            Some(_) if line == "```" => found.extend(block.take()),
            Some(text) => {
                text.push_str(line);
                text.push('\n');
            }
            None if line == "```ts" && in_section => block = Some(String::new()),
            None if line.starts_with("## ") => in_section = line == title,
            None => {}
        }
    }
    found
}

/// An example as a fixture: its files, with the imports that examples leave out.
pub fn with_imports(example: &str) -> String {
    let path = if example.contains("createRealtime") {
        "src/example.ts"
    } else if example.contains("defineRealtime") {
        "quickback/services/realtime/example.ts"
    } else {
        "quickback/features/example.ts"
    };
    let example = if example.starts_with("//- ") {
        example.to_owned()
    } else {
        format!("//- {path}\n{example}")
    };
    let mut text = String::new();
    for line in example.split_inclusive('\n') {
        text.push_str(line);
        if line.starts_with("//- ") && !line.contains("quickback.config") {
            text.push_str(IMPORTS);
        }
    }
    text
}

fn findings(example: &str) -> Vec<Diagnostic> {
    let fixture = fixture(&with_imports(example));
    fixture
        .files
        .keys()
        .flat_map(|path| super::check(&fixture.project, fixture.file(path)))
        .collect()
}

#[test]
fn invalid_examples_fire_their_rule_and_no_other() {
    let mut wrong = Vec::new();
    for rule in ALL {
        let examples = examples(rule, "Invalid");
        if examples.is_empty() {
            wrong.push(format!("{} has no invalid example", rule.code));
        }
        for example in examples {
            let found = findings(&example);
            if !found.iter().any(|d| d.code == rule.code) {
                wrong.push(format!("{} does not fire on:\n{example}", rule.code));
            }
            for other in found.iter().filter(|d| d.code != rule.code) {
                wrong.push(format!(
                    "{} fires on the example of {}: {}\n{example}",
                    other.code, rule.code, other.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn valid_examples_fire_nothing() {
    let mut wrong = Vec::new();
    for rule in ALL {
        let examples = examples(rule, "Valid");
        if examples.is_empty() {
            wrong.push(format!("{} has no valid example", rule.code));
        }
        for example in examples {
            for other in findings(&example) {
                wrong.push(format!(
                    "{} fires on the valid example of {}: {}\n{example}",
                    other.code, rule.code, other.message
                ));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_is_in_the_table_once_and_says_why() {
    for pair in ALL.windows(2) {
        assert!(
            pair[0].code < pair[1].code,
            "{} is out of order",
            pair[1].code
        );
    }
    for rule in ALL {
        assert!(
            rule.docs.starts_with(" Reports "),
            "{}: {}",
            rule.code,
            rule.docs
        );
        assert!(rule.docs.contains("## Why is this bad"), "{}", rule.code);
    }
}

/// How the findings of a rule's examples can be mended.
fn fixable(rule: &Rule) -> &'static str {
    let fixes: Vec<bool> = examples(rule, "Invalid")
        .iter()
        .flat_map(|example| findings(example))
        .filter(|d| d.code == rule.code)
        .flat_map(|d| d.fixes)
        .map(|fix| fix.safe)
        .collect();
    if fixes.contains(&true) {
        "safe"
    } else if fixes.is_empty() {
        ""
    } else {
        "yes"
    }
}

/// The first sentence of a rule's documentation.
fn summary(rule: &Rule) -> String {
    let paragraph = rule.docs.split("\n \n").next().unwrap_or_default();
    let paragraph = paragraph.split("\n\n").next().unwrap_or_default();
    let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
    let sentence = line.split_once(". ").map_or(&*line, |(first, _)| first);
    format!("{}.", sentence.trim_end_matches('.')).replace('|', "\\|")
}

fn table() -> String {
    let mut text = "# The rules

Each rule is a file of this folder. The page of a rule is the doc comment of its `RULE`. A test
runs the examples on it and keeps this table; `UPDATE=1 cargo test docs_tests` writes it anew.

*Fix* says whether a quick fix is offered; a `safe` one changes neither what is sent nor who
receives it, and is applied by `--fix` too. The severity is that of the rule's usual finding.

| code | severity | fix | what it does |
|---|---|---|---|
"
    .to_owned();
    for rule in ALL {
        writeln!(
            text,
            "| `{}` | {} | {} | {} |",
            rule.code,
            rule.severity,
            fixable(rule),
            summary(rule)
        )
        .unwrap();
    }
    text
}

#[test]
fn the_table_of_all_rules_is_up_to_date() {
    let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules/README.md");
    let expected = table();
    if std::env::var_os("UPDATE").is_some() {
        std::fs::write(&path, &expected).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert_eq!(
        found, expected,
        "write it anew by UPDATE=1 cargo test docs_tests"
    );
}
