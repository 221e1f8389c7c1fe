//! `invalid-event`.

use super::identifiers::{TREACHEROUS, camel_case};
use super::pointing::{range, renaming, with_fix, with_origin};
use super::{Context, Report, rule};
use crate::diagnostic::Severity;
use crate::project::resolved::{List, Resolved};
use crate::syntax::is_identifier;

rule! {
    /// Reports the name of an event that cannot be one, or that is awkward to call.
    ///
    /// ## Why is this bad
    /// On the wire an event is `namespace:event`, so an event can hold no `:` and no white space,
    /// and it cannot be empty: that is an error. A name that is no identifier, such as
    /// `step-done`, has to be called by `realtime.ingest["step-done"](...)`, and `then`,
    /// `constructor`, `prototype` and `__proto__` mean something else to JavaScript: that is a
    /// warning.
    ///
    /// ## Invalid
    /// ```ts
    /// export default defineRealtime({ name: "ingest", events: ["in progress"] });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default defineRealtime({ name: "ingest", events: ["inProgress", "new", "delete"] });
    /// ```
    RULE = "invalid-event", Error, check;
}

/// Whether no event can have this name at all.
pub fn is_impossible(event: &str) -> bool {
    event.is_empty() || event.contains(':') || event.contains(char::is_whitespace)
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for namespace in &context.model.namespaces {
        let Some(events) = namespace.events.known() else {
            continue;
        };
        for entry in events.value.items.iter() {
            if let Some(event) = entry.as_str() {
                judge(context, report, &events.value, entry, event);
            }
        }
    }
}

fn judge(
    context: &Context<'_>,
    report: &mut Report<'_>,
    events: &List,
    entry: &Resolved,
    event: &str,
) {
    let (severity, message) = if event.is_empty() {
        (Severity::Error, "An event needs a name.".to_owned())
    } else if is_impossible(event) {
        let message =
            format!("\"{event}\" cannot be an event: a name holds no \":\" and no white space.");
        (Severity::Error, message)
    } else if TREACHEROUS.contains(&event) {
        let message =
            format!("\"{event}\" means something else to JavaScript than a method of that name.");
        (Severity::Warning, message)
    } else if !is_identifier(event) {
        let message =
            format!("\"{event}\" is not an identifier, so it must be called by [\"{event}\"].");
        (Severity::Warning, message)
    } else {
        return;
    };
    let finding = report.finding_as(severity, range(entry), message);
    let finding = with_origin(finding, context, entry.origin, "The event");
    let is_free = |name: &String| {
        name != event
            && events
                .items
                .iter()
                .all(|e| e.as_str() != Some(name.as_str()))
    };
    let fix = camel_case(event)
        .filter(is_free)
        .and_then(|name| renaming(context, entry, &name));
    report.push(with_fix(finding, fix));
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, check_unfixable, events};

    #[test]
    fn reports_what_cannot_be_or_is_awkward() {
        check(
            &events(
                r#"'', 'a b', 'a:b', 'step-done', '1st', 'then',
//<^^ error: An event needs a name.
   //^^^ error: "a b" cannot be an event: a name holds no ":" and no white space.
          //^^^ error: "a:b" cannot be an event: a name holds no ":" and no white space.
                 //^^^^^^^^^ warning: "step-done" is not an identifier, so it must be called by ["step-done"].
                              //^^^ warning: "1st" is not an identifier, so it must be called by ["1st"].
                                     //^^^^ warning: "then" means something else to JavaScript than a method of that name."#,
            ),
            "invalid-event",
        );
    }

    #[test]
    fn is_silent_on_methods_that_can_be() {
        check_silent(
            &events(
                "'started', 'new', 'delete', 'insert', 'in_progress', '$x', 7, ...more, eventOf()",
            ),
            "invalid-event",
        );
    }

    #[test]
    fn writes_it_in_camel_case() {
        check_fix(&events("'step-done'"), "invalid-event", "'stepDone'");
        check_fix(&events("'in progress'"), "invalid-event", "'inProgress'");
        // That is another one's name, or its own.
        check_unfixable(&events("'step-done', 'stepDone'"), "invalid-event");
        check_unfixable(&events("'then'"), "invalid-event");
    }
}
