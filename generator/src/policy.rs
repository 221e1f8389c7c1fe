//! A project's tables as the rules that the broadcaster delivers by.
//!
//! Preview, worker and helper all take their rules from here, so that what is shown is what runs.

use crate::artifact::sha256;
use crate::model::{ColumnKind, Mask, Project, Table};
use broadcaster::policy::{Config, Events, MaskRule, Policy, Table as Rules};
use rayon::prelude::*;
use std::borrow::Cow;

/// The configuration that a project's worker runs.
#[must_use]
pub fn config(project: &Project) -> Config {
    Written::of(project).config
}

/// A configuration, and the policy of each of its tables as JSON, as the helper sends it along.
pub(crate) struct Written {
    /// What the worker runs.
    pub config: Config,
    /// In the order of the tables.
    pub policies: Vec<String>,
}

impl Written {
    /// The configuration of a project.
    pub(crate) fn of(project: &Project) -> Self {
        let hierarchy = project.roles.hierarchy.iter();
        let hierarchy: Vec<_> = hierarchy.map(|name| text(name)).collect();
        let written = project.tables.par_iter().map(|table| {
            let policy = policy(table);
            // Strings, booleans and lists of them always serialize.
            let json = serde_json::to_string(&policy).unwrap_or_default();
            let name = text(&table.name);
            (Rules { name, policy }, json)
        });
        let (tables, policies): (Vec<Rules>, Vec<String>) = written.unzip();
        Self {
            config: Config {
                hash: Cow::Owned(hash(&hierarchy, &tables, &policies)),
                hierarchy: Cow::Owned(hierarchy),
                tables: Cow::Owned(tables),
            },
            policies,
        }
    }
}

fn text(text: &str) -> Cow<'static, str> {
    Cow::Owned(text.to_owned())
}

fn hash(hierarchy: &[Cow<'static, str>], tables: &[Rules], policies: &[String]) -> String {
    let mut all = serde_json::to_string(hierarchy).unwrap_or_default();
    for (table, policy) in tables.iter().zip(policies) {
        all.push('\n');
        all.push_str(&serde_json::to_string(&table.name).unwrap_or_default());
        all.push_str(policy);
    }
    // Half of it distinguishes configurations well enough, and stays readable in a log.
    sha256(&all).chars().take(32).collect()
}

fn policy(table: &Table) -> Policy {
    let Some(realtime) = &table.realtime else {
        // Listed all the same: a name that is not listed would be sent as a call says.
        return Policy {
            events: Events::NONE,
            required_roles: None,
            columns: Cow::Borrowed(&[]),
            open: false,
            owner: None,
            masks: Cow::Borrowed(&[]),
        };
    };
    let columns: Vec<_> = match &realtime.fields {
        Some(fields) => fields.iter().map(|name| text(name)).collect(),
        None => table.columns.iter().map(|c| text(&c.name)).collect(),
    };
    let open = table.open && realtime.fields.is_none();
    let mut masks: Vec<_> = columns
        .iter()
        .filter_map(|column| rule(table, column))
        .collect();
    if open {
        // A rule may be about one of the columns that are not known.
        let unknown = |mask: &&Mask| columns.iter().all(|column| *column != mask.column);
        let unknown = table.masks.iter().filter(unknown);
        masks.extend(unknown.map(|mask| explicit(table, mask)));
    }
    let required_roles = realtime.required_roles.as_ref();
    Policy {
        events: Events {
            insert: realtime.insert,
            update: realtime.update,
            delete: realtime.delete,
        },
        required_roles: required_roles.map(|roles| roles.iter().map(|role| text(role)).collect()),
        columns: Cow::Owned(columns),
        open,
        owner: table.owner.as_deref().map(text),
        masks: Cow::Owned(masks),
    }
}

/// The explicit rule of a column, else its automatic one.
fn rule(table: &Table, name: &str) -> Option<MaskRule> {
    if let Some(mask) = table.masks.iter().find(|mask| mask.column == name) {
        return Some(explicit(table, mask));
    }
    let column = table.columns.iter().find(|column| column.name == name);
    if column
        .is_some_and(|column| matches!(column.kind, ColumnKind::Boolean | ColumnKind::Timestamp))
    {
        return None;
    }
    let mut rule = MaskRule::automatic(name)?;
    rule.show_owner &= table.owner.is_some();
    Some(rule)
}

fn explicit(table: &Table, mask: &Mask) -> MaskRule {
    MaskRule {
        column: text(&mask.column),
        kind: mask.kind,
        show_roles: mask.show_roles.iter().map(|name| text(name)).collect(),
        show_everyone: mask.show_everyone,
        // Without an owner column nobody is the owner.
        show_owner: mask.show_owner && table.owner.is_some(),
        automatic: false,
    }
}
