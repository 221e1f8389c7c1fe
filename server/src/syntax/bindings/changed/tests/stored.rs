//! What is put into something, and changed there.

use super::{changed, reaches};

#[test]
fn a_change_is_followed_through_what_something_was_put_into() {
    for change in [
        // An object.
        "const o: any = {}; o.m = A; delete o.m.a;",
        "const o: any = {}; o['m'] = A; const { m } = o; m.a = 1;",
        "const o: any = {}; o[k] = A; o[c].a = 1;",
        "const o = {}; o.l.m = A; o.l.m.a.b = 1;",
        "const o = {}; o.m = { n: A }; o.m.n.a = 1;",
        "const o = {}; o.m ??= A; o.m.a = 1;",
        "const o = {}; [o.m] = [A]; o.m.a = 1;",
        "const o = {}; ({ n: o.m } = { n: A }); o.m.a = 1;",
        "const o = {}; for (o.m of [A]) o.m.a = 1;",
        "const o = {}; o.m.a = 1; o.m = A;",
        "const o = {}; o.m = c ? A : B; o.m.a = 1;",
        "const o = {}; o.m = () => 1; o.m = A; o.m.a = 1;",
        "const o = {}; const l = o; l.m = A; o.m.a = 1;",
        "const o = { l: {} }; const l = o.l; l.m = A; o.l.m.a = 1;",
        "const o = {}; Object.assign(o, { m: A }); o.m.a = 1;",
        "const o = {}; Object.assign(o, A); o.a.b = 1;",
        "const o = {}; Object.defineProperty(o, 'm', { value: A }); o.m.a = 1;",
        "const o = {}; Reflect.set(o, 'm', A); o.m.a = 1;",
        "let o; o = {}; o.m = A; o.m.a = 1;",
        "const o = {}; function f() { o.m = A; } f(); function g() { delete o.m.a; }",
        "const o = {}; for (const k of Object.keys(A)) o[k] = A[k]; o.a.b = 1;",
        "const o = {}; for (const [k, r] of Object.entries(A)) o[k] = r; o.a.b.push(1);",
        "function f() { const o = {}; o.m = A; return o; } f().m.a = 1;",
        "import o from 'o'; o.m = A; o.m.a = 1;",
        "const o = {}, p = {}; o.p = p; o.p.m = A; p.m.a = 1;",
        "const o = {}, p = {}; p.m = A; o.p = p; o.p.m.a = 1;",
        "const o = {}; o.m = A; const p = { ...o }; p.m.a = 1;",
        // A list.
        "const l: any[] = []; l.push(A); delete l[0].a;",
        "const l: any[] = []; l.push(A); for (const r of l) delete r.a;",
        "const l = []; l.push(B, A); l.forEach((r) => { r.a = 1; });",
        "const l = []; l.push(...[A]); l[0].a = 1;",
        "const l = []; l.unshift(A); l.at(0).a = 1;",
        "const l = []; l.splice(0, 0, A); l.pop().a = 1;",
        "const l = []; l[0] = A; l[0].a = 1;",
        "const l = []; l[i] = A; l.find((r) => r.b).a = 1;",
        "const l = []; l.push([A]); l[0][0].a = 1;",
        "const l = []; l.push({ r: A }); for (const { r } of l) r.a = 1;",
        "const l = new Array(1).fill(A); l[0].a = 1;",
        "const l = []; Object.values(A).forEach((r) => l.push(r)); l[0].b = 1;",
        "const l = []; l.push(A); const m = l.filter((r) => r.a); m[0].a = 1;",
        // A map or a set.
        "const m = new Map<string, any>(); m.set('a', A); delete m.get('a').a;",
        "const m = new Map(); m.set('a', A); for (const [, r] of m) r.a = 1;",
        "const m = new Map(); m.set('a', A); for (const r of m.values()) r.a = 1;",
        "const m = new Map(); m.set('a', A); for (const [k, r] of m.entries()) r.a = 1;",
        "const m = new WeakMap(); m.set(k, A); m.get(k)!.a = 1;",
        "const m = new Map([['a', A]]); for (const r of m.values()) r.a = 1;",
        "new Map().set('b', B).set('a', A).get('a').a = 1;",
        "for (const r of new Set().add(B).add(A)) r.a = 1;",
        "const s = new Set(); s.add(A); for (const r of s) r.a = 1;",
        "const s = new Set(); s.add(A); [...s][0].a = 1;",
        // A class.
        "class C { static m: any = A; } delete C.m.a;",
        "const C = class { static m = A; }; C.m.a = 1;",
        "class C {} C.m = A; C.m.a = 1;",
        "class C { static m; static { this.m = A; } } C.m.a = 1;",
        "class C { static m = A; static f() { this.m.a = 1; } }",
        "class C { m = A; f() { delete this.m.a; } }",
        "class C { m = A; f = () => { this.m.a = 1; }; }",
        "class C { #m = A; f() { this.#m.a = 1; } }",
        "class C { m; constructor() { this.m = A; } f() { this.m.a = 1; } }",
        "class C { m = A; } new C().m.a = 1;",
        "class C { constructor(public m: any) {} f() { delete this.m.a; } } new C(A).f();",
        "class C { constructor(readonly m) {} } new C(A).m.a = 1;",
        "class C { m; constructor(m) { this.m = m; } f() { delete this.m.a; } } new C(A).f();",
        "class C { f() { return A; } } new C().f().a = 1;",
        "class C { get m() { return A; } } new C().m.a = 1;",
        "class C { static get m() { return A; } } C.m.a = 1;",
        "function f(o, r) { o.m = r; } const o = {}; f(o, A); o.m.a = 1;",
        "class C { m = A; } const c = new C(); c.m.a = 1;",
        "class C { m = A; } class D extends C {} new D().m.a = 1;",
        "class C {} const c = new C(); c.m = A; c.m.a = 1;",
        // `this` of an object.
        "const o = { m: A, f() { delete this.m.a; } };",
        "const o = { m: A, f: function () { this.m.a = 1; } };",
        "const o = { f() { this.m.a = 1; } }; o.m = A;",
        "const o = { f() { this.m = A; } }; o.m.a = 1;",
        "const o = { f() { [1].forEach(() => { this.a.b = 1; }); }, ...A };",
        // A promise.
        "Promise.resolve(A).then((r) => { r.a.b.pop(); });",
        "(async () => { const [r] = await Promise.all([A]); r.a = 1; })();",
        "Promise.all([B, A]).then(([, r]) => { r.a = 1; });",
        "Promise.race([B, A]).then((r) => { r.a = 1; });",
        "Promise.allSettled([A]).then(([r]) => { r.value.a = 1; });",
        "(async () => { (await Promise.resolve(A)).a = 1; })();",
        "new Promise<any>((resolve) => resolve(A)).then((r) => { r.a = 1; });",
        "new Promise((ok, no) => { setTimeout(() => ok({ r: A })); }).then(({ r }) => { r.a = 1; });",
        // Others.
        "new WeakRef(A).deref().a = 1;",
        "delete new Proxy(A, {}).a;",
        "const p = new Proxy(A, {}); p.a = 1;",
        "Object.create(A).a.b = 1;",
        "try { throw A; } catch (r: any) { delete r.a; }",
        "try { if (c) throw { r: A }; } catch ({ r }) { r.a = 1; }",
    ] {
        assert!(reaches(change), "{change}");
    }
}

#[test]
fn putting_something_somewhere_changes_nothing_of_it() {
    for text in [
        // Registries and caches.
        "const o = {}; o.m = A; o.n = B; use(o.m.a); delete o.m; o.x = 1;",
        "const o = {}; o.m = A; o.n = {}; o.n.c = 1; Object.assign(o.n, B);",
        "const o = {}; o.m = A.a.b.length; o.m++;",
        "const o = {}; o.m = { ...A }; o.m.a = 1; delete o.m.b;",
        "const o = {}; o.m = structuredClone(A); o.m.a.b.push(1);",
        "const o = {}; Object.assign(o, A); o.a = 1; delete o.a;",
        "const o = {}; o.m = () => A; o.m.x = 1;",
        "const l = []; l.push(A); l.sort(); l.pop(); l.length = 0; l[0] = B; use(l[0].a);",
        "const l = []; l.push({ ...A }); l[0].a = 1;",
        "const l = []; l.push(A); const c = l.map((r) => ({ ...r })); c[0].a = 1;",
        "const l = []; l.push(A.a.b.length); l[0]++;",
        "const l = []; l.push(...Object.keys(A)); l[0].x = 1;",
        "const m = new Map(); m.set('a', A); m.delete('a'); m.clear(); use(m.get('a').a);",
        "const m = new Map(); m.set(A, {}); m.get(A).x = 1;",
        "const n = {}; for (const k of Object.keys(A)) n[k] = (n[k] ?? 0) + 1; n.a++;",
        "const n = new Map(); for (const k in A) n.set(k, (n.get(k) ?? 0) + 1);",
        "const g = {}; for (const k in A) (g[k] ??= []).push(k); g.a.pop(); g.a[0] = 1;",
        "const s = new Set(); s.add(A); s.delete(A); s.clear();",
        "const o = {}, p = {}; o.m = A; p.m = {}; p.m.a = 1;",
        "const o = {}; o.m = A; const f = (o) => { o.m.a = 1; };",
        "function f() { const o = {}; o.m = A; } function g() { const o = {}; o.m.a = 1; }",
        // A class of which only other parts are changed.
        "class C { m = A; n = {}; f() { this.n.a = 1; this.m = {}; this.c++; } }",
        "class C { static m = A; m = {}; f() { this.m.a = 1; } }",
        "class C { constructor(public m: any, public n: any) {} f() { this.n.a = 1; } } new C(A, {});",
        "class C { constructor(m) {} f() { this.m.a = 1; } } new C(A).f();",
        "class C { m = A; static m = {}; static f() { this.m.a = 1; } }",
        "class C { m = A; } class D { f() { this.m.a = 1; } } new D().m.a = 1;",
        "const o = { m: A, n: 0, f() { this.n++; this.l.a = 1; } };",
        "const o = { m: A, f() { function g() { this.m.a = 1; } } };",
        "function F() { this.m = A; } this.m.a = 1;",
        // Others.
        "Promise.resolve(A).then((r) => { use(r.a); return 1; }).then((n) => { n.a = 1; });",
        "new Promise((resolve) => { use(A); resolve({}); }).then((r) => { r.a = 1; });",
        "const p = new Proxy({ ...A }, {}); p.a = 1;",
        "try { use(A); throw new Error(); } catch (e) { e.message = 'a'; }",
        "const o = new Map(Object.entries(A)); o.set('a', {}); o.x = 1;",
    ] {
        assert!(!reaches(text), "{text}");
    }
}

#[test]
fn what_many_put_somewhere_is_told() {
    let put = |n| format!("function f{n}() {{ s.a{n} = b; t.push(s); s.l = t; s.a{n}.c = 1; }}");
    let all: String = (0..1000).map(put).collect();
    let text = |b: &str| format!("import x from 'z'; const s = {{}}, t = [], b = {b}; {all}");
    assert_eq!(changed(&text("{}")), ["s", "t", "b"]);
    assert_eq!(changed(&text("{ x }")), ["s", "t", "b"]);
    assert_eq!(changed(&text("x")), ["s", "t", "b", "x"]);
    let deep =
        |n| format!("function f{n}() {{ b = {{ c: b }}; b.c.d = x; this.e = b; b.c.e = x; }}");
    let all: String = (0..1000).map(deep).collect();
    assert_eq!(
        changed(&format!("import x from 'z'; let b = {{}}; {all}")),
        ["x"]
    );
    let lists =
        "q.push(...n.kids); n = q.pop(); n.done = true; m.set(n.id, n); n.up = m.get(n.up);";
    let walk = |of: &str| {
        format!("const q = [{{ {of} }}], m = new Map(); let n = q.pop(); while (n) {{ {lists} }}")
    };
    assert!(!reaches(&walk("r: A")));
    assert!(reaches(&walk("kids: [A]")));
}

#[test]
fn objects_that_hold_each_other_are_told() {
    let method = |n| {
        format!(
            "m{n}(p) {{ this.f{n} = p; p.up = this; this.f{n}.up.o.c.k{n} = () => this.f{n}.o; }}"
        )
    };
    let methods: String = (0..100).map(method).collect();
    let class = format!("class C {{ constructor(o) {{ this.o = o; o.c = this; }} {methods} }}");
    let text = |rest: &str| format!("import x from 'z'; {class} const c = new C({{}}); {rest}");
    assert_eq!(changed(&text("c.m1(c); x(c);")), ["c"]);
    assert_eq!(changed(&text("c.m1(x);")), ["x"]);
    assert_eq!(changed(&text("c.z = x; c.z.a = 1;")), ["c", "x"]);
}
