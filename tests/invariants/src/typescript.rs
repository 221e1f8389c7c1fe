//! TypeScript out of bytes: statements of every kind, with comments and line breaks anywhere.

mod declarations;
mod expressions;

use arbitrary::{Result, Unstructured};

/// How deep expressions, statements, patterns and types are put into each other.
const MAX_DEPTH: usize = 5;

const NAMES: [&str; 12] = [
    "a",
    "b",
    "c",
    "db",
    "insert",
    "tx",
    "of",
    "get",
    "async",
    "type",
    "undefined",
    "é",
];

/// The text of a file, with JSX if that is asked for. It may have mistakes: what may stand where is
/// not always looked at.
pub fn file(bytes: &[u8], is_jsx: bool) -> String {
    let mut maker = Maker {
        u: &mut Unstructured::new(bytes),
        text: String::new(),
        depth: 0,
        is_jsx,
    };
    // Once the bytes are used up, there are no more choices to make, and all ends in its shortest way.
    for _ in 0..maker.u.int_in_range(1..=5).unwrap_or(1) {
        if maker.item().is_err() {
            break;
        }
    }
    maker.text
}

struct Maker<'m, 'b> {
    u: &'m mut Unstructured<'b>,
    text: String,
    depth: usize,
    is_jsx: bool,
}

impl Maker<'_, '_> {
    /// Something that stands at the top of a file.
    fn item(&mut self) -> Result<()> {
        match self.u.int_in_range(0..=11)? {
            0 => self.all(&[
                "import", "a", ",", "{", "b", "as", "c", ",", "type", "d", "}", "from", "'e'", ";",
            ]),
            1 => self.all(&["import", "*", "as", "a", "from", "'b'", ";"]),
            2 => self.all(&["export", "*", "as", "a", "from", "'b'", ";"]),
            3 => self.all(&["export", "{", "a", "as", "default", ",", "b", "}", ";"]),
            4 => {
                self.all(&["export", "default"])?;
                self.expression()?;
                self.end()
            }
            5 | 6 => {
                self.token("export")?;
                self.declaration()
            }
            7 => {
                self.all(&["export", "default"])?;
                self.function(true)
            }
            _ => self.statement(),
        }
    }

    fn statement(&mut self) -> Result<()> {
        if self.depth > MAX_DEPTH {
            return self.all(&["a", ";"]);
        }
        self.depth += 1;
        match self.u.int_in_range(0..=17)? {
            0..=3 => {
                self.expression()?;
                self.end()?;
            }
            4..=7 => self.declaration()?,
            8 => self.block()?,
            9 => {
                self.condition("if")?;
                self.statement()?;
                if self.u.arbitrary()? {
                    self.token("else")?;
                    self.statement()?;
                }
            }
            10 => {
                self.all(&["for", "(", "const"])?;
                self.pattern()?;
                self.token("of")?;
                self.expression()?;
                self.token(")")?;
                self.statement()?;
            }
            11 => {
                self.all(&["for", "(", "let", "a", "=", "0", ";"])?;
                self.maybe(Self::expression)?;
                self.token(";")?;
                self.maybe(Self::expression)?;
                self.token(")")?;
                self.statement()?;
            }
            12 => {
                self.condition("while")?;
                self.statement()?;
            }
            13 => {
                self.token("do")?;
                self.block()?;
                self.condition("while")?;
                self.end()?;
            }
            14 => {
                self.token("try")?;
                self.block()?;
                self.all(&["catch", "("])?;
                self.pattern()?;
                self.token(")")?;
                self.block()?;
                self.token("finally")?;
                self.block()?;
            }
            15 => {
                self.condition("switch")?;
                self.all(&["{", "case"])?;
                self.expression()?;
                self.token(":")?;
                self.statement()?;
                self.all(&["break", ";", "default", ":"])?;
                self.statement()?;
                self.token("}")?;
            }
            16 => {
                self.all(&["label", ":"])?;
                self.statement()?;
            }
            _ => self.token(";")?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn condition(&mut self, keyword: &str) -> Result<()> {
        self.all(&[keyword, "("])?;
        self.expression()?;
        self.token(")")
    }

    /// `{ ... }` with statements, or with what ends a function.
    fn block(&mut self) -> Result<()> {
        self.token("{")?;
        for _ in 0..self.u.int_in_range(0..=2)? {
            self.statement()?;
        }
        self.token("}")
    }

    fn body(&mut self) -> Result<()> {
        self.token("{")?;
        for _ in 0..self.u.int_in_range(0..=2)? {
            self.statement()?;
        }
        if self.u.arbitrary()? {
            self.token("return")?;
            self.maybe(Self::expression)?;
            self.end()?;
        }
        self.token("}")
    }

    /// The end of a statement, with a semicolon or without one.
    fn end(&mut self) -> Result<()> {
        if self.u.ratio(1, 3)? {
            let line = *self.u.choose(&[
                "\n",
                " // c\n",
                " /* c */\r\n",
                "\n/* c */ ",
                " // c\n// d\n",
            ])?;
            self.text.push_str(line);
            Ok(())
        } else {
            self.token(";")
        }
    }

    fn maybe(&mut self, make: fn(&mut Self) -> Result<()>) -> Result<()> {
        if self.u.arbitrary()? {
            make(self)
        } else {
            Ok(())
        }
    }

    fn name(&mut self) -> Result<()> {
        let name = *self.u.choose(&NAMES)?;
        self.token(name)
    }

    fn all(&mut self, tokens: &[&str]) -> Result<()> {
        tokens.iter().try_for_each(|token| self.token(token))
    }

    /// A token, with something before it: mostly a space, and a new line only where one is usual.
    fn token(&mut self, token: &str) -> Result<()> {
        let may_break = self
            .text
            .ends_with(['(', '[', '{', '}', ',', ';', '=', '>', ':', '|', '&', '+']);
        let gap = match self.u.int_in_range(0..=31)? {
            0 => " /* c */ ",
            1 if may_break => "\n",
            2 if may_break => " // c\n",
            3 if may_break => "\r\n\t",
            4 if may_break => "\n\n// c\n",
            _ => " ",
        };
        self.text.push_str(gap);
        self.text.push_str(token);
        Ok(())
    }
}
