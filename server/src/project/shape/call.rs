//! The calls that make tables.

use std::sync::Arc;

use crate::facts::FileFacts;
use crate::project::columns::TABLE_FUNCTIONS;
use crate::project::{Evaluator, Symbol, Target};
use crate::span::FileId;
use crate::syntax::value::{Call, Element, Value, ValueKind};

/// How many functions a table object may be handed through where it is made.
const MAX_WRAPPERS: u32 = 8;

/// The functions whose answers have a method that makes tables.
const SCHEMA_FUNCTIONS: [&str; 2] = ["pgSchema", "mysqlSchema"];

/// The functions that answer one that makes tables.
const CREATORS: [&str; 3] = ["sqliteTableCreator", "pgTableCreator", "mysqlTableCreator"];

/// The call that makes a table: `sqliteTable(...)` under any name, `q.table(...)`,
/// `schema.table(...)`, whatever is called on the table then, as in `pgTable(...).enableRLS()`.
pub fn table_call<'v>(
    evaluator: &Evaluator<'_>,
    file: FileId,
    value: &'v Value,
) -> Option<&'v Call> {
    let mut call = value.as_call()?;
    while !is_table_function(evaluator, file, &call.callee) {
        let ValueKind::Member(method) = &call.callee.kind else {
            return None;
        };
        call = method.object.as_call()?;
    }
    Some(call)
}

/// How an expression makes a table object.
pub enum Made<'v> {
    /// By this call, and whether its columns are all: what a function that is handed the table makes
    /// of them is not known.
    By(&'v Call, bool),
    /// In the function that it calls.
    Elsewhere,
}

/// How an expression of a file makes a table object, if it makes one.
pub fn table<'v>(
    evaluator: &Evaluator<'_>,
    file: FileId,
    facts: &FileFacts,
    value: &'v Value,
) -> Option<Made<'v>> {
    if let Some(call) = table_call(evaluator, file, value) {
        return Some(Made::By(call, true));
    }
    if let Some(call) = wrapped(evaluator, file, facts, value, 0) {
        return Some(Made::By(call, false));
    }
    is_returned(evaluator, file, value).then_some(Made::Elsewhere)
}

/// Whether a value is what a function answers that makes a table, as in
/// `const table = (name) => sqliteTable(name, { ... })`.
fn is_returned(evaluator: &Evaluator<'_>, file: FileId, value: &Value) -> bool {
    let Some(call) = value.as_call() else {
        return false;
    };
    let Some(Symbol {
        file,
        target: Target::Value(Some(function)),
        ..
    }) = evaluator.symbol(file, &call.callee)
    else {
        return false;
    };
    let ValueKind::Function(function) = &function.kind else {
        return false;
    };
    let returns = function.returns.as_ref();
    returns.is_some_and(|value| table_call(evaluator, file, value).is_some())
}

/// The call that makes the table object which a function is handed, as in
/// `withAudit(pgTable(...))`. What a definition makes of one is no table object.
fn wrapped<'v>(
    evaluator: &Evaluator<'_>,
    file: FileId,
    facts: &FileFacts,
    value: &'v Value,
    depth: u32,
) -> Option<&'v Call> {
    let call = value.as_call()?;
    let made = call.args.iter().find_map(|argument| match argument {
        Element::Item(argument) if depth < MAX_WRAPPERS => {
            let made = table_call(evaluator, file, argument);
            made.or_else(|| wrapped(evaluator, file, facts, argument, depth + 1))
        }
        _ => None,
    })?;
    let mut definitions = facts.definitions.iter();
    let is_definition = definitions.any(|definition| definition.value.span == value.span)
        || evaluator.quickback_name(file, &call.callee).is_some();
    (!is_definition).then_some(made)
}

/// Whether what is called makes a table.
pub fn is_table_function(evaluator: &Evaluator<'_>, file: FileId, callee: &Value) -> bool {
    // `pgSchema("shop").table(...)`
    if let ValueKind::Member(method) = &callee.kind
        && let Some(schema) = method.object.as_call()
    {
        return method.name == "table" && calls_one_of(evaluator, file, schema, &SCHEMA_FUNCTIONS);
    }
    let is_table = |file: FileId, function: &Value| {
        let callee = evaluator.callee(file, function);
        callee.is_some_and(|callee| {
            let object = callee.object.as_deref();
            let is_function = |name: &str| TABLE_FUNCTIONS.contains(&name);
            match callee.name.as_str() {
                "table" => object.is_some(),
                // `pgTable.withRLS(...)`
                "withRLS" => object.is_some_and(is_function),
                name => is_function(name),
            }
        })
    };
    is_one_or_named(evaluator, file, callee, is_table)
}

/// Whether a call that makes a table is one of drizzle's, whose tables take no columns of others:
/// any but `q.table(...)`, and a `table` of what cannot be followed, which may be that.
pub fn is_drizzle(evaluator: &Evaluator<'_>, file: FileId, call: &Call) -> bool {
    let is_drizzle_s = |file: FileId, function: &Value| {
        if let ValueKind::Member(method) = &function.kind
            && method.name == "table"
        {
            return is_schema(evaluator, file, &method.object);
        }
        let callee = evaluator.callee(file, function);
        callee.is_some_and(|callee| {
            let name = match callee.name.as_str() {
                "withRLS" => callee.object.unwrap_or_default(),
                _ => callee.name,
            };
            name != "table" && TABLE_FUNCTIONS.contains(&name.as_str())
        })
    };
    is_one_or_named(evaluator, file, &call.callee, is_drizzle_s)
}

/// Whether a function that makes tables is such a one, or a name that is declared as one or as what
/// a creator answers: `const table = pgTable`, `const table = pgTableCreator(...)`.
fn is_one_or_named(
    evaluator: &Evaluator<'_>,
    file: FileId,
    function: &Value,
    is_one: impl Fn(FileId, &Value) -> bool,
) -> bool {
    if is_one(file, function) {
        return true;
    }
    let ValueKind::Ident(_) = &function.kind else {
        return false;
    };
    declared(evaluator, file, function).is_some_and(|(file, value)| match &value.kind {
        ValueKind::Call(creator) => calls_one_of(evaluator, file, creator, &CREATORS),
        _ => value.is_path() && is_one(file, &value),
    })
}

/// Whether an object is a schema of drizzle's: `shop` of `const shop = pgSchema("shop")`.
fn is_schema(evaluator: &Evaluator<'_>, file: FileId, object: &Value) -> bool {
    if let Some(schema) = object.as_call() {
        return calls_one_of(evaluator, file, schema, &SCHEMA_FUNCTIONS);
    }
    declared(evaluator, file, object).is_some_and(|(file, value)| {
        let schema = value.as_call();
        schema.is_some_and(|schema| calls_one_of(evaluator, file, schema, &SCHEMA_FUNCTIONS))
    })
}

/// What a name is declared as, and in which file.
fn declared(evaluator: &Evaluator<'_>, file: FileId, name: &Value) -> Option<(FileId, Arc<Value>)> {
    let symbol = evaluator.symbol(file, name)?;
    match symbol.target {
        Target::Value(Some(value)) => Some((symbol.file, value)),
        Target::Value(None) | Target::Namespace => None,
    }
}

fn calls_one_of(evaluator: &Evaluator<'_>, file: FileId, call: &Call, names: &[&str]) -> bool {
    let callee = evaluator.callee(file, &call.callee);
    callee.is_some_and(|callee| names.contains(&callee.name.as_str()))
}
