//! What nests and what is tried, as far as the guard lets it through, and far beyond.

use std::time::{Duration, Instant};

use super::{stack, tries};
use crate::document::Dialect;
use crate::syntax::tree::clean;

/// How long one text may take without optimizations, on a busy machine.
const LIMIT: Duration = Duration::from_secs(20);

/// A stack that holds next to nothing.
const SMALL: usize = 256 << 10;

/// What stands before, what is repeated before and behind the middle, the middle, and what stands
/// behind.
type Nesting = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    &'static str,
);

const NESTINGS: [Nesting; 77] = [
    ("x=", "(", "1", ")", ""),
    ("x=", "[", "1", "]", ""),
    ("x=", "{a:", "1", "}", ""),
    ("", "{", "", "}", ""),
    ("x=", "(a=", "1", ")", ""),
    ("x=", "!", "1", "", ""),
    ("x=", "~", "1", "", ""),
    ("x=", "- ", "1", "", ""),
    ("x=", "+ ", "1", "", ""),
    ("x=", "a?b:", "1", "", ""),
    ("x=", "a?", "1", ":b", ""),
    ("", "a=", "1", "", ""),
    ("x=", "a**", "1", "", ""),
    ("x=", "a+", "1", "", ""),
    ("x=", "a&&b||", "1", "", ""),
    ("x=", "typeof ", "1", "", ""),
    ("x=", "typeof/**/", "1", "", ""),
    ("x=", "await ", "1", "", ""),
    ("x=", "new ", "a", "", ""),
    ("x=", "void\n", "1", "", ""),
    ("function*f(){", "yield ", "1", "", "}"),
    ("", "if(a)", ";", "", ""),
    ("", "if(a);else ", ";", "", ""),
    ("", "do ", ";", "while(a);", ""),
    ("", "for(;;)", ";", "", ""),
    ("", "a:", ";", "", ""),
    ("", "try{", "", "}catch{}", ""),
    ("", "switch(a){case 1:", "", "}", ""),
    ("x=a", ".b().c()", "", "", ""),
    ("x=", "f(", "1", ")", ""),
    ("x=", "new A(", "1", ")", ""),
    ("x=", "import(", "1", ")", ""),
    ("x=", "`${", "1", "}`", ""),
    ("x=", "a`${", "1", "}`", ""),
    ("x=", "a=>", "1", "", ""),
    ("x=", "(a)=>", "1", "", ""),
    ("x=", "()=>{return ", "1", "}", ""),
    ("x=", "(a,b=", "1", ")=>c", ""),
    ("x=", "async(a=", "1", ")", ""),
    ("x=", "<T,>(a)=>", "1", "", ""),
    ("x=", "function(){return ", "1", "}", ""),
    ("x=", "{a(){return ", "1", "}}", ""),
    ("x=", "class{a=", "1", "}", ""),
    ("x=", "class extends ", "A", "{}", ""),
    ("x=", "class{static{x=", "1", "}}", ""),
    ("x=", "@(a(", "class{}", "))class{}", ""),
    ("let ", "[a=", "b", "]", "=c"),
    ("let ", "{a:", "b", "}", "=c"),
    ("x=", "({a=", "1", "}=b)", ""),
    ("x=", "[a=", "1", "]=b", ""),
    ("", "namespace A{", "", "}", ""),
    ("namespace A", ".b", "", "", "{}"),
    ("type A=", "A<", "B", ">", ""),
    ("type A=", "keyof ", "B", "", ""),
    ("type A=", "()=>", "B", "", ""),
    ("type A=", "(a:", "B", ")=>C", ""),
    ("type A=", "{a:", "B", "}", ""),
    ("type A=", "[", "B", "]", ""),
    ("type A=", "(", "B", ")", ""),
    ("type A=", "A[", "B", "]", ""),
    ("type A=", "A|", "B", "", ""),
    ("type A=", "A extends B?C:", "D", "", ""),
    ("type A=B extends ", "infer X extends ", "C", "", "?D:E"),
    ("type A=", "{[a in B]:", "C", "}", ""),
    ("type A=", "`${", "B", "}`", ""),
    ("x=", "a<b<", "1", "", ""),
    ("x=", "f<A>(", "1", ")", ""),
    ("x=", "f<A<", "B", ">>", "()"),
    ("x=", "<a>", "", "</a>", ""),
    ("x=", "<a b={", "1", "}/>", ""),
    ("x=", "a?(b):c=>", "1", "", ""),
    ("x=", "a?(b=c<", "1", "):d=>e", ""),
    ("x=", "a?(b,c=d?(e):f=>", "1", "):g=>h", ""),
    ("x=", "(a=b?(c):d=>", "1", ")", ""),
    ("x=", "({a=[b=(c=", "1", ")]}=d)", ""),
    ("x=", "a.b(c=>({d:[", "1", "]}))", ""),
    ("x=", "(a=/*)*/", "1", ")", ""),
];

/// What is read twice at every level, so that it must be refused at a dozen levels.
const DOUBLINGS: [Nesting; 16] = [
    ("x=", "(a=b<", "1", ")", ""),
    ("x=", "<T>(a=<U>b<", "1", "", ""),
    ("x=a as ", "({a=b as ", "B", "})=>c", ""),
    ("x=a as ", "([a=(b:", "c", ")=>d])=>e", ""),
    ("x=a as ", "({[b as ", "B", "]:c})=>d", ""),
    ("x=", "a<{[c(", "1", ")]:d}>e", ""),
    ("x=", "a<{m(b=", "1", ")}>c", ""),
    ("x=", "a<{b 'm'(b=", "1", ")}>c", ""),
    ("x=", "a<{b;[c in d(", "1", ")]:e}>f", ""),
    ("x=", "a<new(b=", "1", ")=>c>d", ""),
    ("x=", "a<<T>(b=", "1", ")=>c>d", ""),
    ("x=", "a<typeof b<(c=", "1", ")=>d>>e", ""),
    ("x=", "a<`${(b=", "1", ")=>c}`>d", ""),
    ("x=", "a<import('x',{with:{y:(", "1", ")}})>e", ""),
    ("x=", "a</*'*/(/*`*/b/*)*/=", "1", ")", ""),
    ("x=", "a<(\u{a0}b\u{2028}=", "1", ")=>c>d", ""),
];

fn nested((before, left, middle, right, behind): Nesting, levels: usize) -> String {
    let (left, right) = (left.repeat(levels), right.repeat(levels));
    format!("{before}{left}{middle}{right}{behind}")
}

/// The most levels that the guard lets through.
fn most(nesting: Nesting) -> usize {
    let (mut let_through, mut refused) = (1, 1 << 20);
    while refused - let_through > 1 {
        let levels = usize::midpoint(let_through, refused);
        if stack(&nested(nesting, levels)).is_some() {
            let_through = levels;
        } else {
            refused = levels;
        }
    }
    let_through
}

/// Reads a text on a thread that has next to no stack, in time.
fn read(text: String) {
    let dialects = [Dialect::TypeScript, Dialect::Tsx];
    let reader = std::thread::Builder::new().stack_size(SMALL);
    let reader = reader.spawn(move || {
        for dialect in dialects {
            let begun = Instant::now();
            let _ = clean::read(&text, dialect);
            let took = begun.elapsed();
            assert!(
                took < LIMIT,
                "{took:?} for {} bytes: {:.60}",
                text.len(),
                text
            );
        }
    });
    reader
        .expect("a thread can be started")
        .join()
        .expect("it ends well");
}

/// Reads every third of what nests, from `first` on: as deep as the guard lets it through, a little
/// deeper, and far beyond.
fn read_nested(first: usize) {
    for nesting in NESTINGS.into_iter().skip(first).step_by(3) {
        let most = most(nesting);
        assert!(most >= 10, "{nesting:?} is refused at {most} levels");
        for levels in [most, most + 1, 200_000] {
            read(nested(nesting, levels));
        }
    }
}

#[test]
fn what_nests_is_read_in_time_and_on_any_stack() {
    read_nested(0);
}

#[test]
fn so_is_the_second_third() {
    read_nested(1);
}

#[test]
fn so_is_the_last_third() {
    read_nested(2);
}

#[test]
fn what_doubles_the_time_is_refused() {
    for nesting in DOUBLINGS {
        for levels in [1, 4, 8, 12, 16, 40, 10_000] {
            let text = nested(nesting, levels);
            assert!(levels <= 10 || stack(&text).is_none(), "{text:.200}");
            read(text);
        }
    }
}

#[test]
fn what_people_write_doubles_nothing() {
    for text in [
        "const [a, setA] = useState<{ a: string; b?: (c: number) => void }>({ a: '' });",
        "for (let i = 0; i < n && (m = f(i)) < 3; i++) { if (a < (b)) c = d; }",
        "const A = ({ b = 1, c: [d] = [] }: Props) => <div className={b} {...rest}>{c}</div>;",
        "items.map(([key, value = 1]) => key).filter(({ a = 2 }) => a);",
        "export function f<T extends Record<string, 'a' | `b${string}`>>({ a = 1 }: T) { b = 2; }",
        "z.object({}).transform((a): z.infer<typeof B> => a); new Map<string, [a: B]>(); x <= (y = z);",
        "db.select<{ [key: string]: number, readonly [Symbol.iterator]: B[0]['c'] }>({ a: (b = 1) });",
    ] {
        assert_eq!(
            tries::count(text.as_bytes()).map(|t| t.doublings),
            Some(0),
            "{text}"
        );
    }
}
