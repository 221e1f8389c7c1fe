//! Reading the text of the settings by the table of keys.

use jsonc_parser::ast::{Object, ObjectProp, ObjectPropName, Value};
use jsonc_parser::common::{Range, Ranged};
use jsonc_parser::{CollectOptions, ParseOptions};

use super::keys::{KEYS, Key, Kind, SEVERITIES};
use super::{FILE, Settings};
use crate::codes;
use crate::diagnostic::{Diagnostic, Fix, Severity};
use crate::rules::suggest::nearest;
use crate::span::{Place, Span};

/// Where the paths of `output` are written, by the name of the key: between the quotes.
pub(super) type PathSpans = Vec<(&'static str, Span)>;

/// JSON with comments and trailing commas, and nothing else that is not JSON.
const OPTIONS: ParseOptions = ParseOptions {
    allow_comments: true,
    allow_loose_object_property_names: false,
    allow_trailing_commas: true,
    allow_missing_commas: false,
    allow_single_quoted_strings: false,
    allow_hexadecimal_numbers: false,
    allow_unary_plus_numbers: false,
    allow_bare_decimal_point_numbers: false,
    allow_non_finite_numbers: false,
    allow_extended_string_escapes: false,
};

/// Reads settings. What is wrong goes to `found` and is as if it were not there.
pub(super) fn read(text: &str, found: &mut Vec<Diagnostic>) -> (Settings, PathSpans) {
    let body = text.strip_prefix('\u{feff}').unwrap_or(text);
    let mut reader = Reader {
        base: text.len() - body.len(),
        found,
        settings: Settings::default(),
        paths: Vec::new(),
    };
    match jsonc_parser::parse_to_ast(body, &CollectOptions::default(), &OPTIONS) {
        Ok(parsed) => match parsed.value {
            Some(Value::Object(object)) => reader.object(&object, KEYS, "these settings"),
            Some(other) => reader.wrong(
                codes::INVALID_VALUE,
                other.range(),
                "The settings must be one object, { ... }, so nothing of them holds.",
            ),
            None => {}
        },
        Err(error) => {
            let message = format!(
                "This is not valid JSON, so none of the settings hold: {}.",
                lower_first(&error.kind().to_string())
            );
            reader.wrong(codes::SYNTAX_ERROR, error.range(), message);
        }
    }
    (reader.settings, reader.paths)
}

struct Reader<'f> {
    /// The bytes before the text that was parsed: a byte order mark.
    base: usize,
    found: &'f mut Vec<Diagnostic>,
    settings: Settings,
    paths: PathSpans,
}

impl Reader<'_> {
    fn span(&self, range: Range) -> Span {
        Span::new(
            self.base.saturating_add(range.start),
            self.base.saturating_add(range.end),
        )
    }

    /// The range of a string without its quotes; any other range as it is.
    fn inner(&self, value: &Value<'_>) -> Span {
        let span = self.span(value.range());
        match value {
            Value::StringLit(_) => inside(span),
            _ => span,
        }
    }

    fn wrong(&mut self, code: &'static str, range: Range, message: impl Into<String>) {
        let span = self.span(range);
        self.report(code, span, message);
    }

    fn report(&mut self, code: &'static str, span: Span, message: impl Into<String>) {
        self.found
            .push(Diagnostic::new(code, Severity::Error, span, message));
    }

    /// Reports a name that is none of those that would be right.
    fn unknown(
        &mut self,
        span: Span,
        message: &str,
        name: &str,
        known: &[&'static str],
        help: String,
    ) {
        let near = nearest(name, known.iter().copied());
        let message = match near {
            Some(near) => format!("{message} Did you mean \"{near}\"?"),
            None => message.to_owned(),
        };
        let mut finding = Diagnostic::new(codes::UNKNOWN_KEY, Severity::Error, span, message);
        match near {
            Some(near) => {
                let place = Place { file: FILE, span };
                finding =
                    finding.with_fix(Fix::replace(format!("Change to \"{near}\""), place, near));
            }
            None => finding = finding.with_help(help),
        }
        self.found.push(finding);
    }

    fn object(&mut self, object: &Object<'_>, keys: &'static [Key], name: &str) {
        self.duplicates(object);
        for property in &object.properties {
            let (text, span) = self.key(property);
            match keys.iter().find(|key| key.name == text) {
                Some(key) => self.value(key, &property.value),
                None => {
                    let known: Vec<&'static str> = keys.iter().map(|key| key.name).collect();
                    let message =
                        format!("\"{text}\" is not a key of {name}, so it has no effect.");
                    let help = format!("The keys are {}.", known.join(", "));
                    self.unknown(span, &message, &text, &known, help);
                }
            }
        }
    }

    /// The text of a property's key and its range without the quotes.
    fn key(&self, property: &ObjectProp<'_>) -> (String, Span) {
        match &property.name {
            ObjectPropName::String(name) => (name.value.to_string(), inside(self.span(name.range))),
            ObjectPropName::Word(name) => (name.value.to_owned(), self.span(name.range)),
        }
    }

    fn duplicates(&mut self, object: &Object<'_>) {
        let keys: Vec<(String, Span)> = object.properties.iter().map(|p| self.key(p)).collect();
        for (index, (name, span)) in keys.iter().enumerate() {
            let Some((_, first)) = keys.iter().take(index).find(|(other, _)| other == name) else {
                continue;
            };
            let message =
                format!("\"{name}\" is set twice, and only the last one holds. Remove one.");
            let finding = Diagnostic::new(codes::DUPLICATE_KEY, Severity::Error, *span, message)
                .with_related(
                    Place {
                        file: FILE,
                        span: *first,
                    },
                    "it is set here first",
                );
            self.found.push(finding);
        }
    }

    fn value(&mut self, key: &'static Key, value: &Value<'_>) {
        match (key.kind, value) {
            (Kind::Text, Value::StringLit(_)) => {}
            (Kind::Roles, Value::Array(list)) => {
                self.settings.roles = self.roles(&list.elements);
            }
            (Kind::Globs, Value::Array(list)) => {
                self.settings.exclude = self.globs(&list.elements);
            }
            (Kind::Severities, Value::Object(object)) => self.severities(object),
            (Kind::Boolean, Value::BooleanLit(literal)) => {
                self.settings.generate_on_save = Some(literal.value);
            }
            (Kind::Path | Kind::PathOrFalse, Value::StringLit(text)) => {
                let span = inside(self.span(text.range));
                self.path(key.name, Some(text.value.to_string()));
                self.paths.push((key.name, span));
            }
            (Kind::PathOrFalse, Value::BooleanLit(literal)) if !literal.value => {
                self.path(key.name, None);
            }
            (Kind::Object(keys), Value::Object(object)) => {
                self.object(object, keys, &format!("\"{}\"", key.name));
            }
            (kind, value) => {
                let span = self.inner(value);
                let message = format!("\"{}\" must be {}.", key.name, kind.expected());
                self.report(codes::INVALID_VALUE, span, message);
            }
        }
    }

    fn path(&mut self, key: &str, path: Option<String>) {
        let output = &mut self.settings.output;
        match (key, path) {
            ("helper", Some(path)) => output.helper = path,
            ("client", path) => output.client = path,
            ("worker", path) => output.worker = path,
            _ => {}
        }
    }

    /// The strings of a list that are not empty.
    fn texts(&mut self, list: &[Value<'_>], what: &str) -> Vec<(String, Span)> {
        let mut texts = Vec::new();
        for value in list {
            match value {
                Value::StringLit(text) if !text.value.is_empty() => {
                    texts.push((text.value.to_string(), self.inner(value)));
                }
                other => {
                    let span = self.span(other.range());
                    let message = format!("Each entry must be {what} in quotes.");
                    self.report(codes::INVALID_VALUE, span, message);
                }
            }
        }
        texts
    }

    fn roles(&mut self, list: &[Value<'_>]) -> Vec<(String, Span)> {
        let mut roles = Vec::new();
        for (role, span) in self.texts(list, "the name of a role") {
            if let Some(name) = role.strip_suffix('+') {
                let message = format!(
                    "\"{role}\" stands for several roles, but this list names roles that exist. Write \"{name}\"."
                );
                self.report(codes::INVALID_VALUE, span, message);
            } else {
                roles.push((role, span));
            }
        }
        roles
    }

    fn globs(&mut self, list: &[Value<'_>]) -> Vec<String> {
        let mut globs = Vec::new();
        for (glob, span) in self.texts(list, "a glob") {
            let mut builder = ignore::gitignore::GitignoreBuilder::new("");
            builder.allow_unclosed_class(false);
            match builder.add_line(None, &glob) {
                Ok(_) => globs.push(glob),
                Err(error) => {
                    let message = format!(
                        "This is not a glob, so it excludes nothing: {}.",
                        lower_first(&reason(&error))
                    );
                    self.report(codes::INVALID_VALUE, span, message);
                }
            }
        }
        globs
    }

    fn severities(&mut self, object: &Object<'_>) {
        self.duplicates(object);
        let known: Vec<&'static str> = codes::all().iter().map(|code| code.code).collect();
        for property in &object.properties {
            let (code, span) = self.key(property);
            if !known.contains(&code.as_str()) {
                let message = format!("There is no rule \"{code}\", so this has no effect.");
                let help = "`quickback-realtime explain` lists the rules.".to_owned();
                self.unknown(span, &message, &code, &known, help);
                continue;
            }
            let severity = match &property.value {
                Value::StringLit(text) => severity(&text.value),
                _ => None,
            };
            match severity {
                Some(severity) => {
                    self.settings.rules.insert(code, severity);
                }
                None => {
                    let span = self.inner(&property.value);
                    let message = format!(
                        "A rule can be set to {}, so this has no effect.",
                        SEVERITIES.map(|s| format!("\"{s}\"")).join(", ")
                    );
                    self.report(codes::INVALID_VALUE, span, message);
                }
            }
        }
    }
}

/// What a severity's name means: `off` is `Some(None)`.
fn severity(name: &str) -> Option<Option<Severity>> {
    match name {
        "off" => Some(None),
        "hint" => Some(Some(Severity::Hint)),
        "information" => Some(Some(Severity::Information)),
        "warning" => Some(Some(Severity::Warning)),
        "error" => Some(Some(Severity::Error)),
        _ => None,
    }
}

/// A range of a string without its quotes.
fn inside(span: Span) -> Span {
    let start = span.start.saturating_add(1);
    Span {
        start,
        end: span.end.saturating_sub(1).max(start),
    }
}

/// What is wrong with a glob, without what surrounds it.
fn reason(error: &ignore::Error) -> String {
    match error {
        ignore::Error::Glob { err, .. } => err.clone(),
        ignore::Error::WithPath { err, .. } | ignore::Error::WithLineNumber { err, .. } => {
            reason(err)
        }
        other => other.to_string(),
    }
}

/// A message as it stands within a sentence, without its end.
pub fn lower_first(text: &str) -> String {
    let mut chars = text.trim_end_matches('.').chars();
    chars
        .next()
        .map(|first| first.to_lowercase().chain(chars).collect())
        .unwrap_or_default()
}
