//! What the roles are read from and other files change.

use super::{project, reasons};
use crate::lower::{Looked, lower_checked};
use crate::rules::testing::fixture;

#[test]
fn roles_that_another_file_changes_are_not_generated() {
    let of = |change: &str| {
        let config =
            "{ auth: { ...AUTH, roleHierarchy: [...HIERARCHY, ROLES.top] }, plugins: PLUGINS }";
        let text = project(config, "{ realtime: { requiredRoles: ['member+'] } }").replace(
            "export default {",
            "import { AUTH, HIERARCHY, PLUGINS, ROLES } from '../src/roles';\nexport default {",
        );
        reasons(&fixture(&format!(
            "{text}//- src/roles.ts
export const HIERARCHY = ['member', 'editor'];
export const ROLES = {{ top: 'admin' }};
export const AUTH = {{}};
export const PLUGINS = ['x'];
//- src/setup.ts
import {{ AUTH, HIERARCHY, PLUGINS, ROLES }} from './roles';
{change}
"
        )))
    };
    for change in ["HIERARCHY.reverse();", "ROLES.top = 'editor';"] {
        assert_eq!(of(change), ["src/setup.ts unresolved-value"], "{change}");
    }
    for change in ["HIERARCHY.includes('member');", "PLUGINS.push('y');"] {
        assert_eq!(of(change), [""; 0], "{change}");
    }
}

#[test]
fn roles_that_another_file_declares_are_not_generated() {
    let of = |change: &str| {
        let config = "{ auth: AUTH, plugins: PLUGINS }";
        let text = project(config, "{ realtime: { requiredRoles: ['member+'] } }").replace(
            "export default {",
            "import { AUTH, PLUGINS } from '../src/auth';\nexport default {",
        );
        reasons(&fixture(&format!(
            "{text}//- src/auth.ts
export const AUTH = {{}};
export const PLUGINS = [];
//- src/setup.ts
import {{ AUTH, PLUGINS }} from './auth';
{change}
"
        )))
    };
    let change = "AUTH.roleHierarchy = ['viewer', 'member'];";
    assert_eq!(of(change), ["src/setup.ts unresolved-value"]);
    for change in ["AUTH.name = 'x';", "PLUGINS.push('y');"] {
        assert_eq!(of(change), [""; 0], "{change}");
    }
}

#[test]
fn a_change_of_what_functions_make_twice_as_large_each_time_is_told() {
    let large = format!("{}{{}}{}", "twice(".repeat(40), ")".repeat(40));
    let text = project(
        "{ auth: { roleHierarchy: ['member', 'admin'], LARGE } }",
        "{ realtime: { requiredRoles: ['member+'] } }",
    )
    .replace(
        "export default {",
        "import { LARGE } from '../src/large';\nexport default {",
    );
    let found = reasons(&fixture(&format!(
        "{text}//- src/large.ts
const twice = (x: any) => ({{ a: x, b: x }});
export const LARGE = {large};
//- src/setup.ts
import {{ LARGE }} from './large';
LARGE.a.a = 1;
"
    )));
    assert_eq!(found, [""; 0]);
}

#[test]
fn a_configuration_that_another_file_changes_is_not_generated() {
    let of = |setup: &str| {
        let config = "defineConfig({ name: 'x', plugins: [], auth: { roleHierarchy: ['member', 'admin'] } })";
        let text = project(
            config,
            "{ realtime: { enabled: true, requiredRoles: ['member+'] } }",
        );
        reasons(&fixture(&format!("{text}//- src/setup.ts\n{setup}\n")))
    };
    for change in [
        "config.auth.roleHierarchy.reverse();",
        "config.auth = {};",
        "Object.assign(config, {});",
        "config[key] = {};",
    ] {
        let setup = format!("import config from '../quickback/quickback.config';\n{change}");
        assert_eq!(of(&setup), ["src/setup.ts unresolved-value"], "{change}");
    }
    for setup in [
        "config.plugins.push('y'); config.name = 'z';",
        "console.log(config.auth.roleHierarchy);",
        "const roles = [...config.auth.roleHierarchy]; roles.reverse();",
    ] {
        let setup = format!("import config from '../quickback/quickback.config';\n{setup}");
        assert_eq!(of(&setup), [""; 0], "{setup}");
    }
}

#[test]
fn roles_that_are_changed_stop_nothing_where_no_higher_one_is_asked_for() {
    let of = |roles: &str, call: &str| {
        let text = project(
            "defineConfig({ auth: { roleHierarchy: ['viewer', 'member'] } })",
            &format!("{{ realtime: {{ enabled: true, requiredRoles: ['{roles}'] }} }}"),
        );
        let fixture = fixture(&format!(
            "{text}//- src/setup.ts
import config from '../quickback/quickback.config';
config.auth.roleHierarchy.reverse();
//- src/handler.ts
import {{ createRealtime }} from './lib/realtime';
createRealtime(env).insert('claims', row, org, {{ {call} }});
"
        ));
        lower_checked(&fixture.project, &[], &Looked::default())
    };
    let model = of("member", "targetRoles: ['viewer', ...more]").unwrap();
    // Nobody knows which roles are higher, and any may be one.
    assert_eq!(model.roles.hierarchy, [""; 0]);
    assert!(!model.roles.declared);
    assert_eq!(model.roles.others, ["admin", "member", "owner", "viewer"]);
    let hidden = model.tables[0].realtime.as_ref().unwrap();
    assert_eq!(hidden.required_roles.as_deref().unwrap(), ["member"]);
    for (roles, call) in [
        ("member+", ""),
        ("member", "targetRoles: ['viewer+']"),
        (
            "member",
            "maskingConfig: { email: { type: 'redact', show: { roles: ['viewer+'] } } }",
        ),
    ] {
        let blocked = of(roles, call).unwrap_err().reasons;
        assert_eq!(blocked.len(), 1, "{blocked:?}");
        assert_eq!(blocked[0].path, "src/setup.ts");
    }
}

#[test]
fn what_holds_no_roles_may_be_changed_however_deep_it_is() {
    let of = |change: &str| {
        let auth = "defineAuth('better-auth', { roleHierarchy: ['member', 'admin'], plugins: [] })";
        let text = project(
            &format!("defineConfig({{ auth: {auth} }})"),
            "{ realtime: { enabled: true, requiredRoles: ['member+'] } }",
        );
        let text = text.replace(
            "export default defineConfig",
            "import { defineAuth, defineConfig } from '@quickback/compiler';\nexport default defineConfig",
        );
        reasons(&fixture(&format!(
            "{text}//- lib/dev.ts
import config from '../quickback/quickback.config';
import * as all from '../quickback/quickback.config';
{change}
"
        )))
    };
    for change in [
        "config.auth.options.plugins.push(x);",
        "config.auth.options.session.cookie.name = 'y';",
        "all.default.auth.options.plugins.push(x);",
        "const { auth: { options } } = config; options.plugins.push(x);",
        "(await import('../quickback/quickback.config')).default.auth.options.plugins.push(x);",
    ] {
        assert_eq!(of(change), [""; 0], "{change}");
    }
    for change in [
        "config.auth.options = {};",
        "config.auth.options.roleHierarchy.push(x);",
        "config.auth.options[key].push(x);",
        "all.default.auth.options.roleHierarchy.push(x);",
        "const { auth: { options } } = config; options.roleHierarchy.push(x);",
        "(await import('../quickback/quickback.config')).default.auth.options.roleHierarchy.pop();",
    ] {
        assert_eq!(of(change), ["lib/dev.ts unresolved-value"], "{change}");
    }
}

#[test]
fn authentication_that_another_file_changes_is_generated_unless_the_roles_are_changed() {
    let of = |file: &str, change: &str| {
        let text = project(
            "defineConfig({ auth })",
            "{ realtime: { enabled: true, requiredRoles: ['member+'] } }",
        );
        let text = text.replace(
            "export default defineConfig",
            "import { auth } from '../src/auth';\nexport default defineConfig",
        );
        reasons(&fixture(&format!(
            "{text}//- src/auth.ts
import {{ betterAuth }} from 'better-auth';
export const auth = betterAuth({{ roleHierarchy: ['member', 'admin'], plugins: [] }});
//- {file}
import {{ auth }} from '../src/auth';
import * as all from '../src/auth';
{change}
"
        )))
    };
    for change in [
        "auth.roleHierarchy = [];",
        "auth.options.roleHierarchy.push('owner');",
        "all.auth.roleHierarchy.reverse();",
        "Object.assign(auth, more);",
        "auth.options = {};",
        "auth[key] = {};",
    ] {
        assert_eq!(
            of("lib/dev.ts", change),
            ["lib/dev.ts unresolved-value"],
            "{change}"
        );
        assert_eq!(of("tests/setup.ts", change), [""; 0], "{change}");
    }
    for change in [
        "auth.api.getSession = vi.fn().mockResolvedValue({ user: { id: 'u1' } });",
        "all.auth.api.getSession = vi.fn();",
        "auth.options.trustedOrigins.push('http://localhost:3000');",
        "auth.handler = null; auth.options.plugins.push(x);",
    ] {
        assert_eq!(of("lib/dev.ts", change), [""; 0], "{change}");
    }
}
