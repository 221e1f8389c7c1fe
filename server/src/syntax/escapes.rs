//! What names and strings say that are written with escapes.

use std::borrow::Cow;

use smol_str::SmolStr;

use super::{Node, span};

/// The name that a node is, as JavaScript has it: an escape in it is the character that it stands
/// for. Hardly any has one.
pub(super) fn name(node: Node<'_>, text: &str) -> SmolStr {
    plain(span(node).text(text)).into()
}

/// A name without escapes.
pub(super) fn plain(written: &str) -> Cow<'_, str> {
    let Some((before, rest)) = written.split_once('\\') else {
        return Cow::Borrowed(written);
    };
    let mut result = before.to_owned();
    for part in rest.split('\\') {
        let end = match part.find('}') {
            Some(brace) if part.starts_with("u{") => brace.saturating_add(1),
            _ => LENGTH,
        };
        let (sequence, behind) = part.split_at_checked(end).unwrap_or((part, ""));
        result.extend(character(sequence));
        result.push_str(behind);
    }
    Cow::Owned(result)
}

/// How long `u0061` is.
const LENGTH: usize = 5;

/// The text of a string node, unescaped. A lone surrogate escape becomes U+FFFD.
pub(super) fn string(node: Node<'_>, text: &str) -> SmolStr {
    let mut children = node.named_children();
    match (children.next(), children.next()) {
        (None, _) => return SmolStr::default(),
        (Some(only), None) if only.kind() != "escape_sequence" => {
            return span(only).text(text).into();
        }
        _ => {}
    }
    let mut result = String::new();
    let mut high = None;
    for child in node.named_children() {
        let piece = span(child).text(text);
        if child.kind() != "escape_sequence" {
            if high.take().is_some() {
                result.push(char::REPLACEMENT_CHARACTER);
            }
            result.push_str(piece);
            continue;
        }
        let unit = escape(piece);
        match (high.take(), unit) {
            (Some(first), Escape::Unit(second @ 0xDC00..=0xDFFF)) => {
                let code =
                    0x10000 + ((u32::from(first) - 0xD800) << 10) + (u32::from(second) - 0xDC00);
                result.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                continue;
            }
            (Some(_), _) => result.push(char::REPLACEMENT_CHARACTER),
            (None, _) => {}
        }
        match unit {
            Escape::Unit(unit @ 0xD800..=0xDBFF) => high = Some(unit),
            Escape::Unit(unit) => {
                result.push(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER));
            }
            Escape::Char(c) => result.push(c),
            Escape::Nothing => {}
        }
    }
    if high.is_some() {
        result.push(char::REPLACEMENT_CHARACTER);
    }
    result.into()
}

#[derive(Clone, Copy)]
enum Escape {
    Unit(u16),
    Char(char),
    Nothing,
}

/// What an escape sequence stands for (ECMAScript, `EscapeSequence`).
fn escape(sequence: &str) -> Escape {
    let body = sequence.strip_prefix('\\').unwrap_or(sequence);
    let mut chars = body.chars();
    match chars.next() {
        Some('n') => Escape::Char('\n'),
        Some('t') => Escape::Char('\t'),
        Some('r') => Escape::Char('\r'),
        Some('b') => Escape::Char('\u{8}'),
        Some('f') => Escape::Char('\u{c}'),
        Some('v') => Escape::Char('\u{b}'),
        Some('0') if body.len() == 1 => Escape::Char('\0'),
        Some('\n' | '\r' | '\u{2028}' | '\u{2029}') | None => Escape::Nothing,
        Some('x') => match u16::from_str_radix(chars.as_str(), 16) {
            Ok(unit) => Escape::Unit(unit),
            Err(_) => Escape::Char(char::REPLACEMENT_CHARACTER),
        },
        Some('u') => {
            let hex = chars.as_str();
            match hex.strip_prefix('{').and_then(|h| h.strip_suffix('}')) {
                Some(hex) => Escape::Char(
                    u32::from_str_radix(hex, 16)
                        .ok()
                        .and_then(char::from_u32)
                        .unwrap_or(char::REPLACEMENT_CHARACTER),
                ),
                None => match u16::from_str_radix(hex, 16) {
                    Ok(unit) => Escape::Unit(unit),
                    Err(_) => Escape::Char(char::REPLACEMENT_CHARACTER),
                },
            }
        }
        Some(other) => Escape::Char(other),
    }
}

/// The character that an escape sequence stands for by itself.
fn character(sequence: &str) -> Option<char> {
    match escape(sequence) {
        Escape::Unit(unit) => {
            Some(char::from_u32(unit.into()).unwrap_or(char::REPLACEMENT_CHARACTER))
        }
        Escape::Char(c) => Some(c),
        Escape::Nothing => None,
    }
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn a_name_is_what_its_escapes_stand_for() {
        for (written, name) in [
            ("note", "note"),
            ("\\u006eote", "note"),
            ("no\\u{74}e", "note"),
            ("\\u{006e}\\u006Fte", "note"),
            ("not\\u0065", "note"),
            ("\\u{65e5}本", "日本"),
            // What is no escape of a name ends nowhere else than the text.
            ("a\\u", "a\u{fffd}"),
            ("\\u日本", "\u{fffd}"),
        ] {
            assert_eq!(plain(written), name, "{written}");
        }
    }
}
