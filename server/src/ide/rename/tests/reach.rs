//! Renaming reaches what stands far from where the name is declared.

use insta::assert_snapshot;

use super::{changed_lines, newsroom, rename, renamed, renamed_at, renamed_with};
use crate::ide::testing::{NEWSDESK, at_cursor};

#[test]
fn a_file_that_holds_nothing_else_changes_too() {
    let reports = "//- src/reports.ts
import { claims } from '../quickback/schema';
export const titles = (db) => db.select({ t: claims.title }).from(claims);
";
    let at = at_cursor(&newsroom(reports).replace("'id', 'title']", "'id', 'ti$0tle']"));
    let renaming = rename(&at.fixture.project, at.file, at.offset, "headline");
    let changed = changed_lines(&at.fixture, &renaming.unwrap().unwrap().edits);
    assert!(
        changed.contains(
            "reports.ts: export const titles = (db) => db.select({ t: claims.headline })"
        ),
        "{changed}"
    );
}

#[test]
fn what_stands_deep_in_the_options_changes_too() {
    let access = "access: { or: [{ roles: ['de$0sk+'] }, { and: [{ roles: ['desk'] }] }] }";
    let changed = renamed("access: { roles: ['desk+'] }", access, "night");
    let line = "access: { or: [{ roles: ['night+'] }, { and: [{ roles: ['night'] }] }] }";
    assert!(
        changed.contains(line) && changed.contains("targetRoles: ['night']"),
        "{changed}"
    );
    let views = "read: { views: { short: { fields: ['id', 'ti$0tle'] } } }, crud: { list";
    let changed = renamed("crud: { list", views, "headline");
    let line = "views: { short: { fields: ['id', 'headline'] } }";
    assert!(
        changed.contains(line) && changed.contains("headline: text("),
        "{changed}"
    );
}

/// A table among others in an object, and what takes it from there.
const COLLECTED: &str = "
//- quickback/db/tables.ts
import { index, pgTable, text } from 'drizzle-orm/pg-core';
const shared = { place: text('place') };
export const schema = {
  pets: pgTable('pets', { id: text('id'), kind: text('kind'), ...shared }, (t) => [index('i').on(t.kind, shared.place)]).enableRLS(),
  zoo: { cages: pgTable('cages', { id: text('id'), kind: text('cage_kind') }, ({ kind }) => [index('j').on(kind)]) },
};
//- quickback/features/pets.ts
import { defineTable } from '@quickback/compiler';
import { schema } from '../db/tables';
export default defineTable(schema.pets, { realtime: { enabled: true, fields: ['id', 'kind', 'place'] } });
//- quickback/features/cages.ts
import { defineTable } from '@quickback/compiler';
import { schema } from '../db/tables';
export default defineTable(schema.zoo.cages, { guards: { createable: ['kind'] } });
//- src/a.ts
import { schema } from '../quickback/db/tables';
import * as S from '../quickback/db/tables';
const { pets } = schema, { pets: others } = S.schema, mine = { ...schema };
const { pets: { kind }, zoo: { cages: { kind: cage } } } = schema;
export const a = [schema.pets.kind, pets.kind, others.kind, S.schema.pets.kind, mine.pets.kind];
export const b = (db) => db.select({ kind: schema.pets.kind }).from(schema.pets).orderBy(schema['pets'].kind);
export const c = [schema.zoo.cages.kind, schema.cats.kind, schema.pets.place];
";

#[test]
fn a_column_of_a_table_in_an_object() {
    assert_snapshot!(renamed_with(COLLECTED, "ki$0nd: text('kind')", "sort"), @r"
    tables.ts: pets: pgTable('pets', { id: text('id'), sort: text('kind'), ...shared }, (t) => [index('i').on(t.sort, shared.place)]).enableRLS(),
    pets.ts: export default defineTable(schema.pets, { realtime: { enabled: true, fields: ['id', 'sort', 'place'] } });
    a.ts: const { pets: { sort: kind }, zoo: { cages: { kind: cage } } } = schema;
    a.ts: export const a = [schema.pets.sort, pets.sort, others.sort, S.schema.pets.sort, mine.pets.sort];
    a.ts: export const b = (db) => db.select({ kind: schema.pets.sort }).from(schema.pets).orderBy(schema['pets'].sort);
    ");
    assert_snapshot!(renamed_with(COLLECTED, "createable: ['ki$0nd']", "sort"), @r"
    tables.ts: zoo: { cages: pgTable('cages', { id: text('id'), sort: text('cage_kind') }, ({ sort: kind }) => [index('j').on(kind)]) },
    cages.ts: export default defineTable(schema.zoo.cages, { guards: { createable: ['sort'] } });
    a.ts: const { pets: { kind }, zoo: { cages: { sort: cage } } } = schema;
    a.ts: export const c = [schema.zoo.cages.sort, schema.cats.kind, schema.pets.place];
    ");
    assert_snapshot!(renamed_with(COLLECTED, "'kind', 'pl$0ace']", "town"), @r"
    tables.ts: const shared = { town: text('place') };
    tables.ts: pets: pgTable('pets', { id: text('id'), kind: text('kind'), ...shared }, (t) => [index('i').on(t.kind, shared.town)]).enableRLS(),
    pets.ts: export default defineTable(schema.pets, { realtime: { enabled: true, fields: ['id', 'kind', 'town'] } });
    a.ts: export const c = [schema.zoo.cages.kind, schema.cats.kind, schema.pets.town];
    ");
}

#[test]
fn the_callback_of_any_call_that_makes_the_table() {
    let file = |call: &str| {
        newsroom(&format!(
            "
//- quickback/features/pets.ts
import {{ index, pgSchema, pgTable as make, text }} from 'drizzle-orm/pg-core';
import {{ defineTable }} from '@quickback/compiler';
const app = pgSchema('app');
const LIST = ['id', 'ki$0nd'] as const;
{call}
"
        ))
    };
    let rest = "{ realtime: { enabled: true, fields: LIST } });";
    let columns = "{ id: text('id'), kind: text('kind') }";
    let then = ".enableRLS()";
    for (make, on) in [
        ("make", ""),
        ("make", then),
        ("app.table", ""),
        ("make.withRLS", then),
    ] {
        let call =
            format!("{make}('pets', {columns}, (t) => [index('i').on(t.kind, t['kind'])]){on}");
        let inline = format!("export default defineTable({call}, {rest}");
        let named = format!("const pets = {call};\nexport default defineTable(pets, {rest}");
        let variable = named.replace("const pets", "export let pets");
        for text in [inline, named, variable] {
            let changed = renamed_at(&file(&text), "sort");
            let line = "sort: text('kind') }, (t) => [index('i').on(t.sort, t['sort'])]";
            assert!(changed.contains(line), "{text}: {changed}");
        }
    }
    let by_function = "make('pets', (t) => ({ id: t.text(), kind: t.kind() }), function (t) { return [index('i').on(t.kind)]; })";
    let changed = renamed_at(
        &file(&format!("export default defineTable({by_function}, {rest}")),
        "sort",
    );
    assert!(
        changed.contains("sort: t.kind() }), function (t) { return [index('i').on(t.sort)]; }"),
        "{changed}"
    );
}

#[test]
fn what_nobody_waits_for_is_not_searched() {
    let sources = "//- src/a.ts
import { claims } from '../quickback/schema';
export const a = claims.title;
//- src/b.ts
import { claims } from '../quickback/schema';
export const b = claims.title;
";
    let at = at_cursor(&newsroom(sources).replace("'id', 'title']", "'id', 'ti$0tle']"));
    for asked in 0..3 {
        let left = std::cell::Cell::new(asked);
        let is_wanted = || left.replace(left.get() - 1) > 0;
        let project = &at.fixture.project;
        let found = crate::ide::rename::rename(project, at.file, at.offset, "headline", &is_wanted);
        // It asks no more once it has been told.
        assert_eq!(
            (found, left.get()),
            (Err("The request has been dropped.".to_owned()), -1)
        );
    }
}

#[test]
fn what_a_firewall_and_rules_of_access_name_changes_too() {
    let definition = |options: &str| {
        let text = NEWSDESK.replace("crud: { list: { access: { roles: ['desk+'] } } },", options);
        renamed_at(
            &text.replace("fields: ['id', 'title',", "fields: ['id', 'ti$0tle',"),
            "headline",
        )
    };
    for options in [
        "firewall: [{ field: '@', equals: 'title' }],",
        "firewall: [{ or: [{ field: 'id', isNull: true }, { and: [{ field: '@' }] }] }],",
        "firewall: (ctx) => [{ field: '@', equals: ctx.activeOrgId }],",
        "firewall: (ctx) => ({ owner: { column: '@' } }),",
        "firewall: { organization: { column: '@' } },",
        "firewall: { team: { column: '@' }, softDelete: { column: 'deletedAt' } },",
        "crud: { list: { access: { roles: ['desk'], record: { @: { equals: 'title' } } } } },",
        "crud: { list: { access: { or: [{ and: [{ record: { '@': { in: ['title'] } } }] }] } } },",
        "crud: { list: { fields: ['@'] } },",
        "create: { access: { record: { @: { equals: null } } } },",
        "update: { access: { record: { @: { equals: null } } } },",
        "delete: { access: { record: { @: { equals: null } } } },",
        "read: { access: { record: { @: { equals: null } } } },",
        "read: { views: { short: { access: { record: { @: { equals: null } } } } } },",
        "views: { short: { fields: ['@'] } },",
        "actions: { spike: { access: { record: { @: { equals: null } } }, input: { title: 1 } } },",
    ] {
        let changed = definition(&options.replace('@', "title"));
        let line = format!("stories.ts: {}", options.replace('@', "headline"));
        assert!(changed.contains(&line), "{options}: {changed}");
    }
}

const ACTIONS: &str = "
//- quickback/features/stories/actions.ts
import { defineActions as define } from '@quickback/compiler';
import { stories } from './schema';
const actions = define(stories, {
  publish: { access: { roles: ['desk+'], record: { title: { notEquals: '' } } }, input: z.object({ title: z.string() }) },
});
export default actions;
";

#[test]
fn the_actions_of_a_table_change_too() {
    let text = format!("{NEWSDESK}{ACTIONS}");
    let changed = renamed_at(
        &text.replace("fields: ['id', 'title',", "fields: ['id', 'ti$0tle',"),
        "headline",
    );
    let line = "actions.ts: publish: { access: { roles: ['desk+'], record: { headline: { notEquals: '' } } }, input: z.object({ title: z.string() }) },";
    assert!(changed.contains(line), "{changed}");
    let role = text.replace("roles: ['desk+'], record", "roles: ['de$0sk+'], record");
    let changed = renamed_at(&role, "night");
    let line = "actions.ts: publish: { access: { roles: ['night+'],";
    assert!(
        changed.contains(line) && changed.contains("requiredRoles: ['night+'"),
        "{changed}"
    );
    let unread = text.replace("record: { title: { notEquals: '' } }", "record: RECORD");
    let unread = unread.replace("fields: ['id', 'title',", "fields: ['id', 'ti$0tle',");
    assert_eq!(
        renamed_at(&unread, "headline"),
        "`actions` of \"stories\" cannot be resolved, so `title` might be missed there."
    );
    // Of another module it is another thing.
    let foreign = role.replace(
        "from '@quickback/compiler';\nimport { stories } from './schema';\nconst actions",
        "from './own';\nimport { stories } from './schema';\nconst actions",
    );
    assert_eq!(renamed_at(&foreign, "night"), "nothing");
}

#[test]
fn a_column_of_what_feature_makes_where_it_is_imported() {
    let more = "
//- quickback/features/tips.ts
import { feature, q } from '@quickback/compiler';
export default feature('tips', { columns: { id: q.id(), title: q.text('tip') } });
//- src/a.ts
import tips from '../quickback/features/tips';
import { claims } from '../quickback/schema';
export const a = [tips.title, tips['title'], claims.title];
export const b = q.table('b', { tipTitle: q.text().references(() => tips.title) });
";
    assert_snapshot!(renamed_with(more, "tit$0le: q.text('tip')", "headline"), @r"
    tips.ts: export default feature('tips', { columns: { id: q.id(), headline: q.text('tip') } });
    a.ts: export const a = [tips.headline, tips['headline'], claims.title];
    a.ts: export const b = q.table('b', { tipTitle: q.text().references(() => tips.headline) });
    ");
}

#[test]
fn an_action_belongs_to_the_table_beside_it() {
    let action = |path: &str| {
        let text = format!(
            "{NEWSDESK}//- quickback/features/stories/notes.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('notes', {{ columns: {{ id: q.id(), title: q.text() }} }});
//- quickback/features/{path}
import {{ defineAction }} from '@quickback/compiler';
export default defineAction({{ access: {{ roles: ['copy'], record: {{ title: {{ notEquals: '' }} }} }} }});
"
        );
        let text = text.replace("fields: ['id', 'title',", "fields: ['id', 'ti$0tle',");
        let changed = renamed_at(&text, "headline");
        assert!(changed.contains("headline: text("), "{changed}");
        changed.contains("record: { headline: { notEquals: '' } }")
    };
    assert!(action("stories/actions/publish.ts"));
    assert!(action("stories/actions/stories/publish.ts"));
    for other in [
        "stories/actions/notes/publish.ts",
        "stories/actions/a/b/publish.ts",
        "tips/actions/publish.ts",
        "stories/publish.ts",
    ] {
        assert!(!action(other), "{other}");
    }
}

#[test]
fn what_is_imported_from_the_schema_that_the_compiler_makes_changes_too() {
    let more = "
//- quickback/features/handlers/a.ts
import { claims, claims as own } from '../schema';
import * as schema from '../schema';
export { claims } from '../schema';
const { claims: taken } = schema;
export const a = [claims.title, own.title, schema.claims.title, taken];
function f(claims: { title: string }) { return claims.title; }
//- quickback/features/handlers/b.ts
import { claims } from './tables';
import { claims as others } from 'schema';
export const b = [claims.title, others.title];
";
    assert_snapshot!(renamed_with(more, "export const cla$0ims = sqliteTable", "cases"), @r"
    claims.ts: import { cases } from '../schema';
    claims.ts: export default defineTable(cases, { realtime: { enabled: true, fields: ['id', 'title'] } });
    a.ts: import { cases, cases as own } from '../schema';
    a.ts: export { cases } from '../schema';
    a.ts: const { cases: taken } = schema;
    a.ts: export const a = [cases.title, own.title, schema.cases.title, taken];
    schema.ts: export const cases = sqliteTable('claims', { id: text('id'), title: text('title') });
    ");
    assert_snapshot!(renamed_with(more, "tit$0le: text", "headline"), @r"
    claims.ts: export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'headline'] } });
    a.ts: export const a = [claims.headline, own.headline, schema.claims.headline, taken];
    schema.ts: export const claims = sqliteTable('claims', { id: text('id'), headline: text('title') });
    ");
}

#[test]
fn a_table_is_called_like_a_variable_where_only_its_name_is_sent() {
    let more = "
//- src/a.ts
import { createRealtime } from './lib/realtime';
export const a = (ctx, cases) => createRealtime(ctx.env).insert('claims', cases, ctx.org);
";
    let changed = renamed_with(more, "export const cla$0ims = sqliteTable", "cases");
    assert!(
        changed.contains("insert('cases', cases, ctx.org)"),
        "{changed}"
    );
}

#[test]
fn what_may_mean_something_else_is_left_and_told() {
    let text = NEWSDESK.replace(
        "embeddings: { fields: ['title'] },",
        "layouts: { all: { sections: [{ fields: ['title', 'desk'] }] } }, crud: { list: { sort: 'title' } },",
    );
    let text = text.replacen("crud: { list: { access: { roles: ['desk+'] } } },", "", 1);
    let note = |marked: &str, name: &str| {
        let plain = marked.replace("$0", "");
        assert_eq!(text.matches(&plain).count(), 1, "{plain}");
        let at = at_cursor(&text.replace(&plain, marked));
        let renaming = rename(&at.fixture.project, at.file, at.offset, name);
        let renaming = renaming.unwrap().unwrap();
        let changed = changed_lines(&at.fixture, &renaming.edits);
        assert!(!changed.contains("layouts"), "{changed}");
        renaming.note.unwrap()
    };
    assert_snapshot!(note("fields: ['id', 'ti$0tle',", "headline"), @"The rename covers definitions, configuration, calls and `table.column` expressions. Properties of records, such as `record.column`, and the database's own name for the column stay as they are. It stays in `crud` in quickback/features/stories/stories.ts, `layouts` in quickback/features/stories/stories.ts too, where it may mean something else: look there.");
    assert_snapshot!(note("requiredRoles: ['de$0sk+'", "night"), @"The rename covers the configuration, definitions and calls. Members who hold the role under its old name, and code that compares names of roles, stay as they are. It stays in `layouts` in quickback/features/stories/stories.ts too, where it may mean something else: look there.");
}
