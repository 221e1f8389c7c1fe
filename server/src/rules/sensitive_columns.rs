//! Broadcast columns whose names look sensitive and that have no rule of their own: what
//! `implicit-mask` and `unmasked-sensitive-field` have in common.

use generator::broadcaster::mask::MaskType;
use rustc_hash::FxHashSet;

use super::delivery::{Sent, has_rule, sent};
use super::pointing::{listed, range, with_fix, with_origin};
use super::suggest::nearest;
use super::{Context, Report, masks};
use crate::diagnostic::Fix;
use crate::project::model::{Column, Owner, Table};
use crate::project::resolved::Property;

/// What one of the two rules looks for and says.
pub struct Findings {
    /// The mask that a column's name asks for.
    pub mask: fn(&str, Option<&Column>) -> Option<MaskType>,
    /// The message about the listed columns, and whether they are several.
    pub message: fn(&str, bool) -> String,
    /// What to do about a table's columns.
    pub help: fn(&Table) -> &'static str,
    /// Whether writing the rules changes nothing for anybody, where the owner's column is known.
    pub is_safe: bool,
}

/// Reports the columns of every table that sends them: at their entries in `fields`, or once at
/// the `realtime` key where every column is sent.
pub fn report_columns(context: &Context<'_>, report: &mut Report<'_>, findings: &Findings) {
    for table in context.model.tables.iter().filter(|t| t.is_enabled()) {
        let mut meant = meant_by_misspelled_rules(table);
        meant.extend(meant_by_overwritten_rules(table));
        let found: Vec<(Sent<'_>, MaskType)> = sent(table)
            .into_iter()
            .filter(|s| has_rule(table, s.name) == Some(false) && !meant.contains(s.name))
            .filter_map(|s| Some((s, (findings.mask)(s.name, s.column)?)))
            .collect();
        for (column, mask) in &found {
            let Some(entry) = column.entry else { continue };
            let message = (findings.message)(&listed([column.name]), false);
            let finding = report
                .finding(range(entry), message)
                .with_help((findings.help)(table));
            let finding = with_origin(finding, context, entry.origin, "The entry");
            let fix = written(context, table, findings, &[(column.name, *mask)]);
            report.push(with_fix(finding, fix));
        }
        let every: Vec<(&str, MaskType)> = found
            .iter()
            .filter(|(column, _)| column.entry.is_none())
            .map(|(column, mask)| (column.name, *mask))
            .collect();
        let Some(realtime) = table.realtime.known().filter(|_| !every.is_empty()) else {
            continue;
        };
        let columns = listed(every.iter().map(|(name, _)| *name));
        let finding = report
            .finding(
                realtime.key_span,
                (findings.message)(&columns, every.len() > 1),
            )
            .with_help((findings.help)(table));
        report.push(with_fix(finding, written(context, table, findings, &every)));
    }
}

/// The columns for which a rule under a misspelled name is meant: then that name is what is wrong.
fn meant_by_misspelled_rules(table: &Table) -> FxHashSet<&str> {
    let rules = table.masking.known().map_or(&[][..], |m| &m.value.rules);
    let known: FxHashSet<&str> = table.columns.names().collect();
    rules
        .iter()
        .filter(|rule| !known.contains(rule.column.as_str()))
        .filter_map(|rule| nearest(&rule.column, table.columns.names()))
        .collect()
}

/// The columns for which a `masking` has a rule that is written again behind it: then that is what
/// is wrong.
fn meant_by_overwritten_rules(table: &Table) -> impl Iterator<Item = &str> {
    let options = table.options.known().into_iter();
    let mut maskings: Vec<&Property> = options
        .flat_map(|options| options.value.properties())
        .filter(|option| option.own && option.key == "masking")
        .collect();
    maskings.pop();
    let rules = maskings
        .into_iter()
        .filter_map(|masking| masking.value.as_object());
    rules
        .flat_map(|rules| rules.properties())
        .map(|rule| rule.key.as_str())
}

fn written(
    context: &Context<'_>,
    table: &Table,
    findings: &Findings,
    columns: &[(&str, MaskType)],
) -> Option<Fix> {
    let mut fix = masks::written(context, table, columns)?;
    // Here nobody is the owner then, but the compiler may know better.
    fix.safe = findings.is_safe && table.owner != Owner::Unknown;
    Some(fix)
}
