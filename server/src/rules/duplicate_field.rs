//! `duplicate-field`.

use super::duplicates::report_duplicates;
use super::{Context, Report, rule};

rule! {
    /// Reports a column that `fields` names twice.
    ///
    /// ## Why is this bad
    /// The column is sent once. The second mention is left over, or another column was meant.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, fields: ["id", "title", "title"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, fields: ["id", "title"] },
    /// });
    /// ```
    RULE = "duplicate-field", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for table in &context.model.tables {
        let Some(fields) = table.block().and_then(|block| block.fields.known()) else {
            continue;
        };
        report_duplicates(
            context,
            report,
            (fields, table.span),
            // What is no column is reported as that already.
            |name| table.columns.open || table.columns.get(name).is_some(),
            |name| format!("\"fields\" names \"{name}\" twice; it is sent once."),
        );
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims};

    #[test]
    fn reports_every_later_one() {
        check(
            &claims(
                r#"realtime: { enabled: false, fields: ['id', 'title', `id`, 'id'] },
                                                   //^^ warning: "fields" names "id" twice; it is sent once.
                                                         //^^ warning: "fields" names "id" twice; it is sent once."#,
            ),
            "duplicate-field",
        );
    }

    #[test]
    fn is_silent_on_different_columns_and_on_what_is_no_column() {
        check_silent(
            &claims(
                "realtime: { enabled: true, fields: ['id', 'title', 'Id', 'Id', '', '', ...more] },",
            ),
            "duplicate-field",
        );
    }

    #[test]
    fn removes_it_from_the_list_that_is_the_tables_own() {
        check_fix(
            &claims("realtime: { enabled: true, fields: ['id', 'title', 'id'] },"),
            "duplicate-field",
            "fields: ['id', 'title'] },",
        );
        check_fix(
            r#"//- quickback/features/claims.ts
import { feature, q } from '@quickback/compiler';
const BASE = ['id', 'title'];
export default feature('claims', { columns: { id: q.id(), title: q.text() }, realtime: { enabled: true, fields: ['id', ...BASE] } });
"#,
            "duplicate-field",
            "const BASE = ['id', 'title'];\nexport default feature('claims', { columns: { id: q.id(), title: q.text() }, realtime: { enabled: true, fields: [...BASE] } });",
        );
    }
}
