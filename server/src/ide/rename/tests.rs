mod reach;
mod refused;
mod settings;

use std::collections::BTreeMap;

use insta::assert_snapshot;

use super::{Renaming, prepare};
use crate::diagnostic::Edit;
use crate::ide::testing::{NEWSDESK, at_cursor};
use crate::project::Project;
use crate::rules::testing::{Fixture, apply};
use crate::span::FileId;

/// A renaming that is waited for.
fn rename(
    project: &Project,
    file: FileId,
    offset: u32,
    name: &str,
) -> Result<Option<Renaming>, String> {
    super::rename(project, file, offset, name, &|| true)
}

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
    changed_lines(&at.fixture, &renaming.edits)
}

/// The lines that edits change, as `file: line`.
fn changed_lines(fixture: &Fixture, edits: &[Edit]) -> String {
    let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
    for edit in edits {
        by_file.entry(edit.place.file).or_default().push(edit);
    }
    let mut lines = Vec::new();
    for (file, edits) in by_file {
        let path = fixture.project.relative(file);
        let text = &fixture.files[&path];
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
    assert_snapshot!(renamed("realtime.insert('stories'", "realtime.insert('sto$0ries'", "delete"), @"`delete` cannot be the name of a table object: it is a word of JavaScript's own.");
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
    let chosen = with("targetRoles: ['desk']", "targetRoles: vip ? ['desk'] : []");
    let text = chosen.replace("requiredRoles: ['desk+'", "requiredRoles: ['de$0sk+'");
    assert_snapshot!(renamed_at(&text, "night"), @"A list of roles in quickback/features/stories/handlers/publish.ts cannot be resolved, so `desk` might be missed there.");
}

/// Two tables that share a constant, a namespace, and more files.
fn newsroom(more: &str) -> String {
    format!(
        r#"
//- quickback/quickback.config.ts
export default {{ auth: {{ roleHierarchy: ['member', 'admin', 'owner'] }} }};
//- quickback/services/realtime/alerts.ts
import {{ defineRealtime }} from '@quickback/compiler';
export default defineRealtime({{ name: 'alerts', events: ['raised', 'cleared'] }});
//- quickback/schema.ts
import {{ sqliteTable, text }} from 'drizzle-orm/sqlite-core';
export const claims = sqliteTable('claims', {{ id: text('id'), title: text('title') }});
//- quickback/features/claims.ts
import {{ defineTable }} from '@quickback/compiler';
import {{ claims }} from '../schema';
export default defineTable(claims, {{ realtime: {{ enabled: true, fields: ['id', 'title'] }} }});
{more}"#
    )
}

/// What a renaming of what `marked` marks makes of the files in `more`.
#[track_caller]
fn renamed_with(more: &str, marked: &str, name: &str) -> String {
    let text = newsroom(more);
    let plain = marked.replace("$0", "");
    assert_eq!(text.matches(&plain).count(), 1, "{plain}");
    renamed_at(&text.replace(&plain, marked), name)
}

/// The lines that change, as `file: line`, or why nothing does.
fn renamed_at(marked: &str, name: &str) -> String {
    let at = at_cursor(marked);
    let project = &at.fixture.project;
    for path in at.fixture.files.keys() {
        project.add_member(&project.root().join(path));
    }
    let renaming = match rename(project, at.file, at.offset, name) {
        Ok(Some(renaming)) => renaming,
        Ok(None) => return "nothing".to_owned(),
        Err(why) => return why,
    };
    changed_lines(&at.fixture, &renaming.edits)
}

const CLAIMS: &str = "export const cla$0ims = sqliteTable";

#[test]
fn a_constant_of_several_tables_is_not_rewritten_for_one() {
    let more = "
//- quickback/shared.ts
export const MASK = { notes: { type: 'redact' } } as const;
//- quickback/features/a.ts
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
import { MASK } from '../shared';
export const alpha = sqliteTable('alpha', { id: text('id'), notes: text('a_notes') });
export default defineTable(alpha, { masking: MASK, realtime: { enabled: true, fields: ['id', 'notes'] } });
//- quickback/features/b.ts
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { defineTable } from '@quickback/compiler';
import { MASK } from '../shared';
export const beta = sqliteTable('beta', { id: text('id'), notes: text('b_notes') });
export default defineTable(beta, { masking: MASK, realtime: { enabled: true, fields: ['id', 'notes'] } });
";
    assert_snapshot!(renamed_with(more, "no$0tes: text('a_notes')", "remarks"), @r#"The text in quickback/shared.ts that names the column `notes` of "alpha" names the column `notes` of "beta" too: it is a constant that several definitions take up. Give each of them a text of its own first."#);
    assert_snapshot!(renamed_with(more, "no$0tes: { type", "remarks"), @"This text names 2 different things: it is a constant that several definitions take up. Rename each of them where it is declared, after giving it a text of its own.");
    let own = more.replace(
        "masking: MASK, realtime: { enabled: true, fields: ['id', 'notes'] } });\n//-",
        "realtime: { enabled: true, fields: ['id', 'notes'] } });\n//-",
    );
    assert_snapshot!(renamed_with(&own, "no$0tes: text('a_notes')", "remarks"), @r"
    a.ts: export const alpha = sqliteTable('alpha', { id: text('id'), remarks: text('a_notes') });
    a.ts: export default defineTable(alpha, { realtime: { enabled: true, fields: ['id', 'remarks'] } });
    ");
    // Of a table that nobody names the same column of, the constant changes with it.
    let only = own
        .replace("b_notes", "c_notes")
        .replace("alpha, {", "alpha, { masking: MASK,")
        .replace("beta, { masking: MASK,", "beta, {");
    assert_snapshot!(renamed_with(&only, "no$0tes: text('a_notes')", "remarks"), @r"
    a.ts: export const alpha = sqliteTable('alpha', { id: text('id'), remarks: text('a_notes') });
    a.ts: export default defineTable(alpha, { masking: MASK, realtime: { enabled: true, fields: ['id', 'remarks'] } });
    shared.ts: export const MASK = { remarks: { type: 'redact' } } as const;
    ");
}

#[test]
fn a_table_where_it_is_used() {
    let more = "
//- src/a.ts
export { claims as default } from '../quickback/schema';
//- src/b.ts
import dflt, { claims } from '../quickback/schema';
import type { claims as T0 } from '../quickback/schema';
import { type claims as T1 } from '../quickback/schema';
export const used = [dflt, claims, { claims }, { claims: claims }];
//- src/c.tsx
import { claims } from '../quickback/schema';
export const X = () => <Table claims={claims} {...{claims}}>{claims.title} claims <claims/></Table>;
//- src/d.ts
import * as schema from '../quickback/schema';
import alias = schema.claims;
const { claims } = schema;
const { claims: c } = schema;
const { claims: loaded } = await import('../quickback/schema');
export const used: typeof schema.claims = [claims, c, loaded, schema['claims'], (await import('../quickback/schema')).claims];
//- src/e.ts
export { claims } from '../quickback/schema';
export * from './a';
//- src/f.ts
import { claims } from './e';
import byDefault from './a';
export { claims, claims as others };
export const used = [claims, byDefault];
//- src/g.cjs
const { claims } = require('../quickback/schema');
module.exports = { claims };
";
    assert_snapshot!(renamed_with(more, CLAIMS, "cases"), @r"
    claims.ts: import { cases } from '../schema';
    claims.ts: export default defineTable(cases, { realtime: { enabled: true, fields: ['id', 'title'] } });
    schema.ts: export const cases = sqliteTable('claims', { id: text('id'), title: text('title') });
    a.ts: export { cases as default } from '../quickback/schema';
    b.ts: import dflt, { cases } from '../quickback/schema';
    b.ts: import type { cases as T0 } from '../quickback/schema';
    b.ts: import { type cases as T1 } from '../quickback/schema';
    b.ts: export const used = [dflt, cases, { claims: cases }, { claims: cases }];
    c.tsx: import { cases } from '../quickback/schema';
    c.tsx: export const X = () => <Table claims={cases} {...{claims: cases}}>{cases.title} claims <claims/></Table>;
    d.ts: import alias = schema.cases;
    d.ts: const { cases: claims } = schema;
    d.ts: const { cases: c } = schema;
    d.ts: const { cases: loaded } = await import('../quickback/schema');
    d.ts: export const used: typeof schema.cases = [claims, c, loaded, schema['cases'], (await import('../quickback/schema')).cases];
    e.ts: export { cases } from '../quickback/schema';
    f.ts: import { cases } from './e';
    f.ts: export { cases, cases as others };
    f.ts: export const used = [cases, byDefault];
    g.cjs: const { cases: claims } = require('../quickback/schema');
    ");
}

#[test]
fn what_is_only_called_like_a_table_stays() {
    let more = "
//- src/a.ts
import { claims } from '../quickback/schema';
declare const schema: { claims: number };
const { claims: c2 } = schema;
class A { claims = 1; m() { return this.claims + claims.title; } }
interface I { claims: string; of(claims: string): void }
enum E { claims }
type F = (claims: number) => void;
type T = [claims: string, claims?: string] | { [claims: string]: number };
function g({ claims: z }: I) { return z; }
function h(claims: string) { return claims; }
const i = ({ claims }: I) => claims;
const j = function claims() { return claims; };
function k() { const claims = 1; return { claims }; }
claims: for (;;) break claims;
export const tables = { claims };
export const used = [tables.claims, 'claims', `claims ${claims}`, db.query.claims];
//- src/b.ts
import claims from './own';
export const used = claims;
//- src/c.ts
import { tables } from './a';
const { claims } = tables;
export { claims };
//- src/d.ts
import { claims } from './c';
export const used = claims;
";
    assert_snapshot!(renamed_with(more, CLAIMS, "cases"), @r"
    claims.ts: import { cases } from '../schema';
    claims.ts: export default defineTable(cases, { realtime: { enabled: true, fields: ['id', 'title'] } });
    schema.ts: export const cases = sqliteTable('claims', { id: text('id'), title: text('title') });
    a.ts: import { cases } from '../quickback/schema';
    a.ts: class A { claims = 1; m() { return this.claims + cases.title; } }
    a.ts: export const tables = { claims: cases };
    a.ts: export const used = [tables.claims, 'claims', `claims ${cases}`, db.query.claims];
    ");
}

#[test]
fn a_table_that_a_file_calls_by_a_name_of_its_own() {
    let more = "
//- quickback/default.ts
export { claims as default } from './schema';
";
    let text = newsroom(more)
        .replace(
            "import { claims } from '../schema'",
            "import claims from '../default'",
        )
        .replace("const claims", "const cla$0ims");
    assert_snapshot!(renamed_at(&text, "cases"), @r"
    default.ts: export { cases as default } from './schema';
    schema.ts: export const cases = sqliteTable('claims', { id: text('id'), title: text('title') });
    ");
}

#[test]
fn a_table_whose_uses_cannot_be_told() {
    let broken = "
//- src/a.ts
import { claims } from '../quickback/schema';
export const used = [claims, ;
";
    assert_snapshot!(renamed_with(broken, CLAIMS, "cases"), @"src/a.ts does not parse, so `claims` might be missed there.");
    assert_snapshot!(renamed_with(broken, "tit$0le: text", "headline"), @r"
    claims.ts: export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'headline'] } });
    schema.ts: export const claims = sqliteTable('claims', { id: text('id'), headline: text('title') });
    ");
    let other = "
//- src/a.ts
// claims
export const used = ['claims', ;
";
    assert_snapshot!(renamed_with(other, CLAIMS, "cases"), @r"
    claims.ts: import { cases } from '../schema';
    claims.ts: export default defineTable(cases, { realtime: { enabled: true, fields: ['id', 'title'] } });
    schema.ts: export const cases = sqliteTable('claims', { id: text('id'), title: text('title') });
    ");
    let typed = "
//- src/a.ts
import { claims } from '../quickback/schema';
export const used: claims = claims;
";
    assert_snapshot!(renamed_with(typed, CLAIMS, "cases"), @"`claims` is the name of a type too in src/a.ts, which would have to be told from the table there.");
}

#[test]
fn a_column_where_it_is_used() {
    let more = "
//- src/a.tsx
import { claims } from '../quickback/schema';
import * as schema from '../quickback/schema';
const { title } = claims;
const { title: own = 1 } = schema.claims, f = ({ title = 2 } = claims) => title;
export const X = () => <T a={claims.title} b={claims?.title} title={1}>{claims['title']} claims.title</T>;
function g(claims: { title: string }) { return claims.title; }
";
    assert_snapshot!(renamed_with(more, "tit$0le: text", "headline"), @r"
    claims.ts: export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'headline'] } });
    schema.ts: export const claims = sqliteTable('claims', { id: text('id'), headline: text('title') });
    a.tsx: const { headline: title } = claims;
    a.tsx: const { headline: own = 1 } = schema.claims, f = ({ headline: title = 2 } = claims) => title;
    a.tsx: export const X = () => <T a={claims.headline} b={claims?.headline} title={1}>{claims['headline']} claims.title</T>;
    ");
    let text = newsroom("").replace(
        "title: text('title') }",
        "ti$0tle: text('title') }, ({ id, title }) => [primaryKey({ columns: [id, title] })]",
    );
    assert_snapshot!(renamed_at(&text, "headline"), @r"
    claims.ts: export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'headline'] } });
    schema.ts: export const claims = sqliteTable('claims', { id: text('id'), headline: text('title') }, ({ id, headline: title }) => [primaryKey({ columns: [id, title] })]);
    ");
}

#[test]
fn names_that_are_key_and_value_at_once() {
    let shorthand = newsroom("").replace(
        "export const claims = sqliteTable('claims', { id: text('id'), title: text('title') })",
        "const title = text('title');\nexport const claims = sqliteTable('claims', { id: text('id'), ti$0tle })",
    );
    assert_snapshot!(renamed_at(&shorthand, "headline"), @r"
    claims.ts: export default defineTable(claims, { realtime: { enabled: true, fields: ['id', 'headline'] } });
    schema.ts: export const claims = sqliteTable('claims', { id: text('id'), headline: title });
    ");
    let feature = "
//- quickback/features/tips.ts
import { feature, q } from '@quickback/compiler';
const text = q.text();
export default feature('tips', { columns: { id: q.id(), text }, guards: { createable: ['text'] }, realtime: { enabled: true, fields: ['id', 'text'] } });
";
    assert_snapshot!(renamed_with(feature, "fields: ['id', 'te$0xt'", "body"), @"tips.ts: export default feature('tips', { columns: { id: q.id(), body: text }, guards: { createable: ['body'] }, realtime: { enabled: true, fields: ['id', 'body'] } });");
    let calls = "
//- src/a.ts
import { createRealtime } from './lib/realtime';
export async function f(ctx) {
  const realtime = createRealtime(ctx.env);
  const { alerts } = realtime;
  await alerts.raised({}, ctx.org);
  const { alerts: others } = realtime;
  await others.raised({}, ctx.org);
  const { raised } = realtime.alerts;
  await raised({}, ctx.org);
}
";
    assert_snapshot!(renamed_with(calls, "name: 'ale$0rts'", "alarms"), @r"
    alerts.ts: export default defineRealtime({ name: 'alarms', events: ['raised', 'cleared'] });
    a.ts: const { alarms: alerts } = realtime;
    a.ts: const { alarms: others } = realtime;
    a.ts: const { raised } = realtime.alarms;
    ");
    assert_snapshot!(renamed_with(calls, "events: ['rai$0sed'", "sounded"), @r"
    alerts.ts: export default defineRealtime({ name: 'alerts', events: ['sounded', 'cleared'] });
    a.ts: await alerts.sounded({}, ctx.org);
    a.ts: await others.sounded({}, ctx.org);
    a.ts: const { sounded: raised } = realtime.alerts;
    ");
}

#[test]
fn a_table_that_no_const_of_the_project_names() {
    let key = "
//- quickback/features/pets.ts
import { defineTable } from '@quickback/compiler';
import { sqliteTable, text } from 'drizzle-orm/sqlite-core';
const tables = { pets: sqliteTable('pets', { id: text('id') }) };
export default defineTable(tables.pets, { realtime: { enabled: true, fields: ['id'] } });
";
    let renamed = renamed_with(key, "{ pe$0ts:", "animals");
    assert_snapshot!(renamed, @"`pets` is a key of an object of tables, and what takes it from there might be missed.");
    let foreign = "
//- quickback/features/pets.ts
import { defineTable } from '@quickback/compiler';
import { pets } from '@acme/db';
export default defineTable(pets, { realtime: { enabled: true, fields: ['id'] } });
";
    let renamed = renamed_with(foreign, "import { pe$0ts }", "animals");
    assert_snapshot!(renamed, @"`pets` is declared where this project cannot read it. Change it there first.");
}
