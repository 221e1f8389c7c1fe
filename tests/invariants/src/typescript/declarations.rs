//! Declarations, and what they are made of: functions, classes, types, patterns.

use arbitrary::Result;

use super::{MAX_DEPTH, Maker};

impl Maker<'_, '_> {
    pub(super) fn declaration(&mut self) -> Result<()> {
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

    pub(super) fn function(&mut self, is_named: bool) -> Result<()> {
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

    pub(super) fn class(&mut self, is_named: bool) -> Result<()> {
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

    pub(super) fn method(&mut self) -> Result<()> {
        self.key()?;
        self.token("(")?;
        self.parameters()?;
        self.token(")")?;
        self.body()
    }

    pub(super) fn key(&mut self) -> Result<()> {
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

    pub(super) fn parameters(&mut self) -> Result<()> {
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

    pub(super) fn annotation(&mut self) -> Result<()> {
        self.token(":")?;
        self.kind()
    }

    /// A type.
    pub(super) fn kind(&mut self) -> Result<()> {
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

    pub(super) fn pattern(&mut self) -> Result<()> {
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
}
