//! What a client may say, drawn from bytes.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::text::{Encoding, Position};
use crate::pieces::{Piece, some};

/// What a client says.
#[derive(Debug, Arbitrary)]
pub struct Conversation {
    pub client: Client,
    #[arbitrary(with = |u: &mut Unstructured<'_>| some(u, 20))]
    pub steps: Vec<Step>,
    /// How many steps are said before `initialize`, mostly none.
    #[arbitrary(with = |u: &mut Unstructured<'_>| Ok(u.int_in_range(0..=9_usize)?.saturating_sub(7)))]
    pub early: usize,
    /// What is said after `shutdown`; `None` if the client never says it.
    pub late: Option<Step>,
}

/// What a client can do and answers.
#[derive(Debug, Arbitrary)]
pub struct Client {
    pub encoding: Encoding,
    pub pulls: bool,
    pub watches: bool,
    pub shows_progress: bool,
    pub trusted: bool,
    pub agrees: bool,
}

#[derive(Debug)]
pub enum Step {
    Open {
        file: u8,
        text: Option<Piece>,
    },
    Change {
        file: u8,
        version: i32,
        changes: Vec<Change>,
    },
    Close(u8),
    Save(u8),
    /// The disk's text of a file becomes another, and the client says so.
    Disk {
        file: u8,
        text: Option<Piece>,
    },
    Ask {
        method: u8,
        file: u8,
        from: Position,
        to: Position,
        word: Piece,
        waits: bool,
    },
    /// Nothing is said for so many moments; only in [`of_files`].
    Pause(u8),
    Cancel,
    Configure(Piece),
    Folder(bool),
    /// A message that is not the protocol's.
    Nonsense {
        method: u8,
        params: Piece,
        has_id: bool,
    },
}

/// A replacement of a range, or of the whole text.
#[derive(Debug, Arbitrary)]
pub struct Change {
    pub range: Option<(Position, Position)>,
    pub text: Piece,
}

impl<'a> Arbitrary<'a> for Step {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        let file = u.arbitrary()?;
        Ok(match u.int_in_range(0..=31)? {
            0..=6 => Self::Open {
                file,
                text: if u.ratio(1, 4)? { u.arbitrary()? } else { None },
            },
            7..=16 => Self::Change {
                file,
                version: u.arbitrary()?,
                changes: some(u, 3)?,
            },
            17 => Self::Close(file),
            18 => Self::Save(file),
            19 => Self::Disk {
                file,
                text: u.arbitrary()?,
            },
            20..=27 => Self::Ask {
                method: u.arbitrary()?,
                file,
                from: u.arbitrary()?,
                to: u.arbitrary()?,
                word: u.arbitrary()?,
                waits: u.arbitrary()?,
            },
            28 => Self::Cancel,
            29 => Self::Configure(u.arbitrary()?),
            30 => Self::Folder(u.arbitrary()?),
            _ => Self::Nonsense {
                method: u.arbitrary()?,
                params: u.arbitrary()?,
                has_id: u.arbitrary()?,
            },
        })
    }
}

/// A conversation about a file that is opened, while others of the project are opened, closed, saved,
/// written and removed, at moments of which some fall into its being read; then all are opened.
pub fn of_files(u: &mut Unstructured<'_>) -> Result<Conversation> {
    let client = u.arbitrary()?;
    let open = |file| Step::Open { file, text: None };
    let mut steps = vec![open(u.arbitrary()?)];
    for _ in 0..u.int_in_range(1..=5)? {
        steps.push(Step::Pause(u.arbitrary()?));
        let file = u.arbitrary()?;
        steps.push(match u.int_in_range(0..=7)? {
            0 | 1 => open(file),
            2 => Step::Close(file),
            3 => Step::Save(file),
            4 => Step::Disk {
                file,
                text: Some(u.arbitrary()?),
            },
            _ => Step::Disk { file, text: None },
        });
    }
    // The last one is the handler, which all others bear upon.
    let first = u.int_in_range(0..=4)?;
    steps.extend((first..=4).map(open));
    Ok(Conversation {
        client,
        steps,
        early: 0,
        late: None,
    })
}
