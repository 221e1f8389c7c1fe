//! Unpaired surrogate escapes in the incoming JSON.
//!
//! A JavaScript client may send half of a surrogate pair (`\ud800`): valid JSON, but no text, so
//! every Rust JSON reader refuses the whole message, and the document would be out of step from
//! then on. The escape is replaced by that of U+FFFD, which has the same length in bytes, so the
//! `Content-Length` stays true, and the same length in UTF-16, so positions stay.

/// The state between two pieces of the stream.
#[derive(Debug, Default)]
pub struct Filter {
    /// What has been read of an escape, or of a high surrogate and what follows it.
    pending: Vec<u8>,
}

impl Filter {
    /// Takes a piece of the stream and appends to `out` what is known to be good.
    pub fn push(&mut self, input: &[u8], out: &mut Vec<u8>) {
        for &byte in input {
            if self.pending.is_empty() && byte != b'\\' {
                out.push(byte);
                continue;
            }
            self.pending.push(byte);
            self.settle(out);
        }
    }

    /// The stream has ended: what is pending is handed on as it is.
    pub fn finish(&mut self, out: &mut Vec<u8>) {
        out.append(&mut self.pending);
    }

    /// Decides on the pending bytes as far as they can be decided.
    fn settle(&mut self, out: &mut Vec<u8>) {
        loop {
            let first = match escape(&self.pending) {
                Escape::Incomplete => return,
                Escape::Other(length) => {
                    out.extend(self.pending.drain(..length));
                    if self.pending.first() == Some(&b'\\') {
                        continue;
                    }
                    out.append(&mut self.pending);
                    return;
                }
                Escape::Unit(unit) => unit,
            };
            match first {
                0xD800..=0xDBFF => match escape(self.pending.get(6..).unwrap_or_default()) {
                    Escape::Incomplete => return,
                    Escape::Unit(0xDC00..=0xDFFF) => {
                        out.extend(self.pending.drain(..12));
                    }
                    Escape::Unit(_) | Escape::Other(_) => self.replace(out),
                },
                0xDC00..=0xDFFF => self.replace(out),
                _ => out.extend(self.pending.drain(..6)),
            }
            if self.pending.is_empty() {
                return;
            }
            if self.pending.first() != Some(&b'\\') {
                out.append(&mut self.pending);
                return;
            }
        }
    }

    fn replace(&mut self, out: &mut Vec<u8>) {
        self.pending.drain(..6);
        out.extend_from_slice(b"\\ufffd");
    }
}

enum Escape {
    /// More bytes decide.
    Incomplete,
    /// `\uXXXX`.
    Unit(u16),
    /// This many bytes that are something else.
    Other(usize),
}

/// What the first bytes are.
fn escape(bytes: &[u8]) -> Escape {
    match bytes {
        [] | [b'\\'] => Escape::Incomplete,
        [b'\\', b'u', hex @ ..] => {
            let digits = hex
                .iter()
                .take(4)
                .take_while(|b| b.is_ascii_hexdigit())
                .count();
            if digits == 4 {
                let text = hex
                    .get(..4)
                    .and_then(|h| std::str::from_utf8(h).ok())
                    .unwrap_or_default();
                u16::from_str_radix(text, 16).map_or(Escape::Other(2), Escape::Unit)
            } else if digits == hex.len() {
                Escape::Incomplete
            } else {
                Escape::Other(2)
            }
        }
        [b'\\', ..] => Escape::Other(2),
        _ => Escape::Other(1),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::Filter;

    fn filter(input: &str, piece: usize) -> String {
        let mut filter = Filter::default();
        let mut out = Vec::new();
        for chunk in input.as_bytes().chunks(piece.max(1)) {
            filter.push(chunk, &mut out);
        }
        filter.finish(&mut out);
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn only_unpaired_surrogates_change() {
        for (input, expected) in [
            (r#""a\ud83d\ude00b""#, r#""a\ud83d\ude00b""#),
            (r#""\ud83d""#, r#""\ufffd""#),
            (r#""\ude00x""#, r#""\ufffdx""#),
            (r#""\ud83d\ud83d\ude00""#, r#""\ufffd\ud83d\ude00""#),
            (r#""\\ud83d""#, r#""\\ud83d""#),
            (r#""\ud83d\n\u0041""#, r#""\ufffd\n\u0041""#),
            (r#""\ud83dx\ud83d""#, r#""\ufffdx\ufffd""#),
            (r#"{"a":"\u00e9"}"#, r#"{"a":"\u00e9"}"#),
        ] {
            for piece in 1..=input.len() {
                assert_eq!(
                    filter(input, piece),
                    expected,
                    "{input} in pieces of {piece}"
                );
            }
        }
    }

    proptest! {
        #[test]
        fn the_result_can_be_read_and_has_the_same_length(units in prop::collection::vec(prop_oneof![0xD7F0u16..0xE010, 0u16..0x80], 0..12), piece in 1usize..9) {
            let escaped: String = units.iter().map(|u| format!("\\u{u:04x}")).collect();
            let json = format!("\"{escaped}\"");
            let filtered = filter(&json, piece);
            prop_assert_eq!(filtered.len(), json.len());
            let text: String = serde_json::from_str(&filtered).unwrap();
            prop_assert_eq!(text, String::from_utf16_lossy(&units));
        }
    }
}
