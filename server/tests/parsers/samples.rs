//! What TypeScript has, in pieces that both parsers read.

use std::path::Path;

use invariants::parsers::{Outcome, agree};
use invariants::pieces::tokens;

/// What both dialects have.
const SAMPLES: [&str; 63] = [
    "",
    "await\nawait a; await (b); await [c]; await +d\nexport { e }",
    "// only a comment",
    "#!/usr/bin/env node\nimport a from 'b';\n",
    "\u{feff}// mark\r\nexport const é = ['ä', \"日本\", `😀`];\r\n",
    "import a, { b as c, type d, default as e, 'f-g' as h } from \"i\" with { type: 'json' };",
    "import type { a } from 'b';\nimport * as /* c */ d from 'e'\nimport 'f'\nimport {} from 'g'",
    "import a = require('b');\nimport c = d.e.f;\nexport import g = h.i;",
    "export * from 'a'; export * as b from 'c'; export * as default from 'd' // e",
    "export { a as default, b as 'c-d', e, }; export type { f } from 'g'; export {}",
    "export = a;\nexport as namespace b;",
    "export default {\n  a, // b\n};",
    "export default class { } // a\n",
    "export default function () { } // a\n",
    "export default async function* a(): AsyncGenerator<b> { yield* c; } // d\n(e)",
    "export default interface a { b: c }",
    "export default abstract class a { abstract b(): c; }",
    "export default a satisfies b",
    "export const { a, b: c, d = 1, ...e } = f, [g, , h = 2, ...i] = j;",
    "@a @b.c @d(e) export class f { @g h = 1; @i() j() {} @k accessor l = 2; }",
    "export @a abstract class b<c> extends d.e<c> implements f, g.h<i> { }",
    "class a { constructor(private readonly b: c, public d?: e, override f = 1) { super(); } }",
    "class a { static #b?: c = 1; declare d: e; readonly [f.g]!: h; static { b(); } 'i'() {} 1 = 2 }",
    "class a { get b() { return 1 } set b(c) { } async *[d]() { } static async e() { } // f\n}",
    "class a { b(c: d): e; b(c: f): g; b(c) { } [h: string]: i; static j; k = () => { } // l\n}",
    "class a { #b; c(d) { return #b in d; } e = this.#b?.#f; }",
    "function a(this: b, c?: d, ...e: f[]): asserts c is g { } // h\nfunction i(): void\nfunction i() { }",
    "async function a() { for await (const b of c) { await using d = e; using f = g } }",
    "const a = async <b,>(c: b): Promise<b> => c, d = e => (f, g), h = async i => { } // j\n",
    "const a = function* b() { yield; yield c }, d = class e { }, f = async () => { return; };",
    "if (a) { b } // c\nelse if (d) e; // f\nelse { g } // h\n(i)",
    "function a() { } // b\n(c)\nif (d) { } // e\n(f)",
    "for (let a = 0, b; a < c; a++) { } for (;;) ; for (a = 1; ; ) { break } for (const d in e) f()",
    "for (a.b of c) ; for ([d, e = 1] of f) ; for ({ g, h: i } of j) ; for (var k of l) { continue }",
    "a: for (;;) { b: { continue a; break b // c\n} } while (d) e(); do { f() } while (g) // h\n",
    "switch (a) { case 1: case 2: b(); break; // c\ndefault: { d } // e\ncase f: }",
    "try { a() } // b\ncatch ({ c, d = 1 }) { } // e\nfinally { f() } // g\ntry { } catch { } debugger",
    "function a() { return // b\n}\nfunction c() { return /* d */ e }\nfunction f() { throw g // h\n}",
    "[a, b.c, d[e], ...f] = [g, , ...h, ]; ({ a, b = 1, c: d, e: f = 2, [g]: h, ...i } = j);",
    "a += b; c ||= d; e ??= f; g **= h; i = j = k; a++; --b; c.d--; e! += 1;",
    "a?.b?.[c]?.(d); a?.(); (a?.b).c; a!.b![c]!(d); new a; new a.b(c); new (d())(); new e<f>(g);",
    "a ? b : c ? d : e; f ?? g; h || (i && j); !k; -l; +m; ~n; typeof o; void p; delete q.r; (s, t), u;",
    "a + b * c - d / e % f ** g; h < i; j >> k >>> l << m; n instanceof o; p in q; r === s != t;",
    "f(a, ...b, c,); f( // d\n a, /* e */ b // g\n); f(() => { } // h\n); f(function () { } // i\n, j);",
    "[a, , b, , ]; [,]; [ /* c */ ]; [d, // e\n]; [...f, ...g];",
    "({ a, b: c, 'd': e, 1: f, [g]: h, ...i, j() { }, get k() { return 1 }, set k(l) { }, async *m() { }, });",
    "({ async: 1, get: 2, set() { }, static: 3, of: 4, await: 5, async async() { }, get get() { return 6 } });",
    "`a${b}c${`d${e, f}`}\\n\\u{41}$\\${`; tag`g${h}\\x41`; a.b`c`;",
    "'a\\'b\\n\\x41\\u0041\\u{1F600}\\\nc'; \"d\\\r\ne\"; '\\u{D83D}'; \"\\0\\101\";",
    "/a[/]b\\/(c)/gi.test(d); e = f / g / h; (i) / j; /[^\"'`]/;",
    "import(a).then(b => b.c); import.meta.url; import('d', { with: { type: 'json' } }); function f() { new.target.a }",
    "a as const; b as c as d; <T,>(e: T) => e; f satisfies g; (h as i).j; k!; l<m>(n); o<p>;",
    "enum a { b, c = 1, 'd', 'e-f' = \"g\", h = a.b | 2 } // i\nconst enum j { }\ndeclare enum k { }",
    "namespace a.b { export const c = 1; } // d\nexport namespace e { } // f\n(g)",
    "declare module 'a' { export function b(c: d): e; } // f\ndeclare module 'g';\nmodule h { }",
    "declare global { interface a { b: c } } // d\ndeclare const e: f, g: h; declare let i; declare var j;",
    "declare function a(b: c): d // e\ndeclare class f { g: h; i(): j } // k\nexport declare type l = m;",
    "type a<b extends c = d> = { [e in keyof f as g]-?: h }; type i = a extends infer b ? c : d;",
    "type a = (b: c, { d, e: [f] }: g) => h | (new (...i: j[]) => k); type l = abstract new () => m;",
    "type a = [b, c?, ...d[]] | [e: f, g?: h, ...i: j]; type k = `l${m}n`; type o = typeof p.q; type r = -1;",
    "interface a<b> extends c, d.e<f> { (g: h): i; new (j: k): l; m?(n: o): p; readonly [q: string]: r; s: t }",
    "type a = | b | c & d; type e = readonly f[]; type g = unique symbol; type h = i[j]['k'][number];",
    "function a(b: unknown): b is c { } function d(): asserts e { } const f: (this: g) => this is h = i;",
];

/// What only the dialect without JSX has.
const ASSERTIONS: [&str; 2] = [
    "<a>b; <const>['c']; <d<e>>f.g(h);",
    "const a = <b>(c: b) => c;",
];

/// What only the dialect with JSX has.
const JSX: [&str; 4] = [
    "const a = <b c=\"d\" e={f} {...g} h i:j='k'>l {m(() => { n })} {/* o */} {...p}<q.r.s /> &amp; t</b>;",
    "const a = <><b<c> d={<e />} /></>; function F() { return ( // g\n <h>{i && <j />}</h>\n); }",
    "const a = <b>\n  don't // c\n  {d ? <e f=\"g\\h\" /> : null}\n</b>;",
    "const a = <T,>(b: T) => <c>{b}</c>;",
];

/// Fails unless both parsers read all of these texts, each in every way that `variants` makes of it
/// and under every name, and say the same.
fn same(texts: &[&str], names: &[&str], variants: impl Fn(&str) -> Vec<String>) {
    let mut wrong = Vec::new();
    for text in texts.iter().flat_map(|text| variants(text)) {
        for name in names {
            let outcome = agree(&text, Path::new(name));
            if outcome != Outcome::Same {
                wrong.push(format!("{outcome:?} in {name}: {text}"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// A text as it is, with other line breaks, and with something before and behind it.
fn around(text: &str) -> Vec<String> {
    let mut texts = vec![
        text.to_owned(),
        text.replace('\n', "\r\n").replace("\r\r", "\r"),
        format!("{text}\n\n// end"),
    ];
    if !text.starts_with(['#', '\u{feff}']) {
        texts.push(format!("\u{feff}\r\n\n  /* begin */ {text}"));
    }
    texts
}

#[test]
fn what_both_dialects_have() {
    same(&SAMPLES, &["a.ts", "a.tsx", "a.mjs"], around);
}

/// A line that ends before any of the tokens, in a comment too: some words may not stand before that.
#[test]
fn with_the_end_of_a_line_anywhere() {
    let mut compared = 0;
    let both = SAMPLES.iter().map(|text| (*text, "a.tsx"));
    let all = both.chain(ASSERTIONS.iter().map(|text| (*text, "a.ts")));
    for (text, name) in all.chain(JSX.iter().map(|text| (*text, "a.tsx"))) {
        for token in tokens(text) {
            for gap in ["\n", " /* a\n*/ ", " // a\r\n"] {
                let (before, behind) = text.split_at(token.start);
                let outcome = agree(&format!("{before}{gap}{behind}"), Path::new(name));
                compared += usize::from(outcome == Outcome::Same);
            }
        }
    }
    assert!(compared > 2_000, "only {compared} could be compared");
}

#[test]
fn what_one_dialect_has() {
    same(&ASSERTIONS, &["a.ts", "a.d.ts"], around);
    same(&JSX, &["a.tsx", "a.js"], around);
}

#[test]
fn what_the_grammar_does_not_know() {
    for text in [
        "export type * from 'a';",
        "class A { static accessor b = 1; }",
        "let a: import('b').C<D>;",
        "for (using a of b) { }",
    ] {
        assert_eq!(agree(text, Path::new("a.ts")), Outcome::OnlyClean, "{text}");
    }
}

/// What looks like what the grammar misreads, and is not.
#[test]
fn what_the_grammar_reads_well() {
    for text in [
        "a<b> <= c;",
        "a<b> << c;",
        "a<b> === c;",
        "(a || b) && c; a ** b ** c; a - b - c; (a + b) as c; a < b as c;",
        "(-a) ** b; -(a * b); (await a).b; (await a)<b>(c); (a as b)[c]; new (a!)(b);",
        "({}).a; () => ({}).b; type a = b[c]\n[d]",
        "new (new a())(); new a().b(); new (a())(); new a(b)(c);",
        "function* a() { yield; (yield); b(yield c) } class d { *e() { yield } }",
        "class a { get; b() { } set = 1\nc; static\n}",
        "using a = b; interface c { } namespace d { } declare const e: f;",
        "a < b, c > d; a\n++\nb; a++; --b; <a>b; (<a>b) < c; let [d] = e, f\ng; /a/g; /* b */",
        "a! + b; a /* b */ ? c : d; a // b\n? c : d",
        "(() => { }) / a; (a ? b : c) + (d = e); f<g, h<i>>(j);",
        "abstract class a { } type b = // c\nd",
        "async function a() { b: for (;;) { break\n} return\n} class c { async d() { } static async() { } }",
        "(a < b) >\nc;",
        "class_a(); function$(); class$; function_a\n`b`",
        "export default class_a;",
        "new a`b`(c); new a.b`c`();",
        "a < b() >\nc; a < 1 + 2 >\nd; a, b >\nc; a < b, c() >\nd; a < b() | c >\nd;",
        "interface a extends b\n<c> { }",
        "function* a() { class b { [yield] = 1; static [(yield)]() { } } ({ [yield]: 1, *[yield]() { } }) }",
        "a // /*\n? b : c",
    ] {
        assert_eq!(agree(text, Path::new("a.ts")), Outcome::Same, "{text}");
    }
}

#[test]
fn what_is_left_to_the_grammar() {
    for text in [
        "<!-- a\nb;",
        "a;\n--> b",
        "a\u{2003}= b;",
        "a\u{fffd}; b",
        "function a() { await (b) }",
    ] {
        assert_eq!(agree(text, Path::new("a.ts")), Outcome::NotClean, "{text}");
    }
}

/// What could be a call of `await` or an operator behind it does not hide a mistake that follows.
#[test]
fn what_is_awaited_hides_no_mistake() {
    for awaited in [
        "await (a);",
        "await [a];",
        "await +a;",
        "await `a`;",
        "await /a/g;",
    ] {
        for mistake in [
            "const b;",
            "b ?? c || d;",
            "b = \u{fffd}; c;",
            "await b\u{fffd}c;",
        ] {
            for text in [
                format!("import a from 'b';\n{awaited}\n{mistake}"),
                format!("{awaited}\n{mistake}\nexport {{ }};"),
                format!("{awaited}\nawait b;\n{mistake}"),
            ] {
                assert_eq!(agree(&text, Path::new("a.ts")), Outcome::NotClean, "{text}");
            }
        }
    }
}

#[test]
fn what_the_grammar_takes_for_something_else() {
    for text in [
        "await a<b>(c);",
        "a ?? b as c;",
        "await a as b;",
        "new a!(b);",
        "a satisfies b.c\nd;",
        "a<b> /* c */ + d;",
        "a<b>\n++c;",
        "a<b>\nc;",
        "new new a()();",
        "yield",
        "(yield)",
        "function* a() { (b) => { (yield) } }",
        "class a { get\nb() { } }",
        "class a { static\n'b'() { } }",
        "class a { static async\n*b() { } }",
        "let\na",
        "let // b\n[a] = c",
        "abstract\nclass a { }",
        "function a() { return /* b\n*/ c }",
        "a: for (;;) { break /* b\n*/ a }",
        "type /* a\n*/ b = c",
        "using\na = b",
        "interface\na\n{ }",
        "a + b<c>",
        "a /* b\n*/ as\nc",
        "'a' /* b\n*/ ? c : d",
        "@a export default class { } /b/g.test(c)",
        "class a { } as\nb",
        "let // a\nb, c",
        "a --> b",
        "a /* b\n*/ !\n(c)",
        "for (let of\nof `a`) b",
        "a\n// b\n/* c\n*/ ? d : e",
        "/a//* b\n*/g.test(c)",
        "/ /* a */ b/",
        "a<b>[c]",
        "a < b, c >\nd",
        "a < b | c >\nd",
        "a = b == c < d & e, f | g >\nh",
        "a /* b\n*/ ++\nc",
        "<a>{ b } < c",
        "a<b, c\n<d>>(e)",
        "() => { }\n/a// b",
        "async /* a\n*/ function b() { }",
        "class a { async /* b\n*/ c() { } }",
        "a as typeof b.c\n(d)",
        "a as typeof b.c\n(d).e",
    ] {
        let outcome = agree(text, Path::new("a.ts"));
        assert!(
            matches!(outcome, Outcome::Misread | Outcome::Same),
            "{text}: {outcome:?}"
        );
    }
}
