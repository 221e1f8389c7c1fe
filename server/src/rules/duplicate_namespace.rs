//! `duplicate-namespace`.

use super::pointing::{origin, unquoted};
use super::{Context, Report, rule};
use crate::project::layout::Role;

rule! {
    /// Reports an event namespace whose name another file defines already.
    ///
    /// ## Why is this bad
    /// The helper can have only one property of that name, so the events of one file would be
    /// lost. Nothing is generated until one of them has another name.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/services/realtime/push.ts
    /// export default defineRealtime({ name: "push", events: ["sent"] });
    /// //- quickback/services/realtime/push2.ts
    /// export default defineRealtime({ name: "push", events: ["sent", "read"] });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/services/realtime/push.ts
    /// export default defineRealtime({ name: "push", events: ["sent"] });
    /// //- quickback/services/realtime/inbox.ts
    /// export default defineRealtime({ name: "inbox", events: ["sent", "read"] });
    /// ```
    RULE = "duplicate-namespace", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    // One that is never picked up takes no name.
    if context.project.role(context.file) != Role::Service {
        return;
    }
    for namespace in context
        .model
        .namespaces
        .iter()
        .filter(|n| n.is_default_export)
    {
        // What has an empty name is reported as that.
        let Some(name) = namespace.name.known().filter(|n| !n.value.is_empty()) else {
            continue;
        };
        let Some(first) = context.namespaces(&name.value).first() else {
            continue;
        };
        let Some(first_name) = first.name.known() else {
            continue;
        };
        if first.file == context.file {
            continue;
        }
        let value = first.options.known().and_then(|o| o.value.last("name"));
        let place = value.map_or(first_name.origin, |name| origin(&name.value));
        let (here, there) = (
            context.project.relative(context.file),
            context.project.relative(first.file),
        );
        report.push(
            report
                .finding(
                    unquoted(context, name.span),
                    format!(
                        "Both {there} and {here} define the namespace \"{}\".",
                        name.value
                    ),
                )
                .with_related(place, format!("\"{}\" is defined here first", name.value)),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_silent, fixture};

    const TWO: &str = r#"//- quickback/services/realtime/push.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'push', events: ['a'] });
//- quickback/services/realtime/push2.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'push', events: ['b'] });
                                     //^^^^ error: Both quickback/services/realtime/push.ts and quickback/services/realtime/push2.ts define the namespace "push".
"#;

    #[test]
    fn reports_the_later_file() {
        check(TWO, "duplicate-namespace");
    }

    #[test]
    fn leads_to_the_first() {
        let fixture = fixture(TWO);
        let file = fixture.file("quickback/services/realtime/push2.ts");
        let findings = crate::rules::check(&fixture.project, file);
        let related = &findings[0].related[0];
        assert_eq!(
            related.place.file,
            fixture.file("quickback/services/realtime/push.ts")
        );
        assert_eq!(fixture.project.text(related.place), "push");
    }

    #[test]
    fn is_silent_on_names_that_are_not_written_yet() {
        check_silent(
            &TWO.replace("name: 'push'", "name: ''"),
            "duplicate-namespace",
        );
    }

    #[test]
    fn is_silent_on_other_names_and_on_what_is_not_picked_up() {
        check_silent(
            "//- quickback/services/realtime/push.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'push', events: ['a'] });
export const other = defineRealtime({ name: 'push', events: ['b'] });
//- quickback/services/realtime/Push.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'Push', events: ['a'] });
//- quickback/features/push.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'push', events: ['a'] });
",
            "duplicate-namespace",
        );
    }
}
