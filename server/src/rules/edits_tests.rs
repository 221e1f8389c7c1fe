//! Tests of [`super::edits`]: what stands between `‹` and `›` is the entry or the container.

use std::path::Path;

use super::edits::Source;
use super::testing::apply;
use crate::diagnostic::Edit;
use crate::facts::FileFacts;
use crate::span::{FileId, Span};

/// The text without its marks, and what they enclose.
fn marked(text: &str) -> (String, Span) {
    let start = text.find('‹').unwrap();
    let without = text.replacen('‹', "", 1);
    let end = without.find('›').unwrap();
    (without.replacen('›', "", 1), Span::new(start, end))
}

fn facts(text: &str) -> FileFacts {
    FileFacts::of_text(text, Path::new("a.ts"))
}

fn edited(text: &str, edits: &[Edit]) -> String {
    apply(text, &edits.iter().collect::<Vec<_>>())
}

#[track_caller]
fn removes(text: &str, expected: &str) {
    let (text, span) = marked(text);
    let facts = facts(&text);
    let source = Source::in_facts(FileId(0), &facts);
    assert_eq!(edited(&text, &source.remove(span).unwrap()), expected);
}

#[track_caller]
fn inserts_first(text: &str, expected: &str) {
    let (text, span) = marked(text);
    let facts = facts(&text);
    let source = Source::in_facts(FileId(0), &facts);
    let edit = source.insert_first(span, "NEW").unwrap();
    assert_eq!(edited(&text, &[edit]), expected);
}

#[track_caller]
fn inserts_after(text: &str, expected: &str) {
    let (text, span) = marked(text);
    let facts = facts(&text);
    let source = Source::in_facts(FileId(0), &facts);
    let edits = source.insert_after(span, "NEW").unwrap();
    assert_eq!(edited(&text, &edits), expected);
}

#[test]
fn an_entry_goes_with_its_comma() {
    removes("['a', ‹'b'›, 'c']", "['a', 'c']");
    removes("[‹'a'›, 'b']", "['b']");
    removes("['a', ‹'b'›]", "['a']");
    removes("['a', ‹'b'›, ]", "['a', ]");
    removes("['a',‹'b'›]", "['a']");
    removes("[‹'a'›]", "[]");
    removes("[ ‹'a'›, ]", "[]");
    removes("{ a: 1, ‹b: 2› }", "{ a: 1 }");
    removes("{ ‹a: 1›, b: 2 }", "{ b: 2 }");
    removes("{ ‹a: 1› }", "{}");
}

#[test]
fn an_entry_goes_with_its_line() {
    removes("[\n  'a',\n  ‹'b'›,\n  'c',\n]", "[\n  'a',\n  'c',\n]");
    removes("[\n  'a',\n  ‹'b'›, // why\n]", "[\n  'a',\n]");
    removes("[\n  'a',\n  ‹'b'›\n]", "[\n  'a'\n]");
    removes("[\n  'a', // ok, \n  ‹'b'›\n]", "[\n  'a' // ok, \n]");
    removes(
        "[\r\n\t'a',\r\n\t‹'b'›,\r\n\t'c'\r\n]",
        "[\r\n\t'a',\r\n\t'c'\r\n]",
    );
    removes("[\n  'a', ‹'b'›,\n  'c',\n]", "[\n  'a',\n  'c',\n]");
    removes("[\n  ‹'a'›, 'b',\n]", "[\n  'b',\n]");
    removes("[\n  ‹'a'›\n]", "[\n]");
}

#[test]
fn comments_stay_unless_they_end_the_line() {
    removes("['a', /* x */ ‹'b'›]", "['a' /* x */ ]");
    removes("['a', ‹'b'› /* b */, 'c']", "['a', 'c']");
    removes(
        "[\n  'http://a', // 'x'\n  // about b\n  ‹'b'›\n]",
        "[\n  'http://a' // 'x'\n  // about b\n]",
    );
    removes(
        "[\n  'a', /* don't, http://b */ // b,\n  ‹'b'›\n]",
        "[\n  'a' /* don't, http://b */ // b,\n]",
    );
}

#[test]
fn a_comment_is_where_the_text_says_that_it_is() {
    // A line that begins within a comment.
    removes(
        "[\n  'a', /* don't\n  `see http://x */\n  ‹'b'›\n]",
        "[\n  'a' /* don't\n  `see http://x */\n]",
    );
    removes(
        "[\n  'a', /*\n  it's */ // x\n  ‹'b'›\n]",
        "[\n  'a' /*\n  it's */ // x\n]",
    );
    removes(
        "[\n  'a', /* b\n  /* c */ // d, */\n  ‹'b'›\n]",
        "[\n  'a' /* b\n  /* c */ // d, */\n]",
    );
    // What looks like one and is none.
    removes("[\n  '/* a', // b */\n  ‹'b'›\n]", "[\n  '/* a' // b */\n]");
    removes("[\n  `\n// a`, // b\n  ‹'b'›\n]", "[\n  `\n// a` // b\n]");
    removes("[\n  /['\"`]/, // b\n  ‹'b'›\n]", "[\n  /['\"`]/ // b\n]");
    inserts_after(
        "{\n  ‹a: 1› /* x\n  , y */\n}",
        "{\n  a: 1, NEW /* x\n  , y */\n}",
    );
}

#[test]
fn what_is_not_all_of_an_entry_is_left_alone() {
    for text in [
        "['a', ‹'b'› as const]",
        "[...‹a›, 'b']",
        "['a', (‹'b'›)]",
        "f(‹a›, b)",
        "‹a›",
    ] {
        let (text, span) = marked(text);
        let facts = facts(&text);
        let source = Source::in_facts(FileId(0), &facts);
        assert_eq!(source.remove(span), None, "{text}");
    }
}

#[test]
fn what_is_far_into_a_line_is_left_alone() {
    // Nobody has written such a line; the first entry is the last that is near enough.
    for (before, is_edited) in [(10_000, true), (10_001, false)] {
        let text = format!("{}‹1›, 2]", "[".repeat(before));
        let (text, span) = marked(&text);
        let facts = facts(&text);
        let source = Source::in_facts(FileId(0), &facts);
        assert_eq!(source.remove(span).is_some(), is_edited, "{before}");
        assert_eq!(source.insert_after(span, "NEW").is_some(), is_edited);
    }
}

#[test]
fn lines_end_as_the_others_do() {
    for (text, expected) in [
        ("\n[\n  ‹1›\n]", "\n[\n  1,\n  NEW\n]"),
        ("\r\n[\r\n  ‹1›\r\n]", "\r\n[\r\n  1,\r\n  NEW\r\n]"),
    ] {
        inserts_after(text, expected);
    }
}

#[test]
fn a_first_entry_takes_the_style_of_what_is_there() {
    inserts_first("‹['a', 'b']›", "[NEW, 'a', 'b']");
    inserts_first("‹[]›", "[NEW]");
    inserts_first("‹{ a: 1 }›", "{ NEW, a: 1 }");
    inserts_first("‹{}›", "{ NEW }");
    inserts_first("‹{\n}›", "{ NEW }");
    inserts_first("‹[\n    'a',\n  ]›", "[\n    NEW,\n    'a',\n  ]");
    inserts_first("‹[\r\n\t'a'\r\n]›", "[\r\n\tNEW,\r\n\t'a'\r\n]");
    inserts_first(
        "‹[ // list\n  // about a\n  'a',\n]›",
        "[ // list\n  NEW,\n  // about a\n  'a',\n]",
    );
    inserts_first("‹[ /* none */ ]›", "[ /* none */ NEW]");
    inserts_first("‹[ // none\n  /* yet */ ]›", "[ // none\n  /* yet */ NEW]");
}

#[test]
fn a_later_entry_takes_the_style_of_the_one_before() {
    inserts_after("{ ‹a: 1› }", "{ a: 1, NEW }");
    inserts_after("{ ‹a: 1›, }", "{ a: 1, NEW, }");
    inserts_after("{ ‹a: 1›, b: 2 }", "{ a: 1, NEW, b: 2 }");
    inserts_after("{\n  ‹a: 1›,\n}", "{\n  a: 1,\n  NEW,\n}");
    inserts_after("{\n  ‹a: 1›\n}", "{\n  a: 1,\n  NEW\n}");
    inserts_after("{\r\n\t‹a: 1› // x\r\n}", "{\r\n\ta: 1, // x\r\n\tNEW\r\n}");
    inserts_after("{\n  ‹a: 1›, // x\n}", "{\n  a: 1, // x\n  NEW,\n}");
}

#[test]
fn an_entry_that_spans_lines_is_followed_at_its_own_indentation() {
    inserts_after(
        "{\n  ‹a: {\n    b: 1,\n  }›,\n}",
        "{\n  a: {\n    b: 1,\n  },\n  NEW,\n}",
    );
}

#[test]
fn strings_take_the_quotes_around_them() {
    let text = "import 'x';\nconst a = [\"b\"];";
    let facts = facts(text);
    let source = Source::in_facts(FileId(0), &facts);
    let list = Span::new(text.find('[').unwrap(), text.len());
    assert_eq!(source.string(list, "c"), "\"c\"");
    assert_eq!(
        source.string(Span::at(0), "it's\r\n\\"),
        "'it\\'s\\r\\n\\\\'"
    );
}

#[test]
fn indentation_is_that_of_the_lines_around() {
    let text = "f({\n\ta: 1,\n\tb: {\n\t\tc: 1,\n\t},\n});";
    let facts = facts(text);
    let source = Source::in_facts(FileId(0), &facts);
    let at = |what: &str| u32::try_from(text.find(what).unwrap()).unwrap();
    assert_eq!(source.indentation(at("c:")), Some("\t\t"));
    assert_eq!(source.indentation_unit(at("c:")), "\t");
    assert_eq!(source.indentation_unit(at("b:")), "\t");
    assert_eq!(source.indentation(at("1")), None);
    assert_eq!(source.indentation_unit(0), "  ");
}

#[test]
fn several_entries_each_take_a_line() {
    let (text, span) = marked("{\n  ‹a: 1›,\n}");
    let facts = facts(&text);
    let source = Source::in_facts(FileId(0), &facts);
    let new = ["b".to_owned(), "c".to_owned()];
    let edits = source.insert_all_after(span, &new).unwrap();
    assert_eq!(edited(&text, &edits), "{\n  a: 1,\n  b,\n  c,\n}");
}
