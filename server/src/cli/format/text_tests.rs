//! Code frames of what editors show and what nobody would write.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;

use super::{frame, renderer};
use crate::check::{Finding, Location, Source};
use crate::diagnostic::Severity;
use crate::span::Span;

fn source(text: &str) -> Arc<Source> {
    Arc::new(Source::new(
        Path::new("/p/a.ts"),
        text.into(),
        Path::new("/p"),
    ))
}

fn finding(source: &Arc<Source>, span: Span) -> Finding {
    Finding {
        source: Arc::clone(source),
        code: "some-code",
        severity: Severity::Warning,
        span,
        message: "Something is wrong.".to_owned(),
        help: Some("Do something.".to_owned()),
        related: Vec::new(),
        fixes: Vec::new(),
    }
}

fn plain(finding: &Finding) -> String {
    let mut out = String::new();
    frame(&renderer(), finding, &mut out);
    anstream::adapter::strip_str(&out).to_string()
}

/// The frame of the first `target` in a text.
fn at(text: &str, target: &str) -> String {
    let start = text.find(target).unwrap();
    plain(&finding(
        &source(text),
        Span::new(start, start + target.len()),
    ))
}

#[test]
fn underlines_stand_under_what_they_mean() {
    let frames = [
        at("\t\tfields: ['id',\t'titel']", "titel"),
        at("first\r\n  second line\r\nthird\r\n", "second"),
        at("/* 日本語 */ wrong", "wrong"),
        at(
            "/* e\u{301}e\u{301} 👩\u{200d}👩\u{200d}👧 */ wrong",
            "wrong",
        ),
        at("\u{feff}wrong from the start", "wrong"),
        at("😀😀 wrong", "wrong"),
        at("one\n  { two\n  three }\nfour", "{ two\n  three }"),
    ];
    insta::assert_snapshot!(frames.join("\n"));
}

#[test]
fn the_end_and_nothing_can_be_pointed_at() {
    let text = "abc\n";
    let frames = [
        plain(&finding(&source(text), Span::new(4, 4))),
        plain(&finding(&source(text), Span::new(1, 1))),
        plain(&finding(&source(""), Span::new(0, 0))),
    ];
    insta::assert_snapshot!(frames.join("\n"));
}

#[test]
fn related_places_stand_in_the_frame_or_in_their_own() {
    let here = source("const a = 1;\nconst b = 2;\nconst a = 3;\n");
    let there = Arc::new(Source::new(
        Path::new("/p/b/c.ts"),
        "\n\nexport const a = 4;".into(),
        Path::new("/p"),
    ));
    let mut finding = finding(&here, Span::new(32, 33));
    for (source, span, message) in [
        (&here, Span::new(6, 7), "first defined here"),
        (&there, Span::new(15, 16), "and here"),
    ] {
        finding.related.push(Location {
            source: Arc::clone(source),
            span,
            message: message.to_owned(),
        });
    }
    insta::assert_snapshot!(plain(&finding));
}

#[test]
fn a_line_that_nobody_wrote_is_cut() {
    let text = format!("{}wrong{}", "x".repeat(1 << 20), "y".repeat(1 << 20));
    let frame = at(&text, "wrong");
    assert!(frame.len() < 2_000, "{} bytes", frame.len());
    assert!(
        frame.contains("a.ts:1:1048577") && frame.contains("wrong"),
        "{frame}"
    );
}

proptest! {
    #[test]
    fn any_text_has_a_frame(
        text in "([a-z {}'\t]|\r\n|\n|\r|é|日|😀|\u{301}|\u{200d}|\u{feff}|\0|\u{1b}|\u{85}|\u{2028}){0,60}",
        ends in (0usize..120, 0usize..120),
        other in (0usize..120, 0usize..120),
    ) {
        let boundary = |at: usize| text.floor_char_boundary(at.min(text.len()));
        let span = |(a, b): (usize, usize)| Span::new(boundary(a.min(b)), boundary(a.max(b)));
        let source = source(&text);
        let mut finding = finding(&source, span(ends));
        finding.related.push(Location {
            source: Arc::clone(&source),
            span: span(other),
            message: "elsewhere".to_owned(),
        });
        let frame = plain(&finding);
        prop_assert!(frame.starts_with("warning[some-code]: Something is wrong.\n"));
        prop_assert!(frame.contains("a.ts"));
        let escape = char::from(27);
        prop_assert!(!frame.contains(escape));
    }
}
