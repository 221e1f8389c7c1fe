//! JSON as text: bytes that were given stay as they were given.

use super::PreviewError;
use serde_json::value::RawValue;

/// A JSON string.
pub(super) fn quote(text: &str) -> String {
    // A string always serializes.
    serde_json::to_string(text).unwrap_or_default()
}

/// An object of those members that have a value.
pub(super) fn members<'a>(members: impl IntoIterator<Item = (&'a str, Option<String>)>) -> String {
    let members: Vec<_> = members
        .into_iter()
        .filter_map(|(key, value)| Some(format!("{}:{}", quote(key), value?)))
        .collect();
    format!("{{{}}}", members.join(","))
}

/// The one JSON object that `text` holds, without the white space between its parts, as the
/// helper would send it.
pub(super) fn object(text: &str, what: &'static str) -> Result<String, PreviewError> {
    let text = text.trim_start_matches('\u{feff}');
    serde_json::from_str::<&RawValue>(text)
        .ok()
        .filter(|value| value.get().starts_with('{'))
        .map(|value| relaid(value.get(), None))
        .ok_or(PreviewError::NotAnObject(what))
}

/// `json` over several lines, two spaces a level.
pub(super) fn indent(json: &str) -> String {
    relaid(json, Some("\n"))
}

/// Valid JSON with other white space between its parts: none, or lines that begin with `newline`
/// and their indentation.
fn relaid(json: &str, newline: Option<&str>) -> String {
    let mut out = String::with_capacity(json.len());
    let mut depth = 0_usize;
    let mut in_string = false;
    let mut escaped = false;
    let mut chars = json.chars().peekable();
    let break_line = |out: &mut String, depth: usize| {
        if let Some(newline) = newline {
            out.push_str(newline);
            out.push_str(&"  ".repeat(depth));
        }
    };
    while let Some(c) = chars.next() {
        if in_string {
            out.push(c);
            in_string = escaped || c != '"';
            escaped = c == '\\' && !escaped;
            continue;
        }
        match c {
            c if c.is_ascii_whitespace() => {}
            '{' | '[' => {
                out.push(c);
                while chars.next_if(char::is_ascii_whitespace).is_some() {}
                if let Some(close) = chars.next_if(|next| matches!(next, '}' | ']')) {
                    out.push(close);
                } else {
                    depth = depth.saturating_add(1);
                    break_line(&mut out, depth);
                }
            }
            '}' | ']' => {
                depth = depth.saturating_sub(1);
                break_line(&mut out, depth);
                out.push(c);
            }
            ',' => {
                out.push(c);
                break_line(&mut out, depth);
            }
            ':' => out.push_str(if newline.is_some() { ": " } else { ":" }),
            c => {
                in_string = c == '"';
                out.push(c);
            }
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    const SPREAD: &str = r#" { "a" : [ 1.10 , { } , [ ] ],
        "b: {" : " x \" , \\" , "c":9007199254740993 } "#;

    #[test]
    fn white_space_goes_and_bytes_stay() {
        assert_eq!(
            object(SPREAD, "payload").unwrap(),
            r#"{"a":[1.10,{},[]],"b: {":" x \" , \\","c":9007199254740993}"#
        );
    }

    #[test]
    fn indenting_is_undone_by_compacting() {
        let compact = object(SPREAD, "payload").unwrap();
        let indented = indent(&compact);
        assert_eq!(object(&indented, "payload").unwrap(), compact);
        insta::assert_snapshot!(indented);
    }

    #[test]
    fn only_one_object_will_do() {
        for text in ["", "[]", "null", "{} {}", "{\"a\":1", "{},\"userId\":\"x\""] {
            assert_eq!(
                object(text, "payload"),
                Err(PreviewError::NotAnObject("payload")),
                "{text}"
            );
        }
    }
}
