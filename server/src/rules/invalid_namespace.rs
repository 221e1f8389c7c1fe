//! `invalid-namespace`.

use super::identifiers::{METHODS, ON_THE_WIRE, TREACHEROUS};
use super::pointing::{unquoted, with_origin};
use super::{Context, Report, rule};
use crate::syntax::is_identifier;

rule! {
    /// Reports the name of an event namespace that the helper cannot have.
    ///
    /// ## Why is this bad
    /// The name is a property of the helper: `realtime.<name>.<event>(...)`. So it must be an
    /// identifier, and none of the names that the helper or JavaScript has taken: `insert`,
    /// `update`, `delete`, `broadcast`, `then`, `constructor`, `prototype` and `__proto__`. `auth`
    /// is taken on the wire. Nothing is generated until it is right.
    ///
    /// ## Invalid
    /// ```ts
    /// export default defineRealtime({ name: "broadcast", events: ["started"] });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default defineRealtime({ name: "extraction", events: ["started"] });
    /// ```
    RULE = "invalid-namespace", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for namespace in &context.model.namespaces {
        let Some(known) = namespace.name.known() else {
            continue;
        };
        let name = known.value.as_str();
        let message = if name.is_empty() {
            "A namespace needs a name.".to_owned()
        } else if METHODS.contains(&name) {
            format!("\"{name}\" is a method of the helper, so no namespace can have this name.")
        } else if name == ON_THE_WIRE {
            format!("\"{name}\" is reserved for events of the worker itself.")
        } else if TREACHEROUS.contains(&name) {
            format!(
                "\"{name}\" means something else to JavaScript, so no namespace can have this name."
            )
        } else if !is_identifier(name) {
            format!("\"{name}\" is not an identifier, so \"realtime.{name}\" cannot be written.")
        } else {
            continue;
        };
        let finding = report.finding(unquoted(context, known.span), message);
        let value = namespace.options.known().and_then(|o| o.value.last("name"));
        let origin = value.map_or(known.origin, |p| p.value.origin);
        report.push(with_origin(finding, context, origin, "The name"));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_silent};

    fn namespace(name: &str) -> String {
        format!(
            "//- quickback/services/realtime/x.ts
import {{ defineRealtime }} from '@quickback/compiler';
export default defineRealtime({{ events: ['a'],
name: {name},
}});
"
        )
    }

    #[test]
    fn reports_names_that_cannot_be() {
        for (name, mark) in [
            ("''", "    //^^ error: A namespace needs a name."),
            (
                "'a-b'",
                "     //^^^ error: \"a-b\" is not an identifier, so \"realtime.a-b\" cannot be written.",
            ),
            (
                "'delete'",
                "     //^^^^^^ error: \"delete\" is a method of the helper, so no namespace can have this name.",
            ),
            (
                "'auth'",
                "     //^^^^ error: \"auth\" is reserved for events of the worker itself.",
            ),
            (
                "'then'",
                "     //^^^^ error: \"then\" means something else to JavaScript, so no namespace can have this name.",
            ),
        ] {
            let text = namespace(name).replace(",\n});", &format!(",\n{mark}\n}});"));
            check(&text, "invalid-namespace");
        }
    }

    #[test]
    fn is_silent_on_names_that_can() {
        for name in [
            "'extraction'",
            "'new'",
            "'_x1'",
            "'Auth'",
            "nameOf()",
            "7",
            "`presence`",
        ] {
            check_silent(&namespace(name), "invalid-namespace");
        }
    }
}
