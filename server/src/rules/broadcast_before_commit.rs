//! `broadcast-before-commit`.

mod paths;

use std::collections::BTreeSet;

use rustc_hash::FxHashMap;
use smol_str::SmolStr;

use super::calls::{callee, table_name};
use super::{Context, Report, rule};
use crate::project::model::{Call, Method};
use crate::project::{Evaluator, Symbol, Target};
use crate::span::{Place, Span};
use crate::syntax::Imported;
use crate::syntax::flow::{Write, WriteKind, collect_calls, collect_writes};
use crate::syntax::value::{Value, ValueKind};

use paths::{Effect, Paths};

rule! {
    /// Reports a call that announces a change of a table before the table is written: on a path
    /// through its function no write of that table comes before it, and one of its kind comes after
    /// it. Writes are `db.insert`, `db.update` and `db.delete`, also inside of `db.transaction` and
    /// `db.batch`; an upsert does not count as coming after.
    ///
    /// ## Why is this bad
    /// The write may fail, or be rolled back. Then subscribers have seen a record that does not exist.
    ///
    /// ## Invalid
    /// ```ts
    /// //- quickback/features/claims.ts
    /// export const claims = q.table("claims", { id: q.id(), organizationId: q.scope("organization") });
    /// export default defineTable(claims, { realtime: { enabled: true, fields: ["id"] } });
    /// //- src/example.ts
    /// import { claims } from "../quickback/features/claims";
    /// export async function open(env, db, org, data) {
    ///   const realtime = createRealtime(env);
    ///   await realtime.insert("claims", data, org);
    ///   await db.insert(claims).values(data);
    /// }
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// //- quickback/features/claims.ts
    /// export const claims = q.table("claims", { id: q.id(), organizationId: q.scope("organization") });
    /// export default defineTable(claims, { realtime: { enabled: true, fields: ["id"] } });
    /// //- src/example.ts
    /// import { claims } from "../quickback/features/claims";
    /// export async function open(env, db, org, data) {
    ///   const realtime = createRealtime(env);
    ///   const [claim] = await db.insert(claims).values(data).returning();
    ///   await realtime.insert("claims", claim, org);
    /// }
    /// ```
    RULE = "broadcast-before-commit", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    if context.facts.flows.is_empty() {
        return;
    }
    let calls: FxHashMap<Span, (&Call, &str, WriteKind)> = context
        .model
        .calls
        .iter()
        .filter_map(|call| {
            let kind = match call.method {
                Method::Insert => WriteKind::Insert,
                Method::Update => WriteKind::Update,
                Method::Delete => WriteKind::Delete,
                Method::Broadcast | Method::Event { .. } => return None,
            };
            Some((call.span, (&**call, table_name(call)?.1, kind)))
        })
        .collect();
    let tables = Tables::of(context);
    for flow in &context.facts.flows {
        let mut writes = Vec::new();
        collect_writes(&flow.steps, &mut writes);
        let written: FxHashMap<Span, Written> = writes
            .iter()
            .map(|write| (write.span, tables.written(write)))
            .collect();
        let mut found = Vec::new();
        let mut spans = Vec::new();
        collect_calls(&flow.steps, &mut spans);
        let names: BTreeSet<&str> = spans
            .iter()
            .filter_map(|span| Some(calls.get(span)?.1))
            .collect();
        for name in names {
            let effect = |write: &Write| match written.get(&write.span) {
                Some(Written::Table(table)) if table == name => Effect::Writes,
                Some(Written::Unknown) => Effect::MayWrite,
                _ => Effect::None,
            };
            let told = |span: Span| {
                let (_, table, kind) = calls.get(&span)?;
                (*table == name).then_some(*kind)
            };
            found.extend(Paths::new(&effect, &told).run(&flow.steps));
        }
        for (call, write) in found {
            let Some((call, name, _)) = calls.get(&call) else {
                continue;
            };
            report.push(
                report
                    .finding(
                        callee(call),
                        format!("This tells subscribers of \"{name}\" before \"{name}\" is written: if the write fails, they have seen what never happened. Call it after the write."),
                    )
                    .with_related(context.place(write), format!("\"{name}\" is written here")),
            );
        }
    }
}

/// What a write writes.
enum Written {
    /// The table of that name.
    Table(SmolStr),
    /// A table, but which one cannot be told.
    Unknown,
    /// Nothing: it is no database that it is called on.
    Nothing,
}

/// The tables of the project, found by what names them in code.
struct Tables<'c> {
    context: &'c Context<'c>,
    evaluator: Evaluator<'c>,
}

impl<'c> Tables<'c> {
    fn of(context: &'c Context<'c>) -> Self {
        Self {
            context,
            evaluator: Evaluator::new(context.project, context.file),
        }
    }

    fn written(&self, write: &Write) -> Written {
        let doubtful = || {
            if write.on_database {
                Written::Unknown
            } else {
                Written::Nothing
            }
        };
        match self.evaluator.symbol(self.context.file, &write.table) {
            Some(symbol) => match self.table_of(&symbol) {
                Some(name) => Written::Table(name),
                None => doubtful(),
            },
            // It comes from a module that only exists after compilation.
            None if write.on_database => match self.imported_name(&write.table) {
                Some(name) => Written::Table(name),
                None => Written::Unknown,
            },
            None => Written::Nothing,
        }
    }

    fn table_of(&self, symbol: &Symbol) -> Option<SmolStr> {
        let file = symbol.file;
        if let Some((name, span)) = &symbol.name {
            let place = Place { file, span: *span };
            return self.is_table_at(name, place).then(|| name.clone());
        }
        let Target::Value(Some(value)) = &symbol.target else {
            return None;
        };
        let model = self.context.project.model(file);
        let table = model.tables.iter().find(|t| t.span == value.span)?;
        table.name.as_ref().map(|name| name.text.clone())
    }

    /// Whether a name is declared at a place as that of a table, defined or internal.
    fn is_table_at(&self, name: &str, place: Place) -> bool {
        let mut defined = self.context.tables(name).iter();
        defined.any(|table| table.name.as_ref().is_some_and(|n| n.place == place))
            || self.context.internal_table(name) == Some(place)
    }

    /// The name that a table has in the module that it is imported from.
    fn imported_name(&self, table: &Value) -> Option<SmolStr> {
        let imports = &self.context.facts.module.imports;
        match &table.kind {
            ValueKind::Ident(local) => {
                let import = imports.iter().find(|i| i.local == *local)?;
                match &import.imported {
                    Imported::Name(name, _) => Some(name.clone()),
                    Imported::Default | Imported::Namespace => Some(local.clone()),
                }
            }
            // `schema.claims`
            ValueKind::Member(member) => match &member.object.kind {
                ValueKind::Ident(local) => imports
                    .iter()
                    .any(|i| i.local == *local)
                    .then(|| member.name.clone()),
                _ => None,
            },
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests;
