//! What changes what.

mod stored;

use super::search::{MAX_LOOKS, MAX_STEPS};
use crate::document::Dialect;
use crate::syntax::{ImportedFrom, Scopes, Tree, Way};

/// The names that a text changes, in order.
fn changed(text: &str) -> Vec<String> {
    let dialect = Dialect::TypeScript;
    let of = |tree: Tree<'_>| {
        let scopes = Scopes::of(&tree);
        let bindings = scopes.iter().filter(|b| scopes.changed(b).is_some());
        let mut names: Vec<String> = bindings.map(|b| b.name.to_string()).collect();
        let imports = ["x", "y"].into_iter();
        names.extend(
            imports
                .filter(|i| scopes.changed_import(i).is_some())
                .map(str::to_owned),
        );
        names
    };
    let clean = Tree::clean(text, dialect).map(of);
    let grammar = of(Tree::by_grammar(text, dialect));
    assert!(clean.is_none_or(|clean| clean == grammar), "{text}");
    grammar
}

#[test]
fn what_changes_an_object_or_a_list() {
    for change in [
        "a.b = 1;",
        "a['b'] = 1;",
        "for (const c of ['b']) a[c] = { d: 1 };",
        "a.b.c[d].e = 1;",
        "(a as any).b = 1;",
        "(<any>a).b = 1;",
        "a!.b! = 1;",
        "(a).b ??= 1;",
        "a.b += 1;",
        "a.b++;",
        "--a.b;",
        "delete a.b;",
        "delete a?.b;",
        "[a.b] = [1];",
        "[c, ...a.b] = [1];",
        "({ c: a.b = 1, ...a.d } = e);",
        "for (a.b of c) ;",
        "function f() { return () => { a.b = 1; }; }",
        "a.push(1);",
        "a?.b.splice(0);",
        "a.b.c!.unshift(1);",
        "a.pop(); a.shift();",
        "const c = a.sort();",
        "a.b.reverse();",
        "a.fill(1);",
        "a.copyWithin(0, 1);",
        "Object.assign(a, {});",
        "Object.assign(a.b as any, {});",
        "Object.defineProperty(a, 'b', {});",
        "Object.defineProperties(a.b, {});",
        "Object.setPrototypeOf(a, b);",
        "Reflect.set(a, 'b', 1);",
        "Reflect.deleteProperty(a.b, 'c');",
        "a['pop']();",
        "a[`splice`](1);",
        "(a.b.pop as any)!();",
        "a.p\\u006fp();",
        "a.splice.apply(a, [1, 1]);",
        "a.pop.call(a);",
        "a.pop.bind(a)();",
        "const c = a.b.push.bind(a.b);",
        "Array.prototype.pop.call(a);",
        "[].push['apply'](a, c);",
        "Reflect.apply([].pop, a, []);",
        "Reflect.apply(Object.assign, Object, [a, {}]);",
        "Reflect['set'](a, 'b', 1);",
        "Object.assign.call(Object, a, {});",
        "Object.assign.apply(Object, [a, {}]);",
        "Object.assign(...[a, {}]);",
        "Object.assign.bind(Object, a)({});",
        "a.b.__defineGetter__('c', () => 1);",
        "Object.prototype.__defineSetter__.call(a, 'b', c);",
        "\\u0061.b = 1;",
        "{ const { b } = a; b.c = 1; }",
    ] {
        let text = format!("const a = {{}};\n{change}");
        assert_eq!(
            changed(&text).first().map(String::as_str),
            Some("a"),
            "{change}"
        );
    }
}

#[test]
fn what_changes_nothing() {
    for text in [
        "const a = {}; a.b;",
        "const a = {}; const b = a.c + 1;",
        "const a = []; a.map((b) => b).sort();",
        "const a = []; [...a].reverse();",
        "const a = []; a.slice().push(1);",
        "const a = {}; Object.freeze(a); Object.keys(a).sort();",
        "const a = {}; Object.assign({}, a);",
        "const a = []; a['slice'](0).sort(); a.slice.call(a).push(1);",
        "const a = []; Array.prototype.map.call(a, (c) => c).pop();",
        "const a = []; Object.assign.apply(Object, [{}, a]); Object.assign(...[{}, a]);",
        "const a = []; b.push.apply(b, a); Array.prototype.push.call(b, a); b['push'](a);",
        "const a = []; Reflect.apply(f, a, a); Reflect.apply([].concat, a, [1]); Reflect.get(a, 'b');",
        "const a = []; f.call(a, a); f.apply(a, a); f.bind(a)(a); Reflect.apply(a.pop);",
        "const a = []; a.pop; f(a.pop); a['p' + 'op'](); a[`${b}`]();",
        "const a = {}; function f(a) { a.b = 1; }",
        "const a = {}; c[a.b] = 1;",
        "let a; a = 1;",
        "this.a = 1; f().b = 1;",
        "const a = {}; typeof a.b; void a.b;",
    ] {
        assert_eq!(changed(text), [] as [&str; 0], "{text}");
    }
}

#[test]
fn a_change_reaches_what_a_name_holds() {
    for (text, expected) in [
        ("const a = {}; const b = a; b.c = 1;", vec!["a", "b"]),
        (
            "const a = { b: {} }; const c = a.b; c.d = 1;",
            vec!["a", "c"],
        ),
        ("const a = {}, b = { a }; b.a.c = 1;", vec!["a", "b"]),
        ("const a = {}, b = { a }; b.a = 1;", vec!["b"]),
        ("const a = {}, b = { a, c: 1 }; b.c.d = 1;", vec!["b"]),
        ("const a = {}, b = { a }; b[c].d = 1;", vec!["a", "b"]),
        (
            "const a = { b: {} }, c = { ...a }; c.b.d = 1;",
            vec!["a", "c"],
        ),
        ("const a = { b: {} }, c = { ...a }; c.d = 1;", vec!["c"]),
        ("const a = {}, b = [a]; b[0].c = 1;", vec!["a", "b"]),
        ("const a = a.b; a.c = 1;", vec!["a"]),
        (
            "const a = {}, b = {}; for (const c of [a, b]) c.d = 1;",
            vec!["a", "b"],
        ),
        (
            "const a = {}, b = [a, {}]; for (const { c: [d] } of b) d.e = 1;",
            vec!["a", "b"],
        ),
        (
            "const a = { b: {} }; for (const b of Object.values(a)) b.c = 1;",
            vec!["a"],
        ),
        (
            "const a = {}, b = { a }; for (const [, c] of Object.entries(b)) c.d = 1;",
            vec!["a", "b"],
        ),
        (
            "const a = {}, b = [a]; b.forEach((c) => { c.d = 1; });",
            vec!["a", "b"],
        ),
        ("const a = {}; [a].map(b => delete b.c);", vec!["a"]),
        (
            "const a = {}, b = []; b.map((c, d) => { d.e = 1; });",
            vec![],
        ),
        ("const a = {}, b = []; a.each((c) => { c.d = 1; });", vec![]),
        (
            "const a = {}, b = {}, c = d ? a : (b as any); c.e = 1;",
            vec!["a", "b", "c"],
        ),
        ("const a = {}, b = c ?? a; b.d = 1;", vec!["a", "b"]),
        ("const a = {}; let b = a; b = {}; b.c = 1;", vec![]),
        (
            "const a = { b: { c: [] } }; const { b: { c } } = a; c.pop();",
            vec!["a", "c"],
        ),
        (
            "const a = [], b = { c: a }, { c: d = [] } = b; d.pop();",
            vec!["a", "b", "d"],
        ),
        (
            "const a = {}; function b({ c } = a) { c.d = 1; }",
            vec!["a"],
        ),
        ("import x, { y } from 'z'; x.a = 1;", vec!["x"]),
        (
            "import x, { y } from 'z'; for (const a of [x, y]) a.b = 1;",
            vec!["x", "y"],
        ),
        (
            "import x, { y } from 'z'; const a = { y }; a.y.b.push(1);",
            vec!["a", "y"],
        ),
    ] {
        assert_eq!(changed(text), expected, "{text}");
    }
}

/// Whether a change in a text reaches the constant `A`, an object of objects that hold lists.
fn reaches(change: &str) -> bool {
    let text = format!("const A = {{ a: {{ b: [] }} }}, B = {{ c: 1 }};\n{change}");
    changed(&text).iter().any(|name| name == "A")
}

#[test]
fn a_change_is_followed_through_the_usual_aliases() {
    for change in [
        // A member that is computed.
        "for (const k of Object.keys(A)) { const r = A[k]!; r.b = 1; }",
        "Object.keys(A).forEach((k) => { const r = A[k as keyof typeof A]; delete r.b; });",
        "for (const k in A) { const { b } = A[k]; b!.length = 0; }",
        "A[k]['b'].push(1);",
        // A list of members.
        "const l = Object.values(A); for (const r of l) r.b = 1;",
        "Object.values(A).filter((r) => r.b).forEach((r) => { r.b = 1; });",
        "for (const [, r] of Object.entries(A).slice(0)) r.b = 1;",
        "for (const [k, { b }] of Object.entries(A)) b.push(k);",
        "Object.values(A)[0].b = 1;",
        "Object.values(A).find((r) => r.b)!.b = 1;",
        "Object.values(A).at(0).b.push(1);",
        "const [r] = Object.values(A); r.b = 1;",
        "const [, ...l] = Object.values(A); l[0].b = 1;",
        "for (const r of [...Object.values(A)].reverse()) r.b = 1;",
        "for (const r of Object.values(A).sort()) r.b = 1;",
        "for (const r of [].concat(Object.values(A))) r.b = 1;",
        "for (const r of [].concat(A.a)) r.b = 1;",
        "for (const r of [Object.values(A)].flat()) r.b = 1;",
        "for (const r of Array.from(Object.values(A))) r.b = 1;",
        "Array.from(Object.values(A), (r) => { r.b = 1; });",
        "for (const r of new Set(Object.values(A))) r.b = 1;",
        "new Map(Object.entries(A)).get('a').b = 1;",
        "for (const [, r] of new Map(Object.entries(A))) r.b = 1;",
        "Object.values(A).map((r) => r.b).forEach((b) => b.pop());",
        "Object.values(A).flatMap((r) => r.b).forEach((b) => b.c = 1);",
        "Object.values(A).reduce((l, r) => { r.b = 1; return l; }, []);",
        "Object.keys(A).reduce((o, k) => { o[k] = 1; return o; }, A);",
        "Object.values(A).forEach((r, i, l) => { l[i].b = 1; });",
        // A copy holds the same objects.
        "const { ...c } = A; c.a.b = 1;",
        "const c = { ...A }; c.a.b = 1;",
        "const c = Object.assign({}, A); c.a.b = 1;",
        "const c = Object.fromEntries(Object.entries(A)); c.a.b = 1;",
        "const c = Object.fromEntries(Object.entries(A).map(([k, r]) => [k, r])); c[k].b = 1;",
        "Object.fromEntries(Object.entries(A).map(([k, r]) => [k, { ...r }])).a.b.push(1);",
        // Another name.
        "let l = A; l.a = 1;",
        "var l = A; l.a = 1;",
        "let l; l = A; l.a = 1;",
        "let l = B; if (c) l = A; l.a = 1;",
        "let l = B; l = A; l.a = 1;",
        "let l = A; if (c) l = {}; l.a = 1;",
        "let l = A; function f() { l.a = 1; } f(); l = {};",
        "let l = A; for (const k in c) { l.a = 1; l = {}; }",
        "let l = {}; function f() { l = A; } l = {}; f(); l.a = 1;",
        "let l = A; if (c) { l = {}; } l.a = 1;",
        "let l; ({ l } = { l: A }); l.a = 1;",
        "let l = B; l ??= A; l.a = 1;",
        "let l = B; for (l of [A]) l.a = 1;",
        "let l = A; while (l.a) l = l.a; l.b = 1;",
        "function f(o = A) { o.a = 1; }",
        "const { o = A } = c; o.a = 1;",
        "({ o: [B.c = 1, r] } = c, (A.a = c));",
        // A choice.
        "(c ? A : B).a = 1;",
        "(c || A).a = 1;",
        "(c && A).a = 1;",
        "(l = A).a = 1;",
        "(c, A).a = 1;",
        // What a function answers.
        "const f = () => A; f().a = 1;",
        "const f = () => A; f().a.b.push(1);",
        "const f = () => A; const c = f(); c.a = 1;",
        "function f() { if (c) { return B; } return A; } f().a = 1;",
        "const f = () => ({ ...A }); f().a.b = 1;",
        "const f = async () => A; (await f()).a = 1;",
        "const f = async () => A; f().then((l) => { l.a = 1; });",
        "(() => A)().a = 1;",
        "Object.freeze(A).a.b = 1;",
        "const o = { get: () => A, x: A }; o.x.a = 1;",
    ] {
        assert!(reaches(change), "{change}");
    }
}

#[test]
fn reading_and_changing_copies_changes_nothing() {
    for text in [
        "for (const k of Object.keys(A)) console.log(A[k].b);",
        "for (const k in A) { const r = A[k]; use(r.b, r); }",
        "for (const r of Object.values(A)) use(r.b.length);",
        "for (const [k, r] of Object.entries(A)) B[k] = r.b;",
        "for (const [k, r] of Object.entries(A)) { const c = {}; c[k] = r; }",
        "const l = Object.values(A).map((r) => r.b); l.push(1);",
        "const l = Object.values(A).map((r) => ({ ...r, c: 1 })); l[0].b = 1; l[0].c = 2;",
        "const l = Object.values(A).map(({ b }) => ({ b: [...b] })); l[0].b.push(1);",
        "const l = Object.values(A).filter((r) => r.b); l.pop(); l.sort();",
        "const l = Object.values(A).slice(); l[0] = 1; l.reverse();",
        "const l = Object.keys(A); l.sort(); l[0] = 'c';",
        "const l = Object.keys(A).map((k) => ({ k })); l[0].k = 1;",
        "Object.entries(A).map(([k]) => k).sort().push('c');",
        "Object.entries(A).map(([k, r]) => ({ k, n: r.b.length })).forEach((o) => { o.n++; });",
        "const c = { ...A }; c.a = 1; delete c.a; Object.assign(c, B);",
        "const { ...c } = A; c.a = 1;",
        "const { a, ...c } = A; c.b = 1;",
        "const c = { ...A, a: { b: [] } }; c.a.b.push(1); c.a.c = 1;",
        "const c = { a: A.a, ...A, a: {} }; c.a.b = 1;",
        "const c = structuredClone(A); c.a.b.push(1);",
        "const c = JSON.parse(JSON.stringify(A)); c.a.b = 1;",
        "const c = cloneDeep(A); c.a.b = 1;",
        "const c = Object.fromEntries(Object.entries(A).map(([k, r]) => [k, { ...r }])); c.a.b = 1;",
        "const c = Object.fromEntries(Object.keys(A).map((k) => [k, {}])); c.a.b = 1;",
        "const c = Object.keys(A).reduce((o, k) => { o[k] = A[k].b; return o; }, {}); c.a = 1;",
        "const c = Object.assign({}, A); c.a = 1;",
        "const l = [...Object.values(A)]; l.push(1); l[0] = 2;",
        "const l = [B, A]; l[0].c = 1; l.pop();",
        "const [x, y] = [B, A]; x.c = 1;",
        "const s = new Set(Object.keys(A)); s.size = 1;",
        "const m = new Map(); m.set('a', A); m.x = 1;",
        "let l = A; l = { ...l }; l.a = 1;",
        "let l = A; l = {}; l.a = 1;",
        "let l = A; if (c) { l = { ...l }; l.a = 1; }",
        "let l = A; for (const k in c) { l = {}; l[k] = 1; }",
        "let l = A; function f() { l = {}; l.a = 1; }",
        "let l = A; l = structuredClone(l); l.a.b.push(1);",
        "let l = A; l = B;",
        "let n = 0; n += A.a; n++;",
        "let l; for (l of [1]) n.x = A;",
        "function f(o = A) { o = { ...o }; o.a = 1; }",
        "const f = () => ({ a: {} }); f().a = A;",
        "const f = () => ({ ...A }); f().b = 1; const c = f(); c.a = 2;",
        "const f = () => A; f(); use(f().a.b);",
        "const f = () => { const g = () => A; return {}; }; f().a = 1;",
        "const f = (r) => ({ ...r }); f(A).b = 1;",
        "(A.a + B).c = 1;",
        "(A.a === B).c = 1;",
        "c[A.a.b] = 1;",
        "c(A).a = A;",
    ] {
        assert!(!reaches(text), "{text}");
    }
}

#[test]
fn a_walk_changes_what_it_goes_along() {
    for text in [
        "const s = { r: A }; for (let l = s; l; l = l.next) l.done = true;",
        "let l = { r: A }; while (l) { l.user = null; l = l.prev; }",
        "let l = { r: A, kids: [] }; while (c) { l = l.kids.find((k) => k.id); l.open = true; }",
        "let l = [{ r: A }]; while (c) { l = l.flatMap((n) => n.kids); for (const n of l) n.d = 1; }",
    ] {
        assert!(!reaches(text), "{text}");
    }
    let deep = "{ next: ".repeat(20) + "A" + &"}".repeat(20);
    for text in [
        format!("for (let l = {deep}; l; l = l.next) l.done = true;"),
        format!("let l = {deep}; while (c) {{ l.done = true; l = c ? l.other : l.next; }}"),
        format!("let l = {deep}; while (c) {{ l = l[k]; l.done = true; }}"),
        "let l = { kids: [A] }; while (c) { l = l.kids.find((k) => k.id); l.open = true; }"
            .to_owned(),
        "let l = [{ kids: [A] }]; while (c) { l = l.flatMap((n) => n.kids); l[0].open = true; }"
            .to_owned(),
    ] {
        assert!(reaches(&text), "{text}");
    }
}

#[test]
fn long_lists_are_told() {
    let rows = "{ a: 1, b: 'c' },".repeat(MAX_STEPS / 10);
    let sets: String = (0..11).map(|n| format!("r.f{n} = 1;")).collect();
    let text = format!("import x from 'z'; const a = [{rows}]; for (const r of a) {{ {sets} }}");
    assert_eq!(changed(&text), ["a"]);
    let store = |n| format!("function f{n}() {{ s = {{ ...s, n: 1 }}; s.n = 1; }}");
    let stores: String = (0..400).map(store).collect();
    assert_eq!(
        changed(&format!("import x from 'z'; let s = {{ x }}; {stores}")),
        [] as [&str; 0]
    );
}

#[test]
fn names_that_many_functions_assign_to_are_told() {
    let function = |n| format!("function f{n}() {{ a = b; b = a; c++; a.c = 1; b.d = c; }}");
    let functions: String = (0..2000).map(function).collect();
    let text = |b: &str| format!("import x from 'z'; let a, b = {b}, c = 0; {functions}");
    assert_eq!(changed(&text("{}")), [] as [&str; 0]);
    assert_eq!(changed(&text("x")), ["x"]);
    for text in [
        "let l = {}; function f() { l.a = 1; } function g() { l.a = 1; } function h() { l = A; }",
        "let l = {}; function f() { l = A; l = {}; l.a = 1; } function g() { l.a = 1; }",
        "let l = {}; function f() { l = {}; l.a = 1; } function g() { l = A; l = {}; l.a = 1; }",
    ] {
        assert!(reaches(text), "{text}");
    }
}

#[test]
fn circles_end() {
    for text in [
        "let A = { a: 1 }; while (c) A = c ? A.a : A.b; A.c.d = 1;",
        "const f = () => f().a; f().b = 1;",
        "const A = B.a, B = A.b; A.c = 1;",
        "let l = m, m = l; l = m.a; m = l.b; l.c = 1;",
        "const A = { ...B }, B = { ...A, ...A }; A.a.b = 1;",
    ] {
        changed(text);
    }
}

#[test]
fn what_cannot_be_told_changes_everything() {
    let text = |count: usize| {
        let elements = "{},".repeat(count);
        format!("import x from 'z'; const a = [{elements}], c = []; a[b].c.d = 1;")
    };
    assert_eq!(changed(&text(10)), ["a"]);
    assert_eq!(changed(&text(MAX_STEPS + 100)), ["a", "c", "x", "y"]);
    // Whatever the imports hold in other files, too.
    let large = text(MAX_STEPS + 100);
    let scopes = Scopes::of(&Tree::read(&large, Dialect::TypeScript));
    let ways: Vec<_> = (scopes.leaving().iter())
        .map(|leaving| (&leaving.from, &leaving.way))
        .collect();
    assert_eq!(ways, [(&ImportedFrom::Name("x".into()), &Way::any())]);
    let numbers = "0,".repeat(MAX_LOOKS / 100);
    let sets: String = (0..60).map(|n| format!("r.f{n} = 1;")).collect();
    let looks =
        format!("import x from 'z'; const a = [{numbers}]; for (const r of a) {{ {sets} }}");
    assert_eq!(changed(&looks), ["a", "r", "x", "y"]);
    let long = format!("const a = [], c = []; a{}.b.c = 1;", ".flat()".repeat(40));
    assert_eq!(changed(&long), ["a"]);
}
