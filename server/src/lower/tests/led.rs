//! Constants that are changed by ways that lead through several files.

use super::{HIERARCHY, IMPORTS, project, reasons};
use crate::rules::testing::fixture;

/// Why nothing is generated for a definition that is read from `MASKS` of `quickback/shared.ts`,
/// which has this text behind it, beside `src/setup.ts` and other files.
fn of(shared: &str, setup: &str, others: &str) -> Vec<String> {
    let imports = format!("{IMPORTS}import {{ MASKS }} from '../shared';\n");
    let text = project(HIERARCHY, "{ masking: MASKS, realtime: { enabled: true } }")
        .replace(IMPORTS, &imports);
    reasons(&fixture(&format!(
        "{text}//- quickback/shared.ts
export const MASKS = {{ email: {{ type: 'redact' }} }};
{shared}
//- src/setup.ts
{setup}
{others}"
    )))
}

#[test]
fn what_holds_a_constant_in_its_file_leads_to_it() {
    for (shared, setup) in [
        (
            "export const ALL = { held: MASKS };",
            "ALL.held.email = null;",
        ),
        ("export const ALL = [MASKS];", "ALL[0].email = null;"),
        (
            "export const ALL = [MASKS];",
            "for (const one of ALL) one.email = null;",
        ),
        ("export const ALL = MASKS;", "ALL.email = null;"),
        ("export { MASKS as ALL };", "ALL.email = null;"),
        ("export const ALL = MASKS.email;", "ALL.type = 'none';"),
        ("export const { email: ALL } = MASKS;", "ALL.type = 'none';"),
        (
            "export const ALL = { ...MASKS };",
            "ALL.email.type = 'none';",
        ),
        ("export const ALL = () => MASKS;", "ALL().email = null;"),
        (
            "export function ALL() { return MASKS; }",
            "ALL().email = null;",
        ),
        (
            "export function ALL() { const held = MASKS; return { held }; }",
            "ALL().held.email = null;",
        ),
        (
            "export const ALL = { get: () => MASKS };",
            "ALL.get().email = null;",
        ),
        (
            "export const ALL = { get held() { return MASKS; } };",
            "ALL.held.email = null;",
        ),
        (
            "export class ALL { static held = MASKS; }",
            "ALL.held.email = null;",
        ),
        (
            "export class ALL { held = MASKS; }",
            "new ALL().held.email = null;",
        ),
        (
            "export const ALL = new Map([['a', MASKS]]);",
            "ALL.get('a').email = null;",
        ),
        (
            "export namespace ALL { export const held = MASKS; }",
            "ALL.held.email = null;",
        ),
        ("export let ALL; ALL = MASKS;", "ALL.email = null;"),
        (
            "const held = { MASKS }; export const ALL = held;",
            "delete ALL.MASKS.email;",
        ),
        (
            "const box: any = {}; box.held = MASKS; export const ALL = box;",
            "delete ALL.held.email;",
        ),
    ] {
        let setup = format!("import {{ ALL }} from '../quickback/shared';\n{setup}");
        let found = of(shared, &setup, "");
        assert_eq!(found, ["src/setup.ts unresolved-value"], "{shared} {setup}");
    }
    let default = of(
        "export default { held: MASKS };",
        "import all from '../quickback/shared';\nall.held.email = null;",
        "",
    );
    assert_eq!(default, ["src/setup.ts unresolved-value"]);
}

#[test]
fn what_changes_something_else_that_holds_a_constant_is_none_of_it() {
    for (shared, setup) in [
        (
            "export const ALL = { held: MASKS, other: {} };",
            "ALL.other.email = null;",
        ),
        ("export const ALL = { held: MASKS };", "ALL.held = null;"),
        ("export const ALL = { ...MASKS };", "ALL.email = null;"),
        (
            "export const ALL = () => ({ ...MASKS });",
            "ALL().email = null;",
        ),
        (
            "export const ALL = structuredClone(MASKS);",
            "ALL.email = null;",
        ),
        (
            "export const ALL = { held: MASKS };",
            "console.log(ALL.held);",
        ),
    ] {
        let setup = format!("import {{ ALL }} from '../quickback/shared';\n{setup}");
        assert_eq!(of(shared, &setup, ""), [""; 0], "{shared} {setup}");
    }
}

#[test]
fn what_holds_a_constant_of_another_file_leads_to_it() {
    let setup = "import { ALL } from './barrel';\nALL.held.email = null;";
    for barrel in [
        "export const ALL = { held: MASKS };",
        "const held = MASKS; export const ALL = { held };",
        "export const ALL = {}; ALL.held = MASKS;",
    ] {
        let others = format!(
            "//- src/barrel.ts\nimport {{ MASKS }} from '../quickback/shared';\n{barrel}\n"
        );
        let found = of("", setup, &others);
        assert_eq!(found, ["src/setup.ts unresolved-value"], "{barrel}");
    }
    // Through one file more.
    let others = "//- src/barrel.ts
import { SOME } from './some';
export const ALL = { held: SOME[0] };
//- src/some.ts
import * as shared from '../quickback/shared';
export const SOME = [shared.MASKS];
";
    assert_eq!(of("", setup, others), ["src/setup.ts unresolved-value"]);
}

#[test]
fn functions_of_other_files_change_what_they_are_handed() {
    for (function, call) in [
        (
            "export function strip(of: any) { of.email = null; }",
            "strip(MASKS);",
        ),
        (
            "export function strip(of: any) { of.email = null; }",
            "[MASKS].forEach(strip);",
        ),
        (
            "export function strip(of: any) { of.email = null; }",
            "strip.call(null, MASKS);",
        ),
        (
            "export function strip(of: any) { of.email = null; }",
            "const other = strip; other(MASKS);",
        ),
        (
            "export function strip(of: any) { of.email = null; }",
            "function own(of: any) { strip(of); } own(MASKS);",
        ),
        (
            "export function strip({ held }: any) { held.email = null; }",
            "strip({ held: MASKS });",
        ),
        (
            "export function strip(...all: any[]) { all[1].email = null; }",
            "strip({}, MASKS);",
        ),
        (
            "export const strip = (of: any) => { delete of.email; };",
            "strip(MASKS);",
        ),
        (
            "export const strip = (of: any) => (key: string) => { delete of[key]; };",
            "strip(MASKS)('email');",
        ),
        (
            "const own = (of: any) => { delete of.email; }; export { own as strip };",
            "strip(MASKS);",
        ),
        (
            "const own = (of: any) => { delete of.email; }; export const strip = (of: any) => own(of);",
            "strip(MASKS);",
        ),
        (
            "export { strip } from './more';\n//- src/more.ts\nexport function strip(of: any) { of.email = null; }",
            "strip(MASKS);",
        ),
    ] {
        let setup = format!(
            "import {{ MASKS }} from '../quickback/shared';\nimport {{ strip }} from './tools';\n{call}"
        );
        let found = of("", &setup, &format!("//- src/tools.ts\n{function}\n"));
        assert_eq!(
            found,
            ["src/setup.ts unresolved-value"],
            "{function} {call}"
        );
    }
    for (tools, import, call) in [
        (
            "export default function (of: any) { of.email = null; }",
            "strip",
            "strip(MASKS)",
        ),
        (
            "export default { strip(of: any) { of.email = null; } };",
            "tools",
            "tools.strip(MASKS)",
        ),
        (
            "export function strip(of: any) { of.email = null; }",
            "* as tools",
            "tools.strip(MASKS)",
        ),
        (
            "export const tools = { strip(of: any) { of.email = null; } };",
            "{ tools }",
            "tools.strip(MASKS)",
        ),
        (
            "export class Tools { strip(of: any) { of.email = null; } }",
            "{ Tools }",
            "new Tools().strip(MASKS)",
        ),
        (
            "export class Tools { static strip(of: any) { of.email = null; } }",
            "{ Tools }",
            "Tools.strip(MASKS)",
        ),
    ] {
        let setup = format!(
            "import {{ MASKS }} from '../quickback/shared';\nimport {import} from './tools';\n{call};"
        );
        let found = of("", &setup, &format!("//- src/tools.ts\n{tools}\n"));
        assert_eq!(found, ["src/setup.ts unresolved-value"], "{tools} {call}");
    }
}

#[test]
fn functions_that_change_something_else_change_nothing() {
    for (function, call) in [
        (
            "export function strip(of: any) { console.log(of); }",
            "strip(MASKS);",
        ),
        (
            "export function strip(of: any, into: any) { into.email = of.email; }",
            "strip(MASKS, {});",
        ),
        (
            "export function strip(of: any) { of = {}; return of; }",
            "strip(MASKS);",
        ),
        (
            "export function strip(of: any) { of.email = null; }",
            "strip({ ...MASKS });",
        ),
        (
            "export function strip(of: any) { of.held = null; }",
            "strip({ held: MASKS });",
        ),
    ] {
        let setup = format!(
            "import {{ MASKS }} from '../quickback/shared';\nimport {{ strip }} from './tools';\n{call}"
        );
        let found = of("", &setup, &format!("//- src/tools.ts\n{function}\n"));
        assert_eq!(found, [""; 0], "{function} {call}");
    }
}

#[test]
fn a_definition_changes_what_it_reads_by_another_name() {
    for (shared, import, change) in [
        (
            "export const ALL = { held: MASKS };",
            "import { ALL } from '../shared';",
            "ALL.held.email = null;",
        ),
        (
            "export { MASKS as ALL };",
            "import { ALL } from '../shared';",
            "ALL.email = null;",
        ),
        (
            "",
            "import { strip } from '../../src/setup';",
            "strip(MASKS);",
        ),
    ] {
        let imports =
            format!("{IMPORTS}import {{ MASKS }} from '../shared';\n{import}\n{change}\n");
        let text = project(HIERARCHY, "{ masking: MASKS, realtime: { enabled: true } }")
            .replace(IMPORTS, &imports);
        let found = reasons(&fixture(&format!(
            "{text}//- quickback/shared.ts
export const MASKS = {{ email: {{ type: 'redact' }} }};
{shared}
//- src/setup.ts
export function strip(of: any) {{ of.email = null; }}
"
        )));
        assert!(
            found
                .iter()
                .any(|reason| reason.ends_with("unresolved-value")),
            "{shared} {change}: {found:?}"
        );
    }
}

#[test]
fn what_leads_to_and_fro_is_told_or_counts_as_changed() {
    // The second is more than is read again.
    for count in [50, 1_000] {
        let names = |letter: char| {
            let all = (0..count).map(|index| format!("{letter}{index}, "));
            format!("import {{ {}}} from", all.collect::<String>())
        };
        let there = (0..count).map(|i| format!("export const a{i} = {{ x: b{i} }};\n"));
        let back = (1..=count).map(|i| {
            let held = match i {
                _ if i == count => "MASKS".to_owned(),
                _ => format!("a{i}"),
            };
            format!("export const b{} = {{ x: {held} }};\n", i - 1)
        });
        let shared = format!("{} './back';\n{}", names('b'), there.collect::<String>());
        let change = "import { a0 } from '../shared';
let at = a0; for (;;) { at = at.x; if (!at) break; at.email = null; }";
        let imports = format!("{IMPORTS}import {{ MASKS }} from '../shared';\n{change}\n");
        let text = project(HIERARCHY, "{ masking: MASKS, realtime: { enabled: true } }")
            .replace(IMPORTS, &imports);
        let found = reasons(&fixture(&format!(
            "{text}//- quickback/shared.ts
export const MASKS = {{ email: {{ type: 'redact' }} }};
{shared}
//- quickback/back.ts
{} './shared';
import {{ MASKS }} from './shared';
{}
",
            names('a'),
            back.collect::<String>()
        )));
        assert!(
            found
                .iter()
                .any(|reason| reason.ends_with("unresolved-value")),
            "{count}: {found:?}"
        );
    }
}
