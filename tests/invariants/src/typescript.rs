//! TypeScript out of bytes: statements of every kind, with comments and line breaks anywhere.

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

    fn declaration(&mut self) -> Result<()> {
        match self.u.int_in_range(0..=9)? {
            0..=3 => {
                let keyword = *self.u.choose(&["const", "let", "var"])?;
                self.token(keyword)?;
                self.pattern()?;
                self.maybe(Self::annotation)?;
                self.token("=")?;
                self.expression()?;
                self.end()
            }
            4 | 5 => self.function(true),
            6 => self.class(true),
            7 => {
                self.all(&["type", "T", "="])?;
                self.kind()?;
                self.end()
            }
            8 => self.all(&[
                "enum", "E", "{", "a", "=", "1", ",", "'b'", ",", "c", "=", "'d'", "}",
            ]),
            _ => {
                self.all(&["interface", "I", "{", "a", ":"])?;
                self.kind()?;
                self.all(&[";", "m", "("])?;
                self.parameters()?;
                self.all(&[")", ":"])?;
                self.kind()?;
                self.token("}")
            }
        }
    }

    fn function(&mut self, is_named: bool) -> Result<()> {
        if self.u.ratio(1, 4)? {
            // No line may end here.
            self.token("async")?;
            self.text.push_str(" function");
        } else {
            self.token("function")?;
        }
        if self.u.ratio(1, 4)? {
            self.token("*")?;
        }
        if is_named {
            self.token("f")?;
        }
        self.token("(")?;
        self.parameters()?;
        self.token(")")?;
        self.maybe(Self::annotation)?;
        self.body()
    }

    fn class(&mut self, is_named: bool) -> Result<()> {
        self.token("class")?;
        if is_named {
            self.token("C")?;
        }
        if self.u.ratio(1, 3)? {
            self.token("extends")?;
            self.operand()?;
        }
        self.token("{")?;
        for _ in 0..self.u.int_in_range(0..=3)? {
            let modifier = *self.u.choose(&["", "", "static", "public", "readonly"])?;
            if !modifier.is_empty() {
                self.text.push(' ');
                self.text.push_str(modifier);
                self.text.push(' ');
            }
            match self.u.int_in_range(0..=3)? {
                0 => {
                    self.key()?;
                    self.maybe(Self::annotation)?;
                    self.token("=")?;
                    self.expression()?;
                    self.end()?;
                }
                1 => {
                    self.all(&["#p", "="])?;
                    self.expression()?;
                    self.token(";")?;
                }
                2 => {
                    self.token("get")?;
                    self.key()?;
                    self.all(&["(", ")"])?;
                    self.body()?;
                }
                _ => self.method()?,
            }
        }
        self.token("}")
    }

    fn method(&mut self) -> Result<()> {
        self.key()?;
        self.token("(")?;
        self.parameters()?;
        self.token(")")?;
        self.body()
    }

    fn key(&mut self) -> Result<()> {
        match self.u.int_in_range(0..=6)? {
            0 => self.token("'k'"),
            1 => self.token("1"),
            2 => {
                self.token("[")?;
                self.expression()?;
                self.token("]")
            }
            _ => self.name(),
        }
    }

    fn parameters(&mut self) -> Result<()> {
        for _ in 0..self.u.int_in_range(0..=2)? {
            self.pattern()?;
            if self.u.ratio(1, 3)? {
                self.token("?")?;
            }
            self.maybe(Self::annotation)?;
            self.token(",")?;
        }
        if self.u.ratio(1, 4)? {
            self.token("...")?;
            self.pattern()?;
        }
        Ok(())
    }

    fn annotation(&mut self) -> Result<()> {
        self.token(":")?;
        self.kind()
    }

    /// A type.
    fn kind(&mut self) -> Result<()> {
        if self.depth > MAX_DEPTH {
            return self.token("string");
        }
        self.depth += 1;
        match self.u.int_in_range(0..=11)? {
            0..=2 => self.token("T")?,
            3 => self.token("string")?,
            4 => {
                self.kind()?;
                self.token("|")?;
                self.kind()?;
            }
            5 => {
                self.all(&["(", "("])?;
                self.parameters()?;
                self.all(&[")", "=>"])?;
                self.kind()?;
                self.token(")")?;
            }
            6 => {
                self.all(&["{", "a", "?", ":"])?;
                self.kind()?;
                self.all(&[";", "[", "k", ":", "string", "]", ":"])?;
                self.kind()?;
                self.token("}")?;
            }
            7 => {
                self.all(&["Map", "<", "string", ","])?;
                self.kind()?;
                self.token(">")?;
            }
            8 => {
                self.all(&["[", "a", ":"])?;
                self.kind()?;
                self.all(&[",", "...", "b", ":", "T", "[", "]", "]"])?;
            }
            9 => self.all(&["typeof", "a", ".", "b"])?,
            10 => self.all(&["'s'", "|", "-1", "|", "`t${T}`"])?,
            _ => {
                self.all(&["(", "T", "extends"])?;
                self.kind()?;
                self.all(&["?", "U", ":"])?;
                self.kind()?;
                self.token(")")?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn pattern(&mut self) -> Result<()> {
        if self.depth > MAX_DEPTH {
            return self.token("p");
        }
        self.depth += 1;
        match self.u.int_in_range(0..=5)? {
            0 => {
                self.all(&["{", "a", ",", "b", ":"])?;
                self.pattern()?;
                self.all(&[",", "c", "="])?;
                self.expression()?;
                self.all(&[",", "...", "d", "}"])?;
            }
            1 => {
                self.token("[")?;
                self.pattern()?;
                self.token("=")?;
                self.expression()?;
                self.all(&[",", ",", "...", "e", "]"])?;
            }
            _ => self.name()?,
        }
        self.depth -= 1;
        Ok(())
    }

    fn expression(&mut self) -> Result<()> {
        if self.depth > MAX_DEPTH {
            return self.token("x");
        }
        self.depth += 1;
        match self.u.int_in_range(0..=12)? {
            0 => {
                self.operand()?;
                self.token("?")?;
                self.expression()?;
                self.token(":")?;
                self.expression()?;
            }
            1 | 2 => {
                self.operand()?;
                let operator = *self.u.choose(&[
                    "+",
                    "-",
                    "*",
                    "/",
                    "<",
                    ">",
                    "===",
                    "&&",
                    "||",
                    "??",
                    "in",
                    "instanceof",
                    "|",
                    ">>",
                ])?;
                self.token(operator)?;
                self.operand()?;
            }
            3 => {
                let operator = *self
                    .u
                    .choose(&["!", "-", "void", "typeof", "await", "~", "delete"])?;
                self.token(operator)?;
                self.operand()?;
            }
            4 => {
                self.name()?;
                let operator = *self.u.choose(&["=", "+=", "??="])?;
                self.token(operator)?;
                self.expression()?;
            }
            5 => {
                self.operand()?;
                let operator = *self.u.choose(&["as", "satisfies"])?;
                self.token(operator)?;
                self.kind()?;
            }
            6 => {
                if self.u.ratio(1, 4)? {
                    self.text.push_str(" async ");
                }
                self.token("(")?;
                self.parameters()?;
                self.token(")")?;
                self.text.push_str(" => ");
                if self.u.arbitrary()? {
                    self.body()?;
                } else {
                    self.operand()?;
                }
            }
            7 => {
                self.name()?;
                self.text.push_str(" => ");
                self.expression()?;
            }
            _ => self.operand()?,
        }
        self.depth -= 1;
        Ok(())
    }

    /// What can stand beside any operator.
    fn operand(&mut self) -> Result<()> {
        if self.depth > MAX_DEPTH {
            return self.token("y");
        }
        self.depth += 1;
        match self.u.int_in_range(0..=20)? {
            0 | 1 => self.name()?,
            2 => {
                let literal = *self.u.choose(&[
                    "1",
                    "0x1F",
                    "'s'",
                    "\"\\n\\u{41}\"",
                    "`t`",
                    "null",
                    "true",
                    "this",
                    "/r[/]/g",
                    "1n",
                ])?;
                self.token(literal)?;
            }
            3 => {
                self.token("[")?;
                self.list()?;
                self.token("]")?;
            }
            4 | 5 => self.object()?,
            6..=9 => {
                self.operand()?;
                self.token("(")?;
                self.list()?;
                self.token(")")?;
            }
            10..=12 => {
                self.operand()?;
                let dot = *self.u.choose(&[".", ".", "?."])?;
                self.token(dot)?;
                self.name()?;
            }
            13 => {
                self.operand()?;
                self.token("[")?;
                self.expression()?;
                self.token("]")?;
            }
            14 => {
                self.operand()?;
                self.text.push('!');
            }
            15 => {
                self.all(&["new", "A", "("])?;
                self.list()?;
                self.token(")")?;
            }
            16 => {
                self.text.push_str(" `t${");
                self.expression()?;
                self.token("}u`")?;
            }
            17 => {
                self.token("(")?;
                self.function(false)?;
                self.token(")")?;
            }
            18 => {
                self.token("(")?;
                self.class(false)?;
                self.token(")")?;
            }
            19 if self.is_jsx => {
                self.all(&["(", "<", "A", "b", "=", "{"])?;
                self.expression()?;
                self.text.push_str("}>t{");
                self.expression()?;
                self.text.push_str("}</A>)");
            }
            _ => {
                self.token("(")?;
                self.expression()?;
                if self.u.ratio(1, 5)? {
                    self.token(",")?;
                    self.expression()?;
                }
                self.token(")")?;
            }
        }
        self.depth -= 1;
        Ok(())
    }

    fn object(&mut self) -> Result<()> {
        self.all(&["(", "{"])?;
        for _ in 0..self.u.int_in_range(0..=3)? {
            match self.u.int_in_range(0..=5)? {
                0 => self.name()?,
                1 => {
                    self.token("...")?;
                    self.operand()?;
                }
                2 => self.method()?,
                _ => {
                    self.key()?;
                    self.token(":")?;
                    self.expression()?;
                }
            }
            self.token(",")?;
        }
        self.all(&["}", ")"])
    }

    /// The elements of an array, or what a function is given.
    fn list(&mut self) -> Result<()> {
        for _ in 0..self.u.int_in_range(0..=2)? {
            if self.u.ratio(1, 5)? {
                self.token("...")?;
            }
            self.expression()?;
            self.token(",")?;
        }
        self.maybe(Self::expression)
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
