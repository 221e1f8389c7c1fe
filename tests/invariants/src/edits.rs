//! A project edited in any way: what is kept up to date edit by edit is what is read afresh, in
//! whatever order the files became known, and every finding of it is sound.

use std::path::{Path, PathBuf};
use std::sync::{Arc, LazyLock};

use arbitrary::{Arbitrary, Result, Unstructured};
use quickback_realtime::document::{Change, Dialect, Document};
use quickback_realtime::facts::FileFacts;
use quickback_realtime::position::{self, Encoding, LineColumn};
use quickback_realtime::project::Project;
use quickback_realtime::project::layout;
use quickback_realtime::span::Span;
use quickback_realtime::{lower, workspace};

use crate::pieces::{Piece, blocks, some, tokens};
use crate::project::{Texts, backwards, fixtures, project, small};
use crate::{findings, fixes, ide, project as projects};

/// How many files of a larger fixture are taken for one project.
const SLICE: usize = 8;
/// How many fixes are tried of what the edits have made.
const FIXES: usize = 3;

/// What is edited: a project, how, and which of its places is looked at in the end.
/// Numbers that are too large begin again from the start.
#[derive(Debug, Arbitrary)]
struct Script {
    seed: u8,
    encoding: Unit,
    place: u16,
    #[arbitrary(with = |u: &mut Unstructured<'_>| some(u, 4))]
    steps: Vec<Step>,
}

#[derive(Debug, Arbitrary)]
enum Unit {
    Utf8,
    Utf16,
    Utf32,
}

/// Changes after which the project is compared with a fresh one.
#[derive(Debug, Arbitrary)]
struct Step(#[arbitrary(with = |u: &mut Unstructured<'_>| some(u, 4))] Vec<Edit>);

/// One change of one file.
#[derive(Debug, Arbitrary)]
struct Edit {
    file: u8,
    what: What,
}

#[derive(Debug)]
enum What {
    /// Of what stands at a number, a part of a text.
    Part {
        is_block: bool,
        at: u16,
        action: Action,
    },
    /// What stands between two positions, wherever they are.
    Range {
        from: LineColumn,
        to: LineColumn,
        text: Piece,
    },
    /// The file goes, or comes back as it was.
    Vanish,
    /// All of it is written anew.
    Whole(Piece),
}

impl<'a> Arbitrary<'a> for What {
    fn arbitrary(u: &mut Unstructured<'a>) -> Result<Self> {
        Ok(match u.int_in_range(0..=9)? {
            0..=5 => Self::Part {
                is_block: u.arbitrary()?,
                at: u.arbitrary()?,
                action: u.arbitrary()?,
            },
            6 | 7 => {
                let (a, b) = (position(u)?, position(u)?);
                Self::Range {
                    from: a.min(b),
                    to: if u.arbitrary()? { a.min(b) } else { a.max(b) },
                    text: u.arbitrary()?,
                }
            }
            8 => Self::Vanish,
            _ => Self::Whole(u.arbitrary()?),
        })
    }
}

fn position(u: &mut Unstructured<'_>) -> Result<LineColumn> {
    Ok(LineColumn {
        line: u.int_in_range(0..=20)?,
        column: u.int_in_range(0..=90)?,
    })
}

#[derive(Debug, Arbitrary)]
enum Action {
    Delete,
    Repeat,
    /// Changes places with another part of the text.
    Swap(u16),
    Replace(Text),
    Precede(Text),
}

#[derive(Debug, Arbitrary)]
enum Text {
    Piece(Piece),
    /// A block of this or of another file.
    Block {
        file: u8,
        at: u16,
    },
}

/// A project that is edited.
struct Seed {
    root: PathBuf,
    texts: Texts,
}

/// The small project, and the fixtures, the larger ones in slices that hold their configuration.
static SEEDS: LazyLock<Vec<Seed>> = LazyLock::new(|| {
    let mut seeds = vec![Seed {
        root: projects::ROOT.into(),
        texts: small(),
    }];
    for (root, texts) in fixtures() {
        let expected = root.join("expected");
        let (sources, others): (Vec<_>, Vec<_>) = texts
            .into_iter()
            .filter(|(path, _)| !path.starts_with(&expected))
            .partition(|(path, _)| is_source(path) && !is_config(&root, path));
        for slice in sources.chunks(SLICE) {
            let texts = others.iter().chain(slice).cloned().collect();
            let root = root.clone();
            seeds.push(Seed { root, texts });
        }
    }
    seeds
});

fn is_source(path: &Path) -> bool {
    let name = path.file_name().and_then(|name| name.to_str());
    name.is_some_and(layout::is_source)
}

fn is_config(root: &Path, path: &Path) -> bool {
    path.strip_prefix(root).map(layout::role) == Ok(layout::Role::Config)
}

/// A file that is edited: its text and tree, and whether it is there.
struct File {
    path: PathBuf,
    document: Document,
    exists: bool,
}

/// A project while it is edited.
struct Edited<'a> {
    seed: &'a Seed,
    texts: Texts,
    files: Vec<File>,
    kept: Project,
    encoding: Encoding,
}

/// Edits a project as the bytes say, and fails where an invariant does not hold.
pub fn check(bytes: &[u8]) {
    // What the bytes do not suffice for is left out.
    if let Ok(script) = Unstructured::new(bytes).arbitrary() {
        run(&script);
    }
}

fn run(script: &Script) {
    let seed = &SEEDS[usize::from(script.seed) % SEEDS.len()];
    let texts = seed.texts.clone();
    let files = texts.iter().filter(|(path, _)| is_source(path));
    let mut edited = Edited {
        seed,
        files: files
            .map(|(path, text)| File {
                path: path.clone(),
                document: Document::new(text, Dialect::of_path(path)),
                exists: true,
            })
            .collect(),
        kept: project(&seed.root, &texts),
        texts,
        encoding: match script.encoding {
            Unit::Utf8 => Encoding::Utf8,
            Unit::Utf16 => Encoding::Utf16,
            Unit::Utf32 => Encoding::Utf32,
        },
    };
    // Whatever is derived is derived once before, so that it has to be mended and not made.
    findings::of_all(&edited.kept);
    for step in &script.steps {
        for edit in &step.0 {
            edited.apply(edit);
        }
        edited.equals_fresh();
    }
    edited.is_sound(script.place);
}

impl Edited<'_> {
    fn apply(&mut self, edit: &Edit) {
        let at = usize::from(edit.file) % self.files.len();
        let text = Arc::clone(self.files[at].document.text());
        let changes = match &edit.what {
            What::Vanish => {
                self.vanish(at);
                return;
            }
            What::Whole(text) => vec![Change {
                range: None,
                text: text.0.clone(),
            }],
            What::Range { from, to, text } => {
                vec![Change {
                    range: Some((*from, *to)),
                    text: text.0.clone(),
                }]
            }
            What::Part {
                is_block,
                at: part,
                action,
            } => {
                let parts = if *is_block {
                    blocks(&text)
                } else {
                    tokens(&text)
                };
                if parts.is_empty() {
                    return;
                }
                let range = parts[usize::from(*part) % parts.len()].clone();
                let own = &text[range.clone()];
                let (range, new) = match action {
                    Action::Delete => (range, String::new()),
                    Action::Repeat => (range.end..range.end, format!(" {own}")),
                    Action::Swap(other) => {
                        let other = parts[usize::from(*other) % parts.len()].clone();
                        let (first, second) = if range.start <= other.start {
                            (range, other)
                        } else {
                            (other, range)
                        };
                        if second.start < first.end {
                            return;
                        }
                        let between = &text[first.end..second.start];
                        let new =
                            format!("{}{between}{}", &text[second.clone()], &text[first.clone()]);
                        (first.start..second.end, new)
                    }
                    Action::Replace(new) => (range, self.written(new)),
                    Action::Precede(new) => {
                        (range.start..range.start, format!("{} ", self.written(new)))
                    }
                };
                let rope = self.files[at].document.rope();
                let span = Span::new(range.start, range.end);
                vec![Change {
                    range: Some(position::range(rope, span, self.encoding)),
                    text: new,
                }]
            }
        };
        let file = &mut self.files[at];
        file.document.edit(&changes, self.encoding);
        file.exists = true;
        let facts = FileFacts::of(&file.document);
        let text: &str = file.document.text();
        assert_eq!(
            file.document.rope().to_string(),
            text,
            "rope and text differ"
        );
        assert!(
            facts == FileFacts::of_text(text, &file.path),
            "the facts of an edited text are not those of the same text read afresh:\n{text}"
        );
        self.texts.insert(file.path.clone(), text.to_owned());
        workspace::update(&self.kept, &file.path, Some(Arc::new(facts)));
    }

    /// What another text is to be replaced by.
    fn written(&self, text: &Text) -> String {
        match text {
            Text::Piece(piece) => piece.0.clone(),
            Text::Block { file, at } => {
                let text = self.files[usize::from(*file) % self.files.len()]
                    .document
                    .text();
                let blocks = blocks(text);
                let range = blocks[usize::from(*at) % blocks.len()].clone();
                text[range].to_owned()
            }
        }
    }

    fn vanish(&mut self, at: usize) {
        let file = &mut self.files[at];
        file.exists = !file.exists;
        if file.exists {
            let text = file.document.text().to_string();
            self.texts.insert(file.path.clone(), text);
            let facts = FileFacts::of(&file.document);
            workspace::update(&self.kept, &file.path, Some(Arc::new(facts)));
        } else {
            self.texts.remove(&file.path);
            workspace::update(&self.kept, &file.path, None);
        }
    }

    fn equals_fresh(&self) {
        let fresh = project(&self.seed.root, &self.texts);
        assert_same(
            &findings::all_shown(&self.kept),
            &findings::all_shown(&fresh),
            "what is kept up to date is not what is read afresh",
        );
        assert_eq!(
            self.kept.roles().names,
            fresh.roles().names,
            "the roles that are kept up to date are not those that are read afresh"
        );
    }

    /// Judges the findings and one place of what the edits have made.
    fn is_sound(&self, place: u16) {
        let fresh = project(&self.seed.root, &self.texts);
        let found = findings::of_all(&fresh);
        for (file, finding) in &found {
            findings::judge(&fresh, *file, finding);
        }
        let all: Vec<(usize, usize)> = fixes::all(&found).collect();
        let first = usize::from(place) % all.len().max(1);
        let some = all.into_iter().skip(first).take(FIXES);
        let wrong = fixes::wrong(&fresh, &found, some);
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
        fixes::judge_all(&fresh, &found);
        assert_same(
            &findings::all_shown(&fresh),
            &findings::all_shown(&backwards(&self.seed.root, &self.texts)),
            "what is found depends on the order in which files became known",
        );
        let hash = || generator::policy::config(&lower::lower(&fresh)).hash;
        assert_eq!(hash(), hash(), "the same project is rendered in two ways");
        let file = &self.files[usize::from(place) % self.files.len()];
        if file.exists {
            let text = file.document.text();
            let mut offset = text.len() * usize::from(place) / usize::from(u16::MAX);
            while !text.is_char_boundary(offset) {
                offset -= 1;
            }
            let offset = u32::try_from(offset).expect("the text is small");
            ide::ask(&fresh, fresh.file(&file.path), text, offset);
        }
    }
}

fn assert_same(a: &[String], b: &[String], what: &str) {
    let only = |a: &[String], b: &[String]| {
        let only: Vec<&String> = a.iter().filter(|line| !b.contains(line)).collect();
        format!("{only:#?}")
    };
    assert!(
        a == b,
        "{what}: only in the first {} only in the second {}",
        only(a, b),
        only(b, a)
    );
}
