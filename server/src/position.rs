//! The one place that turns byte offsets into lines and columns, and back.

use ropey::{Rope, RopeSlice};

use crate::span::Span;

/// The unit in which a client counts the characters of a line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Encoding {
    /// Bytes.
    Utf8,
    /// UTF-16 code units, the protocol's default.
    #[default]
    Utf16,
    /// Unicode scalar values.
    Utf32,
}

/// A line and a column, both counted from 0, the column in the units of an [`Encoding`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Default)]
pub struct LineColumn {
    /// The line.
    pub line: u32,
    /// The column.
    pub column: u32,
}

/// The line and column of a byte offset. An offset past the end is taken as the end, one within a
/// character as the character's start.
pub fn line_column(rope: &Rope, offset: u32, encoding: Encoding) -> LineColumn {
    let offset = (offset as usize).min(rope.len_bytes());
    let char_index = rope.byte_to_char(offset);
    let line = rope.char_to_line(char_index);
    let line_start = rope.line_to_char(line);
    let column = match encoding {
        Encoding::Utf8 => rope
            .char_to_byte(char_index)
            .saturating_sub(rope.char_to_byte(line_start)),
        Encoding::Utf16 => rope
            .char_to_utf16_cu(char_index)
            .saturating_sub(rope.char_to_utf16_cu(line_start)),
        Encoding::Utf32 => char_index.saturating_sub(line_start),
    };
    let clamp = |n: usize| u32::try_from(n).unwrap_or(u32::MAX);
    LineColumn {
        line: clamp(line),
        column: clamp(column),
    }
}

/// The lines and columns of both ends of a range.
pub fn range(rope: &Rope, span: Span, encoding: Encoding) -> (LineColumn, LineColumn) {
    (
        line_column(rope, span.start, encoding),
        line_column(rope, span.end, encoding),
    )
}

/// The byte offset of a line and column. A line past the last is the end of the text, a column
/// past the end of its line the end of that line before its line break, and a column within a
/// character that character's start: what the protocol asks for.
pub fn offset(rope: &Rope, at: LineColumn, encoding: Encoding) -> u32 {
    let line = at.line as usize;
    if line >= rope.len_lines() {
        return u32::try_from(rope.len_bytes()).unwrap_or(u32::MAX);
    }
    let start = rope.line_to_char(line);
    let text = rope.line(line);
    let within = column_to_char(text, at.column as usize, encoding).min(visible_chars(text));
    u32::try_from(rope.char_to_byte(start.saturating_add(within))).unwrap_or(u32::MAX)
}

/// The text of a file as editors show it: a byte order mark at its beginning is no column.
pub struct Shown {
    rope: Rope,
    /// The length of the mark.
    mark: u32,
}

impl Shown {
    /// The text of a file.
    pub fn new(text: &str) -> Self {
        const MARK: char = '\u{feff}';
        match text.strip_prefix(MARK) {
            Some(shown) => Self {
                rope: Rope::from_str(shown),
                mark: u32::try_from(MARK.len_utf8()).unwrap_or_default(),
            },
            None => Self {
                rope: Rope::from_str(text),
                mark: 0,
            },
        }
    }

    /// The line and column of a byte offset of the file.
    pub fn line_column(&self, offset: u32, encoding: Encoding) -> LineColumn {
        line_column(&self.rope, offset.saturating_sub(self.mark), encoding)
    }
}

fn column_to_char(line: RopeSlice<'_>, column: usize, encoding: Encoding) -> usize {
    match encoding {
        Encoding::Utf8 => line.byte_to_char(column.min(line.len_bytes())),
        Encoding::Utf16 => line.utf16_cu_to_char(column.min(line.len_utf16_cu())),
        Encoding::Utf32 => column.min(line.len_chars()),
    }
}

/// The characters of a line without its line break.
fn visible_chars(line: RopeSlice<'_>) -> usize {
    let mut count = line.len_chars();
    while count > 0
        && line
            .get_char(count - 1)
            .is_some_and(|c| c == '\n' || c == '\r')
    {
        count -= 1;
    }
    count
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    const ALL: [Encoding; 3] = [Encoding::Utf8, Encoding::Utf16, Encoding::Utf32];

    #[test]
    fn a_byte_order_mark_is_no_column() {
        for encoding in ALL {
            let shown = |text: &str, offset| Shown::new(text).line_column(offset, encoding);
            let at = |line, column| LineColumn { line, column };
            assert_eq!(shown("ab\nc", 1), at(0, 1));
            let marked = "\u{feff}ab\nc";
            for (offset, line, column) in [(0, 0, 0), (3, 0, 0), (4, 0, 1), (6, 1, 0), (7, 1, 1)] {
                assert_eq!(shown(marked, offset), at(line, column), "{offset}");
            }
        }
    }

    #[test]
    fn counts_in_each_encoding() {
        let rope = Rope::from_str("é😀x\r\ny");
        let columns = ALL.map(|encoding| line_column(&rope, 6, encoding).column);
        assert_eq!(columns, [6, 3, 2]);
        assert_eq!(
            line_column(&rope, 9, Encoding::Utf16),
            LineColumn { line: 1, column: 0 }
        );
    }

    #[test]
    fn positions_past_an_end_are_that_end() {
        let rope = Rope::from_str("ab\r\ncd");
        for encoding in ALL {
            assert_eq!(
                offset(
                    &rope,
                    LineColumn {
                        line: 0,
                        column: 99
                    },
                    encoding
                ),
                2
            );
            assert_eq!(
                offset(&rope, LineColumn { line: 9, column: 0 }, encoding),
                6
            );
        }
    }

    #[test]
    fn half_a_surrogate_pair_is_the_start_of_its_character() {
        let rope = Rope::from_str("a😀b");
        assert_eq!(
            offset(&rope, LineColumn { line: 0, column: 2 }, Encoding::Utf16),
            1
        );
    }

    proptest! {
        #[test]
        fn there_and_back(text in "([a-zé😀\u{301}\t]|\r\n|\n|\r){0,40}", at in 0usize..200) {
            let rope = Rope::from_str(&text);
            let mut at = at.min(text.len());
            while !text.is_char_boundary(at) { at -= 1; }
            // Between the two characters of a line break there is no position.
            prop_assume!(!text.get(..at).unwrap().ends_with('\r') || !text.get(at..).unwrap().starts_with('\n'));
            for encoding in ALL {
                let position = line_column(&rope, at as u32, encoding);
                prop_assert_eq!(offset(&rope, position, encoding) as usize, at);
            }
        }
    }
}
