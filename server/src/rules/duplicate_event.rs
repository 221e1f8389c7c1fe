//! `duplicate-event`.

use super::duplicates::{Duplicate, duplicates};
use super::invalid_event::is_impossible;
use super::pointing::{origin, range, with_fix};
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
        for Duplicate {
            later,
            first,
            name,
            fix,
        } in duplicates(context, events)
        {
            // What can be no event is reported as that already.
            if is_impossible(name) {
                continue;
            }
            let mut finding = report
                .finding(
                    range(later),
                    format!("The event \"{name}\" is in this list twice."),
                )
                .with_related(origin(first), format!("\"{name}\" is named here first"));
            finding.unnecessary = true;
            report.push(with_fix(finding, fix));
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent};

    fn namespace(events: &str) -> String {
        format!(
            "//- quickback/services/realtime/x.ts
import {{ defineRealtime }} from '@quickback/compiler';
export default defineRealtime({{ name: 'x', events: [
{events}
] }});
"
        )
    }

    #[test]
    fn reports_the_later_one() {
        check(
            &namespace(
                "'a', 'b', 'a'
         //^ error: The event \"a\" is in this list twice.",
            ),
            "duplicate-event",
        );
    }

    #[test]
    fn is_silent_on_different_and_on_impossible_ones() {
        check_silent(
            &namespace("'a', 'A', 'x y', 'x y', '', '', ...more"),
            "duplicate-event",
        );
    }

    #[test]
    fn removes_it() {
        check_fix(
            &namespace("  'a',\n  'b',\n  'a',"),
            "duplicate-event",
            "[\n  'a',\n  'b',\n]",
        );
    }
}
