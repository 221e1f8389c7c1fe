//! Constants that are changed after they were made.

use super::{HIERARCHY, IMPORTS, project, reasons, table};
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

#[test]
fn what_another_file_changes_is_not_generated() {
    let of = |definition: &str, path: &str, handler: &str| {
        let imports = format!("{IMPORTS}import {{ base, other }} from '../shared';\n");
        let text = project(HIERARCHY, definition).replace(IMPORTS, &imports);
        let handler = handler.replace(
            "'..",
            if path.starts_with("src") {
                "'../quickback"
            } else {
                "'.."
            },
        );
        reasons(&fixture(&format!(
            "{text}//- {path}
{handler}
//- quickback/shared.ts
export const base = {{ masking: {{}}, realtime: {{ enabled: true }} }};
export const other = {{ ...base }};
"
        )))
    };
    for handler in [
        "import { base } from '../shared';\nbase.masking.email = { type: 'redact' };",
        "import { base as b } from '../shared';\nObject.assign(b.masking, {});",
        "import * as all from '../shared';\nall.base.masking = {};",
    ] {
        for definition in [
            "base",
            "{ ...base }",
            "{ masking: base.masking, realtime: { enabled: true } }",
        ] {
            // The second is no member: nothing in it matters but the change.
            for path in ["quickback/features/setup.ts", "src/setup.ts"] {
                let expected = [format!("{path} unresolved-value")];
                assert_eq!(of(definition, path, handler), expected, "{handler}");
            }
            let test = of(definition, "src/setup.test.ts", handler);
            assert_eq!(test, [""; 0], "{handler}");
        }
    }
    for handler in [
        "import { other } from '../shared';\nother.masking = {};",
        "import { base } from '../elsewhere';\nbase.masking = {};",
        "import { base } from '../shared';\nconsole.log(base.masking);",
        "const base = {};\nbase.masking = {};",
    ] {
        for path in ["quickback/features/setup.ts", "src/setup.ts"] {
            assert_eq!(of("base", path, handler), [""; 0], "{handler}");
        }
    }
}

#[test]
fn what_another_file_changes_of_a_default_export_is_not_generated() {
    for (path, module) in [
        ("src/masks.ts", "./masks"),
        ("src/masks/index.ts", "./masks"),
        ("src/masks.ts", "./masks.js"),
    ] {
        for text in [
            "export default { email: { type: 'redact' } };",
            "const all = { email: { type: 'redact' } };\nexport default all;",
            "const all = { email: { type: 'redact' } };\nexport { all as default };",
        ] {
            let imports = format!("{IMPORTS}import masking from '../../src/masks';\n");
            let options = "{ masking, realtime: { enabled: true } }";
            let definition = project(HIERARCHY, options).replace(IMPORTS, &imports);
            let found = reasons(&fixture(&format!(
                "{definition}//- {path}
{text}
//- src/setup.ts
import masks from '{module}';
delete masks.email;
"
            )));
            assert_eq!(found, ["src/setup.ts unresolved-value"], "{path} {text}");
        }
    }
}

/// A table of which two columns are masked for members, and what a text does to the masks.
fn masked(text: &str) -> Option<generator::model::Realtime> {
    let imports = format!(
        "{IMPORTS}const MASKS: any = {{ email: {{ type: 'email', show: {{ roles: ['member'] }} }} }};
const masks = () => MASKS;
{text}
"
    );
    let options = "{ masking: MASKS, realtime: { enabled: true } }";
    table(&fixture(
        &project(HIERARCHY, options).replace(IMPORTS, &imports),
    ))
    .realtime
}

#[test]
fn what_is_changed_through_another_name_is_off() {
    for text in [
        "for (const key of Object.keys(MASKS)) { const rule = MASKS[key]!; rule.show = { roles: ['admin'] }; }",
        "for (const key in MASKS) { const { show } = MASKS[key]; show!.roles = ['admin']; }",
        "const rules = Object.values(MASKS); for (const rule of rules) rule.show = { roles: ['admin'] };",
        "Object.values(MASKS).filter((r) => r.show).forEach((r) => { r.show = { roles: ['admin'] }; });",
        "let rules = MASKS; rules.email = { type: 'redact' };",
        "masks().email = { type: 'redact' };",
        "const { ...copy } = MASKS; copy.email.show.roles.length = 1;",
        "function tighten(masks: any) { masks.email = { type: 'redact' }; }\ntighten(MASKS);",
        "const tighten = (rule: any) => { delete rule.show; };\nObject.values(MASKS).forEach(tighten);",
        "const same = (given: any) => given; delete same(MASKS).email;",
        "class Tighten { constructor(masks: any) { delete masks.email; } }\nnew Tighten(MASKS);",
        "const Tighten = class { constructor(masks: any) { delete masks.email; } };\nnew Tighten(MASKS);",
    ] {
        assert_eq!(masked(text), None, "{text}");
    }
    for text in [
        "for (const key of Object.keys(MASKS)) { const rule = MASKS[key]!; console.log(rule.show); }",
        "const types = Object.values(MASKS).map((rule) => rule.type); types.push('x');",
        "for (const [key, { show }] of Object.entries(MASKS)) if (show) console.log(key, show.roles);",
        "const copy = { ...MASKS }; copy.email = { type: 'redact' };",
        "const copy = structuredClone(MASKS); copy.email.show.roles.push('admin');",
        "let rules = MASKS; rules = { ...rules, amount: { type: 'redact' } }; delete rules.email;",
        "function describe(masks: any) { const copy = { ...masks }; delete copy.email; return copy; }\ndescribe(MASKS);",
        "const pick = (of: any, key: string) => of[key]; pick(MASKS, 'email'); pick({ a: {} }, 'a').b = 1;",
    ] {
        assert!(masked(text).is_some(), "{text}");
    }
}

#[test]
fn what_another_file_changes_through_a_module_is_not_generated() {
    let of = |imports: &str, masking: &str, setup: &str| {
        let imports = format!("{IMPORTS}{imports}\n");
        let options = format!("{{ masking: {masking}, realtime: {{ enabled: true }} }}");
        let definition = project(HIERARCHY, &options).replace(IMPORTS, &imports);
        reasons(&fixture(&format!(
            "{definition}//- tsconfig.json
{{ \"compilerOptions\": {{ \"paths\": {{ \"~m\": [\"./src/masks.ts\"], \"~x/*\": [\"./src/*\"] }} }} }}
//- src/masks.ts
const all = {{ email: {{ type: 'redact' }} }};
export const MASKS = {{ email: {{ type: 'redact' }} }};
export const masks = () => MASKS;
export const fresh = () => ({{ ...MASKS }});
export default all;
//- src/barrel.ts
export {{ MASKS as FIRST, default as SECOND }} from './masks';
import {{ MASKS }} from './masks';
export const THIRD = MASKS;
export default MASKS;
//- src/again.ts
export {{ FIRST as FOURTH }} from './barrel';
//- src/setup.ts
{setup}
"
        )))
    };
    let default = "import all from '../../src/masks';";
    let named = "import { MASKS } from '../../src/masks';";
    let function = "import { masks } from '../../src/masks';";
    let fresh = "import { fresh } from '../../src/masks';";
    for (imports, masking, setup) in [
        (default, "all", "import M from '~m';\ndelete M.email;"),
        (default, "all", "import M from '~x/masks';\ndelete M.email;"),
        (
            default,
            "all",
            "const { default: M } = await import('./masks');\ndelete M.email;",
        ),
        (
            default,
            "all",
            "import('~m').then((m) => { m.default.email = {}; });",
        ),
        (
            default,
            "all",
            "const M = require('./masks');\ndelete M.email;",
        ),
        (
            named,
            "MASKS",
            "const { MASKS: M } = await import('./masks');\ndelete M.email;",
        ),
        (named, "MASKS", "(await import('~m')).MASKS.email = {};"),
        (
            named,
            "MASKS",
            "const { MASKS } = require('./masks');\ndelete MASKS.email;",
        ),
        (named, "MASKS", "require('./masks').MASKS.email = {};"),
        (
            named,
            "MASKS",
            "import * as M from './masks';\nfor (const k of ['MASKS']) M[k].email = {};",
        ),
        (
            named,
            "MASKS",
            "import { MASKS } from './masks';\nfor (const r of Object.values(MASKS)) r.type = 'x';",
        ),
        (
            function,
            "masks()",
            "import { masks } from './masks';\nmasks().email = {};",
        ),
        (
            function,
            "masks()",
            "import { MASKS } from './masks';\nMASKS.email = {};",
        ),
        (
            named,
            "MASKS",
            "import { FIRST } from './barrel';\nFIRST.email = {};",
        ),
        (
            default,
            "all",
            "import { SECOND } from './barrel';\nSECOND.email = {};",
        ),
        (
            named,
            "MASKS",
            "import { THIRD } from './barrel';\nTHIRD.email = {};",
        ),
        (
            named,
            "MASKS",
            "import { FOURTH } from './again';\nFOURTH.email = {};",
        ),
        (
            named,
            "MASKS",
            "import other from './barrel';\nother.email = {};",
        ),
    ] {
        let found = of(imports, masking, setup);
        assert_eq!(found, ["src/setup.ts unresolved-value"], "{setup}");
    }
    for (imports, masking, setup) in [
        (default, "all", "import M from '~m';\nconsole.log(M.email);"),
        (
            default,
            "all",
            "import { MASKS } from '~m';\ndelete MASKS.email;",
        ),
        (
            default,
            "all",
            "const { MASKS } = await import('~m');\ndelete MASKS.email;",
        ),
        (
            named,
            "MASKS",
            "const { MASKS } = await import('./masks');\nconsole.log(MASKS.email);",
        ),
        (
            named,
            "MASKS",
            "import { MASKS } from './masks';\nObject.values(MASKS).map((r) => r.type).push('x');",
        ),
        (
            named,
            "MASKS",
            "import { fresh } from './masks';\nfresh().email = {};",
        ),
        (
            function,
            "masks()",
            "import { masks } from './masks';\nmasks.displayName = 'x'; masks();",
        ),
        (
            fresh,
            "fresh()",
            "import { fresh } from './masks';\nfresh().email = {};",
        ),
        (
            named,
            "MASKS",
            "import { FOURTH } from './again';\nconsole.log(FOURTH.email);",
        ),
        (
            default,
            "all",
            "import { FOURTH } from './again';\nFOURTH.email = {};",
        ),
    ] {
        let found = of(imports, masking, setup);
        assert_eq!(found, [""; 0], "{setup}");
    }
}

#[test]
fn what_a_definition_changes_through_a_module_is_not_generated() {
    let of = |change: &str| {
        let imports =
            format!("{IMPORTS}import {{ MASKS, masks }} from '../../src/masks';\n{change}\n");
        let options = "{ masking: MASKS, realtime: { enabled: true } }";
        let definition = project(HIERARCHY, options).replace(IMPORTS, &imports);
        reasons(&fixture(&format!(
            "{definition}//- src/masks.ts
export const MASKS = {{ email: {{ type: 'redact' }} }};
export const masks = () => MASKS;
"
        )))
    };
    for change in [
        "masks().email = {};",
        "(await import('../../src/masks')).MASKS.email = {};",
        "require('../../src/masks').MASKS.email = {};",
    ] {
        let expected = ["quickback/features/claims.ts unresolved-value"];
        assert_eq!(of(change), expected, "{change}");
    }
    // That is seen where it is read: the table is off.
    for change in ["MASKS.email = {};", "console.log(masks().email);"] {
        assert_eq!(of(change), [""; 0], "{change}");
    }
}
