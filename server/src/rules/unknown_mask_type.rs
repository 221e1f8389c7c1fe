//! `unknown-mask-type`.

use super::masks::{MaskOf, each_mask};
use super::pointing::{did_you_mean, range, renaming, with_fix, with_origin};
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::project::resolved::Lookup;
use crate::schema::MASK_TYPES;

rule! {
    /// Reports the `type` of a mask that is no mask.
    ///
    /// ## Why is this bad
    /// The value would have to be sent somehow, and nobody has said how. So nothing is generated
    /// until it is right. In `maskingConfig` of a call, `custom` is no mask either: a function
    /// cannot travel with the call, which is refused.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "redacted" } },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "redact" } },
    /// });
    /// ```
    RULE = "unknown-mask-type", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    each_mask(&context.model, |of, _, property| {
        let Some(Lookup::Found(kind)) = property.value.as_object().map(|rule| rule.get("type"))
        else {
            return;
        };
        let Some(name) = kind.value.as_str() else {
            return;
        };
        let is_call = matches!(of, MaskOf::Call(_));
        let masks = || {
            MASK_TYPES
                .iter()
                .map(|(mask, ..)| *mask)
                .filter(|mask| !(is_call && *mask == "custom"))
        };
        if masks().any(|mask| mask == name) {
            return;
        }
        let (message, suggestion) = if name == "custom" {
            let message = "A \"custom\" mask cannot be used in a call, since its function does not travel with it.";
            (message.to_owned(), Some("redact"))
        } else {
            let suggestion = nearest(name, masks());
            let ask = did_you_mean(suggestion);
            (
                format!("\"{name}\" is not a type of mask.{ask}"),
                suggestion,
            )
        };
        let known: Vec<&str> = masks().collect();
        let finding = report
            .finding(range(&kind.value), message)
            .with_help(format!("The types are {}.", known.join(", ")));
        let finding = with_origin(finding, context, kind.value.origin, "The type");
        let fix = suggestion.and_then(|new| renaming(context, &kind.value, new));
        report.push(with_fix(finding, fix));
    });
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims};

    #[test]
    fn reports_what_is_no_mask() {
        check(
            &(claims(
                r#"masking: { email: { type: 'e-mail' }, title: { type: 'hash' } },
                         //^^^^^^ error: "e-mail" is not a type of mask. Did you mean "email"?
                                                    //^^^^ error: "hash" is not a type of mask."#,
            ) + r#"//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { maskingConfig: { title: { type: 'custom' } } });
                                                                                                                  //^^^^^^ error: A "custom" mask cannot be used in a call, since its function does not travel with it.
"#),
            "unknown-mask-type",
        );
    }

    #[test]
    fn is_silent_on_masks_and_on_what_is_not_known() {
        check_silent(
            &claims(
                "masking: { a: { type: 'email' }, b: { type: 'phone' }, c: { type: 'ssn' }, d: { type: 'creditCard' },
e: { type: 'name' }, f: { type: 'redact' }, g: { type: 'custom', mask: (v) => v }, h: { type: kind() }, i: { type: 7 }, j: {} },",
            ),
            "unknown-mask-type",
        );
    }

    #[test]
    fn renames_a_misspelling() {
        check_fix(
            &claims("masking: { email: { type: 'Email' } },"),
            "unknown-mask-type",
            "{ type: 'email' }",
        );
    }
}
