//! `unresolved-value`.

use super::delivery::table_name;
use super::{Context, Report, rule};
use crate::diagnostic::Diagnostic;
use crate::facts::{Definition, DefinitionKind};
use crate::project::Hierarchy;
use crate::project::layout::Role;
use crate::project::model::{MaskRule, Namespace, Owner, Realtime, Setting, Table};
use crate::project::resolved::{Kind, List, Resolved};
use crate::span::{FileId, Place, Span};

rule! {
    /// Reports a value that decides who receives what, and that only running the code would tell.
    ///
    /// ## Why is this bad
    /// What is sent is generated from the text of the definitions. Where that does not say for
    /// certain what is meant, nothing is sent rather than too much: the table is generated as off,
    /// a namespace is left out, and where the owner's column cannot be told nobody is the owner.
    /// Literals, constants, spreads and imports of them are followed. So are variables that are never
    /// assigned again, elements and members by a constant, computed keys, defaults, choices by what is
    /// known (`??`, `||`, `&&`, `? :`), `Object.freeze`, and functions that do no more than to return
    /// something of what they are given.
    ///
    /// A constant whose object or list is changed after it was made, as by `masking.email = ...`,
    /// `roles.push(...)` or `Object.assign(options, ...)`, is not known either, by whatever name or
    /// loop that is done; nor is `role+`, while `roleHierarchy` in the configuration is not known.
    /// What a function changes of its arguments is not looked at.
    ///
    /// The owner's column cannot be told where the `firewall` cannot be followed, as a function that
    /// does more than to return cannot, nor where a column of `q.table` or `feature` may be
    /// `q.scope("owner")`: what makes it cannot be followed, and says `scope` somewhere, or names what
    /// cannot be read. Such a column, or one among columns that are not known, goes before the one
    /// that the `firewall` names. A plain `q.scope("owner")` is the owner's all the same.
    ///
    /// A table whose name is not known cannot even be generated as off, so then nothing is generated
    /// at all. Its name is that of the constant that it is declared as, or imported as by name, its
    /// key in an object of tables, and else the string that `feature` or an inline table is given.
    /// The name of a parameter is none, since a function may be called for several tables; nor is
    /// that of a variable that is assigned again, or of a constant that is a choice between tables. So a function that calls
    /// `defineTable` for the table that it is handed does not belong into a definition's folder; where
    /// one from elsewhere is called for a table, that table is generated as off, as one is that is
    /// defined elsewhere and only exported again. Quickback's functions are known by any name that a
    /// file of the project gives to them; what `feature.apply` and `feature.bind` hand over is not.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: process.env.REALTIME === "on" },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// const ROLES = ["admin", "member"] as const;
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, requiredRoles: [...ROLES, "owner"] },
    /// });
    /// ```
    RULE = "unresolved-value", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    if is_read_from_half_typed(context) {
        return;
    }
    for table in &context.model.tables {
        push_table(context, report, table);
    }
    for namespace in &context.model.namespaces {
        push_namespace(context, report, namespace);
    }
}

/// What this rule finds of one table of a file.
pub fn unresolved_in_table(context: &Context<'_>, table: &Table) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !is_read_from_half_typed(context) {
        push_table(context, &mut Report::new(&RULE, &mut found), table);
    }
    found
}

/// What this rule finds of one namespace of a file.
pub fn unresolved_in_namespace(context: &Context<'_>, namespace: &Namespace) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    if !is_read_from_half_typed(context) {
        push_namespace(context, &mut Report::new(&RULE, &mut found), namespace);
    }
    found
}

fn push_table(context: &Context<'_>, report: &mut Report<'_>, table: &Table) {
    if table.name.is_none() {
        push_unnamed(context, report, table);
        return;
    }
    let name = table_name(table);
    let effect = format!("so realtime of {name} is generated as off");
    let help = help(context, table);
    push_all(context, report, &of_table(table), &effect, help);
    push_higher(context, report, table, &effect);
    let owners = owners(table).into_iter();
    for span in owners.filter(|span| !is_broken(context, *span)) {
        let message = format!(
            "Which column of {name} holds the owner is not known until the code runs, so nobody is the owner of a record."
        );
        let finding = report.finding(span, message);
        report.push(finding.with_help(
            "Make it by `q.scope(\"owner\")` where it can be seen, or write the columns and the `firewall` so that they can be followed.",
        ));
    }
}

fn push_namespace(context: &Context<'_>, report: &mut Report<'_>, namespace: &Namespace) {
    // One that is never picked up is reported as that.
    let is_picked_up =
        namespace.is_default_export && context.project.role(context.file) == Role::Service;
    if is_picked_up {
        let effect = "so this namespace is left out of the helper";
        push_all(context, report, &of_namespace(namespace), effect, LITERAL);
    }
}

/// A value may come from a file that is half-typed; nothing is generated until it parses.
fn is_read_from_half_typed(context: &Context<'_>) -> bool {
    let mut visited = context.model.visited.iter();
    visited.any(|file| is_half_typed(context, *file))
}

/// What helps against most values that are not known.
const LITERAL: &str = "Write a literal here, or a constant that is one.";

/// The definition that makes a table, if that is no other function's call.
fn definition<'a>(context: &'a Context<'_>, table: &Table) -> Option<&'a Definition> {
    context.model.definition(&context.facts, table.span)
}

/// What helps where the options of a table are not known.
fn help(context: &Context<'_>, table: &Table) -> &'static str {
    if definition(context, table).is_some() {
        LITERAL
    } else {
        "Call `defineTable` itself here: what a function from outside of the folders of definitions makes of its arguments is not followed."
    }
}

fn push_all(
    context: &Context<'_>,
    report: &mut Report<'_>,
    spans: &[Span],
    effect: &str,
    help: &str,
) {
    for span in spans.iter().filter(|span| !is_broken(context, **span)) {
        let mut changed = context.model.changed.iter();
        let changed = changed.find(|(name, _)| span.contains(*name));
        if let Some((_, at)) = changed.filter(|(_, at)| is_untold(context, *at)) {
            let message = format!("What changes this value is too much to follow, {effect}.");
            report.push(
                report
                    .finding(*span, message)
                    .with_related(*at, "To tell what is changed here would take too long")
                    .with_help("Make what this is read from in a file that changes less."),
            );
            continue;
        }
        let message = format!("This value is not known until the code runs, {effect}.");
        let finding = report.finding(*span, message);
        report.push(match changed {
            Some((_, at)) => finding
                .with_related(*at, "What the constant holds is changed here")
                .with_help("Write all of it where the constant is made: what is changed later is not followed."),
            None => finding.with_help(help),
        });
    }
}

/// Whether what is changed at a place cannot be told in time: then everything in the file counts as
/// changed there.
fn is_untold(context: &Context<'_>, at: Place) -> bool {
    let facts = context.project.facts(at.file);
    facts.is_some_and(|facts| facts.scopes.untold() == Some(at.span))
}

fn is_half_typed(context: &Context<'_>, file: FileId) -> bool {
    let facts = context.project.facts(file);
    facts.is_some_and(|facts| !facts.errors.is_empty())
}

/// Who holds a role or a higher one is said by the configuration alone.
fn push_higher(context: &Context<'_>, report: &mut Report<'_>, table: &Table, effect: &str) {
    let roles = &context.roles;
    if roles.hierarchy != Hierarchy::Unknown {
        return;
    }
    // Nothing is generated until that parses.
    let mut read = roles.visited.iter().copied().chain(roles.config);
    if read.any(|file| is_half_typed(context, file)) {
        return;
    }
    for entry in higher_roles(table) {
        let role = entry.as_str().unwrap_or_default();
        let message = format!(
            "Which roles \"{role}\" stands for is not known until the code runs, {effect}."
        );
        report.push(report.finding(entry.span, message).with_help(
            "Write `roleHierarchy` in the configuration as a list of strings, or a constant that is one.",
        ));
    }
}

/// The entries `role+` that a table's delivery depends on.
fn higher_roles(table: &Table) -> impl Iterator<Item = &Resolved> {
    let block = sending(table);
    let rules = table.masking.known().filter(|_| block.is_some());
    let rules = rules.map_or(&[] as &[MaskRule], |known| &known.value.rules);
    // A rule that is wrong hides its column from everybody, and one of no column does nothing.
    let rules = rules.iter().filter(|rule| {
        rule.kind.known().is_some()
            && !matches!(rule.or_owner, Setting::Invalid(_))
            && (table.columns.open || table.columns.get(&rule.column).is_some())
    });
    let lists = rules.map(|rule| &rule.roles);
    let lists = lists.chain(block.map(|block| &block.required_roles));
    let entries = lists
        .filter_map(Setting::known)
        .flat_map(|list| list.value.items.iter());
    entries.filter(|entry| entry.as_str().is_some_and(|role| role.ends_with('+')))
}

/// The realtime block of a table, unless it is off for certain: then it sends nothing, whatever
/// else it says.
fn sending(table: &Table) -> Option<&Realtime> {
    let block = table.block()?;
    (block.enabled.or(false) != Some(false)).then_some(block)
}

/// A table whose name is not known, unless its realtime is off for certain.
fn push_unnamed(context: &Context<'_>, report: &mut Report<'_>, table: &Table) {
    let may_send = sending(table).is_some() || matches!(table.realtime, Setting::Unknown(_));
    let mut errors = context.facts.errors.iter();
    if !may_send || errors.any(|e| table.span.touches(e.start)) {
        return;
    }
    let effect = "so this table cannot be listed and nothing is generated";
    let help = match table.kind {
        // `feature.apply(null, all)`, and a call without arguments.
        _ if definition(context, table).is_some_and(|d| d.callee_span == table.subject) => {
            "Call the function by its name, and write out which table it defines."
        }
        DefinitionKind::Table => {
            "Hand over a constant that is made as a table, or one that is imported by its name."
        }
        DefinitionKind::Feature | DefinitionKind::Namespace => LITERAL,
    };
    push_all(context, report, &[table.subject], effect, help);
}

/// What does not parse is said once, and better, by `syntax-error`.
fn is_broken(context: &Context<'_>, span: Span) -> bool {
    let mut errors = context.facts.errors.iter();
    errors.any(|error| span.touches(error.start) || error.touches(span.start))
}

/// Where a table's delivery depends on something that could not be followed.
fn of_table(table: &Table) -> Vec<Span> {
    let mut spans = Vec::new();
    unknown(&table.realtime, &mut spans);
    if let Setting::Unknown(span) | Setting::Invalid(span) = &table.options {
        spans.push(*span);
    }
    let Some(block) = sending(table) else {
        return spans;
    };
    for setting in [
        &block.enabled,
        &block.on_insert,
        &block.on_update,
        &block.on_delete,
    ] {
        unknown(setting, &mut spans);
    }
    for setting in [&block.required_roles, &block.fields] {
        list(setting, &mut spans);
    }
    unknown(&table.masking, &mut spans);
    if let Some(masking) = table.masking.known() {
        spans.extend(masking.value.unresolved);
        for rule in &masking.value.rules {
            mask(rule, &mut spans);
        }
    }
    spans
}

/// A spread that could not be followed makes unknown what it may hold and nothing behind it says.
fn mask(rule: &MaskRule, spans: &mut Vec<Span>) {
    unknown(&rule.kind, spans);
    list(&rule.roles, spans);
    unknown(&rule.or_owner, spans);
}

/// Where the masks of a table that sends ask for an owner whose column cannot be told.
fn owners(table: &Table) -> Vec<Span> {
    let is_asked = table.is_enabled() && table.owner == Owner::Unknown;
    let Some(masking) = table.masking.known().filter(|_| is_asked) else {
        return Vec::new();
    };
    let rules = masking.value.rules.iter();
    rules
        .filter_map(|rule| Some(rule.or_owner.known()?.span))
        .collect()
}

/// Where a namespace depends on something that could not be followed.
fn of_namespace(namespace: &Namespace) -> Vec<Span> {
    let mut spans = Vec::new();
    unknown(&namespace.options, &mut spans);
    unknown(&namespace.name, &mut spans);
    list(&namespace.events, &mut spans);
    spans
}

fn unknown<T>(setting: &Setting<T>, spans: &mut Vec<Span>) {
    if let Setting::Unknown(span) = setting {
        spans.push(*span);
    }
}

fn list(setting: &Setting<List>, spans: &mut Vec<Span>) {
    unknown(setting, spans);
    if let Setting::Known(known) = setting {
        spans.extend(known.value.unresolved.iter());
        let entries = known.value.items.iter();
        spans.extend(entries.filter(|i| is_unresolved(&i.kind)).map(|i| i.span));
    }
}

fn is_unresolved(kind: &Kind) -> bool {
    matches!(kind, Kind::Unknown | Kind::Builder(_))
}

#[cfg(test)]
mod help_tests;
#[cfg(test)]
mod tests;
