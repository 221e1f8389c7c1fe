//! `misplaced-namespace`.

use super::{Context, Report, rule};
use crate::project::layout::Role;

rule! {
    /// Reports a `defineRealtime` that is never picked up: in a file outside of
    /// `services/realtime/`, or not the default export of its file.
    ///
    /// ## Why is this bad
    /// The compiler reads the default export of each file in `services/realtime/`, beside the
    /// features folder, and nothing else. The helper has no methods for other ones.
    ///
    /// ## Invalid
    /// ```ts
    /// export const extraction = defineRealtime({ name: "extraction", events: ["started"] });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// const extraction = defineRealtime({ name: "extraction", events: ["started"] });
    /// export default extraction;
    /// ```
    RULE = "misplaced-namespace", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    let in_place = context.project.role(context.file) == Role::Service;
    for namespace in &context.model.namespaces {
        let message = if !in_place {
            "Only the files directly in the \"services/realtime/\" beside the features folder are read, so this namespace is never picked up."
        } else if !namespace.is_default_export {
            "Only the default export of a file is read, so this namespace is never picked up."
        } else {
            continue;
        };
        report.push(report.finding(namespace.callee_span, message));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_silent};

    #[test]
    fn reports_what_is_never_picked_up() {
        check(
            r#"//- quickback/services/realtime/x.ts
import { defineRealtime as define } from '@quickback/compiler';
export const x = define({ name: 'x', events: ['a'] });
               //^^^^^^ warning: Only the default export of a file is read, so this namespace is never picked up.
//- quickback/services/realtime/deeper/x.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'y', events: ['a'] });
             //^^^^^^^^^^^^^^ warning: Only the files directly in the "services/realtime/" beside the features folder are read, so this namespace is never picked up.
//- src/realtime.ts
import * as qb from '@quickback/compiler';
export default qb.defineRealtime({ name: 'z', events: ['a'] });
             //^^^^^^^^^^^^^^^^^ warning: Only the files directly in the "services/realtime/" beside the features folder are read, so this namespace is never picked up.
"#,
            "misplaced-namespace",
        );
    }

    #[test]
    fn is_silent_on_default_exports_in_place_and_on_other_modules() {
        check_silent(
            "//- quickback/services/realtime/x.ts
import { defineRealtime } from '@quickback/compiler';
const x = defineRealtime({ name: 'x', events: ['a'] });
export { x as default };
//- services/realtime/y.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'y', events: ['a'] } as const);
//- src/z.ts
import { defineRealtime } from './mine';
export const z = defineRealtime({ name: 'z', events: ['a'] });
",
            "misplaced-namespace",
        );
    }
}
