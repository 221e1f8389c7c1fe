//! Expressions.

use arbitrary::Result;

use super::{MAX_DEPTH, Maker};

impl Maker<'_, '_> {
    pub(super) fn expression(&mut self) -> Result<()> {
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
    pub(super) fn operand(&mut self) -> Result<()> {
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

    pub(super) fn object(&mut self) -> Result<()> {
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
    pub(super) fn list(&mut self) -> Result<()> {
        for _ in 0..self.u.int_in_range(0..=2)? {
            if self.u.ratio(1, 5)? {
                self.token("...")?;
            }
            self.expression()?;
            self.token(",")?;
        }
        self.maybe(Self::expression)
    }
}
