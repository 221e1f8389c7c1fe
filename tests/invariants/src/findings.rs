//! What holds of every finding, and which findings are the same.

use std::sync::Arc;

use quickback_realtime::diagnostic::{Diagnostic, Edit};
use quickback_realtime::facts::FileFacts;
use quickback_realtime::project::Project;
use quickback_realtime::rules;
use quickback_realtime::span::{FileId, Place, Span};

/// Puts a text in the place of a file's and checks the file.
pub fn check(project: &Project, file: FileId, text: &str) -> Vec<Diagnostic> {
    let facts = FileFacts::of_text(text, &project.path(file));
    project.set_facts(file, Some(Arc::new(facts)));
    let found = rules::check(project, file);
    for finding in &found {
        judge(project, file, finding);
    }
    found
}

/// Fails unless every range of a finding is one of its text, and no two edits of a fix overlap.
pub fn judge(project: &Project, file: FileId, finding: &Diagnostic) {
    let is_range = |file: FileId, span: Span| {
        let facts = project.facts(file).expect("what is pointed at can be read");
        assert!(
            span.start <= span.end
                && facts
                    .text
                    .get(span.start as usize..span.end as usize)
                    .is_some(),
            "{span:?} is no range of {} in {finding:?}",
            project.relative(file)
        );
    };
    is_range(file, finding.span);
    for related in &finding.related {
        is_range(related.place.file, related.place.span);
    }
    for fix in &finding.fixes {
        let mut edits: Vec<_> = fix.edits.iter().map(|edit| edit.place).collect();
        edits.sort();
        for edit in &edits {
            is_range(edit.file, edit.span);
        }
        for pair in edits.windows(2) {
            assert!(
                pair[0].file != pair[1].file || pair[0].span.end <= pair[1].span.start,
                "edits overlap in {finding:?}"
            );
        }
    }
}

/// Everything that is found in a project's members, in an order and with names that do not depend
/// on when a file became known.
pub fn of_all(project: &Project) -> Vec<(FileId, Diagnostic)> {
    let members = project.members().into_iter();
    members
        .flat_map(|file| {
            let found = rules::check(project, file);
            found.into_iter().map(move |finding| (file, finding))
        })
        .collect()
}

/// A finding with all that is said in it, for comparison.
pub fn shown(project: &Project, file: FileId, finding: &Diagnostic) -> String {
    let place = |place: Place| format!("{}:{:?}", project.relative(place.file), place.span);
    let edit = |edit: &Edit| format!("{} {:?}", place(edit.place), edit.new_text);
    let related: Vec<String> = finding
        .related
        .iter()
        .map(|related| format!("{} {}", place(related.place), related.message))
        .collect();
    let fixes: Vec<String> = finding
        .fixes
        .iter()
        .map(|fix| {
            let edits: Vec<String> = fix.edits.iter().map(edit).collect();
            format!("{} (safe: {}) {edits:?}", fix.title, fix.safe)
        })
        .collect();
    format!(
        "{} {} {}: {} help {:?} related {related:?} fixes {fixes:?}",
        place(Place {
            file,
            span: finding.span
        }),
        finding.severity,
        finding.code,
        finding.message,
        finding.help,
    )
}

/// All findings of a project, each with all that is said in it.
pub fn all_shown(project: &Project) -> Vec<String> {
    of_all(project)
        .iter()
        .map(|(file, finding)| shown(project, *file, finding))
        .collect()
}
