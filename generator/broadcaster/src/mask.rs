//! The masks: what is left of a value for a receiver who may not see it.

use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// What stands in the place of a value that is hidden entirely.
pub const REDACTED: &str = "[REDACTED]";

/// How a value is masked. The names are those of `masking` and `maskingConfig`.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum MaskType {
    /// `john@yourdomain.com` → `j***@y*********.com`.
    Email,
    /// `555-123-4567` → `******4567`.
    Phone,
    /// `123-45-6789` → `*****6789`.
    Ssn,
    /// `4111 1111 1111 1111` → `**** **** **** 1111`.
    CreditCard,
    /// `John Doe` → `J*** D**`.
    Name,
    /// `[REDACTED]`.
    Redact,
    /// A function of the project, which cannot run in a broadcast: sent as [`MaskType::Redact`].
    Custom,
}

impl MaskType {
    /// The mask that is applied: `custom` is `redact`, every other is itself.
    pub fn applied(self) -> Self {
        match self {
            Self::Custom => Self::Redact,
            other => other,
        }
    }
}

/// Masks one JSON value and returns JSON text.
///
/// `null` stays `null` under every mask, and an empty string stays empty under all but `redact`.
/// What a mask cannot read, it hides entirely.
pub fn mask(kind: MaskType, value: &RawValue) -> String {
    let json = value.get();
    match json.bytes().next() {
        Some(b'n') => "null".to_owned(),
        // A string with a lone surrogate is JSON, but no text that a mask could read.
        Some(b'"') => match serde_json::from_str::<String>(json) {
            Ok(text) => quote(&mask_text(kind, &text)),
            Err(_) => quote(REDACTED),
        },
        Some(b'-' | b'0'..=b'9') => quote(&mask_number(kind, json)),
        _ => quote(REDACTED),
    }
}

/// Masks a text.
pub fn mask_text(kind: MaskType, text: &str) -> String {
    if text.is_empty() && kind.applied() != MaskType::Redact {
        return String::new();
    }
    match kind {
        MaskType::Email => email(text).unwrap_or_else(|| REDACTED.to_owned()),
        MaskType::Phone | MaskType::Ssn => last_four(text),
        MaskType::CreditCard => in_groups_of_four(&last_four(text)),
        MaskType::Name => name(text).unwrap_or_else(|| REDACTED.to_owned()),
        MaskType::Redact | MaskType::Custom => REDACTED.to_owned(),
    }
}

/// Masks a number, which has digits to show but is neither an address nor a name.
fn mask_number(kind: MaskType, json: &str) -> String {
    match kind {
        MaskType::Phone | MaskType::Ssn | MaskType::CreditCard => match decimal(json) {
            Some(text) => mask_text(kind, &text),
            None => REDACTED.to_owned(),
        },
        _ => REDACTED.to_owned(),
    }
}

/// A JSON number without an exponent. Numbers that have none keep their digits, however many.
fn decimal(json: &str) -> Option<String> {
    if !json.contains(['e', 'E']) {
        return Some(json.to_owned());
    }
    let number: f64 = json.parse().ok()?;
    number.is_finite().then(|| number.to_string())
}

fn email(text: &str) -> Option<String> {
    let (local, domain) = text.split_once('@')?;
    if domain.contains('@') {
        return None;
    }
    let (host, label) = domain.rsplit_once('.')?;
    if label.is_empty() {
        return None;
    }
    Some(format!(
        "{}@{}.{label}",
        first_only(local)?,
        first_only(host)?
    ))
}

fn last_four(text: &str) -> String {
    let digits: Vec<char> = text.chars().filter(char::is_ascii_digit).collect();
    let hidden = match digits.len().checked_sub(4) {
        None | Some(0) => return "****".to_owned(),
        Some(hidden) => hidden,
    };
    let shown = digits.iter().skip(hidden);
    "*".repeat(hidden).chars().chain(shown.copied()).collect()
}

fn in_groups_of_four(text: &str) -> String {
    let mut out = String::with_capacity(text.len().saturating_add(text.len() / 4));
    for (at, c) in text.chars().enumerate() {
        if at > 0 && at % 4 == 0 {
            out.push(' ');
        }
        out.push(c);
    }
    out
}

/// Each word's first character, the white space between them as it was. `None` without a word.
fn name(text: &str) -> Option<String> {
    let mut out = String::with_capacity(text.len());
    let mut any = false;
    for piece in text.split_inclusive(char::is_whitespace) {
        if let Some(masked) = first_only(piece.trim_end()) {
            any = true;
            out.push_str(&masked);
        }
        out.extend(piece.chars().filter(|c| c.is_whitespace()));
    }
    any.then_some(out)
}

/// The first character and a `*` for each other, at least one. `None` of an empty text.
fn first_only(text: &str) -> Option<String> {
    let mut chars = text.chars();
    let first = chars.next()?;
    let rest = chars.count().max(1);
    let mut out = String::with_capacity(rest.saturating_add(first.len_utf8()));
    out.push(first);
    out.extend(std::iter::repeat_n('*', rest));
    Some(out)
}

/// A text as a JSON string.
pub(crate) fn quote(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::Value;

    fn masked(kind: MaskType, json: &str) -> String {
        mask(kind, serde_json::from_str(json).unwrap())
    }

    #[test]
    fn custom_is_redact() {
        assert_eq!(masked(MaskType::Custom, "\"x\""), "\"[REDACTED]\"");
        assert_eq!(masked(MaskType::Custom, "null"), "null");
    }

    #[test]
    fn a_number_is_read_as_its_decimal_text() {
        assert_eq!(
            masked(MaskType::Phone, "9007199254740993"),
            "\"************0993\""
        );
        assert_eq!(masked(MaskType::Phone, "12345e3"), "\"****5000\"");
        assert_eq!(masked(MaskType::Phone, "1e999"), "\"[REDACTED]\"");
        assert_eq!(masked(MaskType::Email, "12345"), "\"[REDACTED]\"");
    }

    #[test]
    fn what_cannot_be_read_is_hidden() {
        assert_eq!(masked(MaskType::Name, r#""\ud800John""#), "\"[REDACTED]\"");
        assert_eq!(masked(MaskType::Name, "\"  \""), "\"[REDACTED]\"");
        assert_eq!(masked(MaskType::Ssn, "true"), "\"[REDACTED]\"");
    }

    proptest! {
        #[test]
        fn only_the_last_four_digits_are_left(text in "\\PC*") {
            let digits: String = text.chars().filter(char::is_ascii_digit).collect();
            let shown: String = mask_text(MaskType::Phone, &text).replace('*', "");
            prop_assert!(shown.len() <= 4 && digits.ends_with(&shown));
            prop_assert!(digits.len() > 4 || shown.is_empty());
        }

        #[test]
        fn a_name_shows_one_character_of_each_word(text in "\\PC+") {
            let out = mask_text(MaskType::Name, &text);
            prop_assume!(out != REDACTED);
            for (word, masked) in text.split_whitespace().zip(out.split_whitespace()) {
                prop_assert_eq!(word.chars().next(), masked.chars().next());
                prop_assert!(masked.chars().skip(1).all(|c| c == '*'));
            }
        }

        #[test]
        fn an_address_shows_two_characters_and_the_last_label(
            local in "[a-z.]{1,20}", host in "[a-z.]{1,20}", label in "[a-z]{1,5}",
        ) {
            let out = mask_text(MaskType::Email, &format!("{local}@{host}.{label}"));
            let shown: String = out.chars().filter(|c| *c != '*').collect();
            let first = |text: &str| text.chars().next().unwrap();
            prop_assert_eq!(shown, format!("{}@{}.{label}", first(&local), first(&host)));
        }

        #[test]
        fn masking_is_total(json in "\\PC*") {
            if let Ok(value) = serde_json::from_str::<&RawValue>(&json) {
                for kind in [MaskType::Email, MaskType::Name, MaskType::CreditCard] {
                    prop_assert!(serde_json::from_str::<Value>(&mask(kind, value)).is_ok());
                }
            }
        }
    }
}
