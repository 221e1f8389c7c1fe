use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::{prepare, rename};
use crate::diagnostic::Edit;
use crate::ide::testing::{NEWSDESK, at_cursor};
use crate::rules::testing::apply;
use crate::span::FileId;

fn with(old: &str, new: &str) -> String {
    assert_eq!(NEWSDESK.matches(old).count(), 1, "{old}");
    NEWSDESK.replace(old, new)
}

/// The lines that change, as `file: line`, or why nothing does.
fn renamed(old: &str, new: &str, name: &str) -> String {
    let at = at_cursor(&with(old, new));
    let project = &at.fixture.project;
    let renaming = match rename(project, at.file, at.offset, name) {
        Ok(Some(renaming)) => renaming,
        Ok(None) => return "nothing".to_owned(),
        Err(why) => return why,
    };
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in &renaming.edits {
        by_file.entry(edit.place.file).or_default().push(edit);
    }
    let mut lines = Vec::new();
    for (file, edits) in by_file {
        let path = project.relative(file);
        let text = &at.fixture.files[&path];
        let after = apply(text, &edits);
        let name = path.rsplit('/').next().unwrap();
        for (old, new) in text.lines().zip(after.lines()) {
            if old != new {
                lines.push(format!("{name}: {}", new.trim()));
            }
        }
    }
    lines.join("\n")
}

fn prepared(old: &str, new: &str) -> String {
    let at = at_cursor(&with(old, new));
    match prepare(&at.fixture.project, at.file, at.offset) {
        Ok(Some(name)) => format!("{} at {}", name.name, name.span.text(&at.text)),
        Ok(None) => "nothing".to_owned(),
        Err(why) => why,
    }
}

#[test]
fn a_column() {
    assert_snapshot!(renamed("fields: ['id', 'title'", "fields: ['id', 'ti$0tle'", "headline"), @r"
    publish.ts: await db.update(stories).set({ title }).where(eq(stories.headline, schema.stories.headline));
    publish.ts: await realtime.insert('stories', { id: record.id, headline: title }, ctx.org, {
    publish.ts: maskingConfig: { headline: { type: 'name' } },
    schema.ts: headline: text('title'),
    schema.ts: }, (t) => [primaryKey({ columns: [t.id, t.headline] })]);
    stories.ts: embeddings: { fields: ['headline'] },
    stories.ts: masking: { headline: { type: 'name', show: { roles: ['desk'] } } },
    stories.ts: fields: ['id', 'headline', 'createdAt'],
    ");
    assert_snapshot!(renamed("title: text('title')", "t$0itle: text('title')", "createdAt"), @r#"There is in "stories" a column `createdAt` already."#);
    assert_snapshot!(renamed("title: text('title')", "t$0itle: text('title')", "a-b"), @"`a-b` cannot be the name of a column: use letters, digits and `_`, with no digit first.");
    assert_snapshot!(renamed("'createdAt'", "'cre$0atedAt'", "madeAt"), @"`createdAt` is added by the compiler to every table, so its name cannot be changed.");
}

#[test]
fn a_role() {
    assert_snapshot!(renamed("requiredRoles: ['desk+'", "requiredRoles: ['de$0sk+'", "night-desk"), @r"
    publish.ts: targetRoles: ['night-desk'],
    stories.ts: crud: { list: { access: { roles: ['night-desk+'] } } },
    stories.ts: masking: { title: { type: 'name', show: { roles: ['night-desk'] } } },
    stories.ts: requiredRoles: ['night-desk+', ...STAFF],
    quickback.config.ts: export default { auth: { roleHierarchy: ['member', 'copy', 'night-desk', 'admin', 'owner'] } };
    ");
    assert_snapshot!(renamed("requiredRoles: ['desk+'", "requiredRoles: ['de$0sk+'", "copy"), @"There is a role `copy` already.");
    assert_snapshot!(renamed("requiredRoles: ['desk+'", "requiredRoles: ['de$0sk+'", "x+"), @"`x+` cannot be the name of a role: use letters, digits, `-` and `_`.");
    assert_snapshot!(prepared("'member', 'copy'", "'mem$0ber', 'copy'"), @"`member` is one of Better Auth's own roles, so its name cannot be changed.");
}

#[test]
fn a_table() {
    assert_snapshot!(renamed("realtime.insert('stories'", "realtime.insert('sto$0ries'", "articles"), @r"
    publish.ts: import { articles } from '../schema';
    publish.ts: await db.update(articles).set({ title }).where(eq(articles.title, schema.articles.title));
    publish.ts: const tables = { stories: articles };
    publish.ts: await realtime.insert('articles', { id: record.id, title }, ctx.org, {
    schema.ts: export const articles = sqliteTable('open_stories', {
    stories.ts: import { articles } from './schema';
    stories.ts: export default defineTable(articles, {
    ");
    assert_snapshot!(renamed("realtime.insert('stories'", "realtime.insert('sto$0ries'", "tips"), @"There is a table `tips` already.");
    assert_snapshot!(renamed("realtime.insert('stories'", "realtime.insert('sto$0ries'", "ctx"), @"`ctx` means something else in quickback/features/stories/handlers/publish.ts already.");
    assert_snapshot!(renamed("feature('tips'", "feature('t$0ips'", "hints"), @r"
    publish.ts: await realtime.delete('hints', { title: record.title }, ctx.org);
    tips.ts: export default feature('hints', {
    ");
}

#[test]
fn a_namespace_and_an_event() {
    assert_snapshot!(renamed("realtime.alerts.raised", "realtime.ale$0rts.raised", "alarms"), @r"
    publish.ts: await realtime.alarms.raised({ title }, ctx.org);
    publish.ts: await realtime.broadcast('alarms:raised', {}, ctx.org);
    alerts.ts: export default defineRealtime({ name: 'alarms', events: ['raised', 'cleared'] });
    ");
    assert_snapshot!(renamed("realtime.alerts.raised", "realtime.alerts.ra$0ised", "sounded"), @r"
    publish.ts: await realtime.alerts.sounded({ title }, ctx.org);
    publish.ts: await realtime.broadcast('alerts:sounded', {}, ctx.org);
    alerts.ts: export default defineRealtime({ name: 'alerts', events: ['sounded', 'cleared'] });
    ");
    assert_snapshot!(renamed("realtime.alerts.raised", "realtime.ale$0rts.raised", "insert"), @"`insert` cannot be the name of a namespace: the helper needs it for itself.");
    assert_snapshot!(renamed("realtime.alerts.raised", "realtime.alerts.ra$0ised", "cleared"), @r#"There is in "alerts" an event `cleared` already."#);
}

#[test]
fn columns_of_internal_tables_are_left_to_typescript() {
    let at = at_cursor(
        &NEWSDESK
            .replace("defineTable(stories", "defineTable(other")
            .replace("title: text('title')", "ti$0tle: text('title')"),
    );
    assert_eq!(prepare(&at.fixture.project, at.file, at.offset), Ok(None));
}

#[test]
fn prepared_names() {
    assert_snapshot!(prepared("requiredRoles: ['desk+'", "requiredRoles: ['de$0sk+'"), @"desk at desk");
    assert_snapshot!(prepared("enabled: true", "ena$0bled: true"), @"nothing");
    assert_snapshot!(prepared("'alerts:raised'", "'alerts:rai$0sed'"), @"raised at raised");
}

#[test]
fn what_cannot_be_resolved_stops_it() {
    let text = NEWSDESK.replace("fields: ['id', 'title'", "fields: [...MORE, 'ti$0tle'");
    let at = at_cursor(&text);
    let why = rename(&at.fixture.project, at.file, at.offset, "headline").unwrap_err();
    assert_snapshot!(why, @r#"`fields` of "stories" cannot be resolved, so `title` might be missed there."#);
}
