//! Code frames, for people.

use std::ops::Range;

use annotate_snippets::{Annotation, AnnotationKind, Group, Level, Origin, Renderer, Snippet};
use anstream::adapter::strip_str;
use anstyle::Style;

use super::{View, count};
use crate::check::{Finding, Source};
use crate::diagnostic::Severity;
use crate::span::Span;

/// What a frame may show of one line, in bytes. A line that is longer is no line that a person
/// wrote, and is cut around what is wrong with it.
const LINE: usize = 400;

/// Each finding under its code frame, and at last one line of totals.
pub fn render(view: &View<'_>) -> String {
    let renderer = renderer();
    let mut out = String::new();
    for finding in view.shown() {
        frame(&renderer, finding, &mut out);
    }
    if !view.quiet {
        out.push_str(&totals(view));
    }
    out
}

fn renderer() -> Renderer {
    Renderer::styled()
}

fn frame(renderer: &Renderer, finding: &Finding, out: &mut String) {
    let level = match finding.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Information => Level::INFO.with_name("information"),
        Severity::Hint => Level::NOTE.with_name("hint"),
    };
    let title = level
        .primary_title(finding.message.as_str())
        .id(finding.code);
    let mut group = place(Group::with_title(title), finding);
    for location in &finding.related {
        if !same_frame(finding, &location.source, location.span) {
            let cut = Cut::around(&location.source, location.span, location.span);
            let label = AnnotationKind::Context
                .span(cut.within(location.span))
                .label(location.message.as_str());
            group = cut.add_to(group, location.span, [label]);
        }
    }
    if let Some(help) = &finding.help {
        group = group.element(Level::HELP.message(help.as_str()));
    }
    if let Some(fix) = finding.fixes.first() {
        let how = if fix.safe { " (--fix does it)" } else { "" };
        group = group.element(
            Level::HELP
                .with_name("fix")
                .message(format!("{}{how}", fix.title)),
        );
    }
    for line in renderer.render(&[group]).split('\n') {
        if !is_nameless(line) {
            out.push_str(line);
            out.push('\n');
        }
    }
    out.push('\n');
}

/// Whether a line announces another file without its name, as the renderer does above a frame whose
/// place has a line of its own.
fn is_nameless(line: &str) -> bool {
    line.contains(":::") && strip_str(line).to_string().trim() == ":::"
}

/// The finding's own frame, with the related places that are near enough to stand in it.
fn place<'f>(group: Group<'f>, finding: &'f Finding) -> Group<'f> {
    let source = &finding.source;
    if source.text.is_empty() {
        return group.element(origin(source, finding.span));
    }
    let near = || {
        let related = finding.related.iter();
        related.filter(|location| same_frame(finding, &location.source, location.span))
    };
    let all = near().fold(finding.span, |all, location| all.cover(location.span));
    let cut = Cut::around(source, all, finding.span);
    let primary = AnnotationKind::Primary.span(cut.within(finding.span));
    let context = near().map(|location| {
        AnnotationKind::Context
            .span(cut.within(location.span))
            .label(location.message.as_str())
    });
    let annotations: Vec<_> = [primary].into_iter().chain(context).collect();
    cut.add_to(group, finding.span, annotations)
}

/// Whether a related place can be shown in the finding's own frame.
fn same_frame(finding: &Finding, source: &Source, span: Span) -> bool {
    let whole = finding.span.cover(span);
    source.path == finding.source.path
        && (whole.len() as usize) < LINE * 20
        && lines(&source.text, whole).all(|line| line.len() < LINE)
}

/// The place of a finding as editors and terminals understand it.
fn origin<'s>(source: &'s Source, span: Span) -> Origin<'s> {
    let (start, _) = source.range(span);
    Origin::path(source.name.as_str())
        .line(start.line as usize)
        .char_column(start.column as usize)
}

/// The part of a text that a frame shows: whole lines, unless they are too long.
struct Cut<'t> {
    source: &'t Source,
    text: &'t str,
    /// The byte at which it begins.
    start: usize,
    /// The number of its first line, from 1.
    line: usize,
}

impl<'t> Cut<'t> {
    /// The lines of `span`; where they are too long, what is around `focus`.
    fn around(source: &'t Source, span: Span, focus: Span) -> Self {
        let text: &str = &source.text;
        let (mut start, mut end) = line_bounds(text, span);
        if lines(text, span).any(|line| line.len() >= LINE) {
            start = boundary(
                text,
                start.max((focus.start as usize).saturating_sub(LINE / 4)),
            );
            end = boundary(
                text,
                end.min((focus.start as usize).saturating_add(LINE / 2)),
            );
        }
        // A byte order mark is not shown: it has no width, and no editor counts it.
        if start == 0 && text.starts_with('\u{feff}') {
            start = '\u{feff}'.len_utf8();
        }
        let (first, _) = source.range(Span::at(u32::try_from(start).unwrap_or(u32::MAX)));
        Self {
            source,
            text: text.get(start..end.max(start)).unwrap_or_default(),
            start,
            line: first.line as usize,
        }
    }

    /// Adds the frame to a group, under the place that `focus` begins at.
    fn add_to(
        &self,
        group: Group<'t>,
        focus: Span,
        annotations: impl IntoIterator<Item = Annotation<'t>>,
    ) -> Group<'t> {
        let snippet = Snippet::source(self.text)
            .line_start(self.line)
            .annotations(annotations);
        // The renderer counts characters from where the frame begins. Where that is another
        // number than the column, the place is written on a line of its own.
        let (start, _) = self.source.range(focus);
        let at = self.within(focus).start;
        let before = self.text.get(..at).unwrap_or_default();
        let characters = before.chars().rev().take_while(|c| *c != '\n').count();
        if characters.saturating_add(1) == start.column as usize {
            group.element(snippet.path(self.source.name.as_str()))
        } else {
            group.element(origin(self.source, focus)).element(snippet)
        }
    }

    /// A range of the text as one of the cut.
    fn within(&self, span: Span) -> Range<usize> {
        let at = |offset: u32| {
            (offset as usize)
                .saturating_sub(self.start)
                .min(self.text.len())
        };
        at(span.start)..at(span.end)
    }
}

/// The lines that a range touches, without their line breaks.
fn lines(text: &str, span: Span) -> impl Iterator<Item = &str> {
    let (start, end) = line_bounds(text, span);
    text.get(start..end).unwrap_or_default().lines()
}

/// From the beginning of the range's first line to the end of its last.
fn line_bounds(text: &str, span: Span) -> (usize, usize) {
    let (start, end) = (span.start as usize, span.end as usize);
    let before = text.get(..start).unwrap_or_default();
    let first = before.rfind('\n').map_or(0, |at| at.saturating_add(1));
    let after = text.get(end..).unwrap_or_default();
    let last = after
        .find('\n')
        .map_or(text.len(), |at| end.saturating_add(at));
    // The other half of a line break is not shown.
    let whole = text.get(first..last).unwrap_or_default();
    (
        first,
        first.saturating_add(whole.trim_end_matches('\r').len()),
    )
}

/// The nearest character boundary at or before a byte.
fn boundary(text: &str, at: usize) -> usize {
    text.floor_char_boundary(at)
}

/// `3 errors and 1 warning in 12 files (4 tables, 2 namespaces).`
pub(super) fn totals(view: &View<'_>) -> String {
    let summary = &view.report.summary;
    let of = format!(
        "{} ({}, {})",
        count(summary.files, "file", "files"),
        count(summary.tables, "table", "tables"),
        count(summary.namespaces, "namespace", "namespaces")
    );
    let bold = Style::new().bold();
    let hidden = view.report.findings.len() - view.shown().count();
    let hidden = match hidden {
        0 => String::new(),
        n => format!(" {n} more with --all."),
    };
    if summary.errors == 0 && summary.warnings == 0 {
        return format!("{bold}No errors or warnings{bold:#} in {of}.{hidden}\n");
    }
    format!(
        "{bold}{} and {}{bold:#} in {of}.{hidden}\n",
        count(summary.errors, "error", "errors"),
        count(summary.warnings, "warning", "warnings"),
    )
}

#[cfg(test)]
#[path = "text_tests.rs"]
mod tests;
