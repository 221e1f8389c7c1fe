//! What suppressions hold for, and what is said of those that hold for nothing.

use crate::rules::testing::{claims, fixture};

/// What is found in the roles of a table, by code and text.
fn found(roles: &str) -> Vec<String> {
    let text = format!(
        "//- quickback/quickback.config.ts
export default {{ auth: {{ roleHierarchy: ['member', 'admin'] }} }};
{}",
        claims(&format!(
            "realtime: {{ enabled: true, fields: ['id'], requiredRoles: [\n{roles}\n] }},"
        ))
    );
    let fixture = fixture(&text);
    let file = fixture.file("quickback/features/claims.ts");
    let text = &fixture.files["quickback/features/claims.ts"];
    let found = crate::rules::check(&fixture.project, file);
    let said = |at: &crate::diagnostic::Diagnostic| format!("{} {}", at.code, at.span.text(text));
    found.iter().map(said).collect()
}

#[test]
fn holds_for_the_next_line() {
    for roles in [
        "// quickback-realtime-ignore unknown-role\n'x',",
        "/* quickback-realtime-ignore unknown-role: for\n   now */\n'x',",
        // Comments that stand above each other hold for the same line.
        "// quickback-realtime-ignore unknown-role\n// quickback-realtime-ignore empty-list, duplicate-role\n'admin', 'admin', 'x',",
        "// quickback-realtime-ignore unknown-role\n// quickback-realtime-ignore-file duplicate-role\n'admin', 'admin', 'x',",
        // Another tool's comment may be about the same line.
        "// quickback-realtime-ignore unknown-role: for now\n// eslint-disable-next-line no-x\n'x',",
        "// quickback-realtime-ignore unknown-role\n/* why\n   so */\n// eslint-disable-next-line no-x\n'x',",
        "// quickback-realtime-ignore unknown-role\n// eslint-disable-next-line no-x\n// quickback-realtime-ignore duplicate-role\n'admin', 'admin', 'x',",
        "'admin', // quickback-realtime-ignore unknown-role\n// eslint-disable-next-line no-x\n'x',",
        // One at the end of a line is about the next, and hides that line from none.
        "// quickback-realtime-ignore unknown-role\n'x', // quickback-realtime-ignore unknown-role\n'y',",
        "// quickback-realtime-ignore unknown-role\n'x', // quickback-realtime-ignore unknown-role\n'y', // quickback-realtime-ignore unknown-role\n'z',",
        "// quickback-realtime-ignore unknown-role\n/* quickback-realtime-ignore unknown-role */ 'x',\n'y',",
        "'admin', // quickback-realtime-ignore unknown-role\n// quickback-realtime-ignore duplicate-role\n'admin', 'x',",
    ] {
        let found = found(roles);
        let left: Vec<_> = found.iter().filter(|f| !f.contains("empty-list")).collect();
        assert!(left.is_empty(), "{left:?} in {roles}");
    }
}

#[test]
fn holds_for_no_line_behind_another() {
    for roles in [
        "// quickback-realtime-ignore unknown-role\n\n'x',",
        "// quickback-realtime-ignore unknown-role\n// why\n\n'x',",
        "// quickback-realtime-ignore unknown-role\n/* why */ 'admin',\n'x',",
        "// quickback-realtime-ignore unknown-role\n// why\n'admin', // so\n'x',",
    ] {
        assert_eq!(
            found(roles),
            [
                "unused-suppression // quickback-realtime-ignore unknown-role",
                "unknown-role x"
            ],
            "{roles}"
        );
    }
}

#[test]
fn asks_whether_another_rule_was_meant() {
    for (code, said) in [
        (
            "unkown-role",
            "This suppression of `unkown-role` suppresses nothing. Did you mean `unknown-role`?",
        ),
        (
            "unknown-role",
            "This suppression of `unknown-role` suppresses nothing.",
        ),
        (
            "no-such-thing",
            "This suppression of `no-such-thing` suppresses nothing.",
        ),
        (
            "unkown-role, empty-list",
            "This suppression suppresses nothing.",
        ),
        (
            "",
            "This suppression names no rule, so it suppresses nothing.",
        ),
    ] {
        let options = format!("// quickback-realtime-ignore {code}\nmasking: {{}},");
        let fixture = fixture(&claims(&options));
        let file = fixture.file("quickback/features/claims.ts");
        let found = crate::rules::check(&fixture.project, file);
        let messages: Vec<&str> = found.iter().map(|found| found.message.as_str()).collect();
        assert_eq!(messages, [said]);
    }
}

#[test]
fn what_is_misspelt_is_not_taken_for_unused() {
    for (comment, fixes) in [
        (
            " unkown-role: why",
            vec![
                ("Change to `unknown-role`", false),
                ("Remove the unused suppression", false),
            ],
        ),
        (
            " no-such-thing",
            vec![("Remove the unused suppression", false)],
        ),
        (": why", vec![("Remove the unused suppression", false)]),
        (
            " unknown-role: why",
            vec![("Remove the unused suppression", true)],
        ),
        (
            " unknown-role -- why",
            vec![("Remove the unused suppression", true)],
        ),
        (
            " unknown-role (why)",
            vec![("Remove the unused suppression", true)],
        ),
    ] {
        let options = format!("// quickback-realtime-ignore{comment}\nmasking: {{}},");
        let fixture = fixture(&claims(&options));
        let file = fixture.file("quickback/features/claims.ts");
        let found = crate::rules::check(&fixture.project, file);
        let [found] = found.as_slice() else {
            panic!("one finding: {comment}");
        };
        let offered: Vec<_> = found
            .fixes
            .iter()
            .map(|f| (f.title.as_str(), f.safe))
            .collect();
        assert_eq!(offered, fixes, "{comment}");
    }
}

#[test]
fn holds_for_no_other_line() {
    assert_eq!(
        found("'x', // quickback-realtime-ignore unknown-role\n'admin',\n'y',"),
        [
            "unknown-role x",
            "unused-suppression // quickback-realtime-ignore unknown-role",
            "unknown-role y"
        ]
    );
}

/// What is not read may be what it is for.
#[test]
fn none_is_unused_in_a_file_with_mistakes() {
    let unused = "// quickback-realtime-ignore empty-list\n'admin',";
    assert_eq!(
        found(unused),
        ["unused-suppression // quickback-realtime-ignore empty-list"]
    );
    assert!(
        found(&format!("{unused} 'x' 'y'"))
            .iter()
            .all(|found| !found.starts_with("unused"))
    );
}

/// The text of the fixture's file after the fixes of what is unused.
fn without_unused(text: &str) -> String {
    let fixture = fixture(text);
    let path = "quickback/features/claims.ts";
    let found = crate::rules::check(&fixture.project, fixture.file(path));
    let fixes = found.iter().filter(|d| d.code == super::UNUSED_SUPPRESSION);
    let mut fixed = fixture.files[path].clone();
    for edit in fixes.flat_map(|d| &d.fixes[0].edits).rev() {
        let at = edit.place.span;
        fixed.replace_range(at.start as usize..at.end as usize, &edit.new_text);
    }
    fixed
}

#[test]
fn removing_one_of_several_leaves_the_others() {
    for (codes, left) in [
        ("empty-list, unknown-role", "unknown-role"),
        ("unknown-role, empty-list", "unknown-role"),
        ("unknown-role,empty-list", "unknown-role"),
        ("no-events, unknown-role, empty-list", "unknown-role"),
    ] {
        let table = claims(&format!(
            "realtime: {{ enabled: true, requiredRoles: [\n// quickback-realtime-ignore {codes}\n'x'] }},"
        ));
        let config = "//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ['member', 'admin'] } };\n";
        let expected = table.replace(codes, left);
        let (_, expected) = expected.split_once('\n').expect("a line for the path");
        assert_eq!(
            without_unused(&format!("{config}{table}")),
            expected,
            "{codes}"
        );
    }
}

#[test]
fn removing_one_takes_its_line_at_the_top_of_a_file_too() {
    let rest = claims("realtime: { enabled: true },");
    let (path, rest) = rest.split_once('\n').expect("a line for the path");
    for mark in ["", "\u{feff}"] {
        for blanks in ["", "  \t"] {
            for line_break in ["\n", "\r\n"] {
                let comment = "// quickback-realtime-ignore empty-list";
                let text = format!("{path}\n{mark}{comment}{blanks}{line_break}{rest}");
                assert_eq!(without_unused(&text), format!("{mark}{rest}"), "{text:?}");
                let text = format!("{path}\n{mark}{comment} */{blanks}{line_break}{rest}");
                let text = text.replace("// q", "/* q");
                assert_eq!(without_unused(&text), format!("{mark}{rest}"), "{text:?}");
            }
        }
    }
}

#[test]
fn removing_one_leaves_no_blanks() {
    let comment = "/* quickback-realtime-ignore empty-list */";
    for (line, left) in [
        (
            "'admin', // quickback-realtime-ignore empty-list",
            "'admin',",
        ),
        (
            "'admin',\t/* quickback-realtime-ignore empty-list */ \t",
            "'admin',",
        ),
        (
            &format!("'admin', {comment} 'member',"),
            "'admin', 'member',",
        ),
        (
            &format!("'admin',{comment} 'member',"),
            "'admin', 'member',",
        ),
        (
            &format!("'admin', {comment}'member',"),
            "'admin', 'member',",
        ),
        (&format!("{comment} 'member',"), "'member',"),
        (&format!("  {comment}  'member',"), "  'member',"),
        (comment, ""),
    ] {
        let options = format!("realtime: {{ enabled: true, requiredRoles: [\n{line}\n'x'] }},");
        let fixture = fixture(&format!(
            "//- quickback/quickback.config.ts
export default {{ auth: {{ roleHierarchy: ['member', 'admin', 'x'] }} }};
{}",
            claims(&options)
        ));
        let file = fixture.file("quickback/features/claims.ts");
        let text = &fixture.files["quickback/features/claims.ts"];
        let found = crate::rules::check(&fixture.project, file);
        let fixes = found.iter().filter(|d| d.code == super::UNUSED_SUPPRESSION);
        let edits: Vec<_> = fixes.flat_map(|d| &d.fixes[0].edits).collect();
        let [edit] = edits[..] else {
            panic!("{found:?}");
        };
        let mut fixed = text.clone();
        let at = edit.place.span;
        fixed.replace_range(at.start as usize..at.end as usize, "");
        let expected = match left {
            "" => text.replace(&format!("{line}\n"), ""),
            left => text.replace(line, left),
        };
        assert_eq!(fixed, expected, "{line}");
    }
}
