//! Generating a project's helper, client and worker: whether it may be done, what became of it,
//! and how the files on the disk compare. The command line and the language server both come here.

mod wrangler;

use std::path::Path;
use std::sync::Arc;

use generator::Outputs;
use generator::artifact::{self, Artifact, Foreign, Kind, State, WriteError};
use generator::model::Project as Model;

use serde::{Deserialize, Serialize};

use crate::codes;
use crate::diagnostic::Severity;
use crate::lower::{self, Blocked, Looked, Reason};
use crate::project::Project;
use crate::span::Span;

/// Who asks for the files.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Request {
    /// Somebody saved a file: only a project that has adopted us is generated.
    Save,
    /// Somebody asked: a project that has not adopted us does so by this.
    Command {
        /// Whether files that are not ours are replaced.
        force: bool,
    },
}

/// What became of a request.
#[derive(Debug)]
pub enum Outcome {
    /// The project has not adopted us, and nobody asked for the files.
    NotAdopted {
        /// Whether something would be broadcast if somebody did.
        broadcasts: bool,
    },
    /// Errors stop it; the last output stays.
    Blocked(Blocked),
    /// No table is broadcast, no event is defined, and no file says otherwise.
    Idle,
    /// Everything was as it should be; no file was touched.
    Unchanged {
        /// Files of ours that nothing is generated into any more.
        left_overs: Vec<String>,
    },
    /// Files were written. Paths are relative to the root, with `/`.
    Written {
        /// The files that did not exist before.
        created: Vec<String>,
        /// The files whose content was replaced.
        updated: Vec<String>,
        /// Files of ours that nothing is generated into any more.
        left_overs: Vec<String>,
    },
    /// Nothing was written: files are in the way, or the disk refused.
    Failed(WriteError),
}

/// An output that is not what the definitions say.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Mismatch {
    /// The file, relative to the root, with `/`.
    pub path: String,
    /// What the file says; empty if it is not there.
    pub text: Arc<str>,
    /// The first line that differs.
    pub span: Span,
    /// [`codes::STALE_OUTPUT`] or [`codes::FOREIGN_OUTPUT`].
    pub code: &'static str,
    /// How grave it is.
    pub severity: Severity,
    /// What is wrong.
    pub message: String,
    /// What mends it.
    pub remedy: Remedy,
}

/// What mends an output.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Remedy {
    /// Generating.
    Generate,
    /// Looking at the file, then generating with force.
    Force,
    /// Something else, which the message says.
    ByHand,
}

/// Whether a project has adopted us: it has our settings, or a file with our header.
pub fn is_adopted(project: &Project) -> bool {
    project.settings().exists || has_outputs(project)
}

/// Whether a file with our header stands where one may have been generated.
fn has_outputs(project: &Project) -> bool {
    let places = outputs(project).places();
    !artifact::find_ours(project.root(), &places).is_empty()
}

/// Whether a project defines anything to broadcast, also where errors stop that still.
fn broadcasts(project: &Project) -> bool {
    let index = project.index();
    let mut tables = index.tables.values().flat_map(|same| same.iter());
    !index.namespaces.is_empty() || tables.any(|table| table.is_enabled())
}

/// What a request comes to, before anything is written.
pub enum Prepared {
    /// The project has not adopted us, and nobody asked for the files.
    NotAdopted {
        /// Whether something would be broadcast if somebody did.
        broadcasts: bool,
    },
    /// Errors stop it.
    Blocked(Blocked),
    /// Nothing is wanted, and nothing is there.
    Idle,
    /// What the files should say.
    Ready {
        /// The files.
        artifacts: Vec<Artifact>,
        /// Where they go.
        outputs: Outputs,
        /// Whether files that are not ours are replaced.
        force: bool,
    },
}

/// Generates a project's files, all or none, and only what differs. `looked` is what was found in
/// its files the last time.
pub fn run(project: &Project, request: Request, looked: &Looked) -> Outcome {
    prepare(project, request, looked).write(project.root())
}

/// All of that but the writing.
pub fn prepare(project: &Project, request: Request, looked: &Looked) -> Prepared {
    let force = match request {
        Request::Save if !is_adopted(project) => {
            return Prepared::NotAdopted {
                broadcasts: broadcasts(project),
            };
        }
        Request::Save => false,
        Request::Command { force } => force,
    };
    let model = match checked(project, looked) {
        Ok(model) => model,
        Err(blocked) => return Prepared::Blocked(blocked),
    };
    // Files that are there would go on broadcasting what is off now. Whoever has our settings and
    // asks for a helper may want to name everything in the calls.
    let is_asked_for = request != Request::Save && project.settings().exists;
    if model.is_idle() && !is_asked_for && !has_outputs(project) {
        return Prepared::Idle;
    }
    let mut outputs = outputs(project);
    // Only what is made anew has a name from here, so nobody else needs to know it.
    outputs.package = wrangler::package(project);
    let mut artifacts = generator::generate(&model, &outputs);
    wrangler::leave_out(project, &mut artifacts);
    Prepared::Ready {
        artifacts,
        outputs,
        force,
    }
}

impl Prepared {
    /// Writes it under the root of its project.
    pub fn write(self, root: &Path) -> Outcome {
        let (artifacts, outputs, force) = match self {
            Self::NotAdopted { broadcasts } => return Outcome::NotAdopted { broadcasts },
            Self::Blocked(blocked) => return Outcome::Blocked(blocked),
            Self::Idle => return Outcome::Idle,
            Self::Ready {
                artifacts,
                outputs,
                force,
            } => (artifacts, outputs, force),
        };
        let report = match artifact::write(root, &artifacts, force) {
            Ok(report) => report,
            Err(error) => return Outcome::Failed(error),
        };
        let left_overs = artifact::left_overs(root, &artifacts, &outputs.places());
        if report.created.is_empty() && report.updated.is_empty() {
            return Outcome::Unchanged { left_overs };
        }
        Outcome::Written {
            created: report.created,
            updated: report.updated,
            left_overs,
        }
    }
}

/// The configuration that is generated from.
///
/// # Errors
/// [`Blocked`] names what has to be mended first.
pub fn checked(project: &Project, looked: &Looked) -> Result<Model, Blocked> {
    let members = project.members().into_iter();
    // A member of which nothing is known could not be read.
    let unread: Vec<Arc<Path>> = members
        .filter(|file| project.facts(*file).is_none())
        .map(|file| project.path(file))
        .collect();
    let unread: Vec<&Path> = unread.iter().map(|path| &**path).collect();
    lower::lower_checked(project, &unread, looked)
}

/// Where the settings want the files.
pub fn outputs(project: &Project) -> Outputs {
    let output = &project.settings().output;
    Outputs {
        helper: output.helper.clone(),
        client: output.client.clone(),
        worker: output.worker.clone(),
        package: None,
    }
}

/// What should be generated.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub struct Expected {
    artifacts: Vec<Artifact>,
    /// The errors that stop generation: then nobody knows what the files should say; but a file in
    /// the way is one all the same.
    blocked: Vec<Reason>,
    /// Whether nothing is broadcast: then the files should say so if they are there.
    is_idle: bool,
}

impl Expected {
    /// What should be generated for a project, if it has adopted us.
    pub fn of(project: &Project) -> Option<Self> {
        if !is_adopted(project) {
            return None;
        }
        let (model, blocked) = match checked(project, &Looked::default()) {
            Ok(model) => (model, Vec::new()),
            Err(Blocked { reasons }) => (lower::lower(project), reasons),
        };
        Some(Self {
            artifacts: generator::generate(&model, &outputs(project)),
            blocked,
            is_idle: model.is_idle(),
        })
    }

    /// The errors that stop generation.
    pub fn blocked(&self) -> &[Reason] {
        &self.blocked
    }

    /// The outputs of the project that are not so.
    pub fn compare(&self, project: &Project) -> Vec<Mismatch> {
        if self.is_idle && !has_outputs(project) {
            return Vec::new();
        }
        let outputs = outputs(project);
        let compared = artifact::compare(project.root(), &self.artifacts);
        // A scaffold is the user's, who may do without it.
        let absent: Vec<String> = compared
            .iter()
            .zip(&self.artifacts)
            .filter(|(c, artifact)| c.state == State::Missing && artifact.kind != Kind::Scaffold)
            .map(|(comparison, _)| comparison.path.clone())
            .collect();
        let mut found: Vec<Mismatch> = compared
            .into_iter()
            .filter_map(mismatch)
            .filter(|mismatch| self.blocked.is_empty() || mismatch.code == codes::FOREIGN_OUTPUT)
            .collect();
        if !self.blocked.is_empty() {
            return found;
        }
        found.extend(missing(&absent));
        for path in artifact::left_overs(project.root(), &self.artifacts, &outputs.places()) {
            found.push(Mismatch {
                message: format!(
                    "{path} is left over: the definitions and settings ask for no such file any more. Remove it if nothing uses it."
                ),
                path,
                text: Arc::default(),
                span: Span::default(),
                code: codes::STALE_OUTPUT,
                severity: Severity::Warning,
                remedy: Remedy::ByHand,
            });
        }
        if let Some(folder) = &outputs.worker {
            found.extend(wrangler::gaps(project, folder));
        }
        found
    }
}

/// Says once that files are missing, at the first of them: before anything is generated all are.
fn missing(paths: &[String]) -> Option<Mismatch> {
    let (first, others) = paths.split_first()?;
    let message = match others.len() {
        0 => format!("{first} has not been generated."),
        1 => format!("{first} and 1 other file have not been generated."),
        count => format!("{first} and {count} other files have not been generated."),
    };
    Some(Mismatch {
        path: first.clone(),
        text: Arc::default(),
        span: Span::default(),
        code: codes::STALE_OUTPUT,
        severity: Severity::Error,
        message,
        remedy: Remedy::Generate,
    })
}

fn mismatch(comparison: artifact::Comparison) -> Option<Mismatch> {
    let path = comparison.path;
    let text: Arc<str> = comparison.found.unwrap_or_default().into();
    let (line, code, message, remedy) = match comparison.state {
        State::Fresh | State::Missing => return None,
        State::Stale(difference) => {
            let (found, expected) = (difference.found, difference.expected);
            let message = format!(
                "{path} is not what the definitions say now. Line {} says {} and should say {}.",
                difference.line,
                quoted(found.as_deref(), expected.as_deref()),
                quoted(expected.as_deref(), found.as_deref()),
            );
            (
                difference.line,
                codes::STALE_OUTPUT,
                message,
                Remedy::Generate,
            )
        }
        State::Foreign(why) => {
            let remedy = if why.yields_to_force() {
                Remedy::Force
            } else {
                Remedy::ByHand
            };
            let message = format!("{path} is in the way of the generated file: {why}.");
            (foreign_line(&why), codes::FOREIGN_OUTPUT, message, remedy)
        }
    };
    Some(Mismatch {
        span: line_span(&text, line),
        path,
        text,
        code,
        severity: Severity::Error,
        message,
        remedy,
    })
}

/// A line as a message quotes it: from a little before where it differs from another.
fn quoted(line: Option<&str>, other: Option<&str>) -> String {
    const BEFORE: usize = 20;
    const LENGTH: usize = 60;
    let Some(line) = line.map(str::trim) else {
        return "nothing".to_owned();
    };
    let other = other.unwrap_or_default().trim();
    let same = line.chars().zip(other.chars()).take_while(|(a, b)| a == b);
    let skipped = if line.chars().count() > LENGTH {
        same.count().saturating_sub(BEFORE)
    } else {
        0
    };
    let shown: String = line.chars().skip(skipped).take(LENGTH).collect();
    let begin = if skipped > 0 { "…" } else { "" };
    let is_cut = line.chars().count() > skipped.saturating_add(LENGTH);
    let end = if is_cut { "…" } else { "" };
    format!("`{begin}{shown}{end}`")
}

/// The line to point at: the header of a file that can be read.
fn foreign_line(why: &Foreign) -> usize {
    usize::from(matches!(why, Foreign::NotOurs(_) | Foreign::Edited))
}

/// The range of a line, counted from 1, without what surrounds it; the end where there is none.
fn line_span(text: &str, line: usize) -> Span {
    let Some(index) = line.checked_sub(1) else {
        return Span::default();
    };
    let mut start = 0;
    for (at, whole) in text.split_inclusive('\n').enumerate() {
        if at == index {
            let indent = whole.len() - whole.trim_start().len();
            let from = start + indent.min(whole.trim_end_matches(['\r', '\n']).len());
            return Span::new(from, from.max(start + whole.trim_end().len()));
        }
        start += whole.len();
    }
    Span::new(text.len(), text.len())
}

#[cfg(test)]
mod tests {
    use super::{line_span, quoted};

    #[test]
    fn a_long_line_is_quoted_where_it_differs() {
        assert_eq!(quoted(Some("  a = 1 "), Some("a = 2")), "`a = 1`");
        assert_eq!(quoted(None, Some("a")), "nothing");
        let [found, expected] =
            ["1", "2"].map(|n| format!("{}{n}{}", "é".repeat(90), "y".repeat(90)));
        let expected = quoted(Some(&found), Some(&expected));
        assert_eq!(
            expected,
            format!("`…{}1{}…`", "é".repeat(20), "y".repeat(39))
        );
        assert_eq!(quoted(Some("same"), Some("same")), "`same`");
    }

    #[test]
    fn a_line_is_pointed_at_without_its_white_space() {
        let text = "a\n\t b c \r\n\n  \nlast";
        let line = |n| line_span(text, n).text(text);
        assert_eq!(
            [line(1), line(2), line(3), line(4), line(5)],
            ["a", "b c", "", "", "last"]
        );
        assert_eq!((line(0), line(9)), ("", ""));
    }
}
