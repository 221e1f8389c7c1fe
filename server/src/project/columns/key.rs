//! The primary key of several columns.

use rustc_hash::FxHashMap;

use crate::syntax::value::{Call, Element, Function, Property, Value, ValueKind};

/// The members of a table that a pattern takes out of it, by the names that it gives them.
type TakenOut<'f> = FxHashMap<&'f str, &'f str>;

/// The columns of `primaryKey({ columns: [...] })` in the third argument of a table's call.
pub fn composite_key(call: &Call) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(extra) = call.arg(2) {
        find_composite_key(extra, &TakenOut::default(), &mut names, 0);
    }
    names
}

/// `around` is what the function around the value takes out.
fn find_composite_key(value: &Value, around: &TakenOut<'_>, names: &mut Vec<String>, depth: usize) {
    if depth > 8 {
        return;
    }
    let mut visit = |value: &Value| find_composite_key(value, around, names, depth + 1);
    match &value.kind {
        ValueKind::Function(function) => {
            if let Some(returns) = &function.returns {
                find_composite_key(returns, &taken_out(function), names, depth + 1);
            }
        }
        ValueKind::Array(elements) => elements.iter().for_each(|e| {
            if let Element::Item(value) = e {
                visit(value);
            }
        }),
        ValueKind::Object(properties) => properties.iter().for_each(|p| match p {
            Property::Pair { value, .. } => visit(value),
            Property::Computed(computed) => visit(&computed.value),
            Property::Spread(_) | Property::Broken(_) => {}
        }),
        ValueKind::Call(call) if is_primary_key(&call.callee) => {
            let listed = call.arg(0).and_then(|arg| match &arg.kind {
                ValueKind::Object(properties) => properties.iter().find_map(|p| match p {
                    Property::Pair {
                        key: Some(key),
                        value,
                        ..
                    } if key == "columns" => match &value.kind {
                        ValueKind::Array(elements) => Some(key_columns(elements, around)),
                        _ => None,
                    },
                    _ => None,
                }),
                _ => None,
            });
            names.extend(listed.unwrap_or_else(|| key_columns(&call.args, around)));
        }
        _ => {}
    }
}

/// The columns that are listed as members of the table, `t.id`; or as names that a pattern takes out
/// of it, where all that is listed is known.
fn key_columns(elements: &[Element], taken_out: &TakenOut<'_>) -> Vec<String> {
    let column = |element: &Element, taken_out: &TakenOut<'_>| match element {
        Element::Item(value) => match &value.kind {
            ValueKind::Member(member) => Some(member.name.to_string()),
            ValueKind::Ident(name) => taken_out.get(name.as_str()).map(ToString::to_string),
            _ => None,
        },
        Element::Spread(_) | Element::Hole => None,
    };
    let all: Option<Vec<String>> = elements.iter().map(|e| column(e, taken_out)).collect();
    all.unwrap_or_else(|| {
        let none = TakenOut::default();
        elements.iter().filter_map(|e| column(e, &none)).collect()
    })
}

/// The names that a function's pattern takes out of its first argument, and the member that each
/// stands for.
fn taken_out(function: &Function) -> TakenOut<'_> {
    let mut taken_out = TakenOut::default();
    for parameter in &function.names {
        if let ValueKind::Member(member) = &parameter.value.kind
            && matches!(member.object.kind, ValueKind::Given(0))
        {
            taken_out.insert(&parameter.name, &member.name);
        }
    }
    taken_out
}

fn is_primary_key(callee: &Value) -> bool {
    match &callee.kind {
        ValueKind::Ident(name) => name == "primaryKey",
        ValueKind::Member(member) => member.name == "primaryKey",
        _ => false,
    }
}
