//! What names mean, by scope.

use std::path::Path;

use super::*;
use crate::document::Dialect;

#[test]
fn what_is_declared_at_the_top_is_visible_from_the_first_byte() {
    for lead in [
        "",
        "\n\n",
        "  ",
        "\r\n",
        "\u{feff}",
        "\u{feff}\n// Roles.\n",
    ] {
        let text = format!("{lead}export const STAFF = ['editor'] as const;\n");
        let scopes = Scopes::of(&Tree::read(&text, Dialect::of_path(Path::new("roles.ts"))));
        let binding = scopes.lookup("STAFF", 0).expect(lead);
        assert_eq!(binding.scope.start, 0, "{lead:?}");
    }
}

#[test]
fn what_a_function_at_the_first_byte_names_is_not_of_the_file() {
    let text = "function f(a, b) {}\nexport const a = 1;";
    let scopes = Scopes::of(&Tree::read(text, Dialect::TypeScript));
    let value = |name| scopes.of_file(name)?.value.as_ref();
    assert_eq!(value("a").map(|value| value.span.text(text)), Some("1"));
    assert!(scopes.of_file("b").is_none());
    assert!(scopes.of_file("f").is_some());
    assert!(scopes.of_file("c").is_none());
}

#[test]
fn the_innermost_scope_counts_and_closed_ones_do_not() {
    let text = "const a = 1; { const a = 2; { const a = 3; x; } y; } { const a = 4; } z; function f(a) { w; }";
    let scopes = Scopes::of(&Tree::read(text, Dialect::TypeScript));
    let at = |mark: &str| {
        let offset = u32::try_from(text.find(mark).unwrap()).unwrap();
        let binding = scopes.lookup("a", offset).unwrap();
        binding.value.as_ref().map(|value| value.span.text(text))
    };
    assert_eq!(at("x;"), Some("3"));
    assert_eq!(at("y;"), Some("2"));
    assert_eq!(at("z;"), Some("1"));
    assert_eq!(at("w;"), None);
    assert!(scopes.lookup("b", 0).is_none());
}

#[test]
fn what_a_type_names_hides_nothing() {
    for before in [
        "type F = (a: string) => void;",
        "type F = new (a: string) => object;",
        "type F = abstract new (...a: string[]) => object;",
        "type F = Map<string, (a?: string) => void>;",
        "type F = Parameters<(a: string, b: { c(a: string): void }) => void>;",
        "type F = { (a: string): void };",
        "type F = { new (a: string): object };",
        "interface F { f(a: boolean): void }",
        "interface F { f?: (a: boolean) => void }",
        "interface F { set f(a: boolean) }",
        "interface F { (a: boolean): void; new (a: boolean): F }",
        "interface F { [a: string]: unknown }",
        "declare function f(a: string): void;",
        "export declare function f({ a }: { a: string }): void;",
        "function f(a: string): void; function f(b: unknown) {}",
        "declare class F { f(a: string): void; constructor(a: string) }",
        "abstract class F { abstract f(a: string): void }",
        "class F { f(a: string): void; f(b: unknown) {} }",
        "let f: (a: string) => asserts a is 'b';",
        "const f = (b: (a: string) => void) => b;",
        "declare module 'b' { export function f(a: string): void; export const a: 1; }",
        "declare global { const a: 1; }",
        "type a = string;",
        "interface a { b: string }",
        "namespace a { export type B = string }",
    ] {
        let text = format!("{before}\nconst a = 1;\na;");
        let dialect = Dialect::TypeScript;
        let clean = Tree::clean(&text, dialect).expect(before);
        for tree in [clean, Tree::by_grammar(&text, dialect)] {
            let end = u32::try_from(text.len() - 2).unwrap();
            let found = Scopes::of(&tree).lookup("a", end).cloned();
            let value = found.and_then(|binding| binding.value);
            assert_eq!(value.map(|v| v.span.text(&text)), Some("1"), "{before}");
        }
    }
}

#[test]
fn what_a_type_names_is_known_within_it() {
    let text = "const a = 1; type F = (a: string, b: typeof a) => void;";
    let scopes = Scopes::of(&Tree::read(text, Dialect::TypeScript));
    let within = u32::try_from(text.find(") =>").unwrap()).unwrap();
    let found = scopes.lookup("a", within).unwrap();
    assert_eq!(found.name_span.start, 23);
    assert_eq!(found.value, None);
}

#[test]
fn the_name_of_an_expression_is_known_within_it_alone() {
    for expression in [
        "function a() { a; }",
        "function* a() { a; }",
        "class a { m() { a; } }",
    ] {
        let text = format!("const b = {expression}; const a = 1; /* end */ a;");
        let scopes = Scopes::of(&Tree::read(&text, Dialect::TypeScript));
        let value = |at: &str| {
            let offset = u32::try_from(text.find(at).unwrap()).unwrap();
            scopes.lookup("a", offset).unwrap().value.clone()
        };
        assert_eq!(value("a; }"), None, "{expression}");
        assert!(value("/* end */").is_some(), "{expression}");
    }
}

#[test]
fn of_two_declarations_in_a_scope_the_first_counts() {
    let text = "const a = 1; const a = 2; a;";
    let scopes = Scopes::of(&Tree::read(text, Dialect::TypeScript));
    let found = scopes.lookup("a", 26).unwrap();
    assert_eq!(found.value.as_ref().unwrap().span.text(text), "1");
}
