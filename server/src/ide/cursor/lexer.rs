//! Tokens of TypeScript, as far as brackets, names and strings need them.
//!
//! No text is wrong: a string that is not closed ends with its line, and what has no meaning is
//! passed over. The tokens up to an offset depend on nothing that follows it, apart from where the
//! one that is cut there ends.

use crate::span::Span;

/// A token.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Token {
    /// All of it.
    pub span: Span,
    /// What it is.
    pub kind: TokenKind,
    /// Whether a line break stands between it and the one before.
    pub on_new_line: bool,
}

/// What a token is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TokenKind {
    /// A name or a keyword.
    Word,
    /// A string, or a template without substitutions.
    String {
        /// The range between the quotes.
        content: Span,
        /// The quote.
        quote: char,
        /// Whether it is closed.
        closed: bool,
    },
    /// The text of a template up to the `${` that ends it.
    TemplateHead,
    /// A comment.
    Comment,
    /// A number or a regular expression.
    Other,
    /// `=>`, `...`, `?.`, `??`, `&&`, `||` by their first character, and any single character.
    Punctuation(Punctuation),
}

/// A mark.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Punctuation {
    /// `=>`
    Arrow,
    /// `...`
    Spread,
    /// `.` and `?.`
    Dot,
    /// `&&`, `||`, `??` and their like: a value follows.
    Operator,
    /// Any other character by itself.
    Char(char),
}

/// The longest regular expression, in characters: the search for the end of one is given up there.
const MAX_REGEX: usize = 2_000;

/// Reads tokens one after another.
pub struct Lexer<'t> {
    text: &'t str,
    at: usize,
    /// Whether a `/` would begin a regular expression here.
    value_expected: bool,
}

impl<'t> Lexer<'t> {
    /// A lexer at the start of `text`.
    pub fn new(text: &'t str) -> Self {
        Self {
            text,
            at: 0,
            value_expected: true,
        }
    }

    /// The next token that is no comment, without taking it.
    pub fn peek(&self) -> Option<Token> {
        let mut ahead = Self { ..*self };
        loop {
            let token = ahead.next()?;
            if token.kind != TokenKind::Comment {
                return Some(token);
            }
        }
    }

    /// Reads on in the text of a template, after the `}` of a substitution.
    pub fn resume_template(&mut self) -> Token {
        let start = self.at;
        let kind = self.template();
        self.token(start, kind, false)
    }

    fn rest(&self) -> &'t str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn token(&mut self, start: usize, kind: TokenKind, on_new_line: bool) -> Token {
        let span = Span::new(start, self.at);
        self.value_expected = match kind {
            TokenKind::Word => matches!(
                span.text(self.text),
                "return" | "typeof" | "case" | "in" | "of" | "await" | "void" | "default"
            ),
            TokenKind::Comment => self.value_expected,
            TokenKind::String { .. } | TokenKind::Other => false,
            TokenKind::TemplateHead => true,
            TokenKind::Punctuation(Punctuation::Char(')' | ']' | '}')) => false,
            TokenKind::Punctuation(_) => true,
        };
        Token {
            span,
            kind,
            on_new_line,
        }
    }

    fn take_while(&mut self, mut wanted: impl FnMut(char) -> bool) {
        let rest = self.rest();
        let length = rest.find(|c| !wanted(c)).unwrap_or(rest.len());
        self.at += length;
    }

    /// A string whose opening quote stands at the current place.
    fn string(&mut self, quote: char) -> TokenKind {
        let start = self.at + quote.len_utf8();
        let mut escaped = false;
        for (at, c) in self.text.get(start..).unwrap_or_default().char_indices() {
            let here = start + at;
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '\n' | '\r' => {
                    self.at = here;
                    return string(start, here, quote, false);
                }
                c if c == quote => {
                    self.at = here + quote.len_utf8();
                    return string(start, here, quote, true);
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        string(start, self.at, quote, false)
    }

    /// The text of a template from the current place on, past its end or its next `${`.
    fn template(&mut self) -> TokenKind {
        let start = self.at;
        let mut escaped = false;
        let mut chars = self.rest().char_indices().peekable();
        while let Some((at, c)) = chars.next() {
            match c {
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '`' => {
                    self.at = start + at + 1;
                    return string(start, start + at, '`', true);
                }
                '$' if chars.peek().is_some_and(|(_, c)| *c == '{') => {
                    self.at = start + at + 2;
                    return TokenKind::TemplateHead;
                }
                _ => {}
            }
        }
        self.at = self.text.len();
        string(start, self.at, '`', false)
    }

    /// The length of a regular expression at the current place, if one ends on this line.
    fn regex(&self) -> Option<usize> {
        let mut escaped = false;
        let mut in_class = false;
        for (at, c) in self.rest().char_indices().take(MAX_REGEX).skip(1) {
            match c {
                '\n' | '\r' => return None,
                _ if escaped => escaped = false,
                '\\' => escaped = true,
                '[' => in_class = true,
                ']' => in_class = false,
                '/' if !in_class => return Some(at + 1),
                _ => {}
            }
        }
        None
    }

    fn slash(&mut self) -> TokenKind {
        let rest = self.rest();
        if rest.starts_with("//") {
            self.take_while(|c| c != '\n' && c != '\r');
            return TokenKind::Comment;
        }
        if let Some(body) = rest.strip_prefix("/*") {
            self.at += body.find("*/").map_or(rest.len(), |end| end + 4);
            return TokenKind::Comment;
        }
        if self.value_expected
            && let Some(length) = self.regex()
        {
            self.at += length;
            self.take_while(is_word);
            return TokenKind::Other;
        }
        self.at += 1;
        TokenKind::Punctuation(Punctuation::Operator)
    }

    fn punctuation(&mut self, first: char) -> TokenKind {
        const LONG: [(&str, Punctuation); 10] = [
            ("...", Punctuation::Spread),
            ("=>", Punctuation::Arrow),
            ("?.", Punctuation::Dot),
            ("??", Punctuation::Operator),
            ("&&", Punctuation::Operator),
            ("||", Punctuation::Operator),
            ("===", Punctuation::Operator),
            ("!==", Punctuation::Operator),
            ("==", Punctuation::Operator),
            ("!=", Punctuation::Operator),
        ];
        let long = LONG.iter().find(|(mark, _)| self.rest().starts_with(mark));
        let (length, mark) = match (long, first) {
            (Some((mark, kind)), _) => (mark.len(), *kind),
            (None, '.') => (1, Punctuation::Dot),
            (None, '+' | '-' | '*' | '%' | '<' | '>' | '&' | '|' | '^' | '~') => {
                (1, Punctuation::Operator)
            }
            (None, c) => (c.len_utf8(), Punctuation::Char(c)),
        };
        self.at += length;
        TokenKind::Punctuation(mark)
    }
}

impl Iterator for Lexer<'_> {
    type Item = Token;

    fn next(&mut self) -> Option<Token> {
        let before = self.at;
        self.take_while(|c| c.is_whitespace() || c == '\u{feff}' || c == '\0');
        let blank = self.text.get(before..self.at).unwrap_or_default();
        let on_new_line = blank.contains(['\n', '\r']);
        let start = self.at;
        let first = self.rest().chars().next()?;
        let kind = match first {
            '"' | '\'' => self.string(first),
            '`' => {
                self.at += 1;
                self.template()
            }
            '/' => self.slash(),
            c if c.is_ascii_digit() => {
                self.take_while(|c| is_word(c) || c == '.');
                TokenKind::Other
            }
            c if is_word(c) => {
                self.take_while(is_word);
                TokenKind::Word
            }
            c => self.punctuation(c),
        };
        Some(self.token(start, kind, on_new_line))
    }
}

fn string(start: usize, end: usize, quote: char, closed: bool) -> TokenKind {
    TokenKind::String {
        content: Span::new(start, end),
        quote,
        closed,
    }
}

/// Whether a character can be part of a name.
pub fn is_word(c: char) -> bool {
    c.is_alphanumeric() || c == '_' || c == '$'
}
