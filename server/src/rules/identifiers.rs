//! Names as JavaScript takes them, and how a text becomes one.

/// Names that every object answers to, or that make a value look like a promise: a method or
/// namespace of that name does something else than it says.
pub const TREACHEROUS: [&str; 4] = ["then", "constructor", "prototype", "__proto__"];

/// Whether a text can stand after a dot.
pub fn is_identifier(text: &str) -> bool {
    let mut chars = text.chars();
    let starts = |c: char| c.is_alphabetic() || c == '_' || c == '$';
    chars.next().is_some_and(starts) && chars.all(|c| starts(c) || c.is_alphanumeric())
}

/// The identifier nearest to a text, in camel case: `stepDone` of `step-done`. `None` if nothing
/// of the text can stand in one.
pub fn camel_case(text: &str) -> Option<String> {
    let mut result = String::new();
    for word in text.split(|c: char| !(c.is_alphanumeric() || c == '_' || c == '$')) {
        let mut chars = word.chars();
        let Some(first) = chars.next() else { continue };
        if result.is_empty() {
            result.extend(first.to_lowercase());
        } else {
            result.extend(first.to_uppercase());
        }
        result.push_str(chars.as_str());
    }
    is_identifier(&result).then_some(result)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn identifiers_are_javascripts() {
        for name in ["a", "_", "$x1", "étage", "delete"] {
            assert!(is_identifier(name), "{name}");
        }
        for name in ["", "1a", "a-b", "a b", "a:b", "a.b"] {
            assert!(!is_identifier(name), "{name}");
        }
    }

    #[test]
    fn words_are_joined() {
        assert_eq!(camel_case("step-done").as_deref(), Some("stepDone"));
        assert_eq!(camel_case("In progress").as_deref(), Some("inProgress"));
        assert_eq!(camel_case("feed:closed").as_deref(), Some("feedClosed"));
        assert_eq!(camel_case("a--b"), Some("aB".into()));
        assert_eq!(camel_case("1st"), None);
        assert_eq!(camel_case("--"), None);
    }
}
