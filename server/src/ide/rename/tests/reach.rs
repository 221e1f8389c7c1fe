//! Renaming reaches what stands far from where the name is declared.

use insta::assert_snapshot;

use super::{changed_lines, newsroom, rename, renamed, renamed_at, renamed_with};
use crate::ide::testing::at_cursor;

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
