//! The options of a table's definition. Of most of them only the key is kept with the meaning of a
//! file: nothing is checked in their values, which are more than all others together.

use super::model::{Known, Setting, Table};
use super::resolved::{Entry, Kind, Object};
use super::{Evaluator, Project};
use crate::facts::DefinitionKind;

/// The options whose values are kept.
const KEPT: [&str; 4] = ["realtime", "masking", "firewall", "columns"];

/// Whether an option of a definition of that kind is one of these, and says something of its table.
pub fn is_read(key: &str, kind: DefinitionKind) -> bool {
    // Of a table that is declared before, the columns are those of its declaration.
    KEPT.contains(&key) && (key != "columns" || kind == DefinitionKind::Feature)
}

/// The options as they are kept: the values of others are [`Kind::Unknown`].
pub fn kept(options: Setting<Object>) -> Setting<Object> {
    let Setting::Known(known) = options else {
        return options;
    };
    let entries = known.value.entries.iter().map(|entry| {
        let mut entry = entry.clone();
        if let Entry::Property(property) = &mut entry
            && !KEPT.contains(&property.key.as_str())
        {
            property.value.kind = Kind::Unknown;
        }
        entry
    });
    Setting::Known(Known {
        value: Object::new(entries.collect()),
        ..known
    })
}

impl Project {
    /// The options of a table with all their values, which are followed anew. `None` where they are
    /// no object that can be followed.
    pub fn options(&self, table: &Table) -> Option<Object> {
        let facts = self.facts(table.file)?;
        let model = self.model(table.file);
        let definition = model.definition(&facts, table.span)?;
        let options = definition.call()?.arg(1)?;
        match Evaluator::new(self, table.file).value(options).kind {
            Kind::Object(object) => Some(object),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::fixture;

    #[test]
    fn what_is_not_kept_is_followed_when_it_is_asked_for() {
        let fixture = fixture(
            "//- quickback/features/a.ts
import { defineTable, q } from '@quickback/compiler';
import { COLUMNS } from './columns';
export const claims = q.table('claims', { id: q.id(), title: q.text() });
export default defineTable(claims, { guards: { createable: [...COLUMNS] }, realtime: { enabled: true } });
//- quickback/features/columns.ts
export const COLUMNS = ['title'];
",
        );
        let model = fixture
            .project
            .model(fixture.file("quickback/features/a.ts"));
        let table = model.tables.first().unwrap();
        let kept = &table.options.known().unwrap().value;
        assert!(kept.last("guards").unwrap().value.is_unknown());
        assert!(kept.last("realtime").unwrap().value.as_object().is_some());
        let all = fixture.project.options(table).unwrap();
        let guards = all.last("guards").unwrap().value.as_object().unwrap();
        assert!(matches!(
            &guards.last("createable").unwrap().value.kind,
            super::Kind::List(list) if list.is_whole() && list.items.len() == 1
        ));
        // What they depend on is still what the meaning of the file depends on.
        let columns = fixture.file("quickback/features/columns.ts");
        assert_eq!(model.visited, [columns]);
    }
}
