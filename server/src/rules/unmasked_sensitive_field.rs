//! `unmasked-sensitive-field`.

use super::delivery::advisable_mask;
use super::sensitive_columns::{Findings, report_columns};
use super::{Context, Report, rule};

rule! {
    /// Reports a broadcast column whose name holds a sensitive word where the compiler does not
    /// look for it, such as `phoneNumber`, `emailAddress` or `passwordHash`, and that has no rule.
    ///
    /// ## Why is this bad
    /// `phone` is masked by itself, `phoneNumber` is not: it is sent plain to every receiver.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), phoneNumber: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, fields: ["id", "phoneNumber"] },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), phoneNumber: q.text(), organizationId: q.scope("organization") },
    ///   masking: { phoneNumber: { type: "phone" } },
    ///   realtime: { enabled: true, fields: ["id", "phoneNumber"] },
    /// });
    /// ```
    RULE = "unmasked-sensitive-field", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    report_columns(
        context,
        report,
        &Findings {
            mask: advisable_mask,
            message: |columns, many| {
                if many {
                    format!(
                        "{columns} look sensitive and have no masking rule: every receiver sees them."
                    )
                } else {
                    format!(
                        "{columns} looks sensitive and has no masking rule: every receiver sees it."
                    )
                }
            },
            help: |_| "Mask it, or say by a suppression that it may be seen.",
            is_safe: false,
        },
    );
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims};

    #[test]
    fn reports_at_the_entry_or_once_at_the_block() {
        check(
            &claims(
                r#"realtime: { enabled: true, fields: ['id', 'email', 'phoneNumber'] },
                                                  //^^^^^^^^^^^ warning: "phoneNumber" looks sensitive and has no masking rule: every receiver sees it."#,
            ),
            "unmasked-sensitive-field",
        );
        check(
            r#"//- quickback/features/people.ts
import { feature, q } from '@quickback/compiler';
export default feature('people', {
  columns: { id: q.id(), org: q.scope('organization'), emailAddress: q.email(), passwordHash: q.text() },
  realtime: { enabled: true },
//^^^^^^^^ warning: "emailAddress" and "passwordHash" look sensitive and have no masking rule: every receiver sees them.
});
"#,
            "unmasked-sensitive-field",
        );
    }

    #[test]
    fn is_silent_on_masked_harmless_and_unsent_columns() {
        for options in [
            "masking: { phoneNumber: { type: 'phone' } }, realtime: { enabled: true },",
            "masking: rules(), realtime: { enabled: true },",
            // One mistake, one finding: the second `masking` is what is wrong.
            "masking: { phoneNumber: { type: 'phone' } }, masking: {}, realtime: { enabled: true },",
            "realtime: { enabled: true, fields: ['id', 'title', 'email'] },",
            "realtime: { enabled: false },",
        ] {
            check_silent(&claims(options), "unmasked-sensitive-field");
        }
        check_silent(
            "//- quickback/features/people.ts
import { feature, q } from '@quickback/compiler';
export default feature('people', { columns: { id: q.id(), emailVerified: q.boolean(), phoneNumber: q.timestamp(), internationalId: q.text(), secretary: q.text() }, realtime: { enabled: true } });
",
            "unmasked-sensitive-field",
        );
    }

    #[test]
    fn a_masking_that_is_spread_may_be_overwritten() {
        check(
            r#"//- quickback/features/people.ts
import { feature, q } from '@quickback/compiler';
const base = { masking: { passwordHash: { type: 'redact' } } };
export default feature('people', {
  columns: { id: q.id(), org: q.scope('organization'), passwordHash: q.text() },
  ...base, masking: {}, realtime: { enabled: true },
                      //^^^^^^^^ warning: "passwordHash" looks sensitive and has no masking rule: every receiver sees it.
});
"#,
            "unmasked-sensitive-field",
        );
    }

    #[test]
    fn masks_it() {
        check_fix(
            &claims("realtime: { enabled: true, fields: ['id', 'phoneNumber'] },"),
            "unmasked-sensitive-field",
            "masking: {\n  phoneNumber: { type: 'phone', show: { roles: ['admin'] } },\n},\nrealtime",
        );
    }
}
