//! Whatever an editor asks at any place is answered, and the answers lie in the text.

use generator::preview::Options;
use quickback_realtime::ide::{
    actions, completion, hints, hover, lenses, navigate, preview, rename, symbols,
};
use quickback_realtime::project::Project;
use quickback_realtime::rules;
use quickback_realtime::span::{FileId, Span};

/// Asks for everything that can be asked at a place of a text, which is what the project knows of
/// the file.
pub fn ask(project: &Project, file: FileId, text: &str, offset: u32) {
    let is_range = |span: Span| {
        span.start <= span.end && text.get(span.start as usize..span.end as usize).is_some()
    };
    for item in completion::complete(project, file, text, offset) {
        assert!(
            item.replace.touches(offset) && is_range(item.replace),
            "{item:?} does not hold the cursor"
        );
    }
    if let Some(found) = hover::hover(project, file, offset) {
        assert!(!found.markdown.is_empty());
    }
    let whole = Span::new(0, text.len());
    for hint in hints::inlay(project, file, whole) {
        assert!(text.is_char_boundary(hint.offset as usize), "{hint:?}");
    }
    for lens in lenses::lenses(project, file) {
        assert!(is_range(lens.span), "{lens:?}");
    }
    for symbol in symbols::document(project, file) {
        assert!(
            is_range(symbol.span)
                && is_range(symbol.selection)
                && symbol.span.contains(symbol.selection),
            "{symbol:?}"
        );
    }
    for found in navigate::highlights(project, file, offset) {
        assert!(is_range(found.place.span), "{found:?}");
    }
    for place in navigate::definition(project, file, offset) {
        let facts = project.facts(place.file);
        let facts = facts.expect("what is gone to can be read");
        let range = place.span.start as usize..place.span.end as usize;
        assert!(facts.text.get(range).is_some(), "{place:?}");
    }
    navigate::references(project, file, offset);
    let whole_preview = preview::preview(
        project,
        file,
        preview::Asked::Offset(offset),
        &Options::default(),
    );
    if let Some(Err(reason)) = whole_preview {
        assert!(!reason.is_empty());
    }
    let findings = rules::check(project, file);
    for action in actions::actions(project, file, whole, &findings, true) {
        assert!(!action.edits.is_empty(), "{action:?}");
    }
    let named = rename::prepare(project, file, offset);
    if let Ok(Some(named)) = named {
        assert!(is_range(named.span), "{named:?}");
        if let Ok(Some(renaming)) = rename::rename(project, file, offset, "somethingElse", &|| true)
        {
            for pair in renaming.edits.windows(2) {
                let (a, b) = (pair[0].place, pair[1].place);
                assert!(a.file != b.file || a.span.end <= b.span.start, "{pair:?}");
            }
        }
    }
}
