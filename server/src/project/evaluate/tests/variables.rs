//! Variables and functions, which may be assigned again.

use super::{check, roles};

#[test]
fn a_variable_that_is_never_assigned_again_is_a_constant() {
    check("let ROLES = ['a'];", "ROLES", "a");
    check("let A = 'a', B = 'b';", "[A, B]", "a b");
    check(
        "let { staff, desk: [d] } = { staff: 'a', desk: ['b'] };",
        "[staff]",
        "a",
    );
    check("let [A, B] = ['a', 'b'];", "[B, A]", "b a");
    check("var ROLES = ['a'];", "ROLES", "a");
    check("export let ROLES = ['a'];", "ROLES", "a");
    check("let ROLES = () => ['a'];", "ROLES()", "a");
    // Another of the same name is assigned.
    check(
        "let ROLES = ['a']; { let ROLES; ROLES = ['b']; }",
        "ROLES",
        "a",
    );
    check(
        "let ROLES = ['a']; function f(ROLES) { ROLES = []; }",
        "ROLES",
        "a",
    );
    let imported = roles(
        "import { ROLES } from '../roles';",
        "ROLES",
        "//- quickback/roles.ts\nexport let ROLES = ['a'];\n",
    );
    assert_eq!(imported, "a");
}

#[test]
fn a_variable_that_is_assigned_again_is_not_known() {
    for assigned in [
        "ROLES = ['b'];",
        "function f() { ROLES = ['b']; }",
        "const f = () => (ROLES = ['b']);",
        "ROLES ||= ['b'];",
        "ROLES ??= ['b'];",
        "[ROLES] = [['b']];",
        "({ a: ROLES } = { a: ['b'] });",
        "({ ROLES } = { ROLES: ['b'] });",
        "({ ROLES = ['c'] } = {});",
        "[...ROLES] = ['b'];",
        "for (ROLES of [['b']]);",
        "for (ROLES in { b: 1 });",
        "for ([ROLES] of [[['b']]]);",
        "(ROLES as any) = ['b'];",
        "--ROLES;",
        "{ ROLES = ['b']; }",
        "ROLES.push('b');",
    ] {
        for kind in ["let", "var"] {
            check(
                &format!("{kind} ROLES: any = ['a'];\n{assigned}"),
                "ROLES",
                "?",
            );
            check(
                &format!("{assigned}\n{kind} ROLES: any = ['a'];"),
                "ROLES",
                "?",
            );
        }
        let imported = roles(
            "import { ROLES } from '../roles';",
            "ROLES",
            &format!("//- quickback/roles.ts\nexport let ROLES: any = ['a'];\n{assigned}\n"),
        );
        assert_eq!(imported, "?", "{assigned}");
    }
    check("let ROLES;", "ROLES", "?");
    check("let ROLES; ROLES = ['a'];", "ROLES", "?");
    check("let f = () => ['a']; f = () => ['b'];", "f()", "?");
    check("let { a } = { a: ['a'] }; a = ['b'];", "a", "?");
    check("for (let ROLES = ['a'];;) { f(ROLES); }", "ROLES", "?");
    check("for (let ROLES of [['a']]) f(ROLES);", "ROLES", "?");
    check(
        "namespace Roles { export let STAFF = ['a']; export const held = STAFF; } Roles.STAFF = ['b'];",
        "Roles.held",
        "?",
    );
}

#[test]
fn a_variable_that_is_seen_before_it_is_made_is_not_known() {
    check("var ROLES = ['a']; var ROLES = ['b'];", "ROLES", "?");
    check("var ROLES = ['a']; { var ROLES = ['b']; }", "ROLES", "?");
    check(
        "var ROLES = ['a']; for (var ROLES of [['b']]);",
        "ROLES",
        "?",
    );
    check(
        "var ROLES = ['a']; var { ROLES } = { ROLES: ['b'] };",
        "ROLES",
        "?",
    );
    check("if (process.env.A) { var ROLES = ['a']; }", "ROLES", "?");
    check("const USED = ROLES; var ROLES = ['a'];", "USED", "?");
    check(
        "const USED = get(); var ROLES = ['a']; function get() { return ROLES; }",
        "USED",
        "?",
    );
    check("export var ROLES = ['a'];", "ROLES", "?");
    check("var ROLES = ['a']; export { ROLES };", "ROLES", "?");
    check("switch (1) { case 1: var ROLES = ['a']; }", "ROLES", "?");
}

#[test]
fn a_function_that_is_assigned_again_is_not_known() {
    check("function f() { return ['a']; }", "f()", "a");
    check(
        "function f() { return ['a']; } f = () => ['b'];",
        "f()",
        "?",
    );
    check(
        "(f as any) = () => ['b']; function f() { return ['a']; }",
        "f()",
        "?",
    );
    check(
        "function f() { return ['a']; } function g() { f = h; }",
        "f()",
        "?",
    );
    check(
        "function f() { return ['a']; } { let f; f = 1; }",
        "f()",
        "a",
    );
}
