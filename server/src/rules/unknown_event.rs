//! `unknown-event`.

use super::calls::{callee, fits_any_quotes, name_in_call};
use super::edits::Source;
use super::invalid_event::is_impossible;
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::{Edit, Fix};
use crate::project::model::{Method, Namespace};
use crate::project::resolved::Resolved;
use crate::span::Span;
use crate::syntax::is_identifier;

rule! {
    /// Reports a call of an event that its namespace does not have.
    ///
    /// ## Why is this bad
    /// The generated helper has a method for each event of a namespace. One that it does not have is
    /// `undefined`, so the call throws at run time.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/services/realtime/extraction.ts
    /// export default defineRealtime({ name: "extraction", events: ["started", "completed"] });
    /// //- src/example.ts
    /// export async function end(env, org, id) {
    ///   await createRealtime(env).extraction.finished({ id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/services/realtime/extraction.ts
    /// export default defineRealtime({ name: "extraction", events: ["started", "completed"] });
    /// //- src/example.ts
    /// export async function end(env, org, id) {
    ///   await createRealtime(env).extraction.completed({ id }, org);
    /// }
    /// ```
    RULE = "unknown-event", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let Method::Event {
            namespace: (namespace, _),
            event: (event, span),
        } = &call.method
        else {
            continue;
        };
        let definitions = context.namespaces(namespace);
        if definitions.is_empty() {
            continue;
        }
        // A namespace that is defined twice may have the events of either.
        let Some(events) = definitions
            .iter()
            .map(|d| events(d))
            .collect::<Option<Vec<_>>>()
        else {
            continue;
        };
        let events: Vec<&str> = events.into_iter().flatten().collect();
        if events.contains(&event.as_str()) {
            continue;
        }
        let suggestion = nearest(event, events);
        let ask = suggestion
            .map(|s| format!(" Did you mean \"{s}\"?"))
            .unwrap_or_default();
        let mut finding = report.finding(
            name_in_call(call, *span),
            format!(
                "The namespace \"{namespace}\" has no event \"{event}\", so this call fails when it runs.{ask}"
            ),
        );
        if let Some(definition) = definitions.first() {
            if let Some(known) = definition.events.known() {
                finding = finding.with_related(
                    crate::span::Place {
                        file: definition.file,
                        span: known.span,
                    },
                    format!("the events of \"{namespace}\""),
                );
            }
            if let Some(suggestion) = suggestion
                && callee(call).contains(*span)
                && let Some(edit) = call_event(context, *span, suggestion)
            {
                finding = finding.with_fix(Fix {
                    title: format!("Change to \"{suggestion}\""),
                    safe: false,
                    edits: vec![edit],
                });
            }
            if !is_impossible(event)
                && let Some(edits) = add(context, definition, event)
            {
                finding = finding.with_fix(Fix {
                    title: format!("Add \"{event}\" to the events of \"{namespace}\""),
                    safe: false,
                    edits,
                });
            }
        }
        report.push(finding);
    }
}

/// The events of a namespace, if all of them can be told.
fn events(namespace: &Namespace) -> Option<Vec<&str>> {
    let list = &namespace.events.known()?.value;
    list.is_whole()
        .then(|| list.items.iter().filter_map(Resolved::as_str).collect())
}

/// The edit that calls another event where `name` is written. One that is no identifier is called
/// by `["step-done"]`.
fn call_event(context: &Context<'_>, name: Span, event: &str) -> Option<Edit> {
    let source = Source::of(context);
    let before = source.text.get(..name.start as usize)?;
    if is_identifier(event) || before.ends_with(['"', '\'']) {
        return fits_any_quotes(event).then(|| source.replace(name, event));
    }
    // `a.b` loses its dot, `a?.b` does not.
    let is_optional = before.ends_with("?.");
    let start = if is_optional {
        name.start
    } else {
        let dot = before.strip_suffix('.')?;
        u32::try_from(dot.len()).ok()?
    };
    let call = format!("[{}]", source.string(Span::at(name.start), event));
    Some(source.replace(
        Span {
            start,
            end: name.end,
        },
        call,
    ))
}

/// The edits that add an event to a namespace, where its events are written in a list.
fn add(context: &Context<'_>, namespace: &Namespace, event: &str) -> Option<Vec<Edit>> {
    let known = namespace.events.known()?;
    let facts = context.project.facts(namespace.file)?;
    let source = Source::in_facts(namespace.file, &facts);
    let new = source.string(known.span, event);
    let last =
        known.value.items.iter().rev().find(|item| {
            item.origin.file == namespace.file && known.span.contains(item.origin.span)
        });
    match last {
        Some(last) => source.insert_after(last.origin.span, &new),
        None => Some(vec![source.insert_first(known.span, &new)?]),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_unfixable, fixture};

    fn project(events: &str, call: &str) -> String {
        format!(
            "//- quickback/services/realtime/ingest.ts
import {{ defineRealtime }} from '@quickback/compiler';
const COMMON = ['started', 'step-done'] as const;
export default defineRealtime({{ name: 'ingest', events: {events} }});
//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, org, name) => {{
  const realtime = createRealtime(env);
{call}}};
"
        )
    }

    #[test]
    fn reports_events_that_the_namespace_lacks() {
        check(
            &project(
                "[...COMMON, 'failed']",
                r#"  await realtime.ingest.finished({}, org);
                      //^^^^^^^^ error: The namespace "ingest" has no event "finished", so this call fails when it runs.
  await realtime.ingest['step-dome']({}, org);
                       //^^^^^^^^^ error: The namespace "ingest" has no event "step-dome", so this call fails when it runs. Did you mean "step-done"?
  const { faild } = realtime.ingest;
  await faild({}, org);
      //^^^^^ error: The namespace "ingest" has no event "faild", so this call fails when it runs. Did you mean "failed"?
"#,
            ),
            "unknown-event",
        );
    }

    #[test]
    fn adds_nothing_that_cannot_be_an_event() {
        check_unfixable(
            &project(
                "['failed']",
                "  await realtime.ingest['done now']({}, org);\n",
            ),
            "unknown-event",
        );
    }

    #[test]
    fn is_silent_on_events_and_what_may_be_one() {
        check(
            &project(
                "[...COMMON, 'failed']",
                "  await realtime.ingest.started({}, org);
  await realtime.ingest['step-done']({}, org);
  await realtime.ingest[name]({}, org);
  await realtime.other.finished({}, org);
  await realtime.broadcast('ingest:finished', {}, org);
",
            ),
            "unknown-event",
        );
        for events in ["[...more]", "events", "['started', name]", "'started'"] {
            check(
                &project(events, "  await realtime.ingest.finished({}, org);\n"),
                "unknown-event",
            );
        }
    }

    #[test]
    fn renames() {
        for (call, mended) in [
            (
                "realtime.ingest.faild({}, org)",
                "realtime.ingest.failed({}, org)",
            ),
            (
                "realtime.ingest.stepDone({}, org)",
                "realtime.ingest['step-done']({}, org)",
            ),
            (
                "realtime.ingest?.step_done({}, org)",
                "realtime.ingest?.['step-done']({}, org)",
            ),
        ] {
            check_fix(
                &project("['failed', 'step-done']", &format!("  await {call};\n")),
                "unknown-event",
                mended,
            );
        }
    }

    #[test]
    fn adds_the_event_to_the_definition() {
        for (events, mended) in [
            ("['started']", "events: ['started', 'finished'] }"),
            ("[]", "events: ['finished'] }"),
            ("[...COMMON]", "events: ['finished', ...COMMON] }"),
            (
                "[\n  'started',\n]",
                "events: [\n  'started',\n  'finished',\n] }",
            ),
        ] {
            check_fix(
                &project(events, "  await realtime.ingest.finished({}, org);\n"),
                "unknown-event",
                mended,
            );
        }
    }

    #[test]
    fn offers_both_where_one_is_near() {
        let fixture = fixture(&project(
            "['failed']",
            "  await realtime.ingest.faild({}, org);\n",
        ));
        let found = crate::rules::check(&fixture.project, fixture.file("src/a.ts"));
        let titles: Vec<&str> = found
            .iter()
            .flat_map(|d| d.fixes.iter().map(|f| f.title.as_str()))
            .collect();
        assert_eq!(
            titles,
            [
                "Change to \"failed\"",
                "Add \"faild\" to the events of \"ingest\""
            ]
        );
    }
}
