//! `no-events`.

use super::delivery::table_name;
use super::edits::Source;
use super::pointing::{only_in, with_fix};
use super::{Context, Report, rule};
use crate::diagnostic::Fix;

rule! {
    /// Reports a table whose realtime is enabled and whose events are all off.
    ///
    /// ## Why is this bad
    /// Nothing is ever sent for it, although the block reads as if something were.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, onInsert: false, onUpdate: false, onDelete: false },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, onInsert: false, onUpdate: false },
    /// });
    /// ```
    RULE = "no-events", Warning, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for table in context.model.tables.iter().filter(|t| t.is_enabled()) {
        let Some(realtime) = table.realtime.known() else {
            continue;
        };
        let block = &realtime.value;
        let events = [&block.on_insert, &block.on_update, &block.on_delete];
        if events.iter().any(|event| event.or(true) != Some(false)) {
            continue;
        }
        let finding = report.finding(
            realtime.key_span,
            format!(
                "Realtime is enabled for {}, but all its events are off: nothing is ever sent.",
                table_name(table)
            ),
        );
        let fix = block
            .object
            .last("enabled")
            .filter(|p| p.value.origin.file == context.file)
            .map(|p| Fix {
                title: "Set enabled: false".to_owned(),
                safe: false,
                edits: vec![Source::of(context).replace(p.value.origin.span, "false")],
            });
        report.push(with_fix(finding, only_in(context, table.place(), fix)));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims};

    const OFF: &str = "onInsert: false, onUpdate: false, onDelete: false";

    #[test]
    fn reports_a_block_whose_events_are_all_off() {
        check(
            &claims(&format!(
                "realtime: {{ enabled: true, {OFF} }},
//<^^^^^^^^ warning: Realtime is enabled for \"claims\", but all its events are off: nothing is ever sent."
            )),
            "no-events",
        );
    }

    #[test]
    fn is_silent_where_one_may_be_on_or_all_is_off() {
        for options in [
            "realtime: { enabled: true, onInsert: false, onUpdate: false },".to_owned(),
            "realtime: { enabled: true, onInsert: false, onUpdate: false, onDelete: x() },"
                .to_owned(),
            "realtime: { enabled: true, onInsert: false, onUpdate: false, onDelete: 0 },"
                .to_owned(),
            format!("realtime: {{ enabled: false, {OFF} }},"),
            format!("realtime: {{ enabled: isOn(), {OFF} }},"),
        ] {
            check_silent(&claims(&options), "no-events");
        }
    }

    #[test]
    fn switches_it_off() {
        check_fix(
            &claims(&format!("realtime: {{ enabled: true, {OFF} }},")),
            "no-events",
            &format!("realtime: {{ enabled: false, {OFF} }},"),
        );
    }
}
