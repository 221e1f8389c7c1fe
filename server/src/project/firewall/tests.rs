//! Whom a table's records belong to, as its columns and its firewall say it.

use super::super::model::{Organization, Owner, Table};
use crate::rules::testing::fixture;

const NAMES: &str = "//- quickback/features/t.ts
import { defineTable, feature, q } from '@quickback/compiler';
import { integer, pgTable, sqliteTable, text, vector } from 'drizzle-orm/sqlite-core';
import { KEY, OWNED, SCOPE, column, ownedBy } from '@acme/fw';
import * as own from '../lib/columns';
import { KINDS, PLAIN, PLAIN_COLUMNS, by, cents, changed, chosen, cuid, maybe, mine, owned, owner, ownership, price, same, scoped, tenant, theirs, vec, withDefault } from '../lib/columns';
const { text: qtext } = q;
const money = customType({ dataType: () => 'numeric' });
const mood = pgEnum('mood', ['sad', 'ok']);
const made = ownedBy('x');
";

/// Helpers of the project's own.
const HELPERS: &str = "//- quickback/lib/columns.ts
import { q } from '@quickback/compiler';
import { customType, text } from 'drizzle-orm/sqlite-core';
import { ownedByOthers } from '@acme/fw';
export const shop = pgSchema('shop');
export const tenant = (opts: { index?: boolean } = {}) => q.scope('organization');
export const owner = (required = true) => q.scope('owner');
export const scoped = (kind) => q.scope(kind);
export function ownership(required = true) { const c = q.scope('owner'); return required ? c.required() : c; }
export const cuid = (name = 'id') => text(name).primaryKey().$defaultFn(() => make());
export const cents = (name) => amount(name);
const amount = (name) => q.int();
export const same = (c) => c.required();
export const by = (c, kind) => c[kind];
export const withDefault = (c, d) => c.default(d);
export const PLAIN = { money: (n: string) => q.int(), flag: () => q.boolean() };
export const KINDS = { mine: (n) => KINDS.theirs(n), theirs: (n) => q.scope('owner').required(n) };
export function price(n) { const c = q.int(); return c; }
export const maybe = (n, opt = false) => opt ? q.int().optional() : q.int();
export const vec = (n) => customType<{ data: number[] }>({ dataType: () => 'x' })(n);
const { scope: whose } = q;
export const mine = (n) => whose(n ?? 'owner');
export const theirs = (n) => { return ownedByOthers(n); };
let current = q.text();
export const chosen = (n) => current;
export function choose(c) { current = c; }
export const changed = { of: () => q.text() };
changed.of = choose;
export const PLAIN_COLUMNS = { note: q.text() };
export const owned = q.scope(process.env.KIND);
export const round = (name) => round(name);
";

/// The table of a definition.
#[track_caller]
fn table(definition: &str) -> std::sync::Arc<Table> {
    let fixture = fixture(&format!("{NAMES}{definition}\n{HELPERS}"));
    let model = fixture
        .project
        .model(fixture.file("quickback/features/t.ts"));
    let [table] = model.tables.as_slice() else {
        panic!("one table is defined: {definition}");
    };
    std::sync::Arc::clone(table)
}

/// The owner of a table with columns of Quickback's.
#[track_caller]
fn owner_of(columns: &str, options: &str) -> Owner {
    let definition = format!(
        "export default feature('t', {{ columns: {{ id: q.id(), {columns} }}, {options} }});"
    );
    table(&definition).owner.clone()
}

/// The owner of a table with columns of drizzle's.
#[track_caller]
fn owner_of_drizzle(columns: &str) -> Owner {
    let definition = format!(
        "export const t = sqliteTable('t', {{ id: text('id').primaryKey(), {columns} }});
export default defineTable(t, {{ firewall: {{ organization: {{}} }} }});"
    );
    table(&definition).owner.clone()
}

fn column(name: &str) -> Owner {
    Owner::Column(name.to_owned())
}

#[test]
fn an_owner_whose_column_the_firewall_does_not_say_is_not_guessed() {
    for firewall in [
        "{ owner: { ...OWNED } }",
        "{ owner: { column: 'userId' }, ...OWNED }",
        "{ owner: { column: 'userId', ...OWNED } }",
        "{ owner: { column: 'userId', [KEY]: 'authorId' } }",
        "{ owner: { [KEY]: 'authorId' } }",
        "{ owner: { column: KEY } }",
        "{ owner: { get column() { return 'authorId'; } } }",
        "{ owner: OWNED }",
        "{ owner: [OWNED] }",
        "{ owner: () => 'authorId' }",
        "{ owner: 'authorId' }",
        "{ ...OWNED }",
        "{ [KEY]: { column: 'authorId' } }",
        "OWNED",
        "ownedBy('authorId')",
        "(context) => ownedBy(context, 'authorId')",
        "(context) => ({ ...context, owner: {}, ...OWNED })",
        "(column) => ({ owner: { column } })",
        "() => { if (KEY) return { owner: { column: 'authorId' } }; return {}; }",
        "() => () => ({ owner: { column: 'authorId' } })",
    ] {
        let found = owner_of(
            "authorId: q.text(), userId: q.text()",
            &format!("firewall: {firewall}"),
        );
        assert_eq!(found, Owner::Unknown, "{firewall}");
    }
}

#[test]
fn an_owner_whose_column_the_firewall_says_is_known() {
    for firewall in [
        "{ owner: { column: 'authorId' } }",
        "{ ...OWNED, owner: { column: 'authorId' } }",
        "{ owner: { ...OWNED, column: 'authorId' } }",
        "{ organization: {}, owner: { column: 'authorId', mode: OWNED } }",
        "() => ({ owner: { column: 'authorId' } })",
    ] {
        let firewall = format!("firewall: {firewall}");
        for columns in [
            "authorId: q.text(), userId: q.text()",
            "authorId: column(), userId: q.text(), ...PLAIN_COLUMNS",
        ] {
            let found = owner_of(columns, &firewall);
            assert_eq!(found, column("authorId"), "{firewall}, {columns}");
        }
        // A scope among the others goes before it.
        for columns in ["b: ownership()", "b: column()", "...OWNED"] {
            let columns = format!("authorId: q.text(), {columns}");
            assert_eq!(owner_of(&columns, &firewall), Owner::Unknown, "{columns}");
        }
    }
}

#[test]
fn the_firewall_names_the_owner_of_a_table_of_drizzle_s_whatever_its_columns_are() {
    let of = |made: &str| {
        let definition = format!(
            "export const t = {made};
export default defineTable(t, {{ firewall: {{ organization: {{}}, owner: {{ column: 'authorId' }} }} }});"
        );
        table(&definition).owner.clone()
    };
    for made in [
        "sqliteTable('t', { authorId: text('a'), ...OWNED })",
        "sqliteTable('t', { authorId: text('a'), b: column() })",
        "sqliteTable('t', OWNED)",
        "pgSchema('shop').table('t', ownedBy({ authorId: text('a') }))",
    ] {
        assert_eq!(of(made), column("authorId"), "{made}");
    }
    for made in [
        "q.table('t', ownedBy({ authorId: q.text() }))",
        "q.table('t', OWNED)",
        "q.table('t', { authorId: q.text(), ...OWNED })",
        "ownedBy('t', { authorId: q.text() })",
        "sqliteTable('t', { authorId: text('a'), ...OWNED, note: q.text() })",
    ] {
        assert_eq!(of(made), Owner::Unknown, "{made}");
    }
    assert_eq!(
        of("q.table('t', { authorId: q.text(), userId: q.scope('owner'), ...OWNED })"),
        column("userId")
    );
}

#[test]
fn a_column_of_a_usual_name_is_the_owner_s_where_nothing_says_another() {
    for firewall in [
        "{ organization: {} }",
        "{ owner: {} }",
        "{ owner: true }",
        "{ owner: undefined }",
        "{ ...OWNED, owner: { mode: 'optional' } }",
        "{ owner: { column: undefined } }",
        // A list holds predicates, and they name no owner.
        "[{ field: 'organizationId', equals: 'ctx.activeOrgId' }]",
        "(ctx) => [{ field: 'organizationId', equals: ctx.activeOrgId }]",
        "function (ctx) { return [{ field: 'organizationId', equals: ctx.activeOrgId }]; }",
        "() => ({ organization: {} })",
        "undefined",
    ] {
        let found = owner_of(
            "authorId: q.text(), userId: q.text()",
            &format!("firewall: {firewall}"),
        );
        assert_eq!(found, column("userId"), "{firewall}");
    }
    assert_eq!(owner_of("userId: q.text()", ""), column("userId"));
    assert_eq!(
        owner_of("userId: q.text(), ownerId: q.text()", ""),
        column("ownerId")
    );
    assert_eq!(owner_of("title: q.text()", ""), Owner::None);
}

#[test]
fn a_column_that_may_be_the_owner_s_makes_the_owner_unknown() {
    for maker in [
        "column()",
        "column().required()",
        "OWNED.col",
        "OWNED.col()",
        "q.scope(SCOPE)",
        "q.scope(SCOPE ? 'owner' : 'team')",
        "q.scope(...SCOPE)",
        "q.scope()",
        "scoped('owner')",
        "ownership()",
        "own.ownership()",
        "made('x')",
        "undeclared",
        "same(undeclared)",
        "undeclared('x')",
        "undeclared.of('x')",
        "same(undeclared<string>('x'))",
        // What a plain helper is given may be one.
        "same(q.scope('owner'))",
        "same(owned)",
        "same(column())",
        "same(OWNED)",
        "by(q, 'scope')('owner')",
        "by(q, SCOPE)('owner')",
        "KINDS.mine('x')",
        "KINDS.theirs('x')",
        "mine()",
        "theirs()",
        "chosen()",
        "changed.of()",
        "own.KINDS.mine('x')",
        "SCOPE ? q.scope('owner') : q.text()",
    ] {
        for columns in [
            format!("authorId: {maker}, userId: q.text()"),
            format!("authorId: {maker}"),
            format!("userId: {maker}, ownerId: q.text()"),
        ] {
            assert_eq!(owner_of(&columns, ""), Owner::Unknown, "{columns}");
        }
        // Whichever holds, it is that column.
        let columns = format!("userId: {maker}, title: q.text()");
        assert_eq!(owner_of(&columns, ""), column("userId"), "{columns}");
        // One that says so is the owner's, whatever others may be.
        let columns = format!("a: {maker}, authorId: q.scope('owner'), userId: q.text()");
        assert_eq!(owner_of(&columns, ""), column("authorId"), "{columns}");
    }
}

#[test]
fn a_helper_whose_result_is_plain_is_followed() {
    for maker in ["owner()", "owner(false)", "own.owner().required()"] {
        let columns = format!("authorId: {maker}, userId: q.text()");
        assert_eq!(owner_of(&columns, ""), column("authorId"), "{columns}");
    }
    for maker in [
        "tenant()",
        "tenant({ index: true })",
        "cuid()",
        "cuid('x').notNull()",
        "own.cents('x')",
        "q.text().references(() => users.id)",
        "q.scope('team')",
        "text('x').references(() => users.id)",
        "vector('x', { dimensions: 3 })",
        "money('x')",
        "mood('x')",
        "own.round('x')",
        "same(q.text())",
        "same(text('x')).notNull()",
        "own.same(q.text())",
        "withDefault(q.int(), 3)",
        "PLAIN.money('x')",
        "PLAIN.flag()",
        "own.PLAIN.money('x')",
        "price('x')",
        "maybe('x')",
        "maybe('x', true)",
        "vec('x')",
        "qtext()",
    ] {
        let columns = format!("a: {maker}, userId: q.text()");
        assert_eq!(owner_of(&columns, ""), column("userId"), "{columns}");
    }
}

#[test]
fn what_makes_columns_of_drizzle_s_makes_no_scopes() {
    for columns in [
        "a: column(), userId: text('user_id')",
        "a: cuid(), b: cents('b'), userId: text('user_id').references(() => users.id)",
        "a: OWNED.col, userId: text('user_id')",
        "a: customType({ dataType: () => 'x' })('a'), userId: text('user_id')",
    ] {
        assert_eq!(owner_of_drizzle(columns), column("userId"), "{columns}");
    }
    // But they may be mixed, where that is seen.
    for columns in [
        "a: column(), b: q.text(), userId: text('user_id')",
        "a: scoped('owner'), userId: text('user_id')",
        "a: q.scope(SCOPE), userId: text('user_id')",
        "...OWNED, userId: text('user_id')",
    ] {
        assert_eq!(owner_of_drizzle(columns), Owner::Unknown, "{columns}");
    }
    for declared in [
        "const shop = pgSchema('shop'); export const t = shop.table",
        "import { shop } from '../lib/columns'; export const t = shop.table",
        "import * as lib from '../lib/columns'; export const t = lib.shop.table",
        "export const t = pgSchema('shop').table",
        "export const t = pgTable.withRLS",
        "const make = pgTableCreator((name) => name); export const t = make",
        "const shop = pgSchema('shop'); const make = shop.table; export const t = make",
    ] {
        let of = |columns: &str| {
            let definition = format!(
                "{declared}('t', {{ id: text('id').primaryKey(), {columns} }});
export default defineTable(t, {{ firewall: {{ organization: {{}} }} }});"
            );
            table(&definition).owner.clone()
        };
        let found = of("a: column(), userId: text('user_id')");
        assert_eq!(found, column("userId"), "{declared}");
        let found = of("a: q.scope(SCOPE), userId: text('user_id')");
        assert_eq!(found, Owner::Unknown, "{declared}");
    }
    // These may be Quickback's under another name.
    for declared in [
        "const b = q; export const t = b.table",
        "export const t = OWNED.table",
        "const make = q.table; export const t = make",
    ] {
        let definition = format!(
            "{declared}('t', {{ id: text('id').primaryKey(), a: column(), userId: text('user_id') }});
export default defineTable(t, {{ firewall: {{ organization: {{}} }} }});"
        );
        assert_eq!(table(&definition).owner, Owner::Unknown, "{declared}");
    }
    assert_eq!(
        owner_of_drizzle("authorId: owner(), userId: text('user_id')"),
        column("authorId")
    );
}

#[test]
fn a_column_that_may_be_the_organization_s_makes_that_unknown() {
    let of = |columns: &str| {
        let definition = format!(
            "export default feature('t', {{ columns: {{ id: q.id(), {columns} }}, realtime: {{ enabled: true }} }});"
        );
        table(&definition).organization
    };
    for columns in ["tenantId: column()", "tenantId: q.scope(SCOPE)"] {
        assert_eq!(of(columns), Organization::Unknown, "{columns}");
    }
    for columns in ["tenantId: tenant()", "tenantId: tenant({ index: true })"] {
        assert_eq!(of(columns), Organization::Present, "{columns}");
    }
    for columns in ["a: cuid()", "a: q.text()", "a: q.scope('team')"] {
        assert_eq!(of(columns), Organization::Missing, "{columns}");
    }
    assert_eq!(of("a: owner()"), Organization::OwnerScoped);
}
