//! The stack of open brackets, as tokens are taken.

use super::frame::{Bracket, Frame, Slot, Word};
use super::lexer::{Lexer, Punctuation, Token, TokenKind};
use crate::span::Span;

/// Keywords after which a parenthesis is no call, and a bracket no subscript.
const KEYWORDS: [&str; 20] = [
    "if", "for", "while", "switch", "catch", "return", "await", "typeof", "case", "in", "of",
    "void", "default", "else", "do", "throw", "new", "yield", "export", "async",
];

/// Keywords that begin a statement, whether or not a semicolon ends the one before.
const STATEMENTS: [&str; 9] = [
    "const", "let", "var", "export", "import", "function", "class", "return", "if",
];

/// How many words of a statement are remembered: `private static override readonly name`.
const MAX_WORDS: usize = 5;

/// Words that may stand before a name which is given a value: variables and fields.
const DECLARING: [&str; 11] = [
    "export",
    "const",
    "let",
    "var",
    "private",
    "public",
    "protected",
    "readonly",
    "static",
    "override",
    "declare",
];

/// The stack of open brackets.
pub(super) struct Frames<'t> {
    pub(super) text: &'t str,
    pub(super) all: Vec<Frame>,
    pub(super) open: Vec<(usize, Slot)>,
    /// The tokens before, the last one last.
    pub(super) previous: [Option<Token>; 2],
    /// The path that ends with the last token.
    pub(super) path: Vec<Word>,
    /// The name or the field that was just given a value.
    assigned: Option<Word>,
    double: usize,
    single: usize,
    template_end: Option<Span>,
}

impl<'t> Frames<'t> {
    pub(super) fn new(text: &'t str) -> Self {
        let mut frames = Self {
            text,
            all: Vec::new(),
            open: Vec::new(),
            previous: [None; 2],
            path: Vec::new(),
            assigned: None,
            double: 0,
            single: 0,
            template_end: None,
        };
        frames.enter(Bracket::File, 0);
        frames
    }

    /// The brackets of the whole file.
    pub(super) fn finish(mut self) -> Vec<Frame> {
        while self.open.len() > 1 {
            self.leave();
        }
        self.end_slot();
        self.all
    }

    /// The quotes that are used most.
    pub(super) fn quote(&self) -> char {
        if self.single > self.double { '\'' } else { '"' }
    }

    /// Whether no bracket is open.
    pub(super) fn is_outside(&self) -> bool {
        self.open.len() <= 1
    }

    /// Whether the text of a template that was passed last holds the offset.
    pub(super) fn in_template(&self, offset: u32) -> bool {
        self.template_end
            .is_some_and(|span| span.start < offset && offset <= span.end)
    }

    pub(super) fn last(&self) -> Option<TokenKind> {
        self.previous[1].map(|token| token.kind)
    }

    /// Whether the last token asks for a value after it.
    pub(super) fn expects_value(&self) -> bool {
        match self.last() {
            None => true,
            Some(TokenKind::Punctuation(mark)) => {
                !matches!(mark, Punctuation::Char(')' | ']' | '}' | '!'))
            }
            Some(TokenKind::Word) => {
                self.previous[1].is_some_and(|t| KEYWORDS.contains(&t.span.text(self.text)))
            }
            Some(_) => false,
        }
    }

    /// Takes a token.
    pub(super) fn push(&mut self, token: Token, lexer: &mut Lexer<'_>) {
        self.template_end = None;
        match token.kind {
            TokenKind::Comment => return,
            TokenKind::Word => {
                self.recover(token, lexer);
                self.word(token);
            }
            TokenKind::String { content, quote, .. } => {
                match quote {
                    '"' => self.double += 1,
                    '\'' => self.single += 1,
                    _ => {}
                }
                self.string(token, content, lexer);
            }
            TokenKind::TemplateHead => {
                self.template_end = Some(token.span);
                self.count();
                self.path.clear();
                self.enter(Bracket::Template, token.span.start);
            }
            TokenKind::Other => {
                self.count();
                self.path.clear();
            }
            TokenKind::Punctuation(mark) => {
                if self.punctuation(token, mark, lexer) {
                    return;
                }
            }
        }
        self.previous = [self.previous[1], Some(token)];
    }

    pub(super) fn word(&mut self, token: Token) {
        let word = self.text_of(token.span);
        let last = self.last();
        let exported = self.previous[1].is_some_and(|t| t.span.text(self.text) == "export");
        if self.in_statements()
            && STATEMENTS.contains(&word.text.as_str())
            && !exported
            && !self.expects_value()
        {
            self.end_statement();
        }
        if last != Some(TokenKind::Punctuation(Punctuation::Dot)) {
            self.path.clear();
            // `const name =` and `await` may stand before a call.
            let keeps = matches!(last, Some(TokenKind::Punctuation(Punctuation::Char('='))))
                || word.text == "await"
                || self.previous[1].is_some_and(|t| t.span.text(self.text) == "await");
            if !keeps {
                self.assigned = None;
            }
            self.note_first(&word, true);
        }
        self.path.push(word);
        self.count();
    }

    pub(super) fn string(&mut self, token: Token, content: Span, lexer: &Lexer<'_>) {
        self.recover_string(token, lexer);
        self.path.clear();
        let word = self.text_of(content);
        self.note_first(&word, false);
        self.count();
    }

    /// Remembers what begins a slot: it may be a key, or an item by itself.
    pub(super) fn note_first(&mut self, word: &Word, is_name: bool) {
        let Some((index, slot)) = self.open.last_mut() else {
            return;
        };
        let Some(frame) = self.all.get_mut(*index) else {
            return;
        };
        match frame.bracket {
            Bracket::Object if slot.key.is_none() && slot.tokens == 0 => {
                slot.candidate = Some(word.clone());
            }
            Bracket::Array | Bracket::Arguments | Bracket::Subscript
                if slot.tokens == 0 || !is_name =>
            {
                let items = if is_name {
                    &mut frame.names
                } else {
                    &mut frame.strings
                };
                items.push((slot.index, word.clone()));
            }
            _ => {}
        }
        if slot.words.len() < MAX_WORDS && is_name {
            slot.words.push(word.clone());
        }
    }

    /// Takes a mark; answers whether the token before stays the last one.
    pub(super) fn punctuation(
        &mut self,
        token: Token,
        mark: Punctuation,
        lexer: &mut Lexer<'_>,
    ) -> bool {
        let at = token.span.start;
        match mark {
            Punctuation::Char('(') => {
                let bracket = if self.after_value() {
                    Bracket::Arguments
                } else {
                    Bracket::Group
                };
                self.open_bracket(bracket, at);
            }
            Punctuation::Char('[') => {
                let bracket = if self.after_value() {
                    Bracket::Subscript
                } else {
                    Bracket::Array
                };
                self.open_bracket(bracket, at);
            }
            Punctuation::Char('{') => {
                let bracket = self.brace();
                self.open_bracket(bracket, at);
            }
            Punctuation::Char(')') => self.close(&[Bracket::Arguments, Bracket::Group]),
            Punctuation::Char(']') => self.close(&[Bracket::Array, Bracket::Subscript]),
            Punctuation::Char('}') => {
                let template = self
                    .open
                    .last()
                    .is_some_and(|(index, _)| self.bracket(*index) == Some(Bracket::Template));
                self.close(&[Bracket::Object, Bracket::Block, Bracket::Template]);
                if template {
                    let rest = lexer.resume_template();
                    self.template_end = Some(rest.span);
                    if rest.kind == TokenKind::TemplateHead {
                        self.enter(Bracket::Template, rest.span.start);
                    }
                    self.path.clear();
                    self.previous = [
                        self.previous[1],
                        Some(Token {
                            kind: TokenKind::Other,
                            ..rest
                        }),
                    ];
                    return true;
                }
            }
            Punctuation::Char(',' | ';') => {
                self.path.clear();
                self.assigned = None;
                self.end_slot();
            }
            Punctuation::Char(':') => self.colon(),
            Punctuation::Char('?') => {
                self.path.clear();
                if lexer.peek().map(|t| t.kind)
                    != Some(TokenKind::Punctuation(Punctuation::Char(':')))
                    && let Some((_, slot)) = self.open.last_mut()
                {
                    slot.ternaries += 1;
                }
                self.count();
            }
            Punctuation::Char('=') => {
                self.assigned = self.declared_name();
                self.path.clear();
                self.count();
            }
            Punctuation::Dot => self.count(),
            Punctuation::Char('!') if self.after_value() => return true,
            Punctuation::Arrow
            | Punctuation::Spread
            | Punctuation::Operator
            | Punctuation::Char(_) => {
                self.path.clear();
                self.count();
            }
        }
        false
    }

    /// The name of `const name =`, of the field `private name =` or of `this.name =`.
    pub(super) fn declared_name(&self) -> Option<Word> {
        let (_, slot) = self.open.last()?;
        let is_declaring = |word: &Word| DECLARING.contains(&word.text.as_str());
        match self.path.as_slice() {
            [this, name] if this.text == "this" => return Some(name.clone()),
            [_] => {}
            // Behind a type: `const name: Of<this> =`, `const name: These[] =`, `name: Of<this> =`.
            [] if slot.words.first().is_some_and(is_declaring) => {}
            [] if self.previous[1].is_some_and(|last| last.span.text(self.text) == ">") => {}
            _ => return None,
        }
        let name = slot.words.iter().find(|word| !is_declaring(word))?;
        let is_name = self.in_statements() && !STATEMENTS.contains(&name.text.as_str());
        is_name.then(|| name.clone())
    }

    /// Whether the last token ends a value, so that a bracket after it calls or subscripts.
    pub(super) fn after_value(&self) -> bool {
        match self.last() {
            Some(TokenKind::Word) => !self.expects_value(),
            Some(TokenKind::Punctuation(Punctuation::Char(')' | ']'))) => !self.path.is_empty(),
            _ => false,
        }
    }

    pub(super) fn brace(&self) -> Bracket {
        match self.last() {
            Some(TokenKind::Punctuation(mark)) => match mark {
                Punctuation::Arrow => Bracket::Block,
                Punctuation::Char(':') if self.in_statements() => Bracket::Block,
                Punctuation::Char(')' | ']' | '}' | '{' | ';') => Bracket::Block,
                _ => Bracket::Object,
            },
            Some(TokenKind::Word) => {
                let word = self.previous[1].map_or("", |t| t.span.text(self.text));
                if matches!(word, "return" | "default" | "await" | "yield") {
                    Bracket::Object
                } else {
                    Bracket::Block
                }
            }
            _ => Bracket::Block,
        }
    }

    pub(super) fn in_statements(&self) -> bool {
        self.open.last().is_some_and(|(index, _)| {
            matches!(self.bracket(*index), Some(Bracket::File | Bracket::Block))
        })
    }

    pub(super) fn colon(&mut self) {
        self.path.clear();
        let Some((index, slot)) = self.open.last_mut() else {
            return;
        };
        if slot.ternaries > 0 {
            slot.ternaries -= 1;
            slot.tokens += 1;
            return;
        }
        if let Some(frame) = self.all.get_mut(*index)
            && frame.bracket == Bracket::Object
            && slot.key.is_none()
            && let Some(word) = slot.candidate.take()
        {
            frame.keys.push(word.clone());
            slot.key = Some(word);
            slot.tokens = 0;
        }
    }

    pub(super) fn open_bracket(&mut self, bracket: Bracket, at: u32) {
        self.count();
        self.enter(bracket, at);
        if !matches!(bracket, Bracket::Arguments) {
            self.assigned = None;
        }
    }

    pub(super) fn enter(&mut self, bracket: Bracket, open: u32) {
        let parent = self.open.last().map(|(index, _)| *index);
        let (mut key, mut index) = self
            .open
            .last()
            .map_or((None, 0), |(_, slot)| (slot.key.clone(), slot.index));
        // A value in parentheses stands where they stand.
        let group = parent
            .and_then(|parent| self.all.get(parent))
            .filter(|frame| frame.bracket == Bracket::Group);
        if let Some(group) = group {
            key.clone_from(&group.key);
            index = group.index;
        }
        let called = matches!(bracket, Bracket::Arguments | Bracket::Subscript);
        self.all.push(Frame {
            bracket,
            open,
            parent,
            key,
            index,
            callee: if called {
                std::mem::take(&mut self.path)
            } else {
                Vec::new()
            },
            assigned: if bracket == Bracket::Arguments {
                self.assigned.take()
            } else {
                None
            },
            keys: Vec::new(),
            strings: Vec::new(),
            names: Vec::new(),
        });
        self.path.clear();
        self.open
            .push((self.all.len().saturating_sub(1), Slot::default()));
    }

    pub(super) fn leave(&mut self) {
        self.end_slot();
        if self.open.len() > 1 {
            self.open.pop();
        }
        self.path.clear();
    }

    pub(super) fn end_slot(&mut self) {
        let Some((index, slot)) = self.open.last_mut() else {
            return;
        };
        if let Some(frame) = self.all.get_mut(*index)
            && frame.bracket == Bracket::Object
            && slot.key.is_none()
            && let Some(word) = slot.candidate.take()
        {
            frame.keys.push(word);
        }
        *slot = Slot {
            index: slot.index + 1,
            ..Slot::default()
        };
    }

    /// Ends a statement that has begun.
    pub(super) fn end_statement(&mut self) {
        if self.open.last().is_some_and(|(_, slot)| slot.tokens > 0) {
            self.end_slot();
        }
    }

    pub(super) fn count(&mut self) {
        if let Some((_, slot)) = self.open.last_mut() {
            slot.tokens += 1;
        }
    }

    pub(super) fn bracket(&self, index: usize) -> Option<Bracket> {
        self.all.get(index).map(|frame| frame.bracket)
    }

    pub(super) fn text_of(&self, span: Span) -> Word {
        Word {
            text: span.text(self.text).to_owned(),
            span,
        }
    }
}
