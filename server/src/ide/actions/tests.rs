use insta::assert_snapshot;

use super::{Action, ActionKind, actions};
use crate::diagnostic::Edit;
use crate::ide::testing::{AtCursor, at_cursor, in_options};
use crate::rules;
use crate::rules::testing::apply;
use crate::span::Span;

/// What is offered for the findings of one rule.
fn offered(at: &AtCursor, code: &str) -> Vec<Action> {
    let mut findings = rules::check(&at.fixture.project, at.file);
    findings.retain(|finding| finding.code == code);
    let cursor = Span::at(at.offset);
    actions(&at.fixture.project, at.file, cursor, &findings, false)
}

/// The text after the action, without what was the same.
fn after(at: &AtCursor, action: &Action) -> String {
    let edits: Vec<&Edit> = action.edits.iter().collect();
    let text = apply(&at.text, &edits);
    text.lines()
        .filter(|line| !at.text.lines().any(|old| old == *line))
        .collect::<Vec<_>>()
        .join("\n")
}

#[test]
fn a_finding_can_be_fixed_or_suppressed() {
    let at = at_cursor(&in_options(
        "  realtime: {\n    enabled: true,\n    fields: [\"id\", \"tit$0el\"],\n  },",
    ));
    let lines: Vec<String> = offered(&at, "unknown-field")
        .iter()
        .map(|a| format!("{} | {:?} | {}", a.title, a.kind, after(&at, a)))
        .collect();
    assert_snapshot!(lines.join("\n"), @r#"
    Change to "title" | QuickFix |     fields: ["id", "title"],
    Suppress `unknown-field` for this line | Suppress |     // quickback-realtime-ignore unknown-field
    Suppress `unknown-field` in this file | Suppress | // quickback-realtime-ignore-file unknown-field
    "#);
}

#[test]
fn a_suppression_joins_the_one_that_is_there() {
    let at = at_cursor(&in_options(
        "  realtime: {\n    enabled: true,\n    // quickback-realtime-ignore empty-list: some reason\n    fields: [\"id\", \"tit$0el\"],\n  },",
    ));
    let actions = offered(&at, "unknown-field");
    let action = actions
        .iter()
        .find(|a| a.title.ends_with("this line"))
        .unwrap();
    assert_snapshot!(after(&at, action).trim(), @"// quickback-realtime-ignore empty-list, unknown-field: some reason");
    let text = apply(&at.text, &action.edits.iter().collect::<Vec<_>>());
    let again = crate::facts::FileFacts::of_text(&text, std::path::Path::new("a.ts"));
    at.fixture
        .project
        .set_facts(at.file, Some(std::sync::Arc::new(again)));
    let codes: Vec<&str> = rules::check(&at.fixture.project, at.file)
        .iter()
        .map(|d| d.code)
        .collect();
    assert!(!codes.contains(&"unknown-field"), "{codes:?}");
}

#[test]
fn a_suppression_is_joined_behind_the_line_breaks_of_windows() {
    for line_break in ["\n", "\r\n", "\r"] {
        let text = in_options(
            "  realtime: {\n    enabled: true,\n    // quickback-realtime-ignore empty-list\n    fields: [\"id\", \"tit$0el\"],\n  },",
        );
        let (files, text) = text.split_once("claims.ts\n").unwrap();
        let text = text.replace('\n', line_break);
        let at = at_cursor(&format!("{files}claims.ts\n{text}"));
        assert!(at.text.contains(&format!("true,{line_break}")));
        let actions = offered(&at, "unknown-field");
        let action = actions.iter().find(|a| a.title.ends_with("this line"));
        let text = apply(&at.text, &action.unwrap().edits.iter().collect::<Vec<_>>());
        assert!(
            text.contains("// quickback-realtime-ignore empty-list, unknown-field"),
            "{text:?}"
        );
    }
}

#[test]
fn a_suppression_stands_above_what_another_tool_says_of_the_line() {
    for (above, expected) in [
        (
            "    // eslint-disable-next-line no-x\n",
            "    // quickback-realtime-ignore unknown-field\n    // eslint-disable-next-line no-x\n",
        ),
        (
            "    // quickback-realtime-ignore empty-list\n    // eslint-disable-next-line no-x\n",
            "    // quickback-realtime-ignore empty-list, unknown-field\n    // eslint-disable-next-line no-x\n",
        ),
        (
            "    // not about it\n\n",
            "    // not about it\n\n    // quickback-realtime-ignore unknown-field\n",
        ),
        (
            "    /** What it is. */\n",
            "    /** What it is. */\n    // quickback-realtime-ignore unknown-field\n",
        ),
    ] {
        let options = |above: &str, cursor: &str| {
            format!(
                "  realtime: {{\n    enabled: true,\n{above}    fields: [\"id\", \"tit{cursor}el\"],\n  }},"
            )
        };
        let at = at_cursor(&in_options(&options(above, "$0")));
        let actions = offered(&at, "unknown-field");
        let action = actions.iter().find(|a| a.title.ends_with("this line"));
        let text = apply(&at.text, &action.unwrap().edits.iter().collect::<Vec<_>>());
        assert!(text.contains(&options(expected, "")), "{text}");
    }
}

/// What stands between the tags of an element is shown to its readers.
#[test]
fn a_suppression_is_no_text_of_an_element() {
    for (before, line, behind, added) in [
        (
            "  return (\n    <main>\n      Hello\n",
            "      {await realtime.insert('claimz$0', { id }, org)}\n",
            "    </main>\n  );\n",
            "      {/* quickback-realtime-ignore unknown-table */}",
        ),
        (
            "  return (\n    <>\n",
            "      {await realtime.insert('claimz$0', { id }, org)}\n",
            "    </>\n  );\n",
            "      {/* quickback-realtime-ignore unknown-table */}",
        ),
        (
            "  return <main>{\n",
            "    await realtime.insert('claimz$0', { id }, org)\n",
            "  }</main>;\n",
            "    // quickback-realtime-ignore unknown-table",
        ),
        (
            "  return <main\n",
            "    id={await realtime.insert('claimz$0', { id }, org)}\n",
            "  >Hello</main>;\n",
            "    // quickback-realtime-ignore unknown-table",
        ),
        (
            "",
            "  return <main>{await realtime.insert('claimz$0', { id }, org)}</main>;\n",
            "",
            "  // quickback-realtime-ignore unknown-table",
        ),
    ] {
        let at = at_cursor(&format!(
            "//- src/a.tsx
import {{ createRealtime }} from '../lib/realtime';
export async function A({{ env, id, org }}) {{
  const realtime = createRealtime(env);
{before}{line}{behind}}}
"
        ));
        let actions = offered(&at, "unknown-table");
        let action = actions.iter().find(|a| a.title.ends_with("this line"));
        assert_eq!(after(&at, action.unwrap()), added);
        let text = apply(&at.text, &action.unwrap().edits.iter().collect::<Vec<_>>());
        let again = crate::facts::FileFacts::of_text(&text, std::path::Path::new("a.tsx"));
        at.fixture
            .project
            .set_facts(at.file, Some(std::sync::Arc::new(again)));
        let left = rules::check(&at.fixture.project, at.file);
        assert!(left.is_empty(), "{left:?}");
    }
}

#[test]
fn no_suppression_changes_what_an_element_shows() {
    for element in [
        "<main>\n  Hello\n  world {await realtime.insert('claimz$0', { id }, org)}\n</main>",
        "<main title=\"Hello\n  world\" id={await realtime.insert('claimz$0', { id }, org)} />",
    ] {
        let at = at_cursor(&format!(
            "//- src/a.tsx
import {{ createRealtime }} from '../lib/realtime';
export async function A({{ env, id, org }}) {{
  const realtime = createRealtime(env);
  return {element};
}}
"
        ));
        let titles: Vec<_> = offered(&at, "unknown-table")
            .into_iter()
            .filter(|action| action.kind == ActionKind::Suppress)
            .map(|action| action.title)
            .collect();
        assert_eq!(
            titles,
            ["Suppress `unknown-table` in this file"],
            "{element}"
        );
    }
}

#[test]
fn nothing_is_offered_where_nothing_is_wrong() {
    let at = at_cursor(&in_options(
        "  realtime: { enabled: $0true, fields: [\"id\"] },",
    ));
    assert!(offered(&at, "unknown-field").is_empty());
}

#[test]
fn fix_all_comes_for_the_whole_file_where_it_is_wanted() {
    let at = at_cursor(&in_options(
        "  // quickback-realtime-ignore empty-list\n  realtime: { enabled: true$0 },",
    ));
    let offered = |wants_fix_all| {
        let cursor = Span::at(at.offset);
        let found = actions(&at.fixture.project, at.file, cursor, &[], wants_fix_all);
        found.iter().map(|a| a.kind).collect::<Vec<_>>()
    };
    assert_eq!(offered(true), [ActionKind::FixAll]);
    assert_eq!(offered(false), []);
}
