//! `duplicate-event`.

use super::duplicates::report_duplicates;
use super::invalid_event::is_impossible;
use super::{Context, Report, rule};

rule! {
    /// Reports an event that a namespace names twice.
    ///
    /// ## Why is this bad
    /// The helper has one method of that name. The second mention is left over, or another event
    /// was meant.
    ///
    /// ## Invalid
    /// ```ts
    /// export default defineRealtime({ name: "ingest", events: ["started", "started"] });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default defineRealtime({ name: "ingest", events: ["started", "Started"] });
    /// ```
    RULE = "duplicate-event", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for namespace in &context.model.namespaces {
        let Some(events) = namespace.events.known() else {
            continue;
        };
        // What can be no event is reported as that already.
        report_duplicates(
            context,
            report,
            (events, namespace.span),
            |name| !is_impossible(name),
            |name| format!("The event \"{name}\" is in this list twice."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, events};

    #[test]
    fn reports_the_later_one() {
        check(
            &events(
                "'a', 'b', 'a'
         //^ error: The event \"a\" is in this list twice.",
            ),
            "duplicate-event",
        );
    }

    #[test]
    fn is_silent_on_different_and_on_impossible_ones() {
        check_silent(
            &events("'a', 'A', 'x y', 'x y', '', '', ...more"),
            "duplicate-event",
        );
    }

    #[test]
    fn removes_it() {
        check_fix(
            &events("  'a',\n  'b',\n  'a',"),
            "duplicate-event",
            "[\n  'a',\n  'b',\n]",
        );
    }
}
