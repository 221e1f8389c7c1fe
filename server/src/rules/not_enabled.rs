//! `not-enabled`.

use super::edits::Source;
use super::pointing::{only_in, with_fix};
use super::unknown_key::is_misspelled;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::{Known, Realtime};
use crate::project::resolved::Property;
use crate::schema;

rule! {
    /// Reports a `realtime` block that does not say `enabled`.
    ///
    /// ## Why is this bad
    /// Realtime is off unless it is enabled, so nothing else in the block has any effect. Say
    /// `enabled: false` where that is meant.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { fields: ["id", "title"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: false, fields: ["id", "title"] },
    /// });
    /// ```
    RULE = "not-enabled", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for table in &context.model.tables {
        let Some(realtime) = table.realtime.known() else {
            continue;
        };
        let keys: Vec<&Property> = realtime.value.object.properties().collect();
        if !realtime.value.enabled.is_absent() || is_misspelled(&schema::REALTIME, &keys, "enabled")
        {
            continue;
        }
        let finding = report.finding(
            realtime.key_span,
            "This realtime block does not say \"enabled\", so nothing is sent.",
        );
        let fix = only_in(context, table.place(), enabling(context, realtime));
        report.push(with_fix(finding, fix));
    }
}

fn enabling(context: &Context<'_>, realtime: &Known<Realtime>) -> Option<Fix> {
    let source = Source::of(context);
    let edit = match realtime.value.object.last("enabled") {
        // `enabled: undefined`
        Some(property) if property.value.origin.file == context.file => {
            source.replace(property.value.origin.span, "true")
        }
        Some(_) => return None,
        None if realtime.origin.file == context.file => {
            source.insert_first(realtime.span, "enabled: true")?
        }
        None => return None,
    };
    Some(Fix {
        title: "Add enabled: true".to_owned(),
        safe: false,
        edits: vec![edit],
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, check_unfixable, claims};

    #[test]
    fn reports_a_block_that_is_never_on() {
        check(
            &claims(
                r#"realtime: { fields: ['id'] },
//<^^^^^^^^ warning: This realtime block does not say "enabled", so nothing is sent."#,
            ),
            "not-enabled",
        );
        check(
            &claims(
                r#"realtime: {},
//<^^^^^^^^ warning: This realtime block does not say "enabled", so nothing is sent."#,
            ),
            "not-enabled",
        );
    }

    #[test]
    fn is_silent_where_it_is_said_misspelled_or_not_known() {
        for options in [
            "realtime: { enabled: true },",
            "realtime: { enabled: false },",
            "realtime: { enabled: isOn() },",
            "realtime: { enabled: 'yes' },",
            "realtime: { enable: true },",
            "realtime: { ...base },",
            "realtime: load(),",
            "realtime: undefined,",
            "embeddings: { fields: ['id'] },",
        ] {
            check_silent(&claims(options), "not-enabled");
        }
    }

    #[test]
    fn adds_it_in_the_style_of_the_block() {
        for (options, expected) in [
            (
                "realtime: { fields: ['id'] },",
                "realtime: { enabled: true, fields: ['id'] },",
            ),
            ("realtime: {},", "realtime: { enabled: true },"),
            (
                "realtime: {\n    fields: ['id'],\n  },",
                "realtime: {\n    enabled: true,\n    fields: ['id'],\n  },",
            ),
            (
                "realtime: { enabled: undefined },",
                "realtime: { enabled: true },",
            ),
        ] {
            check_fix(&claims(options), "not-enabled", expected);
        }
        // What another file says is nothing that is edited here.
        for options in ["realtime: block,", "realtime: { enabled: nothing },"] {
            let shared = "//- quickback/shared.ts
export const block = { fields: ['id'] };
export const nothing = undefined;
";
            let text = claims(options).replace(
                "export default",
                "import { block, nothing } from '../shared';\nexport default",
            );
            check_unfixable(&(text + shared), "not-enabled");
        }
    }
}
