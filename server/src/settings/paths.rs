//! The places that generated files may go to.

use std::path::{Component, Path, PathBuf};

use super::read::PathSpans;
use super::{FILE, Output};
use crate::codes;
use crate::diagnostic::{Diagnostic, Severity};
use crate::project::layout::{self, Role};
use crate::span::{Place, Span};
use crate::workspace;

/// Reports places that cannot be generated into, and puts the defaults in their stead.
pub(super) fn check(
    root: &Path,
    output: &mut Output,
    spans: &PathSpans,
    found: &mut Vec<Diagnostic>,
) {
    let defaults = Output::default();
    let mut seen: Vec<(Placed, Option<Span>)> = Vec::new();
    let span_of = |key: &str| spans.iter().rev().find(|(k, _)| *k == key).map(|(_, s)| *s);
    let Output {
        helper,
        client,
        worker,
    } = output;
    let places = [
        ("helper", Some(helper), Some(defaults.helper)),
        ("client", client.as_mut(), defaults.client),
        ("worker", worker.as_mut(), defaults.worker),
    ];
    for (key, place, default) in places {
        let Some(place) = place else { continue };
        let span = span_of(key);
        match judge(root, key, place) {
            Ok(placed) => {
                let clash = seen.iter().find(|(other, _)| other.overlaps(&placed));
                if let Some((other, other_span)) = clash {
                    let message = format!(
                        "\"{}\" and \"{}\" lie in the same place, and one would replace the other. Choose another path.",
                        placed.path, other.path
                    );
                    // Of a place that is not written, the other one is named.
                    let at = span.or(*other_span).unwrap_or_default();
                    let mut finding =
                        Diagnostic::new(codes::INVALID_VALUE, Severity::Error, at, message);
                    if let (Some(_), Some(other)) = (span, other_span) {
                        let place = Place {
                            file: FILE,
                            span: *other,
                        };
                        finding = finding.with_related(place, "the other place is named here");
                    }
                    found.push(finding);
                }
                place.clone_from(&placed.path);
                seen.push((placed, span));
            }
            Err(message) => {
                found.push(Diagnostic::new(
                    codes::INVALID_VALUE,
                    Severity::Error,
                    span.unwrap_or_default(),
                    message,
                ));
                if let Some(default) = default {
                    *place = default;
                }
            }
        }
    }
}

/// A place that can be generated into.
struct Placed {
    /// Relative to the root, in its normal form.
    path: String,
    /// Where that is after all symbolic links.
    destination: PathBuf,
}

impl Placed {
    /// Whether one place is the other or holds it. File systems may not tell case apart.
    fn overlaps(&self, other: &Self) -> bool {
        let lower = |path: &Path| PathBuf::from(path.to_string_lossy().to_lowercase());
        let (a, b) = (lower(&self.destination), lower(&other.destination));
        a.starts_with(&b) || b.starts_with(&a)
    }
}

/// The place that a path names, or what is wrong with it.
fn judge(root: &Path, key: &str, written: &str) -> Result<Placed, String> {
    let path = written.replace('\\', "/");
    if path.starts_with('/') || path.get(1..2) == Some(":") {
        return Err(format!(
            "\"{written}\" is an absolute path, which is another place on every machine. Write it relative to the project."
        ));
    }
    let mut parts = Vec::new();
    for component in Path::new(&path).components() {
        match component {
            Component::Normal(part) => parts.push(part.to_string_lossy().into_owned()),
            Component::CurDir => {}
            _ => {
                return Err(format!(
                    "\"{written}\" leads out of the project, where nothing may be generated. Choose a path inside of it."
                ));
            }
        }
    }
    let normal = parts.join("/");
    if normal.is_empty() || normal.contains('\0') {
        return Err(format!(
            "\"{key}\" must name {}.",
            if key == "worker" {
                "a folder"
            } else {
                "a file"
            }
        ));
    }
    if key != "worker" && (!is_typescript(&normal) || written.ends_with(['/', '\\'])) {
        return Err(format!(
            "\"{written}\" must name a TypeScript file, since that is what is generated there."
        ));
    }
    if parts
        .iter()
        .any(|part| part == "node_modules" || part == ".git")
    {
        return Err(format!(
            "\"{written}\" lies in a folder that does not belong to the project's sources. Choose another path."
        ));
    }
    // A folder is judged by a file in it.
    let probe = if key == "worker" {
        format!("{normal}/lib.ts")
    } else {
        normal.clone()
    };
    match layout::role(Path::new(&probe)) {
        Role::Feature | Role::Schema | Role::Service | Role::Config => {
            return Err(format!(
                "\"{written}\" lies among the definitions, where the compiler would read it as one. Choose a path outside of them."
            ));
        }
        Role::Settings | Role::Source | Role::Other => {}
    }
    match workspace::destination(root, &normal) {
        Some(destination) => Ok(Placed {
            path: normal,
            destination,
        }),
        None => Err(format!(
            "\"{written}\" leads out of the project through a symbolic link. Choose another path, or remove the link."
        )),
    }
}

/// Whether a path names a TypeScript file that is no declaration.
fn is_typescript(path: &str) -> bool {
    layout::is_source(path)
        && matches!(
            path.rsplit_once('.'),
            Some((_, "ts" | "tsx" | "mts" | "cts"))
        )
}
