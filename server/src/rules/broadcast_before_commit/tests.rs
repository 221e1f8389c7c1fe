use crate::rules::testing::check;

const FILES: &str = "\
//- quickback/features/claims.ts
import { defineTable, feature, q } from '@quickback/compiler';
export const claims = q.table('claims', { id: q.id(), orgId: q.scope('organization') });
export const notes = q.table('notes', { id: q.id() });
export default defineTable(claims, { realtime: { enabled: true, fields: ['id'] } });
//- quickback/features/tips.ts
import { feature, q } from '@quickback/compiler';
export default feature('tips', { columns: { id: q.id(), orgId: q.scope('organization') }, realtime: { enabled: true, fields: ['id'] } });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
import { claims, claims as t, notes } from '../quickback/features/claims';
import tips from '../quickback/features/tips';
import * as features from '../quickback/features/claims';
import { claims as compiled } from '../schema';
import * as schema from '../schema';
export const run = async (env, db, ctx, org, id, ids, x) => {
  const realtime = createRealtime(env);
";

#[track_caller]
fn body(body: &str) {
    check(
        &(FILES.to_owned() + body + "};\n"),
        "broadcast-before-commit",
    );
}

/// Checks that the first `realtime.*` of a body is reported, and nothing else.
#[track_caller]
fn fires(text: &str) {
    let mut marked = String::new();
    let mut is_marked = false;
    for line in text.split_inclusive('\n') {
        marked.push_str(line);
        let Some(at) = line.find("realtime.").filter(|_| !is_marked) else {
            continue;
        };
        is_marked = true;
        let callee = line.get(at..).and_then(|l| l.split('(').next()).unwrap();
        let table = line.get(at..).and_then(|l| l.split('\'').nth(1)).unwrap();
        marked.push_str(&format!(
            "{}//{} warning: This tells subscribers of \"{table}\" before \"{table}\" is written: if the write fails, they have seen what never happened. Call it after the write.\n",
            " ".repeat(at - 2),
            "^".repeat(callee.len()),
        ));
    }
    body(&marked);
}

#[test]
fn a_call_before_its_write_is_reported() {
    fires(
        "  await realtime.insert('claims', { id }, org);
  await db.insert(claims).values({ id });
",
    );
    fires(
        "  ctx.waitUntil(realtime.delete('claims', { id }, org));
  await ctx.db.delete(claims).where(x);
",
    );
    fires(
        "  await db.transaction(async (step) => {
    await realtime.update('claims', { id }, { id }, org);
    await step.update(claims).set({ id });
  });
",
    );
    fires(
        "  await realtime.delete('claims', { id }, org);
  await db.batch([db.delete(notes), db.delete(claims)]);
",
    );
    fires(
        "  for (const id of ids) {
    await realtime.insert('claims', { id }, org);
    await db.insert(claims).values({ id });
  }
",
    );
    fires(
        "  if (x) await db.insert(claims).values({ id });
  await realtime.insert('claims', { id }, org);
  if (!x) await db.insert(claims).values({ id });
",
    );
    fires(
        "  await realtime.insert('claims', { id }, org);
  try { await db.insert(claims).values({ id }); } catch (e) { console.error(e); }
",
    );
}

#[test]
fn a_table_is_followed_to_its_definition() {
    for table in ["t", "features.claims", "compiled", "schema.claims"] {
        fires(&format!(
            "  await realtime.update('claims', {{ id }}, {{ id }}, org);
  await db.update({table}).set({{ id }});
"
        ));
    }
    fires(
        "  await realtime.insert('tips', { id }, org);
  await db.insert(tips).values({ id });
",
    );
    fires(
        "  await realtime.insert('claims', { id }, org);
  await store.insert(claims);
",
    );
}

#[test]
fn pairs_in_a_row_are_fine() {
    body(
        "  await db.insert(claims).values({ id });
  await realtime.insert('claims', { id }, org);
  await db.insert(claims).values({ id });
  await realtime.insert('claims', { id }, org);
",
    );
}

#[test]
fn loops_are_fine() {
    body(
        "  for (const id of ids) {
    await db.insert(claims).values({ id });
    await realtime.insert('claims', { id }, org);
  }
  await db.insert(claims).values({ id });
",
    );
    body(
        "  while (x()) {
    if (id) { await db.update(claims).set({ id }); }
  }
  await realtime.update('claims', { id }, { id }, org);
  await db.update(claims).set({ id });
",
    );
}

#[test]
fn either_way_is_fine() {
    body(
        "  if (x) {
    await realtime.insert('claims', { id }, org);
  } else {
    await db.insert(claims).values({ id });
  }
",
    );
    body(
        "  if (x) {
    await realtime.update('claims', { id }, { id }, org);
    return;
  }
  await db.update(claims).set({ id });
",
    );
    body(
        "  switch (x) {
    case 'told': await realtime.update('claims', { id }, { id }, org); break;
    default: await db.update(claims).set({ id });
  }
",
    );
    body(
        "  x ? await realtime.delete('claims', { id }, org) : await db.delete(claims);
",
    );
}

#[test]
fn a_case_that_goes_on_into_the_next_is_a_path() {
    fires(
        "  switch (x) {
    case 'told': await realtime.delete('claims', { id }, org);
    case 'gone': await db.delete(claims);
  }
",
    );
}

#[test]
fn no_case_is_a_path_where_there_is_no_default() {
    let switch = |default: &str| {
        format!(
            "  switch (x) {{
    case 1: await db.insert(claims).values({{ id }}); break;
    {default}
  }}
  await realtime.insert('claims', {{ id }}, org);
  await db.insert(claims).values({{ id }});
"
        )
    };
    fires(&switch(""));
    body(&switch("default: await db.insert(claims).values({ id });"));
}

#[test]
fn writes_of_other_tables_before_it_do_not_count() {
    for write in [
        "for (const id of ids) await db.insert(notes).values({ id });",
        "const save = () => db.insert(notes).values({ id });",
    ] {
        fires(&format!(
            "  {write}
  await realtime.insert('claims', {{ id }}, org);
  await db.insert(claims).values({{ id }});
"
        ));
    }
}

#[test]
fn failures_are_fine() {
    body(
        "  try {
    await db.update(claims).set({ id });
    await realtime.update('claims', { id }, { id }, org);
  } catch (e) {
    await realtime.update('claims', { id }, { id }, org);
    await db.update(claims).set({ id });
  }
",
    );
    body(
        "  try {
    await realtime.update('claims', { id }, { id }, org);
    await x();
  } catch (e) {
    await db.update(claims).set({ id });
  }
",
    );
}

#[test]
fn upserts_and_soft_deletes_are_fine() {
    body(
        "  await realtime.insert('claims', { id }, org);
  await db.insert(claims).values({ id }).onConflictDoUpdate({ set: x });
",
    );
    body(
        "  const [known] = await db.select().from(claims);
  if (known) { await db.update(claims).set({ id }); } else { await db.insert(claims).values({ id }); }
  await realtime.update('claims', { id }, { id }, org);
",
    );
    body(
        "  await realtime.delete('claims', { id }, org);
  await db.update(claims).set({ deletedAt: x });
",
    );
}

#[test]
fn other_tables_and_other_functions_are_fine() {
    body(
        "  await realtime.insert('claims', { id }, org);
  await db.insert(notes).values({ id });
  await realtime.broadcast('claims', { id }, org);
  seen.delete(id);
  await db.insert(x).values({ id });
  await db.insert(x.claims).values({ id });
  await store.insert(compiled);
",
    );
    body(
        "  ids.map((id) => realtime.insert('claims', { id }, org));
  await db.insert(claims).values({ id });
",
    );
}

#[test]
fn what_may_have_been_written_elsewhere_is_fine() {
    for write in [
        "await createClaim(db, id);",
        "await new Claims({ db }).create(id);",
        "await Promise.all(ids.map((id) => db.insert(claims).values({ id })));",
        "await db.run(x);",
        "await db.insert(x).values({ id });",
        "const save = () => db.insert(claims).values({ id }); await save();",
    ] {
        body(&format!(
            "  {write}
  await realtime.insert('claims', {{ id }}, org);
  await db.insert(claims).values({{ id }});
"
        ));
    }
}
