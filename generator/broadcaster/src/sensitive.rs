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
    let words = words(column);
    (0..words.len()).find_map(|start| entry(&words.get(start..)?.concat()))
}

/// The mask that a column should have whose name holds a sensitive word, but not at its end
/// (`phoneNumber`, `passwordHash`): the compiler leaves it plain, so somebody should be told.
///
/// `None` of names that [`automatic`] matches. Boolean and timestamp columns are the caller's
/// knowledge. A name that only speaks about the sensitive value (`mobileLayout`) is told too:
/// which ones do is a guess, and a wrong guess would leak in silence, while a suppression says
/// why it is harmless.
pub fn sensitive_word(column: &str) -> Option<MaskType> {
    if automatic(column).is_some() {
        return None;
    }
    let words = words(column);
    (0..words.len())
        .flat_map(|start| (start..words.len()).map(move |end| (start, end)))
        .find_map(|(start, end)| entry(&words.get(start..end)?.concat()))
}

fn entry(word: &str) -> Option<MaskType> {
    AUTOMATIC
        .iter()
        .find(|(name, _)| *name == word)
        .map(|(_, kind)| *kind)
}

/// Splits a name at `_`, digits and changes of case. In a run of capitals that lower case
/// follows, the last capital begins the next word (`APIKey` is `api`, `key`).
fn words(name: &str) -> Vec<String> {
    let chars: Vec<char> = name.chars().collect();
    let mut words = Vec::new();
    let mut word = String::new();
    let mut previous: Option<char> = None;
    for (at, &c) in chars.iter().enumerate() {
        if c == '_' || c.is_ascii_digit() {
            words.push(std::mem::take(&mut word));
            previous = None;
            continue;
        }
        let next_is_lower = chars
            .get(at.saturating_add(1))
            .is_some_and(|n| n.is_lowercase());
        let begins =
            c.is_uppercase() && previous.is_some_and(|p| !p.is_uppercase() || next_is_lower);
        if begins {
            words.push(std::mem::take(&mut word));
        }
        word.extend(c.to_lowercase());
        previous = Some(c);
    }
    words.push(word);
    words.retain(|word| !word.is_empty());
    words
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn names_are_split_into_words() {
        let split = |name| words(name).join(" ");
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

    proptest! {
        #[test]
        fn no_name_is_both(name in "\\PC*") {
            prop_assert!(automatic(&name).is_none() || sensitive_word(&name).is_none());
        }
    }
}
