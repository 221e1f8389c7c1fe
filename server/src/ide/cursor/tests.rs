use proptest::prelude::*;

use super::{Bracket, Cursor};

/// The brackets around `$0`, as `bracket:key` or `bracket(callee)#argument`.
fn path(marked: &str) -> String {
    let offset = marked.find("$0").unwrap();
    let text = marked.replacen("$0", "", 1);
    let Some(cursor) = Cursor::at(&text, u32::try_from(offset).unwrap()) else {
        return "nothing".to_owned();
    };
    let frames = cursor.stack.iter().map(|at| {
        let frame = &cursor.frames[*at];
        let callee: Vec<&str> = frame.callee.iter().map(|w| w.text.as_str()).collect();
        match (&frame.key, frame.bracket) {
            (_, Bracket::Arguments | Bracket::Subscript) => {
                format!("{:?}({})", frame.bracket, callee.join("."))
            }
            (Some(key), bracket) => format!("{bracket:?}:{}", key.text),
            (None, bracket) => format!("{bracket:?}#{}", frame.index),
        }
    });
    let frames: Vec<String> = frames.collect();
    let key = cursor.slot.key.as_ref().map_or("", |key| &key.text);
    format!("{} {key}", frames.join(" ")).replace("File#0 ", "")
}

#[test]
fn brackets_know_what_they_belong_to() {
    for (marked, expected) in [
        ("f(a, { b: [c, $0", "Arguments(f) Object#1 Array:b "),
        ("f(a, ({ b: $0 }))", "Arguments(f) Group#1 Object#1 b"),
        ("x.y!.z(1, $0)", "Arguments(x.y.z) "),
        ("x()[\"y\"].z($0)", "Arguments(x().y.z) "),
        ("if (a) { f({ $0", "Block#0 Arguments(f) Object#0 "),
        ("const a = (b) => { f($0", "Block#0 Arguments(f) "),
        ("f({ a: b ? c : { $0", "Arguments(f) Object#0 Object:a "),
        (
            "f({ a() { g($0",
            "Arguments(f) Object#0 Block#0 Arguments(g) ",
        ),
        ("f({ 'a-b': { $0", "Arguments(f) Object#0 Object:a-b "),
        ("f(/[({]/, $0", "Arguments(f) "),
        ("f(`${g($0)}`)", "Arguments(f) Template#0 Arguments(g) "),
        ("f(`a ${b} c`, { $0", "Arguments(f) Object#1 "),
    ] {
        assert_eq!(path(marked), expected, "{marked}");
    }
}

#[test]
fn what_is_missing_is_made_up_for() {
    for (marked, expected) in [
        ("f({ a: [1,\n b: { $0", "Arguments(f) Object#0 Object:b "),
        ("f({ a: 1\n b: [ $0", "Arguments(f) Object#0 Array:b "),
        ("f({ a: { b: [c }, d: $0", "Arguments(f) Object#0 d"),
        ("f({ a: 'x\n, b: $0", "Arguments(f) Object#0 b"),
        (
            "f({ a: [\nexport const b = g({ $0",
            "Arguments(g) Object#0 ",
        ),
        ("f({ a: 1 ]) g($0", "Arguments(g) "),
        ("f({ a: 1;\n b: $0", "Arguments(f) Object#0 b"),
    ] {
        assert_eq!(path(marked), expected, "{marked}");
    }
}

#[test]
fn nothing_is_offered_in_comments_and_the_like() {
    for marked in ["// f($0", "/* $0", "1$0", "`a ${b} $0 `", "a = /x$0/"] {
        assert_eq!(path(marked), "nothing", "{marked}");
    }
}

#[test]
fn deep_nesting_takes_no_time() {
    let text = "[({".repeat(40_000) + &"]})".repeat(40_000);
    assert!(Cursor::at(&text, 90_000).is_some());
}

proptest! {
    #[test]
    fn any_text_and_offset(text in "([a-z]|[{}\\[\\](),:;.?!=/`'\"$*\\\\]|\\$\\{|\n| |é|=>|export ){0,60}", at in 0u32..80) {
        if let Some(cursor) = Cursor::at(&text, at) {
            prop_assert!(cursor.stack.iter().all(|index| *index < cursor.frames.len()));
            let replace = cursor.replace(at);
            prop_assert!(text.is_char_boundary(replace.start as usize) || at as usize > text.len());
        }
    }
}
