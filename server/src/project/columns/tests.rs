//! What the columns of a table hold, as their builders say it.

use crate::rules::testing::fixture;

/// The types of the columns of the table `t`, injected ones left out, as `name: type`, with `?`
/// where `null` is a value.
#[track_caller]
fn types(files: &str) -> Vec<String> {
    let fixture = fixture(files);
    let file = fixture.file("quickback/features/t.ts");
    let model = fixture.project.model(file);
    let [table] = model.declared.as_slice() else {
        panic!("one table is declared");
    };
    let columns = table.columns.list.iter();
    columns
        .filter(|column| column.place.is_some())
        .map(|column| {
            let lists = "[]".repeat(column.dimensions.into());
            let null = if column.nullable { "?" } else { "" };
            format!("{}: {:?}{lists}{null}", column.name, column.kind)
        })
        .collect()
}

/// The same of a table of Postgres with these columns, below these declarations.
#[track_caller]
fn of_postgres(before: &str, columns: &str) -> Vec<String> {
    types(&format!(
        "//- quickback/features/t.ts
import {{ bigserial, integer, pgEnum, pgSchema, pgTable, serial, text, timestamp, uuid, varchar }} from 'drizzle-orm/pg-core';
{before}
export const t = pgTable('t', {{ {columns} }});
"
    ))
}

#[test]
fn lists_of_lists_are_counted() {
    let found = of_postgres(
        "",
        "a: integer('a').array(), b: integer('b').array(3).array(3).notNull(), \
         c: integer('c').array('[][][]'), d: text('d').notNull()",
    );
    assert_eq!(
        found,
        [
            "a: Integer[]?",
            "b: Integer[][]",
            "c: Integer[][][]?",
            "d: Text"
        ]
    );
}

#[test]
fn an_enum_of_postgres_is_called_by_its_own_name() {
    let found = of_postgres(
        "const MOODS = ['sad', 'ok'] as const;
export const moodEnum = pgEnum('mood', MOODS);
enum Size { Small = 's', Large = 'l' }
const size = pgEnum('size', Size);
const shop = pgSchema('shop');
const state = shop.enum('state', ['open']);
const loose = pgEnum('loose', Object.values(unknown));",
        "a: moodEnum('a').notNull(), b: moodEnum('b').array(), c: moodEnum().notNull(), \
         d: size('d').notNull(), e: state('e').notNull(), f: loose('f')",
    );
    assert_eq!(
        found,
        [
            r#"a: Enum(["sad", "ok"])"#,
            r#"b: Enum(["sad", "ok"])[]?"#,
            r#"c: Enum(["sad", "ok"])"#,
            r#"d: Enum(["s", "l"])"#,
            r#"e: Enum(["open"])"#,
            "f: Text?",
        ]
    );
}

#[test]
fn an_enum_is_followed_through_files() {
    let found = types(
        "//- quickback/features/enums.ts
import { pgEnum as pe } from 'drizzle-orm/pg-core';
export const mood = pe('mood', ['sad']);
//- quickback/features/t.ts
import { pgTable } from 'drizzle-orm/pg-core';
import * as enums from './enums';
import { mood as feeling } from './enums';
export const t = pgTable('t', { a: enums.mood('a'), b: feeling('b') });
",
    );
    assert_eq!(found, [r#"a: Enum(["sad"])?"#, r#"b: Enum(["sad"])?"#]);
}

#[test]
fn what_else_makes_builders_is_not_known() {
    let found = of_postgres(
        "const vector = customType({ dataType: () => 'vector' });
const own = make('x', ['a', 'b']);
const loop = loop('x');
const changed = pgEnum('mood', ['a']).more();",
        "a: vector('a'), b: own('b'), c: loop('c'), d: changed('d')",
    );
    assert!(
        found.iter().all(|column| column.ends_with(": Unknown?")),
        "{found:?}"
    );
}

#[test]
fn an_id_of_the_database_is_no_uuid() {
    let found = of_postgres("", "a: uuid('a').primaryKey(), b: varchar('b')");
    assert_eq!(found, ["a: Uuid", "b: Text?"]);
    let found = types(
        "//- quickback/features/t.ts
import { q } from '@quickback/compiler';
export const t = q.table('t', { id: q.id(), other: q.id().optional() });
",
    );
    assert_eq!(found, ["id: Id", "other: Id?"]);
}

#[test]
fn a_column_whose_mode_is_not_known_is_of_no_known_type() {
    let of = |before: &str, columns: &str| {
        types(&format!(
            "//- quickback/features/t.ts
import {{ blob, integer, numeric, sqliteTable, text, real }} from 'drizzle-orm/sqlite-core';
{before}
export const t = sqliteTable('t', {{ {columns} }});
"
        ))
    };
    let found = of(
        "const OF = { mode: 'boolean' } as const; const MODE = 'json';",
        "a: integer('a', OF).notNull(), b: text({ mode: MODE }), c: integer(), d: text('d', {})",
    );
    assert_eq!(found, ["a: Boolean", "b: Json?", "c: Integer?", "d: Text?"]);
    for options in [
        "options()",
        "{ mode: mode() }",
        "{ ...OPTIONS }",
        "OPTIONS",
        "{ [KEY]: 'json' }",
        "...all",
    ] {
        let of = |columns: &str| {
            of(
                "const OPTIONS = { mode: 'json' }; OPTIONS.mode = 'text';",
                columns,
            )
        };
        let found = of(&format!(
            "a: integer('a', {options}).notNull(), b: text({options}), c: blob('c', {options}), d: real('d', {options}), e: numeric(name(), {options})"
        ));
        assert_eq!(
            found,
            [
                "a: Unknown",
                "b: Unknown?",
                "c: Unknown?",
                "d: Real?",
                "e: Unknown?"
            ],
            "{options}"
        );
    }
    // What the database calls it is no matter.
    assert_eq!(
        of("", "a: integer(name(), { mode: 'boolean' })"),
        ["a: Boolean?"]
    );
}

#[test]
fn null_is_no_value_only_where_that_is_said() {
    let found = of_postgres(
        "",
        "a: serial('a'), b: bigserial('b', { mode: 'number' }), \
         c: integer('c').generatedAlwaysAsIdentity(), d: integer('d').default(1), \
         e: timestamp('e').notNull()",
    );
    assert_eq!(
        found,
        [
            "a: Integer",
            "b: Integer",
            "c: Integer",
            "d: Integer?",
            "e: Timestamp"
        ]
    );
    let found = types(
        "//- quickback/features/t.ts
import { q } from '@quickback/compiler';
export const t = q.table('t', {
  a: q.text(), b: q.text().required(), c: q.text().optional(), d: q.scope('organization'),
});
",
    );
    assert_eq!(
        found,
        ["a: Text?", "b: Text", "c: Text?", "d: Organization"]
    );
}

#[test]
fn a_function_of_the_project_makes_what_it_returns_whatever_it_is_called() {
    const MADE: &str = "import { boolean as bool, customType } from 'drizzle-orm/pg-core';
const timestamp2 = (name: string) => text(name).notNull();
const boolean = (name: string) => varchar(name, { length: 9 });
const flag = (name: string) => bool(name).notNull().default(false);
const twice = (name: string) => flag(name);
const onOff = (name: string) => integer(name, { mode: 'boolean' });
const date = (name: string) => { log(name); return bool(name); };
const real = customType<{ data: string }>({ dataType: () => 'text' });
const circle = (name: string) => circle(name);
";
    assert_eq!(
        of_postgres(
            MADE,
            "a: timestamp2('a'), b: boolean('b'), c: flag('c'), d: twice('d'), e: onOff('e'), \
             f: date('f'), g: real('g').notNull(), h: circle('h'), i: flag('i').array()"
        ),
        [
            "a: Unknown",
            "b: Text?",
            "c: Boolean",
            "d: Boolean",
            "e: Boolean?",
            "f: Unknown?",
            "g: Unknown",
            "h: Unknown?",
            "i: Boolean[]"
        ]
    );
}
