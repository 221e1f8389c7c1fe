//! The rules of masking one by one, and how a new one is written.

use generator::broadcaster::mask::MaskType;

use super::Context;
use super::edits::Source;
use crate::diagnostic::{Edit, Fix};
use crate::project::model::{Call, FileModel, MaskRule, Masking, Owner, Setting, Table};
use crate::project::resolved::{Lookup, Object, Property};
use crate::schema::MASK_TYPES;
use crate::span::{Place, Span};
use crate::syntax::is_identifier;

/// Whose rule a mask is.
#[derive(Debug, Clone, Copy)]
pub enum MaskOf<'m> {
    /// A table's `masking`.
    Table(&'m Table),
    /// A call's `maskingConfig`.
    Call(&'m Call),
}

impl MaskOf<'_> {
    /// The definition or the call.
    pub fn span(self) -> Span {
        match self {
            Self::Table(table) => table.span,
            Self::Call(call) => call.span,
        }
    }

    /// The same with its file.
    pub fn place(self) -> Place {
        let file = match self {
            Self::Table(table) => table.file,
            Self::Call(call) => call.file,
        };
        Place {
            file,
            span: self.span(),
        }
    }
}

/// Calls `visit` with every rule of masking in a file, and the property that it is.
pub fn each_mask<'m>(
    model: &'m FileModel,
    mut visit: impl FnMut(MaskOf<'m>, &'m MaskRule, &'m Property),
) {
    fn rules<'m>(
        of: MaskOf<'m>,
        masking: &'m Setting<Masking>,
        options: &'m Setting<Object>,
        key: &str,
        visit: &mut impl FnMut(MaskOf<'m>, &'m MaskRule, &'m Property),
    ) {
        let object = options
            .known()
            .and_then(|options| options.value.last(key))
            .and_then(|property| property.value.as_object());
        if let (Some(masking), Some(object)) = (masking.known(), object) {
            for (rule, property) in masking.value.rules.iter().zip(object.properties()) {
                visit(of, rule, property);
            }
        }
    }
    for table in &model.tables {
        let of = MaskOf::Table(table);
        rules(of, &table.masking, &table.options, "masking", &mut visit);
    }
    for call in &model.calls {
        let of = MaskOf::Call(call);
        rules(
            of,
            &call.masking,
            &call.options,
            "maskingConfig",
            &mut visit,
        );
    }
}

/// The name of a mask as it is written in a rule.
pub fn mask_name(kind: MaskType) -> &'static str {
    MASK_TYPES
        .iter()
        .map(|(name, ..)| *name)
        .find(|name| crate::project::read::mask_type(name) == Some(kind))
        .unwrap_or("redact")
}

/// A fix that writes rules for columns into the table's `masking`, each shown to administrators
/// and the record's owner, as the compiler's automatic masks are. `None` where the options or the
/// masking are written outside of the table's definition, so that they may be other tables' too, or
/// cannot be followed.
pub fn written(context: &Context<'_>, table: &Table, masks: &[(&str, MaskType)]) -> Option<Fix> {
    let options = table.options.known()?;
    let is_own = |place: Place| place.file == context.file && table.span.contains(place.span);
    if !is_own(options.origin) {
        return None;
    }
    let source = Source::of(context);
    let rules: Vec<String> = masks
        .iter()
        .map(|(column, kind)| rule_text(&source, table, options.span, column, *kind))
        .collect();
    let edits = match options.value.get("masking") {
        Lookup::Unknown(_) => return None,
        Lookup::Found(property) => {
            let literal = property.value.origin;
            if !is_own(literal) {
                return None;
            }
            let rules_there = property.value.as_object()?;
            match rules_there.properties().filter(|p| p.own).last() {
                Some(last) => source.insert_all_after(last.origin.span, &rules)?,
                None => vec![source.insert_first(literal.span, &rules.join(", "))?],
            }
        }
        Lookup::Absent => vec![new_masking(&source, &options.value, &rules)?],
    };
    let columns = super::pointing::listed(masks.iter().map(|(column, _)| *column));
    Some(Fix {
        title: format!("Write a masking rule for {columns}"),
        safe: false,
        edits,
    })
}

fn rule_text(
    source: &Source<'_>,
    table: &Table,
    near: crate::span::Span,
    column: &str,
    kind: MaskType,
) -> String {
    let string = |text: &str| source.string(near, text);
    let key = if is_identifier(column) {
        column.to_owned()
    } else {
        string(column)
    };
    // Where nobody owns records, the clause would mean nothing and be reported. Where it is not known
    // which column holds the owner, the compiler may well know, and shows the value to that one.
    let or = if table.owner == Owner::None {
        String::new()
    } else {
        format!(", or: {}", string("owner"))
    };
    format!(
        "{key}: {{ type: {}, show: {{ roles: [{}]{or} }} }}",
        string(mask_name(kind)),
        string("admin"),
    )
}

/// A `masking` before the `realtime` block, laid out as that is.
fn new_masking(source: &Source<'_>, options: &Object, rules: &[String]) -> Option<Edit> {
    let Lookup::Found(realtime) = options.get("realtime") else {
        return None;
    };
    if !realtime.own {
        return None;
    }
    // What is said above the block is about it.
    let at = source.above_comments(realtime.origin.span.start);
    let text = match source.indentation(at) {
        Some(indent) => {
            let unit = source.indentation_unit(at);
            let line = source.line_break();
            let lines: String = rules
                .iter()
                .map(|rule| format!("{indent}{unit}{rule},{line}"))
                .collect();
            format!("masking: {{{line}{lines}{indent}}}")
        }
        None => format!("masking: {{ {} }}", rules.join(", ")),
    };
    Some(source.insert_before(at, &text))
}
