//! What definitions take by `require`.

use super::{IMPORTS, reasons, table};
use crate::rules::testing::{Fixture, fixture};

const STAFF: &str = "const { STAFF } = require('../lib/roles.cjs');";

fn project(definition: &str, roles: &str, other: &str) -> Fixture {
    fixture(&format!(
        "//- quickback/features/claims.ts
{IMPORTS}
{definition}
export const claims = q.table('claims', {{ id: q.id(), orgId: q.scope('organization') }});
export default defineTable(claims, {{ realtime: {{ enabled: true, requiredRoles: STAFF }} }});
//- quickback/lib/roles.cjs
const roles = ['admin'];
module.exports = {{ STAFF: roles }};
{roles}
//- src/other.ts
{other}
"
    ))
}

#[test]
fn what_is_required_is_read() {
    for definition in [
        STAFF,
        "const roles = require('../lib/roles.cjs'); const STAFF = roles.STAFF;",
        "const roles = require('../lib/roles.cjs'); const { STAFF } = roles;",
        "var { STAFF } = require('../lib/roles.cjs');",
        "import { STAFF } from '../lib/roles.cjs';",
    ] {
        let realtime = table(&project(definition, "", "")).realtime;
        let roles = realtime.expect(definition).required_roles;
        assert_eq!(roles.as_deref(), Some(&["admin".to_owned()][..]));
    }
}

#[test]
fn what_is_required_and_changed_is_off() {
    for (definition, roles) in [
        (&format!("{STAFF} STAFF.push('member');") as &str, ""),
        (
            "const roles = require('../lib/roles.cjs'); roles.STAFF.push('member'); const { STAFF } = roles;",
            "",
        ),
        (STAFF, "roles.push('member');"),
        (STAFF, "module.exports.STAFF.push('member');"),
        (STAFF, "exports.STAFF = ['member'];"),
        (
            "var { STAFF } = require('../lib/roles.cjs'); STAFF = ['member'];",
            "",
        ),
    ] {
        let found = table(&project(definition, roles, ""));
        assert_eq!(found.realtime, None, "{definition} {roles}");
    }
}

#[test]
fn what_is_required_and_changed_elsewhere_is_not_generated() {
    for other in [
        "import { STAFF } from '../quickback/lib/roles.cjs';\nSTAFF.push('member');",
        "const { STAFF } = require('../quickback/lib/roles.cjs');\nSTAFF.push('member');",
        "const roles = require('../quickback/lib/roles.cjs');\nroles.STAFF.push('member');",
        "require('../quickback/lib/roles.cjs').STAFF.push('member');",
    ] {
        let expected = ["src/other.ts unresolved-value"];
        assert_eq!(reasons(&project(STAFF, "", other)), expected, "{other}");
    }
}
