//! Texts for clients that take them only as they are: without the marks of snippets and Markdown.

use std::iter::Peekable;
use std::str::Chars;

/// A snippet without its marks: where it offers a choice, the first.
pub fn snippet(marked: &str) -> String {
    let mut plain = String::new();
    let mut rest = marked.chars().peekable();
    while let Some(c) = rest.next() {
        element(c, &mut rest, &mut plain);
    }
    plain
}

fn element(c: char, rest: &mut Peekable<Chars<'_>>, plain: &mut String) {
    match c {
        '\\' => plain.push(escaped(rest)),
        '$' => tab_stop(rest, plain),
        _ => plain.push(c),
    }
}

/// What a backslash stands before, if that would mean something without it.
fn escaped(rest: &mut Peekable<Chars<'_>>) -> char {
    rest.next_if(|c| matches!(c, '$' | '}' | '\\' | ',' | '|'))
        .unwrap_or('\\')
}

/// `$1`, `${1}`, `${1:default}`, `${1|one,two|}`, from behind the dollar sign.
fn tab_stop(rest: &mut Peekable<Chars<'_>>, plain: &mut String) {
    let is_braced = rest.next_if_eq(&'{').is_some();
    while rest.next_if(char::is_ascii_digit).is_some() {}
    if !is_braced {
        return;
    }
    match rest.next() {
        Some(':') => {
            while let Some(c) = rest.next().filter(|c| *c != '}') {
                element(c, rest, plain);
            }
        }
        Some('|') => {
            let mut is_first = true;
            while let Some(c) = rest.next().filter(|c| *c != '|') {
                let c = match c {
                    '\\' => escaped(rest),
                    ',' => {
                        is_first = false;
                        continue;
                    }
                    _ => c,
                };
                if is_first {
                    plain.push(c);
                }
            }
            rest.next_if_eq(&'}');
        }
        _ => {}
    }
}

/// Markdown of ours without the marks of code and emphasis. What stands in code stays as it is.
pub fn markdown(marked: &str) -> String {
    let mut lines = Vec::new();
    let mut in_code = false;
    for line in marked.lines() {
        if line.starts_with("```") {
            in_code = !in_code;
        } else if in_code {
            lines.push(line.to_owned());
        } else {
            lines.push(without_marks(line));
        }
    }
    lines.join("\n")
}

fn without_marks(line: &str) -> String {
    let mut plain = String::new();
    let mut rest = line;
    while let Some(at) = rest.find(['`', '*']) {
        let (before, marked) = rest.split_at(at);
        plain.push_str(before);
        let mark = ["**", "*", "`"].into_iter().find(|m| marked.starts_with(m));
        let mark = mark.unwrap_or_default();
        let inner = marked.strip_prefix(mark).unwrap_or_default();
        match inner.split_once(mark) {
            Some((inner, after)) if is_marked(inner, mark) => {
                if mark == "`" {
                    plain.push_str(inner);
                } else {
                    plain.push_str(&without_marks(inner));
                }
                rest = after;
            }
            // A mark alone is a character.
            _ => {
                plain.push_str(mark);
                rest = inner;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Whether what stands between two marks is marked by them: stars with spaces at them are stars.
fn is_marked(inner: &str, mark: &str) -> bool {
    mark == "`" || (!inner.is_empty() && inner.trim() == inner)
}

#[cfg(test)]
mod tests {
    use super::{markdown, snippet};

    #[test]
    fn a_snippet_without_its_marks_is_its_default_text() {
        assert_eq!(snippet("enabled: ${1:true},$0"), "enabled: true,");
        assert_eq!(snippet("[\"$1\"]"), "[\"\"]");
        assert_eq!(snippet("a\\$b \\} \\\\ \\n"), "a$b } \\ \\n");
        assert_eq!(snippet("${1:a\\}b}"), "a}b");
        assert_eq!(snippet("${1:a, ${2:b}}, ${3}c"), "a, b, c");
    }

    #[test]
    fn of_a_choice_the_first_is_taken() {
        assert_eq!(
            snippet("{ type: '${1|redact,email,name|}', show: ${2:{\\}} }"),
            "{ type: 'redact', show: {} }"
        );
        assert_eq!(snippet("${1|a\\,b\\|c,d|};"), "a,b|c;");
    }

    #[test]
    fn what_is_not_whole_ends_with_the_text() {
        for cut in ["$", "${", "${1", "${1:", "${1|", "${1|a", "\\"] {
            assert!(snippet(cut).len() <= 1, "{cut}");
        }
    }

    #[test]
    fn markdown_without_its_marks() {
        assert_eq!(
            markdown("**claims**\n\n- **To** `desk`, admin\n- And more in *Preview events*."),
            "claims\n\n- To desk, admin\n- And more in Preview events."
        );
        assert_eq!(
            markdown("As `name`: `J*** D**` → `x`\n```json\n{\"a\":\"**`\"}\n```\nend"),
            "As name: J*** D** → x\n{\"a\":\"**`\"}\nend"
        );
        assert_eq!(markdown("2 * 3 * 4, ` and **"), "2 * 3 * 4, ` and **");
        assert_eq!(markdown("**a `b*c`**"), "a b*c");
    }
}
