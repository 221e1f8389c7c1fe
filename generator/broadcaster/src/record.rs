//! JSON objects whose values are carried as they were sent, and the bounds of what is read.

use std::collections::BTreeMap;
use std::fmt;

use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};
use serde_json::value::RawValue;

use crate::wire::{Code, Refusal};

/// A JSON object: its keys in the order in which they first occur, each with the bytes of the
/// last value that it was given. Keys such as `__proto__` are keys like any other.
#[derive(Clone, Default)]
pub struct Record<'a> {
    entries: Vec<(String, &'a RawValue)>,
}

impl fmt::Debug for Record<'_> {
    /// Leaves the values out: what is sent must never be logged.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let keys = self.entries.iter().map(|(key, _)| key);
        f.debug_set().entries(keys).finish()
    }
}

impl<'a> Record<'a> {
    /// Reads a JSON object.
    ///
    /// # Errors
    /// When `json` is not JSON, is deeper than `max_depth`, or is something else than an object.
    pub fn parse(json: &'a str, max_depth: usize) -> Result<Self, Refusal> {
        if is_deeper_than(json, max_depth) {
            return Err(Refusal::new(
                Code::TooDeep,
                "The JSON is nested too deeply.",
            ));
        }
        let value: &RawValue = serde_json::from_str(json)
            .map_err(|_| Refusal::new(Code::BadJson, "This is not JSON."))?;
        Self::of(value).ok_or(Refusal::new(Code::BadJson, "This is not a JSON object."))
    }

    /// The object that `value` is; `None` of any other value, and where a key is no text
    /// (a lone surrogate).
    pub fn of(value: &'a RawValue) -> Option<Self> {
        if !value.get().starts_with('{') {
            return None;
        }
        serde_json::from_str(value.get()).ok()
    }

    /// The value of a key.
    pub fn get(&self, key: &str) -> Option<&'a RawValue> {
        self.entries
            .iter()
            .find(|(k, _)| k == key)
            .map(|(_, value)| *value)
    }

    /// The keys with their values, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&str, &'a RawValue)> {
        self.entries
            .iter()
            .map(|(key, value)| (key.as_str(), *value))
    }

    /// How many keys there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }
}

impl<'de> Deserialize<'de> for Record<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(RecordVisitor)
    }
}

struct RecordVisitor;

impl<'de> Visitor<'de> for RecordVisitor {
    type Value = Record<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut entries: Vec<(String, &'de RawValue)> = Vec::new();
        // Looked up rather than searched, or an object of many keys would cost their square.
        let mut places: BTreeMap<String, usize> = BTreeMap::new();
        while let Some((key, value)) = map.next_entry::<String, &'de RawValue>()? {
            match places.get(&key).and_then(|&at| entries.get_mut(at)) {
                Some(entry) => entry.1 = value,
                None => {
                    places.insert(key.clone(), entries.len());
                    entries.push((key, value));
                }
            }
        }
        Ok(Record { entries })
    }
}

/// The text of a JSON string; `None` of any other value, and of one that is no text.
pub(crate) fn text(value: &RawValue) -> Option<String> {
    serde_json::from_str(value.get()).ok()
}

/// What JavaScript's `String()` makes of a string or a number; `None` of any other value and of
/// an empty string. This is how an owner column is read.
pub fn id_of(value: &RawValue) -> Option<String> {
    match value.get().bytes().next() {
        Some(b'"') => text(value).filter(|id| !id.is_empty()),
        // JSON from JavaScript holds a number just as `String()` writes it.
        Some(b'-' | b'0'..=b'9') => Some(value.get().to_owned()),
        _ => None,
    }
}

/// Whether arrays and objects of `json` are nested in more than `limit` levels. It is asked
/// before anything is parsed, so it takes any text.
pub(crate) fn is_deeper_than(json: &str, limit: usize) -> bool {
    let mut depth: usize = 0;
    let mut in_string = false;
    let mut escaped = false;
    for byte in json.bytes() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if in_string => escaped = true,
            b'"' => in_string = !in_string,
            _ if in_string => {}
            b'{' | b'[' => {
                depth = depth.saturating_add(1);
                if depth > limit {
                    return true;
                }
            }
            b'}' | b']' => depth = depth.saturating_sub(1),
            _ => {}
        }
    }
    false
}

#[cfg(test)]
mod tests {
    use super::*;

    fn pairs(json: &str) -> Vec<(String, String)> {
        let record = Record::parse(json, 64).unwrap();
        record
            .iter()
            .map(|(k, v)| (k.to_owned(), v.get().to_owned()))
            .collect()
    }

    fn pair(key: &str, value: &str) -> (String, String) {
        (key.to_owned(), value.to_owned())
    }

    #[test]
    fn keys_keep_their_order_and_values_their_bytes() {
        assert_eq!(
            pairs(r#"{"b": 9007199254740993, "__proto__":{ "x" : 1 }, "10": 1.10, "a":"\u00e9"}"#),
            [
                pair("b", "9007199254740993"),
                pair("__proto__", r#"{ "x" : 1 }"#),
                pair("10", "1.10"),
                pair("a", r#""\u00e9""#),
            ]
        );
    }

    #[test]
    fn of_a_repeated_key_only_the_last_value_exists() {
        assert_eq!(
            pairs(r#"{"a":1,"b":2,"\u0061":{"c":3}}"#),
            [pair("a", r#"{"c":3}"#), pair("b", "2")]
        );
    }

    #[test]
    fn depth_counts_brackets_outside_strings() {
        assert!(!is_deeper_than(r#"{"a":["[[[[\"[["]}"#, 2));
        assert!(is_deeper_than(r#"{"a":[[]]}"#, 2));
        assert!(is_deeper_than(&"[".repeat(1_000_000), 64));
        assert!(!is_deeper_than("]]]]", 0));
        assert!(!is_deeper_than("[[], [], {}]", 2));
    }

    #[test]
    fn anything_but_an_object_is_refused() {
        for json in ["", "[]", "1", "null", "{", "{\"a\":1}x", "{\"\\ud800\":1}"] {
            assert_eq!(
                Record::parse(json, 64).unwrap_err().code,
                Code::BadJson,
                "{json}"
            );
        }
        let deep = "{\"a\":".repeat(65);
        assert_eq!(Record::parse(&deep, 64).unwrap_err().code, Code::TooDeep);
    }

    #[test]
    fn an_id_is_a_string_or_a_number() {
        let id = |json| id_of(serde_json::from_str(json).unwrap());
        assert_eq!(id("\"u1\"").as_deref(), Some("u1"));
        assert_eq!(id("42").as_deref(), Some("42"));
        for json in ["null", "\"\"", "true", "{}", "[\"u1\"]", r#""\ud800""#] {
            assert_eq!(id(json), None, "{json}");
        }
    }
}
