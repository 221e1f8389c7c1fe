//! The one list of column names that look sensitive, and how a name is compared with it.

use crate::mask::MaskType;

/// Words that are masked automatically where a column's name ends in them.
const AUTOMATIC: &[(&str, MaskType)] = &[
    ("email", MaskType::Email),
    ("phone", MaskType::Phone),
    ("mobile", MaskType::Phone),
    ("fax", MaskType::Phone),
    ("ssn", MaskType::Ssn),
    ("socialsecurity", MaskType::Ssn),
    ("nationalid", MaskType::Ssn),
    ("creditcard", MaskType::CreditCard),
    ("cc", MaskType::CreditCard),
    ("cardnumber", MaskType::CreditCard),
    ("cvv", MaskType::CreditCard),
    ("password", MaskType::Redact),
    ("secret", MaskType::Redact),
    ("token", MaskType::Redact),
    ("apikey", MaskType::Redact),
    ("privatekey", MaskType::Redact),
    ("accesstoken", MaskType::Redact),
    ("refreshtoken", MaskType::Redact),
    ("clientsecret", MaskType::Redact),
    ("signingsecret", MaskType::Redact),
    ("bearer", MaskType::Redact),
    ("iban", MaskType::Redact),
    ("stripe", MaskType::Redact),
    ("webhook", MaskType::Redact),
];

/// The mask that the compiler applies to a column of this name by itself.
///
/// The name is split at `_`, digits and changes of case, and matches when its last words, joined
/// and in lower case, equal an entry of the list. Boolean and timestamp columns never match:
/// that is the caller's knowledge.
pub fn automatic(column: &str) -> Option<MaskType> {
    Words::of(column).automatic()
}

/// The mask that a column should have whose name holds a sensitive word, but not at its end
/// (`phoneNumber`, `passwordHash`): the compiler leaves it plain, so somebody should be told.
///
/// `None` of names that [`automatic`] matches. Boolean and timestamp columns are the caller's
/// knowledge. A name that only speaks about the sensitive value (`mobileLayout`) is told too:
/// which ones do is a guess, and a wrong guess would leak in silence, while a suppression says
/// why it is harmless.
pub fn sensitive_word(column: &str) -> Option<MaskType> {
    let words = Words::of(column);
    match words.automatic() {
        Some(_) => None,
        None => words.elsewhere(),
    }
}

fn entry(word: &str) -> Option<MaskType> {
    AUTOMATIC
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, kind)| *kind)
}

/// A name, split at `_`, digits and changes of case. In a run of capitals that lower case follows,
/// the last capital begins the next word (`APIKey` is `api`, `key`).
struct Words {
    /// The words in lower case, with nothing between them.
    joined: String,
    /// Where each word begins in it.
    starts: Vec<usize>,
}

impl Words {
    fn of(name: &str) -> Self {
        let mut joined = String::with_capacity(name.len());
        let mut starts = Vec::new();
        let mut previous: Option<char> = None;
        let mut chars = name.chars().peekable();
        while let Some(c) = chars.next() {
            if c == '_' || c.is_ascii_digit() {
                previous = None;
                continue;
            }
            let next_is_lower = chars.peek().is_some_and(|next| next.is_lowercase());
            let begins = match previous {
                Some(previous) => c.is_uppercase() && (!previous.is_uppercase() || next_is_lower),
                None => true,
            };
            if begins {
                starts.push(joined.len());
            }
            joined.extend(c.to_lowercase());
            previous = Some(c);
        }
        Self { joined, starts }
    }

    /// The entry that the last words are.
    fn automatic(&self) -> Option<MaskType> {
        let mut starts = self.starts.iter();
        starts.find_map(|start| entry(self.joined.get(*start..)?))
    }

    /// The first entry that words before the last one are.
    fn elsewhere(&self) -> Option<MaskType> {
        let starts = self.starts.iter().enumerate();
        starts
            .flat_map(|(word, start)| {
                let ends = self.starts.iter().skip(word.saturating_add(1));
                ends.map(move |end| (start, end))
            })
            .find_map(|(start, end)| entry(self.joined.get(*start..*end)?))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_split_into_words() {
        let split = |name| {
            let Words { joined, starts } = Words::of(name);
            let ends = starts.iter().skip(1).copied().chain([joined.len()]);
            let words = starts
                .iter()
                .zip(ends)
                .map(|(start, end)| joined.get(*start..end).unwrap());
            words.collect::<Vec<_>>().join(" ")
        };
        assert_eq!(split("workEmail"), "work email");
        assert_eq!(split("work_email_2"), "work email");
        assert_eq!(split("SSN"), "ssn");
        assert_eq!(split("homeSSN"), "home ssn");
        assert_eq!(split("APIKey"), "api key");
        assert_eq!(split("__x1y__"), "x y");
        assert_eq!(split("ÉtatCivil"), "état civil");
        assert_eq!(split(""), "");
    }

    #[test]
    fn the_last_words_decide() {
        for (name, kind) in [
            ("email", MaskType::Email),
            ("workEmail", MaskType::Email),
            ("work_email", MaskType::Email),
            ("email2", MaskType::Email),
            ("SSN", MaskType::Ssn),
            ("socialSecurity", MaskType::Ssn),
            ("national_id", MaskType::Ssn),
            ("creditCard", MaskType::CreditCard),
            ("card_number", MaskType::CreditCard),
            ("CVV", MaskType::CreditCard),
            ("apiSecret", MaskType::Redact),
            ("APIKey", MaskType::Redact),
            ("successToken", MaskType::Redact),
            ("slackWebhook", MaskType::Redact),
            ("mobile", MaskType::Phone),
        ] {
            assert_eq!(automatic(name), Some(kind), "{name}");
            assert_eq!(sensitive_word(name), None, "{name} is masked already");
        }
    }

    #[test]
    fn an_entry_matches_whole_words_only() {
        for name in [
            "accountId",
            "microphone",
            "success",
            "bcc",
            "tokens",
            "workemail",
            "emails",
            "stripes",
            "internationalId",
            "secretary",
            "telefax",
            "passwordless",
            "",
            "_",
            "id",
            "title",
        ] {
            assert_eq!(automatic(name), None, "{name}");
            assert_eq!(sensitive_word(name), None, "{name}");
        }
    }

    #[test]
    fn a_sensitive_word_elsewhere_is_told() {
        for (name, kind) in [
            ("phoneNumber", MaskType::Phone),
            ("passwordHash", MaskType::Redact),
            ("password_hash", MaskType::Redact),
            ("emailAddress", MaskType::Email),
            ("userEmailAddress", MaskType::Email),
            ("homePhoneNumber", MaskType::Phone),
            ("mobileNumber", MaskType::Phone),
            ("ssnLast4Digits", MaskType::Ssn),
            ("socialSecurityNumber", MaskType::Ssn),
            ("creditCardNumber2x", MaskType::CreditCard),
            ("tokenHash", MaskType::Redact),
            ("secretKey", MaskType::Redact),
            ("apiKeyHash", MaskType::Redact),
            ("webhookUrl", MaskType::Redact),
            ("ibanHolder", MaskType::Redact),
            ("mobileLayout", MaskType::Phone),
            ("emailVerified", MaskType::Email),
        ] {
            assert_eq!(automatic(name), None, "{name}");
            assert_eq!(sensitive_word(name), Some(kind), "{name}");
        }
    }

    /// The words as the definition says, one text each.
    fn by_definition(name: &str) -> Vec<String> {
        let chars: Vec<char> = name.chars().collect();
        let is_separator = |c: char| c == '_' || c.is_ascii_digit();
        let mut words = vec![String::new()];
        for (at, c) in chars.iter().enumerate() {
            if is_separator(*c) {
                words.push(String::new());
                continue;
            }
            let before = chars[..at].last().filter(|before| !is_separator(**before));
            let next_is_lower = chars.get(at + 1).is_some_and(|next| next.is_lowercase());
            if c.is_uppercase() && before.is_some_and(|b| !b.is_uppercase() || next_is_lower) {
                words.push(String::new());
            }
            words.last_mut().unwrap().extend(c.to_lowercase());
        }
        words.retain(|word| !word.is_empty());
        words
    }

    /// Names of sensitive and other words in any case, and anything else.
    fn names() -> impl Strategy<Value = String> {
        let others = [
            "api", "key", "card", "social", "id", "_", "2", "é", "ß", "İ", "ǆ",
        ];
        let words: Vec<&str> = AUTOMATIC
            .iter()
            .map(|(word, _)| *word)
            .chain(others)
            .collect();
        let word = (prop::sample::select(words), 0..3).prop_map(|(word, case)| match case {
            0 => word.to_owned(),
            1 => word.to_uppercase(),
            _ => {
                let mut chars = word.chars();
                let first = chars.next().unwrap().to_uppercase();
                first.chain(chars).collect()
            }
        });
        let composed = prop::collection::vec(word, 0..6).prop_map(|words| words.concat());
        prop_oneof![composed, "\\PC*"]
    }

    proptest! {
        #[test]
        fn a_name_is_matched_by_its_words(name in names()) {
            let words = by_definition(&name);
            let last = (0..words.len()).find_map(|start| entry(&words[start..].concat()));
            prop_assert_eq!(automatic(&name), last);
            let elsewhere = (0..words.len())
                .flat_map(|start| (start..words.len()).map(move |end| (start, end)))
                .find_map(|(start, end)| entry(&words[start..end].concat()));
            prop_assert_eq!(sensitive_word(&name), elsewhere.filter(|_| last.is_none()));
        }

        #[test]
        fn no_name_is_both(name in "\\PC*") {
            prop_assert!(automatic(&name).is_none() || sensitive_word(&name).is_none());
        }
    }
}
