//! Constants that are changed after they were made.

use super::{HIERARCHY, IMPORTS, project, table};
use crate::rules::testing::fixture;

#[test]
fn what_is_changed_after_it_was_made_is_off() {
    let of = |above: &str, options: &str, shared: &str| {
        let imports = format!(
            "{IMPORTS}import * as all from '../shared';\nimport {{ base, masks }} from '../shared';\n{above}\n"
        );
        let text = project(HIERARCHY, options).replace(IMPORTS, &imports);
        table(&fixture(&format!(
            "{text}//- quickback/shared.ts
export const masks = {{}};
export const base = {{ masking: masks, realtime: {{ enabled: true, requiredRoles: ['admin'] }} }};
{shared}
"
        )))
        .realtime
    };
    for (above, options, shared) in [
        (
            "const masking: Record<string, { type: 'redact' }> = {};
for (const column of ['email']) masking[column] = { type: 'redact' };",
            "{ masking, realtime: { enabled: true } }",
            "",
        ),
        (
            "const options = { realtime: { enabled: true } } as any;
options.masking = { email: { type: 'redact' } };",
            "options",
            "",
        ),
        (
            "const options = { realtime: { enabled: true, requiredRoles: ['admin'] } };
options.realtime.requiredRoles = ['editor'];",
            "options",
            "",
        ),
        (
            "const roles = ['admin']; roles.push('editor');",
            "{ realtime: { enabled: true, requiredRoles: roles } }",
            "",
        ),
        (
            "const roles = ['admin']; roles.push('editor');",
            "{ realtime: { enabled: true, requiredRoles: [...roles, 'admin'] } }",
            "",
        ),
        (
            "const email: any = { type: 'redact' }; email.show = { roles: ['editor'] };",
            "{ masking: { email }, realtime: { enabled: true } }",
            "",
        ),
        ("base.realtime.requiredRoles.length = 0;", "base", ""),
        (
            "base.masking.email = { type: 'redact' };",
            "{ ...base }",
            "",
        ),
        (
            "Object.assign(masks, { email: { type: 'redact' } });",
            "{ masking: masks, realtime: { enabled: true } }",
            "",
        ),
        ("all.base.masking = {};", "all.base", ""),
        (
            "",
            "base",
            "Object.assign(base.masking, { email: { type: 'redact' } });",
        ),
        ("", "{ ...all.base }", "masks.email = { type: 'redact' };"),
        (
            "",
            "{ realtime: base.realtime, masking: masks }",
            "Object.assign(base.masking, { email: { type: 'redact' } });",
        ),
    ] {
        assert_eq!(
            of(above, options, shared),
            None,
            "{above} {options} {shared}"
        );
    }
    for options in [
        "base",
        "{ ...base }",
        "all.base",
        "{ masking: masks, realtime: { enabled: true } }",
    ] {
        assert!(of("", options, "").is_some(), "{options}");
    }
}
