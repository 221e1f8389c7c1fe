//! What functions change of what they are handed.

use crate::document::Dialect;
use crate::syntax::{Scopes, Tree};

/// Whether a text changes the constant `A`, an object of objects that hold lists.
fn reaches(change: &str) -> bool {
    let text = format!("const A = {{ a: {{ b: [] }} }}, B = {{ c: 1 }};\n{change}");
    let of = |tree: Tree<'_>| {
        let scopes = Scopes::of(&tree);
        let constant = scopes.of_file("A").expect("it is declared");
        scopes.changed(constant).is_some()
    };
    let clean = Tree::clean(&text, Dialect::TypeScript).map(of);
    let grammar = of(Tree::by_grammar(&text, Dialect::TypeScript));
    assert!(clean.is_none_or(|clean| clean == grammar), "{change}");
    grammar
}

#[test]
fn what_functions_change_of_their_parameters() {
    for change in [
        "function f(p) { p.a = 1; } f(A);",
        "f(A); function f(p) { delete p.a.b; }",
        "const f = (p) => { p.a = 1; }; f(A);",
        "const f = p => delete p.a; f(A);",
        "const f = function (p) { p.a = 1; }; f(A);",
        "const f = function g(p) { p.a = 1; if (c) g(A); };",
        "let f; f = (p) => { p.a = 1; }; f(A);",
        "export function f(p) { p.a = 1; } f(A as any);",
        "export default function f(p) { p.a = 1; }\nf(A);",
        "function f(p) { p.push(1); } f(A.a.b);",
        "function f(p) { Object.assign(p, B); } f(c ? A : B);",
        "function f(_, p) { p.a = 1; } f('x', A);",
        "function f(this: any, p) { p.a = 1; } f(A);",
        "function f(p?: any, ...q) { p!.a = 1; } f(A, 1);",
        "function f(p = B) { p.a = 1; } f(A);",
        "const f = ({ a }) => { a.b = 1; }; f(A);",
        "const f = ({ a: { b } = {} }) => { b.push(1); }; f(A);",
        "const f = ({ ...q }) => { q.a.b = 1; }; f(A);",
        "const f = ([, p]) => { p.a = 1; }; f([B, A]);",
        "const f = ({ p }) => { delete p.a; }; f({ p: A });",
        "const f = (o) => { delete o.p.a; }; f({ p: A });",
        "const f = (o) => { const { p } = o; p.a = 1; }; const o = { p: A }; f(o);",
        "function f(p) { const q = p; q.a = 1; } f(A);",
        "function f(p) { p = p ?? {}; p.a = 1; } f(A);",
        "function f(p) { if (p) p.a = 1; else f(A); }",
        "function f(...l) { for (const p of l) delete p.a; } f(A);",
        "function f(...l) { delete l[0].a; } f(A);",
        "function f(x, ...l) { l.forEach((p) => { p.a = 1; }); } f(1, B, A);",
        "function f(...[p]) { delete p.a; } f(A);",
        "function f(_) { delete arguments[0].a; } f(A);",
        "function f() { for (const p of arguments) delete p.a; } f(1, A);",
        "function f() { const g = () => { delete arguments[0].a; }; g(); } f(A);",
        "function f(p) { p.a = 1; } f(...[A]);",
        "function f(_, p) { p.a = 1; } f(...[B, A]);",
        "function f(_, p) { p.a = 1; } f(B, ...[A]);",
        "function f(_, p) { p.a = 1; } f(...c, A);",
        "function f(_, ...l) { l[1].a = 1; } f(B, B, A);",
        "async function f(p) { await c; p.a = 1; } await f(A);",
        "function* f(p) { p.a = 1; yield c; } [...f(A)];",
        // Handed on.
        "function g(p) { p.a = 1; } function f(p) { g(p); } f(A);",
        "function g(p) { p.b = 1; } function f(p) { for (const q of Object.values(p)) g(q); } f(A);",
        "const f = (p) => () => { delete p.a; }; f(A)();",
        "const f = (p) => (q) => { delete q.a; }; f(B)(A);",
        "function f() { return (p) => { p.a = 1; }; } f()(A);",
        "const f = () => { const g = (p) => { p.a = 1; }; return g; }; const h = f(); h(A);",
        "const f = () => ({ g: (p) => { p.a = 1; } }); f().g(A);",
        "const f = () => ({ g: (p) => { p.a = 1; } }); const { g } = f(); g(A);",
        "const f = (w, t) => w(t); f((p) => { delete p.a; }, A);",
        "const f = (w, t) => w(t); function g(p) { delete p.a; } f(g, A);",
        "const f = (w) => w(A); f((p) => { delete p.a; });",
        "const f = (...w) => w[0](A); f((p) => { delete p.a; });",
        "const f = ({ w }) => w(A); f({ w(p) { delete p.a; } });",
        "for (const f of [(p) => { p.a = 1; }]) f(A);",
        "[(p) => { p.a = 1; }].forEach((f) => f(A));",
        "const l = [(p) => { p.a = 1; }]; l[0](A);",
        // Called otherwise.
        "((p) => { delete p.a; })(A);",
        "(function (p) { delete p.a; })(A);",
        "(0, f)(A); function f(p) { p.a = 1; }",
        "(c ? f : g)(A); function f(p) { p.a = 1; }",
        "f?.(A); function f(p) { p.a = 1; }",
        "function f(p) { delete p.a; } f.call(null, A);",
        "function f(p) { delete p.a; } f.apply(null, [A]);",
        "function f(_, p) { delete p.a; } f.apply(null, [B, A]);",
        "function f(p) { delete p.a; } f.bind(null, A)();",
        "function f(p) { delete p.a; } f.bind(null)(A);",
        "function f(_, p) { delete p.a; } const g = f.bind(null, B); g(A);",
        "function f(p) { delete p.a; } Reflect.apply(f, null, [A]);",
        "function f(this: any) { delete this.a; } f.call(A);",
        "function f() { delete this.a; } f.apply(A, []);",
        "function f() { delete this.a; } f.bind(A)();",
        "function f() { (() => { delete this.a; })(); } Reflect.apply(f, A, []);",
        "function f(_, p) { delete p.a; } f`${A}`;",
        "function f(_, ...l) { delete l[1].a; } f`x${B}y${A}`;",
        "function f(p) { p.a = 1; } [A].forEach(f);",
        "function f(p) { p.b = 1; } Object.values(A).map(f);",
        "const f = (p) => { p.b = 1; }; Object.values(A).sort().filter(f);",
        "function f(o, p) { p.b = 1; return o; } Object.values(A).reduce(f, {});",
        "function f(_, i, l) { l[i].b = 1; } Object.values(A).forEach(f);",
        "[1].forEach(function () { this.a = 1; }, A);",
        "Promise.resolve(A); const f = async () => A; f().then(g); function g(p) { p.a = 1; }",
        // Methods, constructors and setters.
        "const o = { f(p) { p.a = 1; } }; o.f(A);",
        "const o = { f: (p) => { p.a = 1; } }; o['f'](A);",
        "const o = { x: { f: (p) => { p.a = 1; } } }; o.x.f(A);",
        "const f = (p) => { p.a = 1; }; const o = { f }; o.f(A);",
        "const o = Object.freeze({ f(p) { p.a = 1; } }); const { f } = o; f(A);",
        "const o = { f(p) { p.a = 1; }, g() { this.f(A); } };",
        "const o: any = {}; o.f = (p) => { p.a = 1; }; o.f(A);",
        "const o = { p: A, f() { delete this.p.a; } }; o.f();",
        "const o = { p: A, f() { [1].forEach(() => { delete this.p.a; }); } };",
        "const o = { set p(p) { delete p.a; } }; o.p = A;",
        "const o: any = { set p(p) { delete p.a; } }; (o as any)['p'] = A;",
        "class C { constructor(p) { delete p.a; } } new C(A);",
        "const C = class { constructor(p) { delete p.a; } }; new C(A);",
        "function C(p) { delete p.a; } new C(A);",
        "class D { constructor(p) { delete p.a; } } class C extends D {} new C(A);",
        "class D { constructor(p) { delete p.a; } } class C extends D { constructor() { super(A); } }",
        "class C { f(p) { delete p.a; } } new C().f(A);",
        "class C { f(p) { delete p.a; } } const c = new C(); c.f(A);",
        "class C { f = (p) => { delete p.a; }; } const c = new C(); c.f(A);",
        "class C { f(p) { delete p.a; } g() { this.f(A); } }",
        "class C { #f(p) { delete p.a; } g() { this.#f(A); } }",
        "class D { f(p) { delete p.a; } } class C extends D { g() { this.f(A); } }",
        "class C { static f(p) { delete p.a; } } C.f(A);",
        "class C { static f(p) { delete p.a; } static { this.f(A); } }",
        "class C { set p(p) { delete p.a; } } new C().p = A;",
    ] {
        assert!(reaches(change), "{change}");
    }
}

#[test]
fn what_functions_answer_of_what_they_are_handed() {
    for change in [
        "const f = (p) => p; delete f(A).a;",
        "const f = (p) => p.a; delete f(A).b;",
        "const f = ({ a }) => a; delete f(A).b;",
        "function f(p) { const q = p ?? {}; return q; } f(A).a = 1;",
        "const f = (p) => ({ p }); f(A).p.a = 1;",
        "const f = (p) => ({ ...p }); f(A).a.b = 1;",
        "const f = (p) => p; const g = (p) => f(p); g(A).a = 1;",
        "const f = (p) => p; f.call(null, A).a = 1;",
        "const f = (p) => p; f.apply(null, [A]).a = 1;",
        "const f = (p) => p; f.bind(null, A)().a = 1;",
        "const f = (p) => p; Reflect.apply(f, null, [A]).a = 1;",
        "function f() { return arguments[0]; } f(A).a = 1;",
        "let x; function f(p) { x ??= p; return x; } f(A); f(B).a = 1;",
        "let x; const g = () => x; function f(p) { x ??= p; return g(); } f(A); f(B).a = 1;",
        "const f = (p) => { const g = () => p; return g(); }; f(A).a = 1;",
        "const f = (p) => { let q = B; const g = () => { q = p; }; g(); return q; }; f(A).a = 1;",
        "function f() { return this; } f.call(A).a = 1;",
        "const f = (...l) => l; f(A)[0].a = 1;",
        "const f = (p) => p; [A].map(f)[0].a = 1;",
        "const f = (p) => () => p; f(A)().a = 1;",
        "let f = (p) => p; f = (p) => p.a; f(A).b = 1;",
        "(c ? (p) => p : g)(A).a = 1;",
        "const f = (w) => w(A); f((p) => p).a = 1;",
        "const o = { get() { return A; } }; delete o.get().a;",
        "const o = { find: () => A }; delete o.find().a;",
        "const o = { f(p) { return p; } }; delete o.f(A).a;",
        "const o = { p: A, f() { return this.p; } }; delete o.f().a;",
        "const o = { get p() { return A; } }; delete o.p.a;",
        "const o = { get p() { return A; } }, { p } = o; delete p.a;",
        "function* f() { yield A; } for (const p of f()) delete p.a;",
        "function* f() { yield B; yield* [A]; } for (const p of f()) delete p.a;",
        "const o = { *f() { yield A; } }; [...o.f()][0].a = 1;",
        "async function* f() { yield A; } for await (const p of f()) delete p.a;",
    ] {
        assert!(reaches(change), "{change}");
    }
}

#[test]
fn what_functions_leave_as_it_is() {
    for text in [
        "function f(p) { return Object.keys(p); } f(A).push(1);",
        "const f = (p) => { console.log(p.a.b.length); }; f(A);",
        "f(A); log(A); z.enum(A); z.object(A.a).strict();",
        "import { f } from 'x'; f(A); f(A).b = 1;",
        "function f(p) { const c = { ...p }; c.a = 1; delete c.a; return c; } f(A); f(A).a = 2;",
        "function f(p) { const c = structuredClone(p); c.a.b = 1; } f(A);",
        "function f(p) { const c = [...p]; c.push(1); c.sort(); } f(A.a.b);",
        "function f(p) { return p.map((x) => ({ ...x, y: 1 })); } f(A.a.b)[0].z = 1;",
        "function f(p) { p = { ...p }; p.a = 1; } f(A);",
        "function f({ ...p }) { p.a = 1; } f(A);",
        "function f(...l) { l.push(1); l[0] = 1; } f(A);",
        "function f(p) { p.a = 1; }",
        "function f(p) { p.a = 1; } f(B); f({ ...A }); f(structuredClone(A)); f(A.a.b.map((x) => x));",
        "function f(p) { p.a = 1; } console.log(A, f);",
        "function f(p, q) { p.a = q; } f(B, A);",
        "function f(_, p) { p.a = 1; } f(A, B); f(A); f(...[A, B]);",
        "function f(...l) { l[1].a = 1; } f(A, B);",
        "function f(p) { p.a = 1; } f`${A}`;",
        "const f = ({ c }) => { c.d = 1; }; f({ c: B, p: A });",
        "const f = (o) => { o.p = 1; }; f({ p: A });",
        // Another of that name.
        "function f(p) { p.a = 1; } { function f(p) {} f(A); }",
        "function f(p) {} { const f = (p) => { p.a = 1; }; f(B); } f(A);",
        "function f(p) { p.a = 1; } function g(f) { f(A); } g((p) => p);",
        "function f(A) { g(A); } function g(p) { p.a = 1; } f(B);",
        "const o = { f(p) { p.a = 1; } }, q = { f(p) {} }; q.f(A); c.f(A); o.g(A); o.f(B);",
        "class C { f(p) { p.a = 1; } } class D { f(p) {} } new D().f(A); c.f(A); C.f(A);",
        "class C { constructor(p) { p.a = 1; } } class D { constructor(p) {} } new D(A); new C(B);",
        "class C { f(p) { p.a = 1; } } const m = new Map(); m.f(A); m.set('a', A); new Set([A]);",
        "const o = { set p(p) { delete p.a; } }; o.q = A; A.p; c.p = A;",
        "function f() { this.a = 1; } f(A); f.call(B, A); new f(A);",
        "class C { constructor(p) { this.p = p; this.n = 1; } } new C(A);",
        // Each call is followed by itself.
        "const f = (p) => p; f(A); f(B).c = 1;",
        "const f = (l, k) => l.find((x) => x.k === k); f([A], 1); f([B], 1).c = 1;",
        "const f = (m, k) => m[k]; use(f(A, 'a')); f(B, 'c').d = 1;",
        "const f = (w, t) => w(t); f((p) => { p.c = 1; }, B); f((p) => p.a, A);",
        "const f = (w, t) => w(t); f((p) => p, A); f((p) => p, B).c = 1;",
        "const f = (p) => () => p; f(A)(); const g = () => f(B); g().c = 1;",
        "const f = (p) => { const q = p ?? B; return q; }; use(f(A)); f(B).c = 1;",
        "const o = { f: (p) => p }; o.f(A); o.f(B).c = 1;",
        "const o = { get p() { return { ...A }; } }; o.p.a = 1;",
        "const o = { get p() { return A; }, q: B }; o.q.c = 1; o.p = 1;",
        "const f = (p) => p, g = (p) => f(p); use(g(A)); g(B).c = 1;",
        "let x; function f(p) { x = p; } f(A); use(x); const g = (p) => p; use(g(A)); x.n;",
        "function* f() { yield A; } f().x = 1; for (const p of f()) use(p.a);",
        "function* f() { yield { ...A }; } for (const p of f()) p.a = 1;",
    ] {
        assert!(!reaches(text), "{text}");
    }
}

#[test]
fn functions_that_hand_on_to_each_other_end() {
    for text in [
        "function f(p) { p.a = 1; f(p.b); f(f); } f(A);",
        "function f(p) { return g(p.a); } function g(p) { p.x = 1; return f(p.b); } f(A).c = 1;",
        "const f = (w) => w(w); f(f); f((p) => { p.a = 1; });",
        "const f = (w) => (p) => w(p); f(f(f((p) => { p.a = 1; })))(A);",
        "class C extends C { f(p) { p.a = 1; this.f(this); } } new C().f(A);",
        "const o = { f(p) { p.a = 1; o.f(o); }, o }; o.o = o; o.o.o.f(A);",
        "let f = (p) => { f = f.bind(f, f); f.x = p; }; f(A);",
    ] {
        reaches(text);
    }
}

#[test]
fn many_calls_and_classes_are_told() {
    let calls: String = (0..2000).map(|n| format!("f({{ n: {n} }}, B);")).collect();
    let function = "function f(p, q) { p.a = 1; p.b.c = 1; q.c.d = 1; q.l.push(p); }";
    assert!(!reaches(&format!("{function} {calls}")));
    assert!(reaches(&format!("{function} {calls} f(A);")));
    let fields: String = (0..60)
        .map(|n| format!("o{n} = new C(this); f{n}(p) {{ p.x = 1; this.o{n}.f{n}(this); }}"))
        .collect();
    let other = "class C { constructor(c) { this.c = c; c.d = this; } g(p) { this.c.d.c.f1(p); } }";
    let classes = format!("class D {{ {fields} }} {other}");
    assert!(!reaches(&format!("{classes} new D().f1(B);")));
    assert!(reaches(&format!("{classes} new D().f1(A);")));
    let functions = |n| format!("function f{n}(p) {{ p.x{n} = 1; f{}(p); }}", n + 1);
    let functions: String = (0..200).map(functions).collect();
    assert!(!reaches(&format!("{functions} f0(B);")));
    assert!(reaches(&format!("{functions} f0(A);")));
}
