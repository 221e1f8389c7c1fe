//! Names that JavaScript and the helper take, and how a text becomes one that they leave.

use crate::syntax::is_identifier;

/// Names that every object answers to, or that make a value look like a promise: a method or
/// namespace of that name does something else than it says.
pub const TREACHEROUS: [&str; 4] = ["then", "constructor", "prototype", "__proto__"];

/// Names that the helper itself has.
pub const METHODS: [&str; 4] = ["insert", "update", "delete", "broadcast"];

/// The first half of events that the worker sends by itself.
pub const ON_THE_WIRE: &str = "auth";

/// Whether a namespace can have this name: one that can be called, and that is not taken.
pub fn is_namespace_name(name: &str) -> bool {
    is_identifier(name) && !is_reserved(name)
}

/// Whether no namespace can have a name because it is taken.
pub fn is_reserved(name: &str) -> bool {
    METHODS.contains(&name) || TREACHEROUS.contains(&name) || name == ON_THE_WIRE
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
    fn what_is_taken_names_no_namespace() {
        for name in ["insert", "then", ON_THE_WIRE] {
            assert!(is_reserved(name), "{name}");
            assert!(!is_namespace_name(name), "{name}");
        }
        assert!(is_namespace_name("ticker"));
    }

    #[test]
    fn words_are_joined() {
        assert_eq!(camel_case("step-done").as_deref(), Some("stepDone"));
        assert_eq!(camel_case("In progress").as_deref(), Some("inProgress"));
        assert_eq!(camel_case("feed:closed").as_deref(), Some("feedClosed"));
        assert_eq!(camel_case("a--b"), Some("aB".into()));
        assert_eq!(camel_case("a$b c_d").as_deref(), Some("a$bC_d"));
        assert_eq!(camel_case("1st"), None);
        assert_eq!(camel_case("--"), None);
    }
}
