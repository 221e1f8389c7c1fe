//! `unknown-masked-field`.

use rustc_hash::FxHashSet;

use super::delivery::table_name;
use super::edits::Source;
use super::masks::{MaskOf, each_mask};
use super::pointing::{did_you_mean, only_in, removal, with_fix, with_origin};
use super::suggest::nearest;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::model::{Call, MaskRule, Method, Table};
use crate::project::resolved::{Property, Resolved};

rule! {
    /// Reports a rule of `masking`, or of a call's `maskingConfig`, for a column that the table
    /// does not have.
    ///
    /// ## Why is this bad
    /// The rule masks nothing. If its name is a misspelling, the column that was meant is sent
    /// plain.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { titel: { type: "redact" } },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   masking: { title: { type: "redact" }, createdBy: { type: "redact" } },
    /// });
    /// ```
    RULE = "unknown-masked-field", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    each(context, |table, of, rule, property| {
        let name = &rule.column;
        let suggestion = nearest(name, free_columns(table, of));
        let finding = report.finding(
            rule.column_span,
            format!(
                "\"{name}\" is not a column of {}, so this rule masks nothing of it.{}",
                table_name(table),
                did_you_mean(suggestion)
            ),
        );
        let finding = with_origin(
            finding,
            context,
            property.key_origin,
            &format!("\"{name}\""),
        );
        let finding = with_fix(
            finding,
            only_in(
                context,
                of.place(),
                suggestion.and_then(|new| rename(context, property, new)),
            ),
        );
        let removed = removal(
            context,
            property.origin,
            format!("Remove the rule for \"{name}\""),
        );
        report.push(with_fix(finding, only_in(context, of.place(), removed)));
    });
}

/// Calls `visit` with every rule of masking for what is no column of its table.
pub fn each<'c>(
    context: &'c Context<'_>,
    mut visit: impl FnMut(&'c Table, MaskOf<'c>, &'c MaskRule, &'c Property),
) {
    each_mask(&context.model, |of, rule, property| {
        let table = match of {
            MaskOf::Table(table) => Some(table),
            MaskOf::Call(call) => table_of(context, call),
        };
        let is_unknown =
            |table: &&Table| !table.columns.open && table.columns.get(&rule.column).is_none();
        if let Some(table) = table.filter(is_unknown) {
            visit(table, of, rule, property);
        }
    });
}

/// The table of a call, if exactly one definition makes it.
fn table_of<'c>(context: &'c Context<'_>, call: &Call) -> Option<&'c Table> {
    if !matches!(
        call.method,
        Method::Insert | Method::Update | Method::Delete
    ) {
        return None;
    }
    let name = call.subject.as_ref().and_then(Resolved::as_str)?;
    match context.tables(name) {
        [table] => Some(table),
        _ => None,
    }
}

/// The columns that a rule may be renamed to: those that have none in the same object.
fn free_columns<'t>(table: &'t Table, of: MaskOf<'t>) -> impl Iterator<Item = &'t str> {
    let masking = match of {
        MaskOf::Table(table) => &table.masking,
        MaskOf::Call(call) => &call.masking,
    };
    let rules = masking.known().map_or(&[][..], |m| &m.value.rules);
    let taken: FxHashSet<&str> = rules.iter().map(|rule| rule.column.as_str()).collect();
    table
        .columns
        .names()
        .filter(move |column| !taken.contains(column))
}

fn rename(context: &Context<'_>, property: &Property, new: &str) -> Option<Fix> {
    // In `{ email }` the key is also the name of a value.
    let is_shorthand = property.origin.span == property.key_origin.span;
    (property.key_origin.file == context.file && !is_shorthand).then(|| Fix {
        title: format!("Change to \"{new}\""),
        safe: false,
        edits: vec![Source::of(context).replace(property.key_origin.span, new)],
    })
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims};

    #[test]
    fn reports_rules_for_no_column() {
        check(
            &(claims(
                r#"masking: { 'emial': { type: 'email' }, phone: { type: 'phone' } },
          //^^^^^ error: "emial" is not a column of "claims", so this rule masks nothing of it. Did you mean "email"?
                                     //^^^^^ error: "phone" is not a column of "claims", so this rule masks nothing of it."#,
            ) + r#"//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { maskingConfig: { titel: { type: 'name' } } });
                                                                                                  //^^^^^ error: "titel" is not a column of "claims", so this rule masks nothing of it. Did you mean "title"?
"#),
            "unknown-masked-field",
        );
    }

    #[test]
    fn is_silent_on_columns_and_on_payloads_of_other_shapes() {
        check_silent(
            &(claims(
                "masking: { email: { type: 'email' }, modifiedBy: { type: 'redact' }, ...more },",
            ) + r#"//- quickback/features/open.ts
import { feature, q } from '@quickback/compiler';
export default feature('open', { columns: { id: q.id(), ...more }, masking: { whatever: { type: 'redact' } } });
//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => {
  const realtime = createRealtime(env);
  void realtime.insert('adhoc', r, org, { maskingConfig: { titel: { type: 'name' } } });
  void realtime.broadcast('claims', r, org, { maskingConfig: { titel: { type: 'name' } } });
  void realtime.insert(nameOf(r), r, org, { maskingConfig: { titel: { type: 'name' } } });
};
"#),
            "unknown-masked-field",
        );
    }

    #[test]
    fn renames_or_removes() {
        check_fix(
            &claims("masking: { 'emial': { type: 'email' } },"),
            "unknown-masked-field",
            "masking: { 'email': { type: 'email' } },",
        );
        check_fix(
            &claims("masking: { email: { type: 'email' }, emial: { type: 'email' } },"),
            "unknown-masked-field",
            "masking: { email: { type: 'email' } },",
        );
        // The shorter form names the constant too, which keeps its name.
        let shorthand = "masking: { emial, title: { type: 'name' } },";
        check_fix(
            &claims(shorthand).replace("export", "const emial = { type: 'email' };\nexport"),
            "unknown-masked-field",
            "masking: { title: { type: 'name' } },",
        );
    }
}
