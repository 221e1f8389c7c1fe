//! A name that is given another leaves nothing behind: what is found and what is sent stays the
//! same but for the name, no definition holds the old one, wherever it is renamed from the same
//! changes, and renaming it back makes the first text.

mod left;

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::Arc;

use quickback_realtime::diagnostic::{Diagnostic, Edit};
use quickback_realtime::facts::FileFacts;
use quickback_realtime::ide::rename::{Renaming, prepare, rename};
use quickback_realtime::ide::symbol::{Symbol, in_all_files};
use quickback_realtime::lower;
use quickback_realtime::project::Project;
use quickback_realtime::span::{FileId, Place, Span};

use crate::findings;
use crate::fixes::apply;
use crate::project::{Texts, project};

/// What became of the names of a project.
#[derive(Debug, Default)]
pub struct Outcome {
    /// How many names were renamed.
    pub renamed: usize,
    /// Those that are not, each with the reason.
    pub refused: BTreeMap<String, String>,
    /// What does not hold.
    pub wrong: Vec<String>,
}

/// Renames every name of a project, each by itself.
pub fn check(root: &Path, texts: &Texts) -> Outcome {
    let before = Before::of(project(root, texts));
    let mut outcome = Outcome::default();
    for (symbol, places) in names(&before.project) {
        before.judge(&symbol, &places, &mut outcome);
    }
    outcome
}

/// Everything that is named in a project, with where it is.
fn names(project: &Project) -> BTreeMap<Symbol, BTreeSet<Place>> {
    let mut names: BTreeMap<Symbol, BTreeSet<Place>> = BTreeMap::new();
    for said in in_all_files(project) {
        for occurrence in said.found {
            let places = names.entry(occurrence.symbol).or_default();
            places.insert(occurrence.place);
        }
    }
    names
}

/// A project whose names are changed.
struct Before {
    project: Project,
    found: Vec<Finding>,
    sent: Vec<String>,
}

impl Before {
    fn of(project: Project) -> Self {
        Self {
            found: found(&project),
            sent: sent(&project),
            project,
        }
    }

    fn judge(&self, symbol: &Symbol, places: &BTreeSet<Place>, outcome: &mut Outcome) {
        let project = &self.project;
        let is_accepted = |place: &&Place| {
            let prepared = prepare(project, place.file, place.span.start);
            matches!(prepared, Ok(Some(name)) if name.span == place.span)
        };
        let Some(first) = places.iter().find(is_accepted) else {
            return;
        };
        let old = project.text(*first);
        let fresh = fresh(symbol, &old);
        let told = format!("{} {old} of {}", kind(symbol), project.relative(first.file));
        let renaming = match rename_at(project, *first, &fresh) {
            Ok(renaming) => renaming,
            Err(why) => {
                outcome.refused.insert(told, why);
                return;
            }
        };
        outcome.renamed += 1;
        let mut complain = |what: String| outcome.wrong.push(format!("{told}: {what}"));
        for other in places.iter().filter(is_accepted).skip(1) {
            if rename_at(project, *other, &fresh).as_ref() != Ok(&renaming) {
                complain(format!("other changes from {}", shown(project, *other)));
            }
        }
        let after = Renamed::of(project, &renaming);
        let errors = |project: &Project| -> usize {
            let files = after.texts.keys();
            let facts = files.filter_map(|file| project.facts(*file));
            facts.map(|facts| facts.errors.len()).sum()
        };
        if errors(&after.project) > errors(project) {
            complain("it does not parse any more".to_owned());
        }
        let was = |text: &str| text.replace(&fresh, &old);
        let found = found(&after.project).into_iter();
        let found = found.map(|finding| finding.map(|text| collapsed(&was(&text), &old)));
        for finding in differing(&self.found, found.collect(), &old) {
            complain(format!("other findings: {finding:?}"));
        }
        let mut sent: Vec<String> = sent(&after.project).iter().map(|text| was(text)).collect();
        sent.sort();
        let lost: Vec<&String> = self.sent.iter().filter(|s| !sent.contains(s)).collect();
        if sent != self.sent {
            complain(format!("something else is sent than {lost:#?}"));
        }
        for what in left::behind(project, &after, symbol, [&old, &fresh]) {
            complain(what);
        }
        // An event may have had a name that is no identifier, which none is given.
        match rename_at(&after.project, after.now(*first), &old) {
            Ok(back) => {
                let first = Renamed::of(&after.project, &back);
                for (file, text) in &first.texts {
                    let before = project.facts(*file).expect("it has been renamed");
                    if collapsed(text, &old) != collapsed(&before.text, &old)
                        || (!after.is_split(project) && **text != *before.text)
                    {
                        complain(format!("back it is not the same:\n{text}"));
                    }
                }
                if first.texts.keys().ne(after.texts.keys()) {
                    complain("back it is renamed in other files".to_owned());
                }
            }
            Err(why) if why.contains("cannot be the name of") => {}
            Err(why) => complain(format!("not back: {why}")),
        }
    }
}

/// A project after a renaming.
struct Renamed {
    project: Project,
    edits: Vec<Edit>,
    note: String,
    texts: BTreeMap<FileId, String>,
}

impl Renamed {
    fn of(before: &Project, renaming: &Renaming) -> Self {
        let mut by_file: BTreeMap<FileId, Vec<&Edit>> = BTreeMap::new();
        for edit in &renaming.edits {
            by_file.entry(edit.place.file).or_default().push(edit);
        }
        let project = before.fork();
        let mut texts = BTreeMap::new();
        for (file, edits) in by_file {
            let facts = before.facts(file).expect("what is edited can be read");
            let text = apply(&facts.text, &edits);
            let facts = FileFacts::of_text(&text, &project.path(file));
            project.set_facts(file, Some(Arc::new(facts)));
            texts.insert(file, text);
        }
        Self {
            project,
            edits: renaming.edits.clone(),
            note: renaming.note.clone().unwrap_or_default(),
            texts,
        }
    }

    /// Whether a name that was a key and a value at once are two now.
    fn is_split(&self, before: &Project) -> bool {
        let is_split =
            |edit: &Edit| edit.new_text.contains(": ") && !before.text(edit.place).contains(": ");
        self.edits.iter().any(is_split)
    }

    /// Where the name is that was at a place.
    fn now(&self, place: Place) -> Place {
        let mut start = place.span.start;
        for edit in self.edits.iter().filter(|e| e.place.file == place.file) {
            if edit.place.span.start < place.span.start {
                start = start + length(&edit.new_text) - edit.place.span.len();
            }
        }
        Place {
            span: Span::at(start),
            ..place
        }
    }
}

fn length(text: &str) -> u32 {
    u32::try_from(text.len()).expect("the text is small")
}

fn rename_at(project: &Project, place: Place, name: &str) -> Result<Renaming, String> {
    let found = rename(project, place.file, place.span.start, name, &|| true)?;
    found.ok_or_else(|| "there is nothing".to_owned())
}

/// A name that means what the old one does, which has the same words at its end: some columns are
/// masked by those.
fn fresh(symbol: &Symbol, old: &str) -> String {
    let mut letters = old.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string());
    let name = format!("zq{}{}", first.unwrap_or_default(), letters.as_str());
    match symbol {
        Symbol::Role(_) => name,
        _ => {
            let is_letter = |c: char| c.is_alphanumeric();
            name.chars()
                .map(|c| if is_letter(c) { c } else { '_' })
                .collect()
        }
    }
}

fn kind(symbol: &Symbol) -> &'static str {
    match symbol {
        Symbol::Column(_) => "column",
        Symbol::Injected(_) => "injected column",
        Symbol::Role(_) => "role",
        Symbol::Table(_) => "table",
        Symbol::Namespace(_) => "namespace",
        Symbol::Event(..) => "event",
    }
}

/// `{ title: title }` as `{ title }`: a name that was both is two when it is renamed, and stays so.
fn collapsed(text: &str, name: &str) -> String {
    text.replace(&format!("{name}: {name}"), name)
}

/// Where a place is, for whoever reads a failure.
fn shown(project: &Project, place: Place) -> String {
    let facts = project.facts(place.file);
    let text = facts.as_ref().map_or("", |facts| &*facts.text);
    let start = place.span.start as usize;
    let line = text.get(..start).unwrap_or_default().matches('\n').count();
    let text = text.lines().nth(line).unwrap_or_default().trim();
    format!("{}:{}: {text}", project.relative(place.file), line + 1)
}

/// A finding: its file, its line, its code, what it marks, its message, and all else that is said.
/// Its ranges are left out, which a longer name moves.
type Finding = [String; 6];

fn found(project: &Project) -> Vec<Finding> {
    let found = findings::of_all(project).into_iter();
    found
        .map(|(file, finding)| said(project, file, &finding))
        .collect()
}

fn said(project: &Project, file: FileId, finding: &Diagnostic) -> Finding {
    let facts = project.facts(file).expect("what is judged can be read");
    let before = facts.text.get(..finding.span.start as usize);
    let line = before.unwrap_or_default().matches('\n').count() + 1;
    let related = finding.related.iter().map(|related| &related.message);
    let also: Vec<&String> = related.chain(&finding.help).collect();
    [
        project.relative(file),
        line.to_string(),
        finding.code.to_string(),
        finding.span.text(&facts.text).to_owned(),
        finding.message.clone(),
        format!("{} {also:?}", finding.severity),
    ]
}

/// The findings that are in one list alone, but for those that go by how much a misspelled name is
/// like the old one, and for those that say that the old one cannot be used.
fn differing(before: &[Finding], mut after: Vec<Finding>, old: &str) -> Vec<Finding> {
    let mut only: Vec<Finding> = Vec::new();
    for finding in before {
        match after.iter().position(|other| other == finding) {
            Some(at) => {
                after.swap_remove(at);
            }
            None => only.push(finding.clone()),
        }
    }
    only.retain(|finding| {
        let [path, line, code, marked, message, _] = finding;
        if code.starts_with("invalid-") && marked == old {
            return false;
        }
        let is_suggested = message.contains(&format!("Did you mean \"{old}\"?"));
        if is_suggested {
            after.retain(|other| [path, line, marked] != [&other[0], &other[1], &other[3]]);
        }
        !is_suggested
    });
    only.append(&mut after);
    only
}

/// What is sent, and what is known of it, line by line.
fn sent(project: &Project) -> Vec<String> {
    let mut model = lower::lower(project);
    // They are sorted by name.
    model.roles.others.clear();
    let config = generator::policy::config(&model);
    let mut lines = vec![format!("{:?} {:?}", model.roles, config.hierarchy)];
    lines.extend(model.tables.iter().map(|table| format!("{table:?}")));
    lines.extend(model.namespaces.iter().map(|name| format!("{name:?}")));
    lines.extend(config.tables.iter().map(|table| format!("{table:?}")));
    lines.sort();
    lines
}
