//! Functions that are called.

use super::{check, roles};
use crate::rules::testing::fixture;

#[test]
fn a_promise_is_not_what_it_is_of() {
    for function in [
        "async function f() { return ['a']; }",
        "const f = async () => ['a'];",
        "const f = async function () { return ['a']; };",
        "const f = async () => { return ['a']; };",
        "const f = async<T>() => ['a'];",
        "const f = async() => ['a'];",
    ] {
        check(function, "f()", "?");
        check(function, "[...f()]", "?");
        check(function, "await f()", "a");
        check(
            &format!("{function} const ROLES = await f();"),
            "ROLES",
            "a",
        );
        check(&format!("{function} const g = () => f();"), "g()", "?");
        check(
            &format!("{function} const g = () => f();"),
            "await g()",
            "a",
        );
        check(
            &format!("{function} async function g() {{ return f(); }}"),
            "await g()",
            "a",
        );
    }
    check("const f = () => ['a'];", "await f()", "a");
    check("const ROLES = ['a'];", "await ROLES", "a");
    check("const asyncList = () => ['a'];", "asyncList()", "a");
    check("", "await load()", "?");
    check(
        "const ROLES = ['a']; ROLES.push('b'); async function f() { return ROLES; }",
        "await f()",
        "?",
    );
    check(
        "const f = async () => ({ then: (done: any) => done(['b']), a: ['a'] });",
        "(await f()).a",
        "?",
    );
}

#[test]
fn a_function_is_followed_with_what_it_is_given() {
    for (function, call, expected) in [
        ("const f = (roles: string[]) => roles;", "f(['a'])", "a"),
        ("const f = roles => [...roles, 'z'];", "f(['a'])", "a z"),
        ("const f = (roles) => { return roles; };", "f(['a'])", "a"),
        ("function f(roles) { return roles; }", "f(['a'])", "a"),
        (
            "const f = function (roles) { return roles; };",
            "f(['a'])",
            "a",
        ),
        ("let f = (roles) => roles;", "f(['a'])", "a"),
        ("const f = (a, b) => [b, a];", "f('a', 'b')", "b a"),
        ("function f(this: any, a) { return a; }", "f(['a'])", "a"),
        ("const f = (a, /* c */ b) => b;", "f(['a'], ['b'])", "b"),
        ("const f = (a, b?: string[]) => a;", "f(['a'])", "a"),
        ("const f = (a, b) => b;", "f(['a'])", "absent"),
        ("const f = (a, b) => b ?? a;", "f(['a'])", "a"),
        ("const f = (a = ['b']) => a;", "f()", "b"),
        ("const f = (a = ['b']) => a;", "f(undefined)", "b"),
        ("const f = (a = ['b']) => a;", "f(['a'])", "a"),
        ("const f = (a, b = a) => b;", "f(['a'])", "a"),
        (
            "const f = ({ roles }) => roles;",
            "f({ roles: ['a'] })",
            "a",
        ),
        ("const f = ({ roles = ['b'] } = {}) => roles;", "f()", "b"),
        (
            "const f = ({ roles = ['b'] } = {}) => roles;",
            "f({ roles: ['a'] })",
            "a",
        ),
        (
            "const f = ({ a: { roles } }) => roles;",
            "f({ a: { roles: ['a'] } })",
            "a",
        ),
        (
            "const f = ([first, [second]]) => [second, first];",
            "f(['a', ['b']])",
            "b a",
        ),
        ("const f = (...roles) => roles;", "f('a', 'b')", "a b"),
        ("const f = (...roles) => roles;", "f()", ""),
        (
            "const f = (...roles) => roles;",
            "f(...['a', 'b'], 'c')",
            "a b c",
        ),
        (
            "const f = (a, ...roles) => roles;",
            "f('a', 'b', 'c')",
            "b c",
        ),
        ("const f = (a, ...[b]) => b;", "f('a', ['b'])", "b"),
        ("const f = (of) => of.roles;", "f({ roles: ['a'] })", "a"),
        (
            "const f = (of, key) => of[key];",
            "f({ roles: ['a'] }, 'roles')",
            "a",
        ),
        (
            "const f = (key) => ({ [key]: ['a'] });",
            "f('roles').roles",
            "a",
        ),
        (
            "const f = (a) => (a ? ['b'] : ['c']);",
            "[...f(true), ...f(false)]",
            "b c",
        ),
        (
            "const f = (a) => a; const g = (b) => f([...f(b), 'z']);",
            "g(['a'])",
            "a z",
        ),
        (
            "const f = (a) => a; const g = (a) => f(a);",
            "g(f(['a']))",
            "a",
        ),
        (
            "const a = ['b']; const f = (a) => a; const g = (b) => a;",
            "g(f(['a']))",
            "b",
        ),
        ("const f = (a) => Object.freeze([...a]);", "f(['a'])", "a"),
        ("const f = async (a) => a;", "await f(['a'])", "a"),
        ("const R = ['a']; const f = (a) => a;", "f(R)", "a"),
        (
            "const f = (a) => ({ a, b: ['b'] }); const OF = f(['a']);",
            "[...OF.a, ...OF.b]",
            "a b",
        ),
    ] {
        check(function, call, expected);
    }
    let imported = roles(
        "import { staff, MORE } from '../roles';",
        "staff([...MORE, 'a'])",
        "//- quickback/roles.ts
import { LEAST } from './least';
export const MORE = ['m'];
export const staff = (roles: string[]) => [...LEAST, ...roles];
//- quickback/least.ts
export const LEAST = ['l'];
",
    );
    assert_eq!(imported, "l m a");
}

#[test]
fn a_function_that_may_answer_something_else_is_not_known() {
    for (function, call) in [
        ("const f = (a) => a;", "f(make())"),
        ("const f = (a) => a;", "f(...make())"),
        ("const f = (a, b) => b;", "f(...make(), ['b'])"),
        ("const f = (a, ...b) => b;", "f(...make())"),
        ("const f = (...b) => b;", "f(...make(), 'a')"),
        ("const f = (a = ['b']) => a;", "f(make())"),
        ("const f = (a) => { a = ['b']; return a; };", "f(['a'])"),
        ("const f = (a, b = (a = ['c'])) => a;", "f(['a'])"),
        ("const f = (a, b = a++) => a;", "f(['a'])"),
        ("const f = (a, b = a.push('c')) => a;", "f(['a'])"),
        ("const f = (a) => ({ a, n: a.push('c') });", "f(['a']).a"),
        (
            "const f = (a) => ({ a, n: g(a) }); const g = (b) => b.push('c');",
            "f(['a']).a",
        ),
        ("function f(a) { return arguments[0]; }", "f(['a'])"),
        ("function f(a) { return this.a; }", "f(['a'])"),
        (
            "function f(a) { if (a) return ['b']; return a; }",
            "f(['a'])",
        ),
        ("function f(a) { const b = a; return b; }", "f(['a'])"),
        ("const f = async (a) => a;", "f(['a'])"),
        ("function* f(a) { return a; }", "f(['a'])"),
        ("let f = (a) => a; f = (a) => ['b'];", "f(['a'])"),
        ("const f = (a) => f(a);", "f(['a'])"),
        ("const f = (a, ...a2) => a2;", "f.call(null, 'b')"),
        ("const f = (a) => () => a;", "f(['a'])()"),
        ("const f = (g) => g();", "f(() => ['a'])"),
        ("const f = ({ ...rest }) => rest;", "f({ a: ['a'] }).a"),
        ("const R = ['a']; R.push('b'); const f = (a) => a;", "f(R)"),
        ("const R = ['a']; const f = (a) => a; f(R).push('b');", "R"),
        (
            "const R = ['a']; const f = (a) => ({ a }); f(R).a.push('b');",
            "f(R).a",
        ),
        ("const f = (a) => a; const R = f(['a']); R.push('b');", "R"),
        (
            "const R = ['a']; const f = (a = R) => a; f().push('b');",
            "R",
        ),
    ] {
        check(function, call, "?");
    }
}

#[test]
fn what_is_followed_has_the_parameters_of_its_own_function() {
    // The inner function is called by nobody here.
    check(
        "const f = (a) => ({ a, of: (a) => a, g: f });",
        "f(['a']).a",
        "a",
    );
    check(
        "const OUTER = (a) => [a]; const f = (a) => [...OUTER('b'), a];",
        "f('a')",
        "b a",
    );
    check(
        "const f = (a, n) => (n ? f(['b', ...a], false) : a);",
        "f(['a'], true)",
        "b a",
    );
    check(
        "const f = (l) => [...l, ...l]; const g = (l) => f(f(f(f(f(f(l))))));",
        "f(g(['a'])).length",
        "?",
    );
}

#[test]
fn masks_are_made_by_functions() {
    let fixture = fixture(
        "//- quickback/features/claims.ts
import { feature, q } from '@quickback/compiler';
const mask = (roles: string[], type = 'redact') => ({ type, show: { roles } });
export default feature('claims', {
  columns: { id: q.id(), title: q.text(), phone: q.text() },
  masking: { title: mask(['hr']), phone: mask(['desk', 'hr'], 'phone') },
  realtime: { enabled: true },
});
",
    );
    let model = fixture
        .project
        .model(fixture.file("quickback/features/claims.ts"));
    let rules = model.tables.iter().flat_map(|table| table.masking.known());
    let rules = rules.flat_map(|masking| &masking.value.rules);
    let read: Vec<String> = rules
        .map(|rule| {
            let roles = rule.roles.known().expect("the roles are known");
            let roles: Vec<_> = roles
                .value
                .items
                .iter()
                .filter_map(|r| r.as_str())
                .collect();
            let kind = rule.kind.known().expect("the type is known");
            format!("{}: {:?} {}", rule.column, kind.value, roles.join(" "))
        })
        .collect();
    assert_eq!(read, ["title: Redact hr", "phone: Phone desk hr"]);
}
