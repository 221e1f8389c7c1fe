//! What several rules ask about delivery: which columns are sent, and under which mask.

use std::cell::RefCell;

use generator::broadcaster::mask::MaskType;
use generator::broadcaster::sensitive;
use generator::model::ColumnKind;
use rustc_hash::{FxHashMap, FxHashSet};
use smol_str::SmolStr;

use crate::project::model::{Column, Setting, Table};
use crate::project::resolved::Resolved;

/// What messages call a table: `"claims"`, or `this table` where its name cannot be told.
pub fn table_name(table: &Table) -> String {
    table
        .name
        .as_ref()
        .map_or_else(|| "this table".to_owned(), |n| format!("\"{}\"", n.text))
}

/// A column that is sent.
#[derive(Debug, Clone, Copy)]
pub struct Sent<'t> {
    /// Its name.
    pub name: &'t str,
    /// Its entry in `fields`; `None` where the table has no `fields` and sends every column.
    pub entry: Option<&'t Resolved>,
    /// The column, if it is one that is declared where it could be read.
    pub column: Option<&'t Column>,
}

/// The columns that a table sends where its realtime is on, as far as they are known, each once.
/// Of a table without `fields` there are none while its column set is open: then the list is not
/// whole.
pub fn sent(table: &Table) -> Vec<Sent<'_>> {
    let Some(block) = table.block() else {
        return Vec::new();
    };
    match &block.fields {
        Setting::Known(fields) => {
            let mut seen = FxHashSet::default();
            let mut found = Vec::new();
            for entry in fields.value.items.iter() {
                let Some(name) = entry.as_str() else { continue };
                let column = table.columns.get(name);
                let is_column = column.is_some() || (table.columns.open && !name.is_empty());
                if is_column && seen.insert(name) {
                    found.push(Sent {
                        name,
                        entry: Some(entry),
                        column,
                    });
                }
            }
            found
        }
        Setting::Absent if !table.columns.open => table
            .columns
            .list
            .iter()
            .map(|column| Sent {
                name: &column.name,
                entry: None,
                column: Some(column),
            })
            .collect(),
        Setting::Absent | Setting::Unknown(_) | Setting::Invalid(_) => Vec::new(),
    }
}

/// Whether a table's realtime is on and sends this column for certain.
pub fn sends(table: &Table, column: &str) -> bool {
    let Some(block) = table.block().filter(|_| table.is_enabled()) else {
        return false;
    };
    let is_listed = match &block.fields {
        Setting::Absent => true,
        Setting::Known(fields) => {
            let mut names = fields.value.items.iter().filter_map(Resolved::as_str);
            names.any(|name| name == column)
        }
        Setting::Unknown(_) | Setting::Invalid(_) => false,
    };
    is_listed
        && (table.columns.get(column).is_some()
            || (table.columns.open && !block.fields.is_absent()))
}

/// Whether `masking` has a rule of its own for a column; `None` where that cannot be told.
pub fn has_rule(table: &Table, column: &str) -> Option<bool> {
    if table.mask(column).is_some() {
        return Some(true);
    }
    match &table.masking {
        Setting::Absent => Some(false),
        Setting::Known(known) if known.value.unresolved.is_none() => Some(false),
        Setting::Known(_) | Setting::Unknown(_) | Setting::Invalid(_) => None,
    }
}

/// The mask that the compiler applies to a column without a rule, judged by its name.
pub fn automatic_mask(name: &str, column: Option<&Column>) -> Option<MaskType> {
    may_be_masked(column)
        .then(|| judged(name).automatic)
        .flatten()
}

/// The mask that a column should have whose name holds a sensitive word where the compiler does
/// not look. What a column holds whose declaration cannot be read is not guessed at.
pub fn advisable_mask(name: &str, column: Option<&Column>) -> Option<MaskType> {
    (column.is_some() && may_be_masked(column))
        .then(|| judged(name).advisable)
        .flatten()
}

/// What the name of a column says.
#[derive(Debug, Clone, Copy)]
struct Judged {
    automatic: Option<MaskType>,
    advisable: Option<MaskType>,
}

/// How many names are kept; a project has some hundred. More are forgotten all at once.
const MAX_NAMES: usize = 4_096;

/// Judges the name of a column. The same few names stand in all tables of a project, and several
/// rules ask for each of them.
fn judged(name: &str) -> Judged {
    thread_local! {
        static KNOWN: RefCell<FxHashMap<SmolStr, Judged>> = RefCell::default();
    }
    KNOWN.with_borrow_mut(|known| {
        if let Some(judged) = known.get(name) {
            return *judged;
        }
        if known.len() >= MAX_NAMES {
            known.clear();
        }
        let judged = Judged {
            automatic: sensitive::automatic(name),
            advisable: sensitive::sensitive_word(name),
        };
        known.insert(name.into(), judged);
        judged
    })
}

/// Columns of truth values and of times never match by their name.
fn may_be_masked(column: Option<&Column>) -> bool {
    !column.is_some_and(|c| matches!(c.kind, ColumnKind::Boolean | ColumnKind::Timestamp))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::testing::fixture;

    /// What a table with these columns besides `id`, and this `realtime` block, is said to send, and
    /// which of the names it is said to send for certain.
    fn said(columns: &str, realtime: &str, names: &[&str]) -> (Vec<String>, Vec<bool>) {
        let fixture = fixture(&format!(
            "//- quickback/features/a.ts
import {{ feature, q }} from '@quickback/compiler';
import {{ more }} from 'elsewhere';
export default feature('a', {{ columns: {{ id: q.id(), {columns} }}, realtime: {{ {realtime} }} }});
"
        ));
        let model = fixture
            .project
            .model(fixture.file("quickback/features/a.ts"));
        let table = &model.tables[0];
        let sent = sent(table).into_iter().map(|sent| sent.name.to_owned());
        let sends = names.iter().map(|name| sends(table, name));
        (sent.collect(), sends.collect())
    }

    #[test]
    fn fields_name_columns_each_once() {
        let fields = "enabled: true, fields: ['id', 'x', 'id', '', 'email']";
        let names = ["id", "x", "email"];
        assert_eq!(
            said("email: q.email()", fields, &names),
            (vec!["id".into(), "email".into()], vec![true, false, true])
        );
        // What is no known column may be one that could not be read.
        assert_eq!(
            said("...more", fields, &names),
            (
                vec!["id".into(), "x".into(), "email".into()],
                vec![true, true, true]
            )
        );
    }

    #[test]
    fn without_fields_every_column_is_sent_that_is_known() {
        let names = ["id", "email", "createdAt"];
        let (sent, sends) = said("email: q.email()", "enabled: true", &names);
        assert_eq!(sent.first().map(String::as_str), Some("id"));
        assert_eq!(sent.get(1).map(String::as_str), Some("email"));
        assert_eq!(sends, [true, true, sent.contains(&"createdAt".to_owned())]);
        let (sent, sends) = said("...more", "enabled: true", &names[..2]);
        assert_eq!(sent, [""; 0]);
        assert_eq!(sends, [true, false]);
    }

    #[test]
    fn what_is_off_or_cannot_be_read_is_not_sent_for_certain() {
        for realtime in [
            "enabled: false",
            "enabled: load()",
            "enabled: true, fields: load()",
        ] {
            assert_eq!(said("", realtime, &["id"]).1, [false], "{realtime}");
        }
    }
}
