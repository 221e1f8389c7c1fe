//! `untyped-event`.

use super::calls::{callee, name_in_call};
use super::edits::Source;
use super::identifiers::is_namespace_name;
use super::pointing::with_origin;
use super::{Context, Report, rule};
use crate::diagnostic::{Edit, Fix};
use crate::project::model::{Call, Method};
use crate::span::Span;
use crate::syntax::is_identifier;
use crate::syntax::value::Element;

rule! {
    /// Reports a `broadcast` of an event that a namespace defines: it has a method of its own.
    ///
    /// ## Why is this bad
    /// Nothing is wrong on the wire, but nothing checks the name either. When the event is renamed in
    /// the namespace, the method stops compiling, and the string does not.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/services/realtime/extraction.ts
    /// export default defineRealtime({ name: "extraction", events: ["started"] });
    /// //- src/example.ts
    /// export async function begin(env, org, id) {
    ///   await createRealtime(env).broadcast("extraction:started", { id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/services/realtime/extraction.ts
    /// export default defineRealtime({ name: "extraction", events: ["started"] });
    /// //- src/example.ts
    /// export async function begin(env, org, id) {
    ///   await createRealtime(env).extraction.started({ id }, org);
    /// }
    /// ```
    RULE = "untyped-event", Information, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        if call.method != Method::Broadcast {
            continue;
        }
        let Some(subject) = &call.subject else {
            continue;
        };
        let Some((namespace, event)) = subject.as_str().and_then(|name| name.split_once(':'))
        else {
            continue;
        };
        if !is_event(context, namespace, event) {
            continue;
        }
        let method = method(context, namespace, event);
        let mut finding = report.finding(
            subject.inner_span(),
            format!(
                "\"{event}\" is an event of the namespace \"{namespace}\". Call `{method}(...)`, which is typed and breaks when the event is renamed."
            ),
        );
        if let Some(edits) = call_method(context, call, &method) {
            finding = finding.with_fix(Fix {
                title: format!("Call `{method}`"),
                safe: false,
                edits,
            });
        }
        report.push(with_origin(finding, context, subject.origin, "the event"));
    }
}

fn is_event(context: &Context<'_>, namespace: &str, event: &str) -> bool {
    // Names that the helper cannot have as a property are reported where they are defined.
    is_namespace_name(namespace)
        && context
            .namespaces(namespace)
            .first()
            .and_then(|definition| definition.events.known())
            .is_some_and(|known| known.value.items.iter().any(|i| i.as_str() == Some(event)))
}

/// The method as it is called on the helper.
fn method(context: &Context<'_>, namespace: &str, event: &str) -> String {
    if is_identifier(event) {
        format!("{namespace}.{event}")
    } else {
        let event = Source::of(context).string(Span::default(), event);
        format!("{namespace}[{event}]")
    }
}

/// Calls the method instead, and leaves the name of the event out of the arguments.
fn call_method(context: &Context<'_>, call: &Call, method: &str) -> Option<Vec<Edit>> {
    let source = Source::of(context);
    let arguments = call.expression.value.as_call()?;
    let [Element::Item(name), Element::Item(payload), ..] = &*arguments.args else {
        return None;
    };
    let gap = |start: u32, end: u32| Span { start, end }.text(source.text).trim();
    // With parentheses or comments around the name it is not so simple.
    let is_plain = gap(arguments.args_span.start, name.span.start) == "("
        && gap(name.span.end, payload.span.start) == ",";
    if !is_plain || !callee(call).contains(call.method_span) {
        return None;
    }
    let rest = Span {
        start: name.span.start,
        end: payload.span.start,
    };
    // `realtime["broadcast"]` would need its brackets replaced too.
    let called = name_in_call(call, call.method_span);
    let before = source.text.get(..called.start as usize)?;
    before
        .ends_with('.')
        .then(|| vec![source.replace(called, method), source.replace(rest, "")])
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_unfixable};

    const PROJECT: &str = "\
//- quickback/services/realtime/ingest.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'ingest', events: ['started', 'step-done', ...more] });
//- quickback/services/realtime/auth.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'auth', events: ['token-invalidated'] });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = async (env, org, what) => {
  const realtime = createRealtime(env);
";

    #[test]
    fn reports_events_that_have_a_method() {
        check(
            &(PROJECT.to_owned()
                + r#"  await realtime.broadcast('ingest:started', {}, org);
                          //^^^^^^^^^^^^^^ information: "started" is an event of the namespace "ingest". Call `ingest.started(...)`, which is typed and breaks when the event is renamed.
  await realtime.broadcast('ingest:step-done', {}, org);
                          //^^^^^^^^^^^^^^^^ information: "step-done" is an event of the namespace "ingest". Call `ingest['step-done'](...)`, which is typed and breaks when the event is renamed.
};
"#),
            "untyped-event",
        );
    }

    #[test]
    fn is_silent_on_events_without_a_method() {
        check(
            &(PROJECT.to_owned()
                + "  await realtime.broadcast('ingest', {}, org);
  await realtime.broadcast('ingest:finished', {}, org);
  await realtime.broadcast('ingest:started:late', {}, org);
  await realtime.broadcast('import:started', {}, org);
  await realtime.broadcast('auth:token-invalidated', {}, org, { userId: what });
  await realtime.broadcast(`ingest:${what}`, {}, org);
  await realtime.insert('ingest:started', {}, org);
  await realtime.ingest.started({}, org);
};
"),
            "untyped-event",
        );
    }

    #[test]
    fn leaves_a_call_alone_with_something_around_the_name() {
        for call in [
            "realtime.broadcast('ingest:started' /* why */, {}, org)",
            "realtime.broadcast('ingest:started', /* what */ {}, org)",
            "realtime.broadcast(/* why */ 'ingest:started', {}, org)",
            "realtime.broadcast(('ingest:started'), {}, org)",
            "realtime['broadcast']('ingest:started', {}, org)",
        ] {
            check_unfixable(
                &(PROJECT.to_owned() + &format!("  await {call};\n}};\n")),
                "untyped-event",
            );
        }
    }

    #[test]
    fn calls_the_method() {
        for (call, mended) in [
            (
                "realtime.broadcast('ingest:started', { a: 1 }, org)",
                "realtime.ingest.started({ a: 1 }, org)",
            ),
            (
                "realtime.broadcast(\n    'ingest:step-done',\n    {},\n    org,\n  )",
                "realtime.ingest['step-done'](\n    {},\n    org,\n  )",
            ),
        ] {
            check_fix(
                &(PROJECT.to_owned() + &format!("  await {call};\n}};\n")),
                "untyped-event",
                mended,
            );
        }
    }
}
