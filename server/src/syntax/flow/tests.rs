use super::*;
use crate::document::Dialect;
use crate::syntax::span;

/// The flows of a text as short lines: `!` is a call of `tell`.
fn shown(text: &str) -> Vec<String> {
    let tree = Tree::read(text, Dialect::TypeScript);
    let calls = crate::syntax::calls(
        &tree,
        false,
        |callee| span(callee).text(text) == "tell",
        |_| None,
    );
    let spans = calls.iter().map(|call| call.value.span).collect();
    flows(&tree, &spans)
        .iter()
        .map(|flow| show(&flow.steps, text))
        .collect()
}

fn show(steps: &[Step], text: &str) -> String {
    let ways = |ways: &[Vec<Step>]| {
        let shown: Vec<String> = ways.iter().map(|way| show(way, text)).collect();
        shown.join("|")
    };
    let write = |write: &Write| {
        let mark = match (write.on_database, write.is_upsert) {
            (true, false) => "",
            (true, true) => "^",
            (false, _) => "~",
        };
        format!("{mark}{}", write.table.span.text(text))
    };
    let shown: Vec<String> = steps
        .iter()
        .map(|step| match step {
            Step::Call(_) => "!".to_owned(),
            Step::Write(one) => write(one),
            Step::Opaque => "?".to_owned(),
            Step::Deferred(all) => {
                format!(
                    "later({})",
                    all.iter().map(write).collect::<Vec<_>>().join(" ")
                )
            }
            Step::Branch(all) => format!("({})", ways(all)),
            Step::Switch { cases, has_default } => {
                format!(
                    "switch{}({})",
                    if *has_default { "!" } else { "" },
                    ways(cases)
                )
            }
            Step::Loop(inner) => format!("loop({})", show(inner, text)),
            Step::Try {
                body,
                handler,
                finalizer,
            } => format!(
                "try({}|{}|{})",
                show(body, text),
                handler.as_deref().map_or("-".to_owned(), |h| show(h, text)),
                show(finalizer, text)
            ),
            Step::Inline(inner) => format!("{{{}}}", show(inner, text)),
            Step::Return => "return".to_owned(),
            Step::Break => "break".to_owned(),
            Step::Continue => "continue".to_owned(),
        })
        .collect();
    shown.join(" ")
}

#[track_caller]
fn check(body: &str, expected: &str) {
    let text = format!("async function f(db, ctx) {{ {body} }}");
    assert_eq!(shown(&text), [expected], "{body}");
}

#[test]
fn writes_are_found_on_anything_that_looks_like_a_database() {
    check("await db.insert(t).values(x); tell();", "t !");
    check("await ctx.db.update(s.t).set(x); tell();", "s.t !");
    check("await this.readDb.delete(t); tell();", "t !");
    check("await drizzle(env.DB).delete(t); tell();", "t !");
    check("seen.delete(key); tell();", "~key !");
    check(
        "await db.insert(t).values(x).onConflictDoNothing(); tell();",
        "^t !",
    );
    check(
        "await db.batch([db.insert(a), db.update(b)]); tell();",
        "a b !",
    );
    check("await db.select().from(t); tell();", "!");
}

#[test]
fn what_may_write_anything_is_opaque() {
    check("await save(db, x); tell();", "? !");
    check("await save({ db, x }); tell();", "? !");
    check("await new Claims(db).save(x); tell();", "? !");
    check("await db.run(sql); tell();", "? !");
    check("await db.insert(tableOf(x)); tell();", "? !");
    check("const db2 = drizzle(env.DB); tell();", "!");
}

#[test]
fn structure_is_kept() {
    check(
        "if (a) { tell(); return; } else { db.insert(t); }",
        "(! return|t)",
    );
    check("a && tell(); b ?? db.insert(t);", "(!|) (t|)");
    check("c ? tell() : db.insert(t);", "(!|t)");
    check(
        "for (const x of xs) { if (x) continue; tell(); break; }",
        "loop((continue|) ! break)",
    );
    check(
        "switch (a) { case 1: tell(); break; default: db.insert(t); }",
        "switch!(! break|t)",
    );
    check(
        "try { tell(); } catch (e) { db.insert(t); } finally { db.insert(u); }",
        "try(!|t|u)",
    );
}

#[test]
fn transactions_are_run_in_place() {
    check(
        "await db.transaction(async (step) => { tell(); await step.insert(t); return; });",
        "{! t return}",
    );
}

#[test]
fn other_functions_have_a_flow_of_their_own() {
    let text = "function f(db) { xs.map((x) => { tell(); db.insert(t); }); tell(); }";
    assert_eq!(shown(text), ["! t", "later(t) !"]);
    assert_eq!(shown("const db = 1; await db.insert(t); tell();"), ["t !"]);
}

#[test]
fn what_is_too_deep_may_do_anything() {
    let text = format!("tell(); {}db.insert(t){}", "(".repeat(400), ")".repeat(400));
    assert_eq!(shown(&text), ["! ?"]);
}
