//! `floating-broadcast`.

use super::calls::callee;
use super::edits::Source;
use super::pointing::with_fix;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::span::Span;
use crate::syntax::Handling;

rule! {
    /// Reports a broadcast whose promise is dropped: neither awaited, returned, nor handed to
    /// `waitUntil`. So does `forEach` with what its function returns.
    ///
    /// The `forEach` of a cursor or a stream answers a promise: where that is awaited, returned or
    /// kept, nothing is reported.
    ///
    /// A list of promises is no promise: `await ids.map(...)` waits for none of them, but
    /// `await Promise.all(ids.map(...))` does. Where what `await ids.map(...)` answers is kept,
    /// returned or handed on, nothing is reported; nor where `ids` is what a call answers, which may be
    /// no list. `waitUntil` takes a promise and calls no function, and nobody waits for what
    /// `setTimeout` calls, unless that settles another promise.
    ///
    /// A promise is dropped as well by what makes something else of it: `!realtime.insert(...)`, a
    /// comma behind it, or `const { ok } = realtime.insert(...)`, as no promise has an `ok`.
    ///
    /// ## Why is this bad
    /// A worker may end as soon as it has answered. What it has not sent by then is lost, now and
    /// then, and only in production.
    ///
    /// ## Invalid
    /// ```ts
    /// //- src/example.ts
    /// export async function tell(env, org, text) {
    ///   const realtime = createRealtime(env);
    ///   realtime.broadcast("told", { text }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- src/example.ts
    /// export async function tell(env, ctx, org, text) {
    ///   const realtime = createRealtime(env);
    ///   await realtime.broadcast("told", { text }, org);
    ///   ctx.waitUntil(realtime.broadcast("told-later", { text }, org));
    /// }
    /// ```
    RULE = "floating-broadcast", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let message = match call.expression.handling {
            Handling::Floating => {
                "Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`."
            }
            Handling::Detached => {
                "Nobody waits for the function around this broadcast, so the worker may end before it is sent. `await` what that function returns, return it, or hand it to `waitUntil`: `await Promise.all(list.map(...))` in the place of `forEach`."
            }
            Handling::Awaited | Handling::Returned | Handling::WaitUntil | Handling::Kept => {
                continue;
            }
        };
        let finding = report.finding(callee(call), message);
        let source = Source::of(context);
        // In the place of a `void` that drops the promise, or before it.
        let awaited = call.expression.awaitable.map(|promise| Fix {
            title: "Await the broadcast".to_owned(),
            safe: false,
            edits: vec![match call.expression.void {
                Some(void) => source.replace(void, "await"),
                None => source.replace(Span::at(promise.start), "await "),
            }],
        });
        report.push(with_fix(finding, awaited));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, fixture};

    fn project(body: &str) -> String {
        format!(
            "//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, ctx, org, ids) => {{
  const realtime = createRealtime(env);
{body}}};
"
        )
    }

    #[test]
    fn reports_promises_that_are_dropped() {
        check(
            &project(
                r#"  realtime.insert('a', {}, org);
//^^^^^^^^^^^^^^^ warning: Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`.
  void realtime.a.b({}, org);
     //^^^^^^^^^^^^ warning: Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`.
  realtime.broadcast('a', {}, org).catch(console.error);
//^^^^^^^^^^^^^^^^^^ warning: Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`.
  ids.length && realtime.delete('a', {}, org);
              //^^^^^^^^^^^^^^^ warning: Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`.
"#,
            ),
            "floating-broadcast",
        );
    }

    #[test]
    fn reports_promises_that_are_no_value() {
        check(
            &project(
                r#"  for (realtime.insert('a', {}, org); ;) { break; }
     //^^^^^^^^^^^^^^^ warning: Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`.
  if (!realtime.insert('a', {}, org)) return;
     //^^^^^^^^^^^^^^^ warning: Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`.
  const { ok } = realtime.insert('a', {}, org);
               //^^^^^^^^^^^^^^^ warning: Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`.
  return <any>realtime.insert('a', {}, org), 1;
            //^^^^^^^^^^^^^^^ warning: Nobody waits for this broadcast, so the worker may end before it is sent. `await` it, return it, or hand it to `waitUntil`.
"#,
            ),
            "floating-broadcast",
        );
        check_fix(
            &project("  const { ok } = realtime.insert('a', {}, org);\n"),
            "floating-broadcast",
            "  const { ok } = await realtime.insert('a', {}, org);",
        );
        check_fix(
            &project("  <any>realtime.insert('a', {}, org);\n"),
            "floating-broadcast",
            "  await <any>realtime.insert('a', {}, org);",
        );
    }

    #[test]
    fn is_silent_on_promises_that_are_kept() {
        check(
            &project(
                "  await realtime.insert('a', {}, org);
  await Promise.all([realtime.insert('a', {}, org), realtime.insert('b', {}, org)]);
  await Promise.all(ids.map((id) => realtime.insert('a', { id }, org)));
  ctx.waitUntil(realtime.insert('a', {}, org));
  ctx.executionCtx?.waitUntil(Promise.allSettled([realtime.insert('a', {}, org)]));
  const told = realtime.insert('a', {}, org);
  await told;
  pending.push(realtime.insert('a', {}, org));
  await (ids.length ? realtime.insert('a', {}, org) : undefined);
  return realtime.insert('a', {}, org).catch(console.error);
",
            ),
            "floating-broadcast",
        );
    }

    #[test]
    fn awaits_it() {
        for (statement, mended) in [
            ("realtime.a.b({}, org);", "  await realtime.a.b({}, org);"),
            (
                "void realtime.a.b({}, org);",
                "  await realtime.a.b({}, org);",
            ),
            (
                "realtime.a.b({}, org).catch(log);",
                "  await realtime.a.b({}, org).catch(log);",
            ),
            (
                "if (ids) Promise.all([realtime.a.b({}, org)]);",
                "if (ids) await Promise.all([realtime.a.b({}, org)]);",
            ),
            (
                "ids && realtime.a.b({}, org);",
                "ids && await realtime.a.b({}, org);",
            ),
            (
                "void /* late */ realtime.a.b({}, org);",
                "  await /* late */ realtime.a.b({}, org);",
            ),
            (
                "void(realtime.a.b({}, org));",
                "  await(realtime.a.b({}, org));",
            ),
            (
                "void ids && realtime.a.b({}, org);",
                "  void ids && await realtime.a.b({}, org);",
            ),
            // Only the operator goes, not a word that ends so.
            (
                "// what it answers is void\n  realtime.a.b({}, org);",
                "  // what it answers is void\n  await realtime.a.b({}, org);",
            ),
            (
                "const rest = avoid\n  realtime.a.b({}, org);",
                "  const rest = avoid\n  await realtime.a.b({}, org);",
            ),
        ] {
            check_fix(
                &project(&format!("  {statement}\n")),
                "floating-broadcast",
                mended,
            );
        }
    }

    #[test]
    fn reports_functions_for_which_nobody_waits() {
        let message = "warning: Nobody waits for the function around this broadcast, so the worker may end before it is sent. `await` what that function returns, return it, or hand it to `waitUntil`: `await Promise.all(list.map(...))` in the place of `forEach`.";
        check(
            &project(&format!(
                "  ids.forEach(async (id) => {{ await realtime.insert('a', {{ id }}, org); }});
                                  //^^^^^^^^^^^^^^^ {message}
  Promise.all(ids.map((id) => realtime.insert('a', {{ id }}, org)));
                            //^^^^^^^^^^^^^^^ {message}
"
            )),
            "floating-broadcast",
        );
        check_fix(
            &project("  Promise.all(ids.map((id) => realtime.insert('a', { id }, org)));\n"),
            "floating-broadcast",
            "  await Promise.all(ids.map((id) => realtime.insert('a', { id }, org)));",
        );
    }

    #[test]
    fn reports_lists_that_are_awaited_and_functions_that_nobody_calls() {
        let message = "warning: Nobody waits for the function around this broadcast, so the worker may end before it is sent. `await` what that function returns, return it, or hand it to `waitUntil`: `await Promise.all(list.map(...))` in the place of `forEach`.";
        check(
            &project(&format!(
                "  await ids.map((id) => realtime.insert('a', {{ id }}, org));
                      //^^^^^^^^^^^^^^^ {message}
  ctx.waitUntil(() => realtime.insert('a', {{}}, org));
                    //^^^^^^^^^^^^^^^ {message}
  setTimeout(() => realtime.insert('a', {{}}, org), 0);
                 //^^^^^^^^^^^^^^^ {message}
"
            )),
            "floating-broadcast",
        );
    }

    #[test]
    fn is_silent_where_a_for_each_is_awaited() {
        check_silent(
            &project(
                "  await async.forEach(ids, async (id) => { await realtime.insert('a', { id }, org); });
  await Readable.from(ids).forEach(async (id) => { await realtime.insert('a', { id }, org); });
  await cursor.forEach((id) => realtime.insert('a', { id }, org));
",
            ),
            "floating-broadcast",
        );
    }

    #[test]
    fn offers_no_await_where_there_can_be_none() {
        let fixture = fixture(&project(
            "  ids.forEach((id) => { realtime.delete('a', { id }, org); });\n",
        ));
        let found = crate::rules::check(&fixture.project, fixture.file("src/a.ts"));
        assert_eq!(found.len(), 2, "the hint of the unknown table besides");
        assert!(found.iter().all(|d| d.fixes.is_empty()));
    }
}
