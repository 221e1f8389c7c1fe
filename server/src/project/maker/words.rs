//! What makes a column, judged by the words of its text alone: where neither that nor anything that
//! it names says `scope`, it is no `q.scope(...)`, however it is made.

use super::Maker;
use crate::facts::QUICKBACK_MODULES;
use crate::project::{Evaluator, Symbol, Target};
use crate::span::{FileId, Place, Span};
use crate::syntax::value::{Value, ValueKind};
use crate::syntax::{Imported, is_identifier, is_keyword};

/// How many expressions are read for one column; helpers are few.
const MAX_PLACES: usize = 32;

/// The most bytes that are read of an expression; a helper is short.
const MAX_BYTES: usize = 4_096;

/// What JavaScript has everywhere and makes no columns.
const GLOBALS: [&str; 13] = [
    "Array",
    "Boolean",
    "Date",
    "JSON",
    "Math",
    "Number",
    "Object",
    "String",
    "Symbol",
    "console",
    "crypto",
    "process",
    "undefined",
];

/// The types behind which brackets may stand.
const TYPES: [&str; 5] = ["any", "boolean", "number", "string", "unknown"];

/// What makes the column that is written at a place: [`Maker::Unknown`] where its text, or that of
/// what it names, says `scope` or names something that cannot be read.
pub fn by_words(evaluator: &Evaluator<'_>, column: Place) -> Maker {
    let mut words = Words {
        evaluator,
        places: vec![column],
        names_q: false,
    };
    let mut read = 0;
    while let Some(place) = words.places.get(read).copied() {
        read += 1;
        if read > MAX_PLACES || words.read(place).is_none() {
            return Maker::Unknown;
        }
    }
    if words.names_q {
        Maker::Quickback
    } else {
        Maker::Other
    }
}

struct Words<'a> {
    evaluator: &'a Evaluator<'a>,
    /// What has been read, and behind it what is still to be read.
    places: Vec<Place>,
    /// Whether Quickback's `q` is named somewhere.
    names_q: bool,
}

impl Words<'_> {
    /// Reads the words of one expression; `None` where they do not rule a scope out.
    fn read(&mut self, place: Place) -> Option<()> {
        let facts = self.evaluator.facts(place.file)?;
        let text = place.span.text(&facts.text);
        if text.len() > MAX_BYTES || text.contains("scope") {
            return None;
        }
        let mut words = words(text, place.span.start).peekable();
        while let Some(word) = words.next() {
            let next = words.peek().map(|next| next.text);
            // A member is its object's, but for one of a module.
            if !word.is_member {
                self.word(place, &word, next)?;
            }
        }
        Some(())
    }

    /// Notes what a word names, if it is a name: it may be a key or a keyword just as well.
    fn word(&mut self, place: Place, word: &Word<'_>, next: Option<&str>) -> Option<()> {
        let (name, span) = (word.text, word.span);
        let facts = self.evaluator.facts(place.file)?;
        let binding = facts.scopes.lookup(name, span.start);
        // What is declared within is made of what is read here.
        if binding.is_some_and(|binding| place.span.contains(binding.name_span)) {
            return Some(());
        }
        if let Some(symbol) = self.evaluator.named(place.file, name, span) {
            return self.symbol(symbol, next);
        }
        if binding.is_some() {
            return None;
        }
        let mut imports = facts.module.imports.iter();
        let Some(import) = imports.find(|import| import.local == name) else {
            self.names_q |= name == "q";
            let is_harmless = !word.is_used
                || name == "q"
                || is_keyword(name)
                || GLOBALS.contains(&name)
                || TYPES.contains(&name);
            return is_harmless.then_some(());
        };
        if matches!(&import.imported, Imported::Name(name, _) if name == "q") {
            self.names_q = true;
            return Some(());
        }
        if QUICKBACK_MODULES.contains(&import.module.as_str()) {
            self.names_q = true;
            let is_q = import.imported == Imported::Namespace && next == Some("q");
            return is_q.then_some(());
        }
        let module = import.module.as_str();
        (module == "drizzle-orm" || module.starts_with("drizzle-orm/")).then_some(())
    }

    /// Notes what a symbol stands for, to be read.
    fn symbol(&mut self, symbol: Symbol, member: Option<&str>) -> Option<()> {
        if symbol.changed.is_some() {
            return None;
        }
        match symbol.target {
            Target::Value(value) => self.note(symbol.file, value?.as_ref()),
            Target::Namespace => {
                let export = self.evaluator.export(symbol.file, member?)?;
                match export.target {
                    Target::Value(value) if export.changed.is_none() => {
                        self.note(export.file, value?.as_ref());
                    }
                    _ => return None,
                }
            }
        }
        Some(())
    }

    fn note(&mut self, file: FileId, value: &Value) {
        let mut value = value;
        loop {
            let place = Place {
                file,
                span: value.span,
            };
            if !self.places.contains(&place) {
                self.places.push(place);
            }
            // Of `const { text } = q` the member is written apart from its object.
            let ValueKind::Member(member) = &value.kind else {
                return;
            };
            value = &member.object;
        }
    }
}

/// A word that may be a name.
struct Word<'t> {
    text: &'t str,
    /// Where it stands in the file.
    span: Span,
    /// Whether it stands behind a point.
    is_member: bool,
    /// Whether it is called, a member of it is taken, or it is an argument or what is answered.
    is_used: bool,
}

/// The words of a text that begins at `start` in its file.
fn words(text: &str, start: u32) -> impl Iterator<Item = Word<'_>> {
    let is_part = |c: char| c.is_alphanumeric() || c == '_' || c == '$';
    let is_begun = |before: &str| {
        let before = before.trim_end();
        before.is_empty() || before.ends_with(['(', ',']) || before.ends_with("=>")
    };
    let mut offset = 0_usize;
    text.split_inclusive(move |c| !is_part(c))
        .filter_map(move |piece| {
            let before = text.get(..offset)?;
            let from = start.checked_add(u32::try_from(offset).ok()?)?;
            offset = offset.checked_add(piece.len())?;
            let word = piece.trim_end_matches(|c| !is_part(c));
            let behind = text.get(before.len()..)?.get(word.len()..)?.trim_start();
            Some(Word {
                text: word,
                span: Span {
                    start: from,
                    end: from.checked_add(u32::try_from(word.len()).ok()?)?,
                },
                is_used: behind.starts_with(['(', '.', '[', '<', '`'])
                    || behind.starts_with("?.")
                    || (is_begun(before) && (behind.is_empty() || behind.starts_with([')', ',']))),
                is_member: before.ends_with('.') && !before.ends_with(".."),
            })
        })
        .filter(|word| is_identifier(word.text))
}
