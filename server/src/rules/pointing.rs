//! Where a finding points, and how a value that is written in another file is named.

use super::Context;
use super::calls::words;
use crate::diagnostic::{Diagnostic, Fix};
use crate::facts::FileFacts;
use crate::project::model::{Block, BlockOwner, Known};
use crate::project::resolved::{List, Resolved};
use crate::span::{Place, Span};
use crate::syntax::ExportTarget;
use crate::syntax::value::ValueKind;

/// The range of a value that a user would call wrong: a string without its quotes, unless it is
/// empty, which could not be seen.
pub fn range(value: &Resolved) -> Span {
    let inner = value.inner_span();
    if inner.is_empty() { value.span } else { inner }
}

/// A range of the checked file without the quotes of a string.
pub fn unquoted(context: &Context<'_>, span: Span) -> Span {
    let text = context.text(span);
    let quoted = text.len() > 2 && text.starts_with(['"', '\'', '`']);
    if quoted {
        Span {
            start: span.start + 1,
            end: span.end - 1,
        }
    } else {
        span
    }
}

/// Where a value is written, a string without its quotes.
pub fn origin(value: &Resolved) -> Place {
    let Place { file, span } = value.origin;
    let is_quoted = value.as_str().is_some() && span.len() > 2;
    let span = if is_quoted {
        Span {
            start: span.start + 1,
            end: span.end - 1,
        }
    } else {
        span
    };
    Place { file, span }
}

/// Adds the place where a value is written, if that is in another file than the checked one.
pub fn with_origin(
    finding: Diagnostic,
    context: &Context<'_>,
    origin: Place,
    what: &str,
) -> Diagnostic {
    if origin.file == context.file {
        finding
    } else {
        finding.with_related(origin, format!("{what} is written here"))
    }
}

/// Adds a fix, if there is one.
pub fn with_fix(finding: Diagnostic, fix: Option<Fix>) -> Diagnostic {
    match fix {
        Some(fix) => finding.with_fix(fix),
        None => finding,
    }
}

/// A fix that takes a list's entry out of the checked file; `None` if it is written elsewhere.
pub fn removal(context: &Context<'_>, origin: Place, title: impl Into<String>) -> Option<Fix> {
    if origin.file != context.file {
        return None;
    }
    Some(Fix {
        title: title.into(),
        safe: false,
        edits: super::edits::Source::of(context).remove(origin.span)?,
    })
}

/// The definition or the call that a block of the checked file is of.
pub fn owner_span(context: &Context<'_>, block: &Block) -> Option<Span> {
    let model = &context.model;
    match block.owner {
        BlockOwner::Table(at) => Some(model.tables.get(at)?.span),
        BlockOwner::Namespace(at) => Some(model.namespaces.get(at)?.span),
        BlockOwner::Call(at) => Some(model.calls.get(at)?.span),
    }
}

/// A fix that takes a key out of what a definition or a call of the checked file says, to which
/// `whole` points, given where the key is written with its value. `None` if it is written elsewhere,
/// or where others than `whole` are made of it too: more would be sent of them. `None` as well if
/// the block has the key once more: the other one would count then, which is not what the title says.
pub fn key_removal(context: &Context<'_>, whole: Span, origin: Place, title: &str) -> Option<Fix> {
    let is_repeated = context.model.blocks.iter().any(|block| {
        let properties = || block.object.properties();
        properties().any(|property| {
            property.origin == origin && properties().filter(|p| p.key == property.key).count() > 1
        })
    });
    if is_repeated {
        return None;
    }
    only_in(
        context,
        context.place(whole),
        removal(context, origin, title),
    )
}

/// A fix that replaces what stands at a range of the checked file; `None` if it is written
/// elsewhere. Of a string only what is between its quotes is replaced.
pub fn renaming(context: &Context<'_>, value: &Resolved, new: &str) -> Option<Fix> {
    (value.origin.file == context.file).then(|| {
        let place = context.place(unquoted(context, value.origin.span));
        Fix::replace(format!("Change to \"{new}\""), place, new)
    })
}

/// Whether an entry is written in the list's own brackets and came by no spread.
pub fn is_own(context: &Context<'_>, list: &Known<List>, entry: &Resolved) -> bool {
    entry.origin.file == context.file && list.span.contains(entry.origin.span)
}

/// How many constants are followed from one to the next.
const MAX_CONSTANTS: usize = 4;

/// Whether an edit at `at` changes what `whole`, a definition or a call, says and nothing else: `at`
/// lies in it, or in a constant of the same file that nothing else can name. `facts` are the file's.
pub fn is_part_of(facts: &FileFacts, whole: Place, at: Place) -> bool {
    if whole.file != at.file {
        return false;
    }
    let mut at = at.span;
    for _ in 0..MAX_CONSTANTS {
        if whole.span.contains(at) {
            return true;
        }
        match sole_use(facts, at) {
            Some(place) => at = place,
            None => return false,
        }
    }
    false
}

/// Where the constant that holds what stands at `at` is named, if that is in one place alone.
fn sole_use(facts: &FileFacts, at: Span) -> Option<Span> {
    let constant = facts.scopes.top().find(|binding| {
        binding.value.as_ref().is_some_and(|value| {
            let is_literal = matches!(value.kind, ValueKind::Object(_) | ValueKind::Array(_));
            is_literal && value.span.contains(at)
        })
    })?;
    let name = constant.name.as_str();
    let is_exported = facts
        .module
        .exports
        .iter()
        .any(|export| matches!(&export.target, ExportTarget::Local(local) if local == name));
    if is_exported {
        return None;
    }
    let mut uses = words(&facts.text, name)
        .map(|start| Span::new(start, start.saturating_add(name.len())))
        .filter(|span| *span != constant.name_span);
    match (uses.next(), uses.next()) {
        (Some(sole), None) => Some(sole),
        _ => None,
    }
}

/// A fix as it is where each of its edits changes `whole` and nothing else; `None` otherwise.
pub fn only_in(context: &Context<'_>, whole: Place, fix: Option<Fix>) -> Option<Fix> {
    fix.filter(|fix| {
        context.project.facts(whole.file).is_some_and(|facts| {
            let mut edits = fix.edits.iter();
            edits.all(|edit| is_part_of(&facts, whole, edit.place))
        })
    })
}

/// ` Did you mean "x"?`, or nothing.
pub fn did_you_mean(suggestion: Option<&str>) -> String {
    suggestion
        .map(|s| format!(" Did you mean \"{s}\"?"))
        .unwrap_or_default()
}

/// `"a"`, `"a" and "b"`, `"a", "b" and "c"`.
pub fn listed<'n>(names: impl IntoIterator<Item = &'n str>) -> String {
    let quoted: Vec<String> = names.into_iter().map(|n| format!("\"{n}\"")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, others)) => format!("{} and {last}", others.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{claims, fixture};

    #[test]
    fn another_file_is_named_where_the_value_stands() {
        let related = |kind: &str| {
            let rule = format!("masking: {{ email: {{ type: {kind} }} }},");
            let import = "import { KIND } from './kind';\nexport default";
            let fixture = fixture(
                &(claims(&rule).replace("export default", import)
                    + "//- quickback/features/kind.ts\nexport const KIND = 'emial';\n"),
            );
            let file = fixture.file("quickback/features/claims.ts");
            let found = crate::rules::check(&fixture.project, file);
            let mut found = found.iter().filter(|d| d.code == "unknown-mask-type");
            let finding = found.next().expect("it is reported");
            let related = finding.related.iter().map(|related| {
                let text = fixture.project.text(related.place);
                let file = fixture.project.relative(related.place.file);
                format!("{} in {file}: {text}", related.message)
            });
            related.collect::<Vec<_>>()
        };
        assert_eq!(
            related("KIND"),
            ["The type is written here in quickback/features/kind.ts: 'emial'"]
        );
        assert_eq!(related("'emial'"), [""; 0]);
    }
}
