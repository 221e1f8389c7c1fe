//! Any text as `quickback-realtime.json` or as a `tsconfig.json`.

use std::path::{Component, Path, PathBuf};
use std::sync::Arc;

use quickback_realtime::diagnostic::{Diagnostic, Edit};
use quickback_realtime::project::{Read, layout};
use quickback_realtime::settings::{self, Settings};

use crate::fixes;
use crate::project::{ROOT, project, small};

/// What separates the files in an input: the settings, `tsconfig.json`, `base.json`.
const SEPARATOR: char = '\0';

/// Takes the bytes as up to three files of JSON, and fails where an invariant does not hold.
pub fn check(bytes: &[u8]) {
    let text = String::from_utf8_lossy(bytes);
    let mut files = text.splitn(3, SEPARATOR).map(str::to_owned);
    if let Some(settings) = files.next() {
        check_settings(&settings);
    }
    if let Some(tsconfig) = files.next() {
        check_tsconfig(tsconfig, files.next());
    }
}

fn load(text: &str) -> (Settings, Vec<Diagnostic>) {
    let path = Path::new(ROOT).join(layout::SETTINGS_NAME);
    let text = text.to_owned();
    let read: Read = Arc::new(move |asked: &Path| (asked == path).then(|| text.clone()));
    settings::load(Path::new(ROOT), &read)
}

fn check_settings(text: &str) {
    let (settings, found) = load(text);
    assert_eq!(settings.mistake.is_some(), !found.is_empty());
    for finding in &found {
        let span = finding.span;
        assert!(
            text.get(span.start as usize..span.end as usize).is_some(),
            "{finding:?} lies outside of the text"
        );
        for fix in &finding.fixes {
            let edits: Vec<&Edit> = fix.edits.iter().collect();
            let (_, after) = load(&fixes::apply(text, &edits));
            let same = |other: &&Diagnostic| {
                other.code == finding.code && other.message == finding.message
            };
            assert!(
                after.iter().filter(same).count() < found.iter().filter(same).count(),
                "{} does not mend {finding:?}",
                fix.title
            );
        }
    }
    for place in settings.output.places() {
        let inside = Path::new(&place)
            .components()
            .all(|part| matches!(part, Component::Normal(_)));
        assert!(
            inside && !place.is_empty(),
            "{place:?} may lie outside of the project"
        );
    }
    let (again, found_again) = load(text);
    assert!(
        again == settings && found_again == found,
        "the same text is read in two ways"
    );
}

fn check_tsconfig(tsconfig: String, base: Option<String>) {
    let root = Path::new(ROOT);
    let mut texts = small();
    texts.insert(root.join("tsconfig.json"), tsconfig);
    texts.extend(base.map(|text| (root.join("base.json"), text)));
    let project = project(root, &texts);
    let handler: PathBuf = root.join("src/handler.ts");
    let file = project.file(&handler);
    for module in [
        "@/roles",
        "~/lib/realtime",
        "src/roles",
        "x",
        "",
        "*",
        "é/😀",
        "./roles",
    ] {
        let found = project.resolve(file, module);
        assert_eq!(found, project.resolve(file, module), "{module}");
        if let Some(found) = found {
            assert!(project.facts(found).is_some(), "{module} leads to nothing");
        }
        project.is_helper(file, module);
    }
}
