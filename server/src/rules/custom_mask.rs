//! `custom-mask`.

use generator::broadcaster::mask::MaskType;

use super::delivery::{advisable_mask, automatic_mask, sends};
use super::edits::Source;
use super::masks::{MaskOf, each_mask, mask_name};
use super::pointing::{only_in, range, with_origin};
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::resolved::{Lookup, Object, Resolved};

rule! {
    /// Reports a mask of the type `custom` on a column that is broadcast.
    ///
    /// ## Why is this bad
    /// The function of a custom mask runs where the API answers, and not in the worker that
    /// broadcasts. There the value is sent as `[REDACTED]`.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "custom", mask: (value: string) => value.slice(0, 1) } },
    ///   realtime: { enabled: true, fields: ["id", "title"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "custom", mask: (value: string) => value.slice(0, 1) } },
    ///   realtime: { enabled: true, fields: ["id"] },
    /// });
    /// ```
    RULE = "custom-mask", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    each_mask(&context.model, |of, rule, property| {
        let (MaskOf::Table(table), Some(object)) = (of, property.value.as_object()) else {
            return;
        };
        let is_custom = rule
            .kind
            .known()
            .is_some_and(|k| k.value == MaskType::Custom);
        let column = &rule.column;
        if !is_custom || !sends(table, column) {
            return;
        }
        let Lookup::Found(kind) = object.get("type") else {
            return;
        };
        let finding = report.finding(
            range(&kind.value),
            format!(
                "A custom mask cannot run in a broadcast: \"{column}\" is sent as \"[REDACTED]\"."
            ),
        );
        let mut finding = with_origin(finding, context, kind.value.origin, "The type");
        let declared = table.columns.get(column);
        let fitting = automatic_mask(column, declared).or_else(|| advisable_mask(column, declared));
        for mask in fitting
            .filter(|m| *m != MaskType::Redact)
            .into_iter()
            .chain([MaskType::Redact])
        {
            finding.fixes.extend(only_in(
                context,
                of.place(),
                named(context, &kind.value, object, mask),
            ));
        }
        report.push(finding);
    });
}

/// Puts a named type in the place of `custom`, and takes out the function that nothing calls then.
fn named(context: &Context<'_>, kind: &Resolved, rule: &Object, mask: MaskType) -> Option<Fix> {
    if kind.origin.file != context.file {
        return None;
    }
    let source = Source::of(context);
    let name = mask_name(mask);
    let mut edits = vec![source.replace(kind.origin.span, source.string(kind.origin.span, name))];
    if let Some(function) = rule.last("mask") {
        if function.origin.file != context.file {
            return None;
        }
        edits.extend(source.remove(function.origin.span)?);
    }
    Some(Fix {
        title: format!("Change to \"{name}\""),
        safe: false,
        edits,
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims};

    #[test]
    fn reports_what_is_sent_redacted() {
        check(
            &claims(
                r#"masking: { email: { type: 'custom', mask: (v) => v[0] }, title: { type: 'custom', mask: cut } },
                         //^^^^^^ warning: A custom mask cannot run in a broadcast: "email" is sent as "[REDACTED]".
                                                                       //^^^^^^ warning: A custom mask cannot run in a broadcast: "title" is sent as "[REDACTED]".
realtime: { enabled: true },"#,
            ),
            "custom-mask",
        );
    }

    #[test]
    fn is_silent_where_it_is_not_sent() {
        let rule = "masking: { email: { type: 'custom', mask: (v) => v } },";
        for realtime in [
            "realtime: { enabled: true, fields: ['id', 'title'] },",
            "realtime: { enabled: false },",
            "realtime: { enabled: true, fields: load() },",
            "",
        ] {
            check_silent(&claims(&format!("{rule}\n{realtime}")), "custom-mask");
        }
        check_silent(
            &claims(
                "masking: { email: { type: 'email' }, nothing: { type: 'custom' } }, realtime: { enabled: true },",
            ),
            "custom-mask",
        );
    }

    #[test]
    fn takes_the_mask_that_fits_the_name() {
        check_fix(
            &claims(
                "masking: { email: { type: 'custom', mask: (v) => v[0], show: { roles: ['admin'] } } },\nrealtime: { enabled: true },",
            ),
            "custom-mask",
            "masking: { email: { type: 'email', show: { roles: ['admin'] } } },",
        );
        check_fix(
            &claims(
                "masking: { title: { type: 'custom', mask: (v) => v[0] } },\nrealtime: { enabled: true },",
            ),
            "custom-mask",
            "masking: { title: { type: 'redact' } },",
        );
    }
}
