//! `unknown-namespace`.

use smol_str::SmolStr;

use super::calls::{callee, may_be_lost, name_in_call};
use super::identifiers::is_namespace_name;
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::Method;

rule! {
    /// Reports a call of an event whose namespace no file in `services/realtime/` defines.
    ///
    /// ## Why is this bad
    /// The generated helper has a property for each namespace. One that it does not have is
    /// `undefined`, so the call throws at run time.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/services/realtime/extraction.ts
    /// export default defineRealtime({ name: "extraction", events: ["started", "failed"] });
    /// //- src/example.ts
    /// export async function begin(env, org, id) {
    ///   await createRealtime(env).extration.started({ id }, org);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/services/realtime/extraction.ts
    /// export default defineRealtime({ name: "extraction", events: ["started", "failed"] });
    /// //- src/example.ts
    /// export async function begin(env, org, id) {
    ///   await createRealtime(env).extraction.started({ id }, org);
    /// }
    /// ```
    RULE = "unknown-namespace", Error, check;
}

/// What the helper, like any object, has besides namespaces: `realtime.insert.bind(...)`.
const OTHER_PROPERTIES: [&str; 7] = [
    "insert",
    "update",
    "delete",
    "broadcast",
    "constructor",
    "toString",
    "hasOwnProperty",
];

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for call in &context.model.calls {
        let Method::Event {
            namespace: (name, span),
            ..
        } = &call.method
        else {
            continue;
        };
        if !context.namespaces(name).is_empty()
            || OTHER_PROPERTIES.contains(&name.as_str())
            || may_be_lost(context, name)
        {
            continue;
        }
        let names = context.index().namespaces.keys().map(SmolStr::as_str);
        let suggestion = nearest(name, names.filter(|name| is_namespace_name(name)));
        let ask = match suggestion {
            Some(suggestion) => format!(" Did you mean \"{suggestion}\"?"),
            None => " Define it in `services/realtime/`.".to_owned(),
        };
        let mut finding = report.finding(
            name_in_call(call, *span),
            format!(
                "There is no event namespace \"{name}\", so this call fails when it runs.{ask}"
            ),
        );
        if let Some(suggestion) = suggestion
            && callee(call).contains(*span)
        {
            finding = finding.with_fix(Fix::replace(
                format!("Change to \"{suggestion}\""),
                context.place(*span),
                suggestion,
            ));
        }
        report.push(finding);
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix};

    const NAMESPACES: &str = "\
//- quickback/services/realtime/extraction.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'extraction', events: ['started'] });
//- src/services/extra.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'misplaced', events: ['started'] });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = async (env, org, name) => {
  const realtime = createRealtime(env);
";

    #[test]
    fn reports_namespaces_that_nobody_defines() {
        check(
            &(NAMESPACES.to_owned()
                + r#"  await realtime.extration.started({}, org);
               //^^^^^^^^^ error: There is no event namespace "extration", so this call fails when it runs. Did you mean "extraction"?
  await realtime['billing'].paid({}, org);
                //^^^^^^^ error: There is no event namespace "billing", so this call fails when it runs. Define it in `services/realtime/`.
  const { extractin } = realtime;
  await extractin.started({}, org);
      //^^^^^^^^^^^^^^^^^ error: There is no event namespace "extractin", so this call fails when it runs. Did you mean "extraction"?
};
"#),
            "unknown-namespace",
        );
    }

    #[test]
    fn is_silent_on_defined_misplaced_and_unknown_ones() {
        check(
            &(NAMESPACES.to_owned()
                + "  await realtime.extraction.started({}, org);
  await realtime.misplaced.started({}, org);
  await realtime[name].started({}, org);
  realtime.insert.bind(realtime);
  env.extration.started({}, org);
};
"),
            "unknown-namespace",
        );
        check(
            "//- quickback/services/realtime/half.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'half', events: [
//- quickback/services/realtime/computed.ts
import { defineRealtime } from '@quickback/compiler';
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = (env, org) => createRealtime(env).half.started({}, org);
",
            "unknown-namespace",
        );
        check(
            "//- quickback/services/realtime/computed.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: process.env.NAME, events: ['started'] });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = (env, org) => createRealtime(env).computed.started({}, org);
",
            "unknown-namespace",
        );
    }

    #[test]
    fn suggests_nothing_that_cannot_be_called() {
        check(
            r#"//- quickback/services/realtime/broken.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'extr-action', events: ['started'] });
//- src/a.ts
import { createRealtime } from '../lib/realtime';
export const run = async (env, org) => {
  await createRealtime(env).extraction.started({}, org);
                          //^^^^^^^^^^ error: There is no event namespace "extraction", so this call fails when it runs. Define it in `services/realtime/`.
};
"#,
            "unknown-namespace",
        );
    }

    #[test]
    fn mends_a_misspelling() {
        check_fix(
            &(NAMESPACES.to_owned() + "  await realtime.Extraction.started({}, org);\n};\n"),
            "unknown-namespace",
            "realtime.extraction.started({}, org)",
        );
    }
}
