//! What becomes of the results of calls.

use super::*;
use crate::document::Dialect;

/// What becomes of `x()` in a statement, and what an `await` would stand before.
#[track_caller]
fn check(statement: &str, expected: Handling, awaitable: &str) {
    let text = format!("async function f() {{ {statement} }}");
    let tree = Tree::read(&text, Dialect::TypeScript);
    let found = calls(
        &tree,
        false,
        |callee| span(callee).text(&text) == "x",
        |_| None,
    );
    let [call] = found.as_slice() else {
        panic!("{} calls in {statement}", found.len());
    };
    let before = call.awaitable.map_or("", |span| span.text(&text));
    assert_eq!(
        (call.handling, before),
        (expected, awaitable),
        "{statement}"
    );
}

/// What becomes of `x()` in a statement.
#[track_caller]
pub(super) fn check_handling(statement: &str, expected: Handling) {
    let text = format!("async function f() {{ {statement} }}");
    let tree = Tree::read(&text, Dialect::TypeScript);
    let is_x = |callee: Node<'_>| span(callee).text(&text) == "x";
    let found = calls(&tree, false, is_x, |_| None);
    let handlings: Vec<Handling> = found.iter().map(|call| call.handling).collect();
    assert_eq!(handlings, [expected], "{statement}");
}

#[test]
fn a_dropped_result_is_floating() {
    check("x();", Handling::Floating, "x()");
    check("void x();", Handling::Floating, "x()");
    check("x().catch(log);", Handling::Floating, "x().catch(log)");
    check("a && x();", Handling::Floating, "x()");
    check("a ? (x()) : b;", Handling::Floating, "(x())");
    check("a, x();", Handling::Floating, "x()");
    check(
        "Promise.all([x()]);",
        Handling::Floating,
        "Promise.all([x()])",
    );
    check("x() as any;", Handling::Floating, "x() as any");
}

#[test]
fn a_promise_that_is_no_value_is_floating() {
    use Handling::*;
    for (statement, expected, awaitable) in [
        ("for (x(); ;) { break; }", Floating, "x()"),
        ("for (; ; x()) { break; }", Floating, "x()"),
        ("for (a, x(); ; x, y) { break; }", Floating, "x()"),
        ("!x();", Floating, "x()"),
        ("if (!x()) { log(); }", Floating, "x()"),
        (
            "if (typeof (a && x()) === 'object') { log(); }",
            Floating,
            "x()",
        ),
        ("const told = !!x().catch(log);", Floating, "x().catch(log)"),
        ("<any>x();", Floating, "<any>x()"),
        ("return x(), 1;", Floating, "x()"),
        ("const a = (x(), /* late */ 1);", Floating, "x()"),
        ("await (x(), y());", Floating, "x()"),
        ("(x(), a) && b;", Floating, "x()"),
        ("if (!ids.map((id) => x())) { log(); }", Detached, ""),
        // These are the value, or are kept.
        ("return 1, x();", Returned, "x()"),
        ("await (a, x() /* late */);", Awaited, "x()"),
        ("await (a, (x()) /* late */);", Awaited, "(x())"),
        ("return <any>x();", Returned, "<any>x()"),
        ("const p = <any>x();", Kept, "<any>x()"),
        ("for (const p = x(); ;) { await p; break; }", Kept, "x()"),
        ("for (; x(); ) { break; }", Kept, "x()"),
        ("for (p = x(); ; ) { await p; break; }", Kept, "x()"),
        ("if (!(await x())) { log(); }", Awaited, "x()"),
        ("if (!(p = x())) { log(); }", Kept, "x()"),
        ("return (p = x()), 1;", Kept, "x()"),
        ("return a.push(x()), 1;", Kept, "x()"),
        (
            "await new Promise((res) => (x().then(res), 1));",
            Kept,
            "x().then(res)",
        ),
    ] {
        check(statement, expected, awaitable);
    }
}

#[test]
fn a_promise_has_no_properties_to_take_out() {
    use Handling::*;
    for (statement, expected, awaitable) in [
        ("const { ok } = x();", Floating, "x()"),
        (
            "const { ok: sent, 'error': e } = (x() as any);",
            Floating,
            "(x() as any)",
        ),
        (
            "const { ok = false } = x().catch(log);",
            Floating,
            "x().catch(log)",
        ),
        (
            "const { length } = Promise.all([x()]);",
            Floating,
            "Promise.all([x()])",
        ),
        ("const f = async ({ ok } = x()) => ok;", Floating, ""),
        ("const f = ([{ ok } = x()]) => ok;", Floating, ""),
        // These may be what somebody waits for, or is no promise.
        ("const { then } = x();", Kept, "x()"),
        ("const { ok, 'catch': c } = x();", Kept, "x()"),
        ("const { finally: last = a } = x();", Kept, "x()"),
        ("const { [name]: ok } = x();", Kept, "x()"),
        ("const { ...all } = x();", Kept, "x()"),
        ("const {} = x();", Kept, "x()"),
        ("const [a] = x();", Kept, "x()"),
        ("const { length } = [x()];", Kept, "x()"),
        ("const { ok } = a ?? x();", Kept, "x()"),
        ("const { ok } = a ? x() : b;", Kept, "x()"),
        ("const { ok } = x().told();", Kept, "x().told()"),
        ("const { ok } = await x();", Awaited, "x()"),
        ("const { ok } = track(x());", Kept, "x()"),
        ("const { promise } = { promise: x() };", Kept, "x()"),
        (
            "const { done } = cursor.forEach((id) => x());",
            Kept,
            "cursor.forEach((id) => x())",
        ),
        (
            "const { cancel } = open().then(() => x());",
            Kept,
            "open().then(() => x())",
        ),
        ("const f = async (told = x()) => { await told; };", Kept, ""),
    ] {
        check(statement, expected, awaitable);
    }
}

#[test]
fn a_result_that_is_used_is_not() {
    check("await x();", Handling::Awaited, "x()");
    check(
        "await Promise.all([a, x()]);",
        Handling::Awaited,
        "Promise.all([a, x()])",
    );
    check("return a ?? x();", Handling::Returned, "x()");
    check("const p = x();", Handling::Kept, "x()");
    check("list.push(x());", Handling::Kept, "x()");
    check("ctx.waitUntil(x());", Handling::WaitUntil, "x()");
    check("if (x()) {}", Handling::Kept, "(x())");
    check("x() && a;", Handling::Kept, "x()");
}

#[test]
fn a_function_whose_result_is_dropped_drops_its_own() {
    use Handling::*;
    for (statement, expected, awaitable) in [
        ("ids.forEach((id) => x());", Detached, ""),
        ("ids.forEach(async (id) => { await x(); });", Detached, ""),
        ("ids.forEach(function () { return x(); });", Detached, ""),
        ("ids.map((id) => x());", Detached, ""),
        (
            "void (async () => { await x(); })();",
            Detached,
            "(async () => { await x(); })()",
        ),
        (
            "Promise.all(ids.map((id) => x()));",
            Detached,
            "Promise.all(ids.map((id) => x()))",
        ),
        (
            "save().then(() => x()).catch(log);",
            Detached,
            "save().then(() => x()).catch(log)",
        ),
        ("ids.map((id) => [1].map(() => x()));", Detached, ""),
        (
            "await Promise.all(ids.map(async (id) => { await x(); }));",
            Awaited,
            "Promise.all(ids.map(async (id) => { await x(); }))",
        ),
        ("return ids.map((id) => x());", Returned, ""),
        ("const all = ids.map((id) => x());", Kept, ""),
        (
            "ctx.waitUntil((async () => { await x(); })());",
            WaitUntil,
            "(async () => { await x(); })()",
        ),
        (
            "ctx.waitUntil(Promise.all(ids.map((id) => x())));",
            WaitUntil,
            "Promise.all(ids.map((id) => x()))",
        ),
        // The `forEach` of a list answers nothing, that of a cursor or of `async` a promise.
        (
            "await cursor.forEach((id) => x());",
            Awaited,
            "cursor.forEach((id) => x())",
        ),
        (
            "await async.forEach(ids, async (id) => { await x(); });",
            Awaited,
            "async.forEach(ids, async (id) => { await x(); })",
        ),
        (
            "await Promise.all([cursor.forEach((id) => x())]);",
            Awaited,
            "Promise.all([cursor.forEach((id) => x())])",
        ),
        (
            "ctx.waitUntil(cursor.forEach((id) => x()));",
            WaitUntil,
            "cursor.forEach((id) => x())",
        ),
        (
            "return cursor.forEach((id) => x());",
            Returned,
            "cursor.forEach((id) => x())",
        ),
        (
            "const all = cursor.forEach((id) => x()); await all;",
            Kept,
            "cursor.forEach((id) => x())",
        ),
        (
            "await open().then(async (c) => { await c.forEach((id) => x()); });",
            Awaited,
            "open().then(async (c) => { await c.forEach((id) => x()); })",
        ),
        ("cursor.forEach((id) => x()).catch(log);", Detached, ""),
        ("await [1, 2].forEach((id) => x());", Detached, ""),
        ("await Object.keys(a).forEach((id) => x());", Detached, ""),
        ("open().then((c) => c.forEach((id) => x()));", Detached, ""),
        ("on('x', () => ids.forEach((id) => x()));", Detached, ""),
        (
            "on('x', async () => cursor.forEach((id) => x()));",
            Returned,
            "cursor.forEach((id) => x())",
        ),
        // Who calls these, and what becomes of it, is not known.
        (
            "db.transaction(async () => { await x(); });",
            Awaited,
            "x()",
        ),
        ("app.get('/', () => x());", Returned, ""),
        ("ids.forEach((id) => { x(); });", Floating, ""),
    ] {
        check(statement, expected, awaitable);
    }
}

#[test]
fn the_root_of_a_chain() {
    let text = "a.b()['c']!.d(e);";
    let tree = Tree::read(text, Dialect::TypeScript);
    let roots = calls(
        &tree,
        false,
        |callee| root_name(callee, text) == Some("a"),
        |_| None,
    );
    assert_eq!(roots.len(), 2);
}

#[test]
fn a_list_of_promises_is_none() {
    use Handling::*;
    for (statement, expected, awaitable) in [
        ("await [x()];", Floating, "x()"),
        ("ctx.waitUntil([x()]);", Floating, "x()"),
        ("await Promise.all([[x()]]);", Floating, "x()"),
        ("await ids.map((id) => x());", Detached, ""),
        (
            "await input.ids.map(async (id) => { await x(); });",
            Detached,
            "",
        ),
        ("await Object.keys(a).map((id) => x());", Detached, ""),
        ("await Promise.all([ids.map((id) => x())]);", Detached, ""),
        ("ctx.waitUntil(ids.map((id) => x()));", Detached, ""),
        (
            "await Promise.all([...ids.map((id) => x()), a]);",
            Awaited,
            "Promise.all([...ids.map((id) => x()), a])",
        ),
        ("await Promise.all([...(a ? [x()] : [])]);", Awaited, "x()"),
        (
            "await Promise.all([ids.map((id) => x())].flat());",
            Awaited,
            "Promise.all([ids.map((id) => x())].flat())",
        ),
        ("return [x()];", Returned, "x()"),
        // Other things than lists have a `map` that is awaited.
        (
            "await Readable.from(ids).map((id) => x()).toArray();",
            Awaited,
            "",
        ),
        ("await ids.map((id) => x()).next();", Awaited, ""),
        ("await users().map((id) => x());", Awaited, ""),
        ("await Bluebird.map(ids, (id) => x());", Awaited, ""),
        ("await pool.map(ids, (id) => x());", Awaited, ""),
        ("await db.batch(ids.map((id) => x()));", Kept, ""),
        ("await pMap(ids, (id) => x());", Returned, ""),
    ] {
        check(statement, expected, awaitable);
    }
}

#[test]
fn a_list_that_is_awaited_is_still_a_list() {
    use Handling::*;
    for (statement, expected) in [
        ("await Promise.all(await ids.map((id) => x()));", Awaited),
        (
            "ctx.waitUntil(Promise.all(await ids.map(async (id) => { await x(); })));",
            WaitUntil,
        ),
        (
            "const list = await ids.map((id) => x()); await Promise.all(list);",
            Kept,
        ),
        ("for (const p of await ids.map((id) => x())) await p;", Kept),
        ("return await ids.map((id) => x());", Returned),
        ("return await [x()];", Returned),
        (
            "const list = await Promise.all([ids.map((id) => x())]); await Promise.all(list[0]);",
            Kept,
        ),
        (
            "await Promise.all((await Promise.all([ids.map((id) => x())])).flat());",
            Awaited,
        ),
        // And nobody waits for it here.
        ("void (await ids.map((id) => x()));", Detached),
        ("ids && await ids.map((id) => x());", Detached),
        ("ctx.waitUntil(await ids.map((id) => x()));", Detached),
        ("Promise.all(await ids.map((id) => x()));", Detached),
        ("await Promise.all(await [[x()]]);", Floating),
        ("ctx.waitUntil(Promise.all([[x()]]));", Floating),
    ] {
        check_handling(statement, expected);
    }
}

#[test]
fn what_a_call_answers_may_be_no_list() {
    use Handling::*;
    for (statement, expected) in [
        (
            "const result = ResultAsync.fromPromise(load(), String); await result.map((c) => x());",
            Awaited,
        ),
        (
            "const result = new ResultAsync(load()); if (a) { await result.map((c) => x()); }",
            Awaited,
        ),
        ("await TE.map((c) => x())(task)();", Awaited),
        // A list is one still where it was waited for, or is made of an object.
        (
            "const rows = await load(); await rows.map((c) => x());",
            Detached,
        ),
        (
            "const ids = Object.keys(a); await ids.map((c) => x());",
            Detached,
        ),
        (
            "const input = c.req.valid('json'); await input.ids.map((c) => x());",
            Detached,
        ),
    ] {
        check_handling(statement, expected);
    }
}

#[test]
fn who_settles_another_promise_is_waited_for() {
    use Handling::*;
    for (statement, expected) in [
        (
            "await new Promise((res, rej) => { x().then(res, rej); });",
            Kept,
        ),
        (
            "const { promise, resolve } = Promise.withResolvers(); x().finally(resolve); await promise;",
            Kept,
        ),
        (
            "const { promise, resolve } = Promise.withResolvers(); setTimeout(async () => { await x(); resolve(); }, 5); await promise;",
            Awaited,
        ),
        ("await new Promise((res) => { x(); res(); });", Floating),
        ("x().then(log);", Floating),
    ] {
        check_handling(statement, expected);
    }
}

#[test]
fn void_drops_whatever_stands_around_it() {
    use Handling::*;
    for (statement, expected, awaitable) in [
        ("return void x();", Floating, "x()"),
        ("ctx.waitUntil(void x());", Floating, "x()"),
        ("const g = () => void x();", Floating, ""),
        (
            "await Promise.all(ids.map((id) => void x()));",
            Floating,
            "",
        ),
    ] {
        check(statement, expected, awaitable);
    }
}

#[test]
fn nobody_waits_for_what_is_called_later_or_never() {
    use Handling::*;
    for (statement, expected, awaitable) in [
        ("ctx.waitUntil(() => x());", Detached, ""),
        (
            "c.executionCtx.waitUntil(async () => { await x(); });",
            Detached,
            "",
        ),
        ("setTimeout(() => x(), 0);", Detached, ""),
        ("setImmediate(() => x());", Detached, ""),
        ("queueMicrotask(async () => { await x(); });", Detached, ""),
        ("globalThis.setTimeout(() => x(), 0);", Detached, ""),
        ("void setTimeout(() => x(), 0);", Detached, ""),
        // Others may call it, and somebody may wait for what is called later.
        ("await clock.setTimeout(() => x(), 5);", Returned, ""),
        ("clock.setTimeout(() => x(), 5);", Returned, ""),
        ("const timer = setTimeout(() => x(), 5);", Returned, ""),
        ("await vi.waitUntil(() => x());", Returned, ""),
        ("waitUntil(async () => { await x(); });", Awaited, "x()"),
        (
            "await new Promise((done) => setTimeout(async () => { await x(); done(); }, 5));",
            Awaited,
            "x()",
        ),
    ] {
        check(statement, expected, awaitable);
    }
}

#[test]
fn no_await_stands_where_none_may() {
    use Handling::Floating;
    for (statement, awaitable) in [
        ("class A { static { x(); } }", ""),
        ("class A { p = void x(); }", ""),
        ("class A { static p = (1, void x()); }", ""),
        ("async function g(a, b = void x()) {}", ""),
        ("const g = async (a, { b = void x() }) => {};", ""),
        ("class A { async m(b = void x()) {} }", ""),
        // What is around a class says whether there may be one in its computed keys.
        ("class A { [(void x(), 'p')] = 1; }", "x()"),
        ("class A { [(void x(), 'm')]() {} }", "x()"),
        (
            "function g() { class A { async [(void x(), 'm')]() {} } }",
            "",
        ),
        ("class A { p = async () => { x(); }; }", "x()"),
        ("class A { static { (async () => { x(); }).name; } }", "x()"),
        ("async function g(a = async () => { x(); }) {}", "x()"),
        ("const g = async () => void x();", "x()"),
    ] {
        check(statement, Floating, awaitable);
    }
}

#[test]
fn what_is_handed_each_of_a_list_may_wait_for_it() {
    for statement in [
        "ids.map((id) => x()).forEach((p) => ctx.waitUntil(p));",
        "[x(), y()].forEach((p) => ctx.waitUntil(p));",
        "ids.map((id) => x()).reduce((a, b) => a.then(() => b));",
    ] {
        check_handling(statement, Handling::Kept);
    }
    check_handling("[x()].slice(1);", Handling::Floating);
}
