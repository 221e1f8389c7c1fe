//! Keys, types of masks, and what is called.

use super::Hover;
use crate::ide::completion::{key_documentation, mask_documentation};
use crate::ide::{about, words};
use crate::project::Project;
use crate::project::model::{Block, Call, FileModel, MaskRule, Method, Setting};
use crate::schema::{Key, MASK_TYPES};
use crate::span::{FileId, Span};

/// What stands at an offset that is no name.
pub fn of(project: &Project, file: FileId, offset: u32) -> Option<Hover> {
    let model = project.model(file);
    definition(project, file, &model, offset)
        .or_else(|| mask_type(&model, offset))
        .or_else(|| called(project, &model, offset))
        .or_else(|| key(&model, offset))
}

/// The `realtime` and `masking` keys of a table, and the function that defines it.
fn definition(project: &Project, file: FileId, model: &FileModel, offset: u32) -> Option<Hover> {
    for table in &model.tables {
        let mut keys = vec![key_span(&table.realtime)];
        let facts = project.facts(file)?;
        let defined = model.definition(&facts, table.span);
        keys.push(defined.map(|d| d.callee_span));
        if let Some(span) = touched(&keys, offset) {
            let markdown = about::table(project, table, None);
            return Some(Hover { span, markdown });
        }
        if let Some(span) = touched(&[key_span(&table.masking)], offset) {
            let markdown = about::masking(project, table);
            return Some(Hover { span, markdown });
        }
    }
    for namespace in &model.namespaces {
        if namespace.callee_span.touches(offset) {
            return Some(Hover {
                span: namespace.callee_span,
                markdown: about::namespace(namespace),
            });
        }
    }
    None
}

fn touched(spans: &[Option<Span>], offset: u32) -> Option<Span> {
    let mut spans = spans.iter().flatten();
    spans.find(|span| span.touches(offset)).copied()
}

fn key_span<T>(setting: &Setting<T>) -> Option<Span> {
    setting.known().map(|known| known.key_span)
}

/// The type of a mask, with an example.
fn mask_type(model: &FileModel, offset: u32) -> Option<Hover> {
    let of_tables = model.tables.iter().map(|table| &table.masking);
    let of_calls = model.calls.iter().map(|call| &call.masking);
    let rules = of_tables
        .chain(of_calls)
        .filter_map(|masking| masking.known())
        .flat_map(|known| &known.value.rules);
    let (kind, span) = rules
        .filter_map(|rule: &MaskRule| rule.kind.known())
        .map(|known| (known.value, known.span))
        .find(|(_, span)| span.touches(offset))?;
    let name = words::mask_name(kind);
    let (_, before, after) = MASK_TYPES.iter().find(|(known, ..)| *known == name)?;
    Some(Hover {
        span,
        markdown: format!(
            "**{name}** mask\n\n{}",
            mask_documentation(name, before, after)
        ),
    })
}

/// The method of a call: what it sends, to whom.
fn called(project: &Project, model: &FileModel, offset: u32) -> Option<Hover> {
    let mut calls = model.calls.iter();
    let call: &Call = calls.find(|call| call.method_span.touches(offset))?;
    let markdown = match call.method {
        Method::Broadcast | Method::Event { .. } => about::custom_call(call),
        Method::Insert | Method::Update | Method::Delete => {
            let name = call.subject.as_ref()?.as_str()?;
            let index = project.index_at_hand(call.file);
            match index.table(name) {
                Some(table) => about::table(project, table, Some(call)),
                None => about::no_table(name, index.internal.contains_key(name)),
            }
        }
    };
    Some(Hover {
        span: call.method_span,
        markdown,
    })
}

/// A key of a configuration object.
fn key(model: &FileModel, offset: u32) -> Option<Hover> {
    let mut blocks = model.blocks.iter();
    blocks.find_map(|block| key_of(block, offset))
}

fn key_of(block: &Block, offset: u32) -> Option<Hover> {
    let outer = block.key_span.filter(|span| span.touches(offset));
    if let Some(span) = outer {
        // The key of the whole block: `show`.
        let mut keys = crate::schema::MASK_RULE.keys.iter();
        let key = keys.find(|key| key.kind == crate::schema::KeyKind::Object(block.schema))?;
        return Some(describe(key, span));
    }
    let mut properties = block.object.properties();
    let property = properties.find(|property| property.key_span.touches(offset))?;
    let key = block.schema.key(&property.key)?;
    Some(describe(key, property.key_span))
}

fn describe(key: &Key, span: Span) -> Hover {
    Hover {
        span,
        markdown: format!(
            "```ts\n{}: {}\n```\n{}",
            key.name,
            key.kind.type_text(),
            key_documentation(key)
        ),
    }
}
