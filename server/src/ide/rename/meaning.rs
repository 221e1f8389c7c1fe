//! What a column is for nothing but its name: some are masked, some hold the owner or the
//! organization. It must not get lost with the name unnoticed.

use super::check::tables_with;
use crate::project::Project;
use crate::project::firewall::{organization, owner};
use crate::project::model::{Columns, Organization, Owner, Table};
use crate::project::resolved::Object;
use crate::rules::delivery::{automatic_mask, has_rule, table_name};
use crate::span::Place;

/// Refuses a name under which the column would not be masked any more, another one would be the
/// owner's, or none the organization's.
pub fn keeps(project: &Project, place: Place, old: &str, new: &str) -> Result<(), String> {
    for table in tables_with(project, place) {
        let called = table_name(&table);
        if loses_mask(&table, old, new) {
            return Err(format!(
                "{called} masks `{old}` for nothing but its name, and `{new}` would not be masked so. Write the rule into `masking` first."
            ));
        }
        let mut columns = Columns::clone(&table.columns);
        for column in columns.list.iter_mut().filter(|c| c.name == old) {
            column.name = new.into();
        }
        let none = Object::default();
        let options = table.options.known().map_or(&none, |known| &known.value);
        // What the firewall says is renamed with the column.
        let renamed = |owner: Owner| match owner {
            Owner::Column(column) if column == old => Owner::Column(new.to_owned()),
            other => other,
        };
        let before = renamed(table.owner.clone());
        if matches!(before, Owner::Column(_))
            && before != renamed(owner(options, &table.options, &columns))
        {
            return Err(format!(
                "{called} tells whose a record is by nothing but the names of its columns, and `{new}` in the place of `{old}` would change that. Name the owner's column in `firewall` first: `owner: {{ column: ... }}`."
            ));
        }
        if table.organization == Organization::Present
            && organization(options, &table.options, &columns) != Organization::Present
        {
            return Err(format!(
                "{called} has an organization for nothing but the name of `{old}`. Say it in `firewall` first."
            ));
        }
    }
    Ok(())
}

fn loses_mask(table: &Table, old: &str, new: &str) -> bool {
    let column = table.columns.get(old);
    let before = automatic_mask(old, column);
    before.is_some() && has_rule(table, old) != Some(true) && before != automatic_mask(new, column)
}
