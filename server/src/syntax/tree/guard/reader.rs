//! Reads a text by its bytes, as far as types and patterns need it.

/// How many bytes are looked at for one place. Lists of types are shorter.
pub(super) const REACH: usize = 8 << 10;

/// Whether a byte is one of a name, or of a number.
pub(super) fn is_name(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || matches!(byte, b'_' | b'$' | b'#' | b'\\' | 0x80..)
}

/// Whether a byte is white space.
pub(super) fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | b'\n' | b'\r' | 0x0B | 0x0C)
}

pub(super) struct Reader<'t> {
    pub(super) bytes: &'t [u8],
    pub(super) at: usize,
    pub(super) end: usize,
}

impl<'t> Reader<'t> {
    pub(super) fn at(bytes: &'t [u8], at: usize) -> Self {
        Self {
            bytes,
            at,
            end: at.saturating_add(REACH),
        }
    }

    pub(super) fn peek(&self, ahead: usize) -> Option<u8> {
        self.bytes.get(self.at.saturating_add(ahead)).copied()
    }

    pub(super) fn rest(&self) -> &'t [u8] {
        self.bytes.get(self.at..).unwrap_or_default()
    }

    pub(super) fn skip(&mut self, count: usize) {
        self.at = self.at.saturating_add(count);
    }

    /// Goes past white space and comments.
    pub(super) fn skip_space(&mut self) {
        loop {
            let rest = self.rest();
            let spaces = rest.iter().take_while(|byte| is_space(**byte)).count();
            let rest = rest.get(spaces..).unwrap_or_default();
            self.skip(spaces);
            if rest.starts_with(b"//") {
                self.skip(memchr::memchr2(b'\n', b'\r', rest).unwrap_or(rest.len()));
            } else if let Some(block) = rest.strip_prefix(b"/*") {
                let end = memchr::memmem::find(block, b"*/").unwrap_or(block.len());
                self.skip(end.saturating_add(4));
            } else {
                return;
            }
        }
    }

    pub(super) fn word(&mut self) -> &'t [u8] {
        let rest = self.rest();
        let length = rest.iter().take_while(|byte| is_name(**byte)).count();
        self.skip(length);
        rest.get(..length).unwrap_or_default()
    }

    /// Goes past a string; answers whether it ends on its line.
    pub(super) fn skip_string(&mut self, quote: u8) -> bool {
        self.skip(1);
        while let Some(byte) = self.peek(0) {
            self.skip(if byte == b'\\' { 2 } else { 1 });
            if byte == quote {
                return true;
            }
            if matches!(byte, b'\n' | b'\r') {
                return false;
            }
        }
        false
    }

    /// Goes past the text of a template, up to a type in it or its end; answers whether it is a type.
    pub(super) fn skip_template(&mut self) -> bool {
        while let Some(byte) = self.peek(0) {
            match byte {
                b'\\' => self.skip(2),
                b'`' => {
                    self.skip(1);
                    return false;
                }
                b'$' if self.peek(1) == Some(b'{') => {
                    self.skip(2);
                    return true;
                }
                _ => self.skip(1),
            }
        }
        false
    }
}
