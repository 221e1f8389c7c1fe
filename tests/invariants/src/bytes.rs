//! Any bytes as a file of a project: read, checked, mended, and asked about.

use std::path::Path;

use quickback_realtime::lower;

use crate::project::{ROOT, project, small};
use crate::{findings, fixes, ide};

/// The files of the small project that the bytes take the place of, and new ones.
const PLACES: [&str; 8] = [
    "quickback/features/claims.ts",
    "quickback/features/other.ts",
    "quickback/quickback.config.ts",
    "quickback/services/realtime/ingest.ts",
    "quickback/features/schema.ts",
    "src/roles.ts",
    "src/handler.ts",
    "src/view.tsx",
];

/// How many fixes are tried of each text.
const FIXES: usize = 6;

/// Takes the first byte as the file, the second as a place in it, and the others as its text, and
/// fails where an invariant does not hold.
pub fn check(bytes: &[u8]) {
    let [place, at, text @ ..] = bytes else {
        return;
    };
    let text = String::from_utf8_lossy(text).into_owned();
    let root = Path::new(ROOT);
    let path = root.join(PLACES[usize::from(*place) % PLACES.len()]);
    let mut texts = small();
    texts.insert(path.clone(), text.clone());
    let project = project(root, &texts);
    let file = project.file(&path);
    let found = findings::of_all(&project);
    for (file, finding) in &found {
        findings::judge(&project, *file, finding);
    }
    lower::lower(&project);
    let wrong = fixes::wrong(&project, &found, fixes::all(&found).take(FIXES));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    fixes::judge_all(&project, &found);
    let mut offset = text.len() * usize::from(*at) / usize::from(u8::MAX);
    while !text.is_char_boundary(offset) {
        offset -= 1;
    }
    let offset = u32::try_from(offset).expect("the text is small");
    ide::ask(&project, file, &text, offset);
}
