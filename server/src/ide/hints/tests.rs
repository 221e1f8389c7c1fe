use insta::assert_snapshot;

use super::inlay;
use crate::ide::testing::{at_cursor, in_handler, in_options};
use crate::span::Span;

/// The text with the hints of the file in it, the lines that have one.
fn shown(marked: &str) -> String {
    let at = at_cursor(marked);
    let hints = inlay(&at.fixture.project, at.file, Span::new(0, at.text.len()));
    let mut text = at.text.clone();
    for hint in hints.iter().rev() {
        text.insert_str(hint.offset as usize, &format!("‹{}›", hint.label));
    }
    let lines: Vec<&str> = text.lines().filter(|line| line.contains('‹')).collect();
    lines.join("\n")
}

#[test]
fn roles_with_a_plus_and_defaults() {
    assert_snapshot!(shown(&in_options("  realtime: {$0\n    enabled: true,\n    requiredRoles: ['member', 'admin+'],\n  },")), @r"
        enabled: true‹on insert, update, delete · all columns›,
        requiredRoles: ['member', 'admin+'‹= admin, owner›],
    ");
    assert_snapshot!(shown(&in_options("  realtime: {$0 enabled: true, onDelete: false, fields: [] },")), @"  realtime: { enabled: true‹also on insert, update · to every member›, onDelete: false, fields: [] },");
    assert_snapshot!(shown(&in_handler("  realtime.broadcast('x', {}, org, { targetRoles: ['admin+'$0] })")), @"  realtime.broadcast('x', {}, org, { targetRoles: ['admin+'‹= admin, owner›] })");
}

#[test]
fn nothing_where_all_is_said_or_nothing_is_sent() {
    for options in [
        "  realtime: {$0 enabled: true, onInsert: true, onUpdate: true, onDelete: true, requiredRoles: ['admin'], fields: [] },",
        "  realtime: {$0 enabled: false },",
        "  realtime: {$0 requiredRoles: ['nobody+'] },",
        "  realtime: {$0 enabled: true, ...rest },",
        "  crud: {$0 list: { access: { roles: ['member+'] } } },",
    ] {
        assert_eq!(shown(&in_options(options)), "", "{options}");
    }
}
