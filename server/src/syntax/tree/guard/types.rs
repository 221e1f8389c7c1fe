//! Whether types hold an expression.

use super::reader::{Reader, is_name};

/// Words behind which a type may begin, and those that may stand beside another word in a type.
pub(super) const TYPE_WORDS: [&[u8]; 32] = [
    b"abstract",
    b"accessor",
    b"as",
    b"asserts",
    b"async",
    b"await",
    b"const",
    b"declare",
    b"default",
    b"export",
    b"extends",
    b"function",
    b"get",
    b"implements",
    b"import",
    b"in",
    b"infer",
    b"is",
    b"keyof",
    b"new",
    b"out",
    b"override",
    b"private",
    b"protected",
    b"public",
    b"readonly",
    b"satisfies",
    b"set",
    b"static",
    b"this",
    b"typeof",
    b"unique",
];

/// What was read last.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Last {
    /// A name that means nothing to types.
    Name,
    /// One of [`TYPE_WORDS`].
    Word,
    /// A string, a number, or a bracket that closes.
    Value,
    /// What may stand before a member or an element: a bracket that opens, a comma, a semicolon.
    Separator,
    /// Anything else.
    Operator,
}

impl Reader<'_> {
    /// Whether types follow, behind a `<`, that hold an expression: a default, a computed name, a
    /// decorator, or what an import is given.
    pub(super) fn types_hold_expression(&mut self) -> bool {
        self.skip(1);
        if self.peek(0) == Some(b'=') {
            return false;
        }
        let mut types = Types {
            open: Vec::new(),
            angles: 1,
            last: Last::Operator,
        };
        loop {
            self.skip_space();
            let Some(byte) = self.peek(0) else {
                return false;
            };
            if self.at > self.end {
                return true;
            }
            let answer = if is_name(byte) {
                self.type_word(&mut types)
            } else {
                self.type_token(&mut types, byte)
            };
            if let Some(answer) = answer {
                return answer;
            }
        }
    }
}

/// Where in types a reader is.
struct Types {
    open: Vec<u8>,
    angles: u32,
    last: Last,
}

impl Types {
    fn is_in_braces(&self) -> bool {
        self.open.last() == Some(&b'{')
    }

    /// Whether nothing may follow that begins something: what was read last is complete, and where
    /// it stands there must be a comma first. Members in braces need none, nor a new line.
    fn is_complete(&self) -> bool {
        matches!(self.last, Last::Name | Last::Value) && !self.is_in_braces()
    }
}

impl Reader<'_> {
    /// Reads a word or a number. Answers, as [`Self::type_token`] does, once it is decided.
    fn type_word(&mut self, types: &mut Types) -> Option<bool> {
        let word = self.word();
        let is_known = TYPE_WORDS.contains(&word) || !word.is_ascii();
        if types.is_complete() && !is_known {
            return Some(false);
        }
        if word == b"import" {
            return Some(true);
        }
        types.last = if is_known { Last::Word } else { Last::Name };
        None
    }

    /// Reads anything else. Answers whether there is an expression once that is decided: there is
    /// none where types end, or where none can go on.
    fn type_token(&mut self, types: &mut Types, byte: u8) -> Option<bool> {
        let next = self.peek(1);
        let mut last = Last::Operator;
        match byte {
            b'"' | b'\'' => {
                if types.is_complete() || !self.skip_string(byte) {
                    return Some(false);
                }
                types.last = Last::Value;
                return None;
            }
            b'`' => {
                self.skip(1);
                return self.type_template(types);
            }
            b'(' if types.is_complete() => return Some(false),
            // No member begins with a brace.
            b'{' if matches!(types.last, Last::Name | Last::Value) => return Some(false),
            b'[' if types.is_in_braces() && !self.is_plain_bracket(types.last) => {
                return Some(true);
            }
            b'(' | b'{' | b'[' => types.open.push(byte),
            b')' | b']' | b'}' => {
                let opening = types.open.pop();
                if byte == b'}' && opening == Some(b'`') {
                    self.skip(1);
                    return self.type_template(types);
                }
                if opening.is_none() {
                    return Some(false);
                }
                last = Last::Value;
            }
            b'<' => types.angles = types.angles.saturating_add(1),
            b'>' => {
                types.angles = types.angles.saturating_sub(1);
                if types.angles == 0 {
                    return Some(false);
                }
            }
            b'=' if next == Some(b'>') => self.skip(1),
            b'=' if next == Some(b'=') => return Some(false),
            b'=' if types.open.is_empty() => {}
            b'=' => return Some(true),
            b'@' => return Some(!types.open.is_empty()),
            b';' if !types.is_in_braces() => return Some(false),
            b',' | b';' => {}
            b'&' | b'|' if next == Some(byte) => return Some(false),
            b'?' if next == Some(b'.') => return Some(false),
            b'!' if next == Some(b'=') => return Some(false),
            b'&' | b'|' | b'?' | b':' | b'!' | b'.' | b'*' | b'+' | b'-' => {}
            _ => return Some(false),
        }
        types.last = if byte == b'{' { Last::Separator } else { last };
        self.skip(1);
        None
    }

    fn type_template(&mut self, types: &mut Types) -> Option<bool> {
        if self.skip_template() {
            types.open.push(b'`');
            types.last = Last::Operator;
        } else {
            types.last = Last::Value;
        }
        None
    }

    /// Whether what stands in the bracket here is a single name or string, or begins as
    /// `[name: type]` or `[name in type]` do.
    fn is_plain_bracket(&self, last: Last) -> bool {
        let mut inside = Reader::at(self.bytes, self.at.saturating_add(1));
        inside.skip_space();
        match inside.peek(0) {
            Some(quote @ (b'"' | b'\'')) => {
                inside.skip_string(quote);
            }
            _ => {
                while !inside.word().is_empty() {
                    if inside.peek(0) == Some(b'.') {
                        inside.skip(1);
                    }
                }
            }
        }
        inside.skip_space();
        let rest = inside.rest();
        rest.starts_with(b"]")
            || rest.starts_with(b":")
            || (last == Last::Separator && rest.starts_with(b"in "))
    }
}
