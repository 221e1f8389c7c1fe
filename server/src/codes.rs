//! The codes of all findings: those of the rules, and those that no rule reports but the engine
//! around them.

use std::borrow::Cow;

use crate::diagnostic::Severity;
use crate::rules;

/// A key that an object does not have.
pub const UNKNOWN_KEY: &str = "unknown-key";
/// A value of the wrong type.
pub const INVALID_VALUE: &str = "invalid-value";
/// The same key twice in an object.
pub const DUPLICATE_KEY: &str = "duplicate-key";
/// What does not parse.
pub const SYNTAX_ERROR: &str = "syntax-error";
/// A file that cannot be read.
pub const UNREADABLE_FILE: &str = "unreadable-file";
/// A value of a definition that only running the code would tell.
pub const UNRESOLVED_VALUE: &str = "unresolved-value";
/// Generated files that are not what the definitions say.
pub const STALE_OUTPUT: &str = "stale-output";
/// A file in the place of a generated one.
pub const FOREIGN_OUTPUT: &str = "foreign-output";

/// A code and what it means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Code {
    /// The code.
    pub code: &'static str,
    /// How grave its findings usually are.
    pub severity: Severity,
    /// Its documentation in Markdown.
    pub docs: Cow<'static, str>,
}

impl Code {
    /// The first sentence of its documentation, on one line.
    pub fn summary(&self) -> String {
        let paragraph = self.docs.split("\n\n").next().unwrap_or_default();
        let line = paragraph.split_whitespace().collect::<Vec<_>>().join(" ");
        match line.split_once(". ") {
            Some((first, _)) => format!("{first}."),
            None => line,
        }
    }
}

/// A doc comment's text without the space that follows its slashes.
fn unindented(docs: &str) -> String {
    docs.lines()
        .map(|line| format!("{}\n", line.strip_prefix(' ').unwrap_or(line)))
        .collect()
}

/// Every code, in alphabetical order.
pub fn all() -> Vec<Code> {
    let of_rules = rules::ALL.iter().map(|rule| Code {
        code: rule.code,
        severity: rule.severity,
        docs: unindented(rule.docs).into(),
    });
    let mut codes: Vec<Code> = of_rules.chain(ENGINE).collect();
    codes.sort_by_key(|code| code.code);
    codes.dedup_by_key(|code| code.code);
    codes
}

/// The code of that name.
pub fn find(code: &str) -> Option<Code> {
    all().into_iter().find(|c| c.code == code)
}

/// The codes that no rule reports.
const ENGINE: [Code; 4] = [
    Code {
        code: UNREADABLE_FILE,
        severity: Severity::Error,
        docs: Cow::Borrowed(
            "\
Reports a file that cannot be read: the system refuses, it is not UTF-8 text, or it is a `tsconfig.json`
that is no JSON. Only the command line reports it. What is no ordinary file, such as a device or a pipe, is
not read, nor is what is longer than 64 MB, nor a `quickback-realtime.json` that is a link out of the
repository. A link to a folder is not followed, which is reported where definitions are.
An `extends` of a `tsconfig.json` that cannot be read is reported, as a warning, where that may be why a
value of a definition is not known.

## Why is this bad
What the file defines is not known, so it is neither checked nor generated. Everything else is checked.
Without the `paths` of a `tsconfig.json` nothing is known of what is imported through them.

## What to do
Make the file readable, save it as UTF-8, or name it in `exclude` of `quickback-realtime.json`. Mend a
`tsconfig.json`.
",
        ),
    },
    Code {
        code: STALE_OUTPUT,
        severity: Severity::Error,
        docs: Cow::Borrowed(
            "\
Reports a generated file that is missing, or that is not what the definitions say now, and what stops
generation without being shown as an error. Only the command line reports it, and only in a project that
has `quickback-realtime.json` or a generated file already.

## Why is this bad
The helper and the worker decide who receives what by the generated files, not by the definitions. Until
they are generated again, a new mask or a new role changes nothing.

## What to do
Run `quickback-realtime generate` and commit what it writes. Where something stops it that is not shown as
an error, because it is suppressed or has another severity, the finding stands there: mend that first.
",
        ),
    },
    Code {
        code: FOREIGN_OUTPUT,
        severity: Severity::Error,
        docs: Cow::Borrowed(
            "\
Reports a file in the place of a generated one that quickback-realtime did not write, or that was changed
by hand since.

## Why is this bad
It is not replaced, so as not to lose anybody's work, and the project runs with what it says instead of
what the definitions say.

## What to do
Look at it. `quickback-realtime generate --force` replaces it; or name another place in `output` of
`quickback-realtime.json`.
",
        ),
    },
    Code {
        code: rules::UNUSED_SUPPRESSION,
        severity: Severity::Warning,
        docs: Cow::Borrowed(
            "\
Reports a suppression comment, or a code in one, that suppresses nothing.

## Why is this bad
It looks as if something were wrong there, and it would hide the next finding that is.

## Invalid
```ts
// quickback-realtime-ignore unknown-field: it comes with the next migration
export const answer = 42;
```

## What to do
Remove it; `--fix` does.
",
        ),
    },
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_documented_once() {
        let codes = all();
        for code in &codes {
            let summary = code.summary();
            assert!(summary.ends_with('.'), "{}: {summary}", code.code);
            assert!(code.docs.contains("\n## "), "{}", code.code);
        }
        assert!(codes.windows(2).all(|pair| pair[0].code < pair[1].code));
        assert_eq!(find(STALE_OUTPUT).map(|c| c.code), Some(STALE_OUTPUT));
        assert_eq!(find("no-such-code"), None);
    }
}
