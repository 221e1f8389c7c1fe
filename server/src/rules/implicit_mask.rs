//! `implicit-mask`.

use super::delivery::automatic_mask;
use super::sensitive_columns::{Findings, report_columns};
use super::{Context, Report, rule};
use crate::project::model::{Owner, Table};

rule! {
    /// Reports a broadcast column that is masked only because of its name.
    ///
    /// Without a rule of its own, a column called `email`, `workEmail`, `ssn`, `apiSecret` and the
    /// like is masked for everybody but administrators and the record's owner.
    ///
    /// ## Why is this bad
    /// Nobody has decided who sees the value, and renaming the column would show it to everybody.
    /// Written out, the rule says what holds.
    ///
    /// A call's `maskingConfig` takes the place of such a mask, and can only narrow a written rule:
    /// where a call has a mask of its own for the column, `--fix` leaves the rule for you to write.
    /// So it does where it is not known which column holds the owner: the compiler may know it, and
    /// whether the owner sees the value is yours to say.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), email: q.email(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, fields: ["id", "email"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), email: q.email(), organizationId: q.scope("organization") },
    ///   masking: { email: { type: "email", show: { roles: ["admin"] } } },
    ///   realtime: { enabled: true, fields: ["id", "email"] },
    /// });
    /// ```
    RULE = "implicit-mask", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    report_columns(
        context,
        report,
        &Findings {
            mask: automatic_mask,
            message: |columns, many| {
                if many {
                    format!("{columns} are masked only because of their names.")
                } else {
                    format!("{columns} is masked only because of its name.")
                }
            },
            help,
            // The rule that is written is the one that applies already.
            is_safe: true,
        },
    );
}

fn help(table: &Table) -> &'static str {
    if table.owner == Owner::Unknown {
        "Write the rule out, so that it says who sees the value and stays when the column is renamed. Which column holds the owner is not known until the code runs, so no owner sees it in a message: write the columns and the `firewall` so that they can be followed, or leave `or: \"owner\"` out."
    } else {
        "Write the rule out, so that it says who sees the value and stays when the column is renamed."
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, check_unfixable, claims, fixture};

    #[test]
    fn reports_at_the_entry_of_fields() {
        check(
            &claims(
                r#"realtime: { enabled: true, fields: ['id', 'email', 'phoneNumber'] },
                                         //^^^^^ warning: "email" is masked only because of its name."#,
            ),
            "implicit-mask",
        );
    }

    #[test]
    fn reports_once_at_the_block_that_sends_every_column() {
        check(
            r#"//- quickback/features/people.ts
import { feature, q } from '@quickback/compiler';
export default feature('people', {
  columns: { id: q.id(), org: q.scope('organization'), workEmail: q.email(), ssn: q.text(), fax: q.text() },
  masking: { fax: { type: 'phone' } },
  realtime: { enabled: true },
//^^^^^^^^ warning: "workEmail" and "ssn" are masked only because of their names.
});
"#,
            "implicit-mask",
        );
    }

    #[test]
    fn names_one_column_alone() {
        check(
            r#"//- quickback/features/people.ts
import { feature, q } from '@quickback/compiler';
export default feature('people', {
  columns: { id: q.id(), org: q.scope('organization'), workEmail: q.email() },
  realtime: { enabled: true },
//^^^^^^^^ warning: "workEmail" is masked only because of its name.
});
"#,
            "implicit-mask",
        );
    }

    #[test]
    fn is_silent_on_masked_columns_other_types_and_what_is_not_sent() {
        for options in [
            "masking: { email: { type: 'redact' } }, realtime: { enabled: true, fields: ['id', 'email'] },",
            "masking: { email: { type: 'what' } }, realtime: { enabled: true, fields: ['id', 'email'] },",
            "masking: rules(), realtime: { enabled: true, fields: ['id', 'email'] },",
            // One mistake, one finding: `emial` is what is wrong.
            "masking: { emial: { type: 'email' } }, realtime: { enabled: true, fields: ['id', 'email'] },",
            "masking: { ...rules }, realtime: { enabled: true, fields: ['id', 'email'] },",
            "realtime: { enabled: true, fields: ['id', 'title'] },",
            "realtime: { enabled: false, fields: ['email'] },",
            "realtime: { enabled: true, fields: load() },",
        ] {
            check_silent(&claims(options), "implicit-mask");
        }
        check_silent(
            "//- quickback/features/people.ts
import { feature, q } from '@quickback/compiler';
import { more } from 'elsewhere';
export default feature('people', { columns: { id: q.id(), email: q.boolean(), token: q.timestamp() }, realtime: { enabled: true } });
export const open = feature('open', { columns: { id: q.id(), email: q.email(), ...more }, realtime: { enabled: true } });
",
            "implicit-mask",
        );
    }

    #[test]
    fn writes_the_rule_that_applies() {
        check_fix(
            &claims("  realtime: {\n    enabled: true,\n    fields: ['id', 'email'],\n  },"),
            "implicit-mask",
            "  masking: {\n    email: { type: 'email', show: { roles: ['admin'] } },\n  },\n  realtime: {",
        );
        check_fix(
            &claims("masking: { title: { type: 'name' } }, realtime: { enabled: true },"),
            "implicit-mask",
            "masking: { title: { type: 'name' }, email: { type: 'email', show: { roles: ['admin'] } } }, realtime",
        );
        check_fix(
            &claims(
                "firewall: { owner: { column: 'createdBy' } }, masking: {}, realtime: { enabled: true },",
            ),
            "implicit-mask",
            "masking: { email: { type: 'email', show: { roles: ['admin'], or: 'owner' } } }, realtime",
        );
    }

    #[test]
    fn writes_beside_comments_and_not_into_them() {
        check_fix(
            &claims(
                "  // live\n  // updates\n  realtime: {\n    enabled: true,\n    fields: ['id', 'email'],\n  },",
            ),
            "implicit-mask",
            "  masking: {\n    email: { type: 'email', show: { roles: ['admin'] } },\n  },\n  // live\n  // updates\n  realtime: {",
        );
        check_fix(
            &claims(
                "  firewall: {}, // about it\n  realtime: {\n    enabled: true,\n    fields: ['id', 'email'],\n  },",
            ),
            "implicit-mask",
            "  firewall: {}, // about it\n  masking: {\n    email: { type: 'email', show: { roles: ['admin'] } },\n  },\n  realtime: {",
        );
        check_fix(
            &claims(
                "  masking: {\n    // later\n  },\n  realtime: {\n    enabled: true,\n    fields: ['id', 'email'],\n  },",
            ),
            "implicit-mask",
            "  masking: {\n    // later\n    email: { type: 'email', show: { roles: ['admin'] } },\n  },\n  realtime: {",
        );
    }

    #[test]
    fn takes_no_owner_away_where_the_column_is_not_known() {
        for text in [
            claims(
                "firewall: wall(), masking: {}, realtime: { enabled: true, fields: ['email'] },",
            ),
            claims("masking: {}, realtime: { enabled: true, fields: ['email'] },")
                .replace("columns: {", "columns: { ...more,"),
        ] {
            check_fix(
                &text,
                "implicit-mask",
                "masking: { email: { type: 'email', show: { roles: ['admin'], or: 'owner' } } }, realtime",
            );
            // What the compiler makes of it may differ, so that it is for the author to say.
            let fixture = fixture(&text);
            let file = fixture.file("quickback/features/claims.ts");
            let found = crate::rules::check(&fixture.project, file);
            let mut found = found.iter().filter(|d| d.code == "implicit-mask");
            let finding = found.next().expect("it is reported");
            assert!(!finding.fixes[0].safe, "{text}");
            let help = finding.help.as_deref().unwrap_or_default();
            assert!(help.contains("Which column holds the owner"), "{help}");
        }
    }

    #[test]
    fn writes_no_rule_where_other_tables_may_read_it() {
        let shared = "const shared = {};\n";
        let text = claims("masking: shared, realtime: { enabled: true },") + shared;
        check_unfixable(&text, "implicit-mask");
        let spread = "const shared = { realtime: { enabled: true } };\n";
        check_unfixable(&(claims("...shared,") + spread), "implicit-mask");
        let options = "//- quickback/features/people.ts
import { defineTable, q } from '@quickback/compiler';
export const people = q.table('people', { id: q.id(), org: q.scope('organization'), email: q.email() });
";
        let here = "const options = { realtime: { enabled: true } };
export default defineTable(people, options);
";
        check_unfixable(&format!("{options}{here}"), "implicit-mask");
        // Far into a file of its own, it stands where the definition does in this one.
        let elsewhere = format!(
            "import {{ options }} from './options';
export default defineTable(people, /* {} */ options);
//- quickback/features/options.ts
/* {} */ export const options = {{ realtime: {{ enabled: true }} }};
",
            "-".repeat(100),
            "-".repeat(230)
        );
        check_unfixable(&format!("{options}{elsewhere}"), "implicit-mask");
    }
}
