//! Columns: in `fields`, as keys of masks and of literal records.

use super::{At, Completion, CompletionKind};
use crate::ide::region::{Callee, Region, Subject};
use crate::ide::shape::{self, Shape};
use crate::ide::words::{column_type, mask_name};
use crate::project::model::Column;
use crate::rules::delivery::automatic_mask;
use crate::schema::{CALL_MASK_RULE, Schema};

impl At<'_> {
    fn shape(&self, subject: Subject) -> Shape {
        shape::shape(self.project, self.file, &self.names, &self.cursor, subject)
    }

    /// The columns that `fields` does not name yet.
    pub(super) fn field_items(&self, subject: Subject) -> Vec<Completion> {
        self.columns_besides(subject, &self.taken_items(), |rank, column| {
            self.string(&column.name, CompletionKind::Column, rank)
        })
    }

    /// The columns but those that are `taken`, each as the item that `item` makes of its rank and
    /// itself.
    fn columns_besides(
        &self,
        subject: Subject,
        taken: &[&str],
        item: impl Fn(usize, &Column) -> Completion,
    ) -> Vec<Completion> {
        let shape = self.shape(subject);
        let columns = shape.columns.list.iter().enumerate();
        columns
            .filter(|(_, column)| !taken.contains(&column.name.as_str()))
            .map(|(rank, column)| {
                let mut item = item(rank, column);
                describe(&mut item, column, &shape);
                item
            })
            .collect()
    }

    /// The columns that have no rule yet, each with a rule to fill in.
    pub(super) fn masked_columns(
        &self,
        schema: &'static Schema,
        subject: Subject,
    ) -> Vec<Completion> {
        let taken = self.taken_keys();
        let in_call = std::ptr::eq(schema, &CALL_MASK_RULE);
        let mut found = self.columns_besides(subject, &taken, |rank, column| {
            let automatic = automatic_mask(&column.name, Some(column));
            // What looks sensitive is what one is here for.
            let rank = if automatic.is_some() {
                rank
            } else {
                rank + 1_000
            };
            let kind = automatic.map_or("redact", mask_name);
            let rule = self.mask_rule(kind, schema);
            self.key(&column.name, CompletionKind::Column, &rule, rank)
        });
        if in_call && found.is_empty() {
            for (rank, key) in self.payload(subject).iter().enumerate() {
                if !taken.contains(&key.as_str()) {
                    let rule = self.mask_rule("redact", schema);
                    found.push(self.key(key, CompletionKind::Column, &rule, rank));
                }
            }
        }
        found
    }

    /// The keys of the payload of the call that is the subject.
    fn payload(&self, subject: Subject) -> Vec<String> {
        let Subject::Call(arguments) = subject else {
            return Vec::new();
        };
        let around = self.cursor.stack.iter().position(|at| *at == arguments);
        let stack = around.and_then(|at| self.cursor.stack.get(..=at));
        match stack.and_then(|stack| self.names.region_of(&self.cursor, stack)) {
            Some(Region::Arguments(Callee::Helper(method, _))) => {
                shape::payload_keys(&self.cursor, arguments, method)
            }
            _ => Vec::new(),
        }
    }

    /// The columns that the literal record around the cursor does not hold yet.
    pub(super) fn record_keys(&self, subject: Subject) -> Vec<Completion> {
        self.columns_besides(subject, &self.taken_keys(), |rank, column| {
            self.key(&column.name, CompletionKind::Column, "$1", rank)
        })
    }
}

fn describe(item: &mut Completion, column: &Column, shape: &Shape) {
    item.detail = Some(column_type(column));
    let explicit = shape
        .table
        .as_ref()
        .and_then(|table| table.mask(&column.name))
        .and_then(|rule| rule.kind.known());
    item.documentation = match (explicit, automatic_mask(&column.name, Some(column))) {
        (Some(known), _) => Some(format!("Masked as `{}`.", mask_name(known.value))),
        (None, Some(kind)) => Some(format!(
            "Masked automatically as `{}`, since its name looks sensitive.",
            mask_name(kind)
        )),
        (None, None) => None,
    };
}
