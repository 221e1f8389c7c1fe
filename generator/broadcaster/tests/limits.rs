//! `LIMITS.md` is the table of limits, one section for each variable.

#![allow(clippy::expect_used, reason = "a test says what it expects by failing")]

use broadcaster::limits::{ACK_CHARACTERS, ACK_EVENTS, Limits};
use std::fmt::Write;

const PAGE: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/LIMITS.md");

/// Where the generated client says when it acknowledges.
const CLIENT: &str = concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/../templates/client/connection.ts"
);

const HEAD: &str = "# Limits of the realtime worker

Each is a variable of the worker: set it under `[vars]` in `wrangler.toml`, as a whole number in
quotes, and deploy. What is set to anything else, or to less than its least, stops the worker, and its
log says which it was.
";

fn page() -> String {
    let mut out = String::from(HEAD);
    for limit in Limits::TABLE {
        let text: String = limit
            .documentation
            .lines()
            .map(|line| format!("{}\n", line.trim()))
            .collect();
        let least = match limit.least {
            0 => String::new(),
            least => format!(". Least: {least}"),
        };
        write!(
            out,
            "\n## `{}`\n\nDefault: {}{least}\n\n{text}",
            limit.variable, limit.default
        )
        .expect("a text takes everything");
    }
    out
}

#[test]
fn the_page_is_the_table() {
    if std::env::var_os("UPDATE_LIMITS").is_some() {
        std::fs::write(PAGE, page()).expect("the page can be written");
    }
    let written = std::fs::read_to_string(PAGE).expect("there is a page");
    assert_eq!(written, page(), "run: UPDATE_LIMITS=1 cargo test");
}

#[test]
fn every_limit_says_what_it_is_and_what_happens() {
    for limit in Limits::TABLE {
        let text = limit.documentation.replace('\n', " ");
        assert!(
            text.contains(". ") || text.contains("; "),
            "{} says only what it is",
            limit.variable
        );
    }
}

#[test]
fn the_generated_client_acknowledges_when_the_limits_say_that_it_does() {
    let client = std::fs::read_to_string(CLIENT).expect("there is a client");
    let characters = format!("const ACK_CHARACTERS = {} * 1024;\n", ACK_CHARACTERS / 1024);
    assert!(client.contains(&format!("const ACK_EVENTS = {ACK_EVENTS};\n")));
    assert!(client.contains(&characters));
    assert_eq!(ACK_CHARACTERS % 1024, 0);
}
