//! A fix does what it says: the text still parses, the finding is gone, and a safe fix leaves
//! everything sent as it was and fewer findings than before. So do all safe fixes together.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

use quickback_realtime::diagnostic::{Diagnostic, Edit, Fix, Severity};
use quickback_realtime::facts::FileFacts;
use quickback_realtime::fix;
use quickback_realtime::lower;
use quickback_realtime::project::Project;
use quickback_realtime::span::FileId;

use generator::broadcaster::policy::Policy;

use crate::findings;

/// Applies each of `fixes`, given as the numbers of a finding and of its fix, by itself to a
/// project, and says what is wrong with what it makes. The project is as before then.
pub fn wrong(
    project: &Project,
    before: &[(FileId, Diagnostic)],
    fixes: impl IntoIterator<Item = (usize, usize)>,
) -> Vec<String> {
    let mut wrong = Vec::new();
    let sent = sent(project);
    for (finding, fix) in fixes {
        let (file, finding) = &before[finding];
        let fix = &finding.fixes[fix];
        // Where a text does not parse, what its pieces mean is the parser's guess, before and after.
        if errors(project, fix) > 0 {
            continue;
        }
        let (found, errors_after, sent_after, text) = mended(project, fix);
        let same = |(at, other): &&(FileId, Diagnostic)| {
            at == file && other.code == finding.code && other.message == finding.message
        };
        let mut complain = |what: &str| {
            let told = findings::shown(project, *file, finding);
            wrong.push(format!("{} {what}: {told}\n{text}", fix.title));
        };
        if found.iter().filter(same).count() >= before.iter().filter(same).count() {
            complain("does not mend it");
        }
        if errors_after > 0 {
            complain("does not parse");
        }
        // A rule that is written out binds the calls that have a mask of their own, which is said of
        // them; fixing everything leaves it for that.
        let binds = |found: &[(FileId, Diagnostic)]| {
            let narrowed = found.iter().filter(|(_, d)| d.code == "widened-mask");
            narrowed.count()
        };
        let bound = match finding.code {
            "implicit-mask" => binds(&found).saturating_sub(binds(before)),
            _ => 0,
        };
        if fix.safe && found.len() - bound >= before.len() {
            complain("is safe and leaves as many findings");
        }
        if fix.safe && sent_after != sent {
            complain("is safe and changes what is sent");
        }
    }
    wrong
}

/// Fixes everything that is safe to fix and fails where that breaks something. The project stays
/// as it is.
pub fn judge_all(project: &Project, before: &[(FileId, Diagnostic)]) {
    let after = project.fork();
    let fixed = fix::fix(&after, &|_| true);
    if fixed.fixes == 0 {
        assert!(fixed.files.is_empty(), "no fix changed {:?}", fixed.files);
        return;
    }
    let found = findings::of_all(&after);
    assert!(
        found.len() < before.len(),
        "fixed {:?} and left as many findings",
        fixed.files
    );
    let errors = |found: &[(FileId, Diagnostic)]| {
        let errors = found.iter().filter(|(_, d)| d.severity == Severity::Error);
        errors.count()
    };
    assert!(
        errors(&found) <= errors(before),
        "fixed {:?} and made errors",
        fixed.files
    );
    assert_eq!(
        sent(&after),
        sent(project),
        "fixed {:?} and changed what is sent",
        fixed.files
    );
}

/// What is sent, and to whom: the policies of the tables by their names, and the namespaces with
/// their events. The order of names in a list and who wrote a mask do not matter.
type Sent = (BTreeMap<String, Policy>, BTreeMap<String, BTreeSet<String>>);

fn sent(project: &Project) -> Sent {
    let model = lower::lower(project);
    let config = generator::policy::config(&model);
    let tables = config.tables.iter().map(|table| {
        let mut policy = table.policy.clone();
        policy.columns.to_mut().sort();
        if let Some(roles) = &mut policy.required_roles {
            roles.to_mut().sort();
        }
        let masks = policy.masks.to_mut();
        masks.sort_by(|a, b| a.column.cmp(&b.column));
        for mask in masks {
            mask.show_roles.to_mut().sort();
            mask.automatic = false;
        }
        (table.name.to_string(), policy)
    });
    let namespaces = model.namespaces.into_iter();
    let namespaces =
        namespaces.map(|namespace| (namespace.name, namespace.events.into_iter().collect()));
    (tables.collect(), namespaces.collect())
}

/// The numbers of all findings with their fixes.
pub fn all(found: &[(FileId, Diagnostic)]) -> impl Iterator<Item = (usize, usize)> {
    found
        .iter()
        .enumerate()
        .flat_map(|(at, (_, finding))| (0..finding.fixes.len()).map(move |fix| (at, fix)))
}

fn touched(fix: &Fix) -> BTreeSet<FileId> {
    fix.edits.iter().map(|edit| edit.place.file).collect()
}

/// How many syntax errors the files have that a fix changes.
fn errors(project: &Project, fix: &Fix) -> usize {
    touched(fix)
        .into_iter()
        .filter_map(|file| project.facts(file))
        .map(|facts| facts.errors.len())
        .sum()
}

/// What the findings, the syntax errors and what is sent are while a fix is applied, and the text
/// that it makes.
fn mended(project: &Project, fix: &Fix) -> (Vec<(FileId, Diagnostic)>, usize, Sent, String) {
    let mut changed = String::new();
    let mut restored = Vec::new();
    for file in touched(fix) {
        let old = project.facts(file).expect("what is edited can be read");
        let edits: Vec<&Edit> = fix.edits.iter().filter(|e| e.place.file == file).collect();
        let text = apply(&old.text, &edits);
        let facts = FileFacts::of_text(&text, &project.path(file));
        project.set_facts(file, Some(Arc::new(facts)));
        restored.push((file, old));
        changed.push_str(&format!("//- {}\n{text}\n", project.relative(file)));
    }
    let after = (
        findings::of_all(project),
        errors(project, fix),
        sent(project),
        changed,
    );
    for (file, facts) in restored {
        project.set_facts(file, Some(facts));
    }
    after
}

/// A text after edits.
pub fn apply(text: &str, edits: &[&Edit]) -> String {
    let mut sorted = edits.to_vec();
    sorted.sort_by_key(|edit| std::cmp::Reverse(edit.place.span));
    let mut result = text.to_owned();
    for edit in sorted {
        let span = edit.place.span;
        result.replace_range(span.start as usize..span.end as usize, &edit.new_text);
    }
    result
}
