// A test that cuts a text within a character says so by failing.
#![allow(clippy::string_slice)]

use insta::assert_snapshot;

use super::{definition, highlights, references};
use crate::ide::testing::{AtCursor, NEWSDESK, at_cursor};
use crate::span::Place;

/// A place as `file: line` with the name marked.
fn shown(at: &AtCursor, place: Place, is_declaration: bool) -> String {
    let path = at.fixture.project.relative(place.file);
    let text = &at.fixture.files[&path];
    let (start, end) = (place.span.start as usize, place.span.end as usize);
    let from = text[..start].rfind('\n').map_or(0, |n| n + 1);
    let to = text[end..].find('\n').map_or(text.len(), |n| end + n);
    let name = path.rsplit('/').next().unwrap();
    let mark = if is_declaration { "*" } else { "" };
    format!(
        "{name}: {}«{}»{mark}{}",
        text[from..start].trim_start(),
        &text[start..end],
        &text[end..to]
    )
}

fn all(marked: &str) -> String {
    let at = at_cursor(marked);
    let found = references(&at.fixture.project, at.file, at.offset);
    let lines = found.iter().map(|r| shown(&at, r.place, r.is_declaration));
    lines.collect::<Vec<_>>().join("\n")
}

fn defined(marked: &str) -> String {
    let at = at_cursor(marked);
    let found = definition(&at.fixture.project, at.file, at.offset);
    let lines = found.iter().map(|place| shown(&at, *place, false));
    lines.collect::<Vec<_>>().join("\n")
}

fn with(old: &str, new: &str) -> String {
    assert_eq!(NEWSDESK.matches(old).count(), 1, "{old}");
    NEWSDESK.replace(old, new)
}

#[test]
fn a_column_between_schema_definition_and_calls() {
    let text = with("fields: ['id', 'title'", "fields: ['id', 'tit$0le'");
    assert_snapshot!(defined(&text), @"schema.ts: «title»: text('title'),");
    assert_snapshot!(all(&text), @r"
    publish.ts: await realtime.insert('stories', { id: record.id, «title» }, ctx.org, {
    publish.ts: maskingConfig: { «title»: { type: 'name' } },
    schema.ts: «title»*: text('title'),
    stories.ts: embeddings: { fields: ['«title»'] },
    stories.ts: masking: { «title»: { type: 'name', show: { roles: ['desk'] } } },
    stories.ts: fields: ['id', '«title»', 'createdAt'],
    ");
    let at = at_cursor(&text);
    let here = highlights(&at.fixture.project, at.file, at.offset);
    assert_eq!(here.len(), 3);
}

#[test]
fn a_role_between_configuration_and_uses() {
    let text = with("requiredRoles: ['desk+'", "requiredRoles: ['de$0sk+'");
    assert_snapshot!(defined(&text), @"quickback.config.ts: export default { auth: { roleHierarchy: ['member', 'copy', '«desk»', 'admin', 'owner'] } };");
    assert_snapshot!(all(&text), @r"
    publish.ts: targetRoles: ['«desk»'],
    stories.ts: crud: { list: { access: { roles: ['«desk»+'] } } },
    stories.ts: masking: { title: { type: 'name', show: { roles: ['«desk»'] } } },
    stories.ts: requiredRoles: ['«desk»+', ...STAFF],
    quickback.config.ts: export default { auth: { roleHierarchy: ['member', 'copy', '«desk»*', 'admin', 'owner'] } };
    ");
}

#[test]
fn a_table_between_its_const_and_calls() {
    let text = with("realtime.insert('stories'", "realtime.insert('sto$0ries'");
    assert_snapshot!(defined(&text), @"schema.ts: export const «stories» = sqliteTable('open_stories', {");
    assert_snapshot!(all(&text), @r"
    publish.ts: await realtime.insert('«stories»', { id: record.id, title }, ctx.org, {
    schema.ts: export const «stories»* = sqliteTable('open_stories', {
    stories.ts: export default defineTable(«stories», {
    ");
}

#[test]
fn a_namespace_and_its_events() {
    let text = with("realtime.alerts.raised", "realtime.alerts.rai$0sed");
    assert_snapshot!(defined(&text), @"alerts.ts: export default defineRealtime({ name: 'alerts', events: ['«raised»', 'cleared'] });");
    assert_snapshot!(all(&text), @r"
    publish.ts: await realtime.alerts.«raised»({ title }, ctx.org);
    publish.ts: await realtime.broadcast('alerts:«raised»', {}, ctx.org);
    alerts.ts: export default defineRealtime({ name: 'alerts', events: ['«raised»*', 'cleared'] });
    ");
    let text = with("'alerts:raised'", "'ale$0rts:raised'");
    assert_snapshot!(defined(&text), @"alerts.ts: export default defineRealtime({ name: '«alerts»', events: ['raised', 'cleared'] });");
    assert_snapshot!(all(&text), @r"
    publish.ts: await realtime.«alerts».raised({ title }, ctx.org);
    publish.ts: await realtime.broadcast('«alerts»:raised', {}, ctx.org);
    alerts.ts: export default defineRealtime({ name: '«alerts»*', events: ['raised', 'cleared'] });
    ");
}

#[test]
fn a_constant_stands_for_what_takes_it_up() {
    let text = with("'copy'] as const", "'co$0py'] as const");
    assert_snapshot!(defined(&text), @"quickback.config.ts: export default { auth: { roleHierarchy: ['member', '«copy»', 'desk', 'admin', 'owner'] } };");
    assert_snapshot!(all(&text), @r"
    quickback.config.ts: export default { auth: { roleHierarchy: ['member', '«copy»*', 'desk', 'admin', 'owner'] } };
    shared.ts: export const STAFF = ['«copy»'] as const;
    ");
}

#[test]
fn nothing_of_ours() {
    for (old, new) in [
        ("enabled: true", "ena$0bled: true"),
        (
            "sqliteTable, text, primaryKey",
            "sqliteT$0able, text, primaryKey",
        ),
        ("createdAt", "createdA$0t"),
    ] {
        let text = with(old, new);
        assert_eq!(defined(&text), "", "{new}");
    }
}

#[test]
fn a_role_of_the_settings() {
    const SETTINGS: &str =
        "//- quickback-realtime.json\n{\n  // é\n  \"roles\": [\"auditor\", \"copy\"],\n}\n";
    let with = |old: &str, new: &str| {
        let used = NEWSDESK.replace("...STAFF]", "...STAFF, 'auditor']");
        let text = format!("{used}{SETTINGS}");
        assert_eq!(text.matches(old).count(), 1, "{old}");
        text.replace(old, new)
    };
    let used = with("'auditor'", "'audi$0tor'");
    assert_snapshot!(defined(&used), @r#"quickback-realtime.json: "roles": ["«auditor»", "copy"],"#);
    assert_snapshot!(all(&used), @r#"
    stories.ts: requiredRoles: ['desk+', ...STAFF, '«auditor»'],
    quickback-realtime.json: "roles": ["«auditor»*", "copy"],
    "#);
    let declared = with("\"auditor\"", "\"$0auditor\"");
    assert_eq!(all(&declared), all(&used));
    assert_eq!(defined(&declared), defined(&used));
    let at = at_cursor(&declared);
    let here = highlights(&at.fixture.project, at.file, at.offset);
    assert_eq!(here.len(), 1);
    // One that the hierarchy declares as well.
    assert_snapshot!(defined(&with("\"copy\"", "\"co$0py\"")), @r#"
    quickback-realtime.json: "roles": ["auditor", "«copy»"],
    quickback.config.ts: export default { auth: { roleHierarchy: ['member', '«copy»', 'desk', 'admin', 'owner'] } };
    "#);
    assert_eq!(defined(&with("\"roles\"", "\"ro$0les\"")), "");
}
