//! `duplicate-key`.

use std::collections::hash_map::Entry;

use rustc_hash::FxHashMap;

use super::edits::Source;
use super::pointing::with_fix;
use super::{Context, Report, rule};
use crate::diagnostic::Fix;
use crate::project::options::is_read;
use crate::project::resolved::{Object, Property};

rule! {
    /// Reports a key that is written twice in a `realtime` block, in masking, in a `show` clause,
    /// in an event namespace or in the options of a call. So are a second `realtime`, `masking` or
    /// `firewall` in the options of a table, and a second `columns` of a feature.
    ///
    /// ## Why is this bad
    /// In JavaScript the last one counts, so the first says something that does not hold. Of two
    /// `masking` blocks the first masks nothing.
    ///
    /// ## Invalid
    /// ```ts
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { enabled: true, onDelete: true, onDelete: false },
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// const base = { enabled: true, onDelete: true };
    /// export default feature("claims", {
    ///   columns: { id: q.id(), title: q.text(), organizationId: q.scope("organization") },
    ///   realtime: { ...base, onDelete: false },
    /// });
    /// ```
    RULE = "duplicate-key", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for block in &context.model.blocks {
        repeated(context, report, &block.object, block.schema.name, &|key| {
            block.schema.key(key).is_some()
        });
    }
    for table in &context.model.tables {
        if let Some(options) = table.options.known() {
            repeated(
                context,
                report,
                &options.value,
                "the options of a table",
                &|key| is_read(key, table.kind),
            );
        }
    }
    // The rules of a masking stand under the names of columns, and what is no column is reported
    // as that already.
    for table in &context.model.tables {
        if let Some(masking) = table.options.known().and_then(|o| o.value.last("masking"))
            && let Some(rules) = masking.value.as_object()
        {
            let columns = &table.columns;
            repeated(context, report, rules, "the masking", &|key| {
                columns.open || columns.get(key).is_some()
            });
        }
    }
    for call in &context.model.calls {
        if let Some(masking) = call
            .options
            .known()
            .and_then(|o| o.value.last("maskingConfig"))
            && let Some(rules) = masking.value.as_object()
        {
            repeated(context, report, rules, "the masking", &|_| true);
        }
    }
}

/// Keys that say of all at once who sees it. What the first of two says may be what is meant, and
/// whoever takes it out should have read it.
const WHOLE: [&str; 4] = ["realtime", "masking", "firewall", "columns"];

fn repeated(
    context: &Context<'_>,
    report: &mut Report<'_>,
    object: &Object,
    name: &str,
    counts: &dyn Fn(&str) -> bool,
) {
    // The first and the last property so far of each key.
    let mut earlier: FxHashMap<&str, (&Property, &Property)> = FxHashMap::default();
    for later in object.properties().filter(|p| p.own) {
        let (first, previous) = match earlier.entry(&later.key) {
            Entry::Vacant(place) => {
                place.insert((later, later));
                continue;
            }
            Entry::Occupied(mut place) => {
                let (first, previous) = *place.get();
                place.insert((first, later));
                (first, previous)
            }
        };
        if !counts(&later.key) {
            continue;
        }
        let key = &later.key;
        let finding = report
            .finding(
                later.key_span,
                format!("\"{key}\" is written twice in {name}; only the last one counts."),
            )
            .with_related(
                first.key_origin,
                format!("The first \"{key}\" has no effect"),
            );
        let fix = (previous.origin.file == context.file)
            .then(|| Source::of(context).remove(previous.origin.span))
            .flatten()
            .map(|edits| Fix {
                title: format!("Remove the first \"{key}\""),
                safe: !WHOLE.contains(&key.as_str()),
                edits,
            });
        report.push(with_fix(finding, fix));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, claims, fixture};

    #[test]
    fn reports_the_later_one_in_every_block() {
        check(
            &(claims(
                r#"masking: { email: { type: 'redact', type: 'name', show: { or: 'owner', or: 'owner' } }, title: { type: 'name' }, 'title': { type: 'redact' } },
                                  //^^^^ error: "type" is written twice in a masking rule; only the last one counts.
                                                                     //^^ error: "or" is written twice in a show clause; only the last one counts.
                                                                                                                //^^^^^ error: "title" is written twice in the masking; only the last one counts.
realtime: { enabled: true, onDelete: true, onDelete: false },
                                         //^^^^^^^^ error: "onDelete" is written twice in a realtime block; only the last one counts."#,
            ) + r#"//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { userId: r.a, userId: r.b });
                                                                                              //^^^^^^ error: "userId" is written twice in the options of a broadcast; only the last one counts.
"#),
            "duplicate-key",
        );
    }

    #[test]
    fn reports_the_options_of_a_table() {
        check(
            &(claims(
                r#"masking: { email: { type: 'redact' } }, masking: { title: { type: 'redact' } },
                                      //^^^^^^^ error: "masking" is written twice in the options of a table; only the last one counts.
realtime: { enabled: true, requiredRoles: ['admin'] }, 'realtime': { enabled: true }, firewall: {}, firewall: {}, columns: {}, crud: 1, crud: 2,
                                                      //^^^^^^^^ error: "realtime" is written twice in the options of a table; only the last one counts.
                                                                                                  //^^^^^^^^ error: "firewall" is written twice in the options of a table; only the last one counts.
                                                                                                                //^^^^^^^ error: "columns" is written twice in the options of a table; only the last one counts."#,
            ) + r#"//- quickback/features/shared.ts
import { defineTable, q } from '@quickback/compiler';
import { elsewhere } from './elsewhere';
const columns = { id: q.id(), org: q.scope('organization') };
const shared = { masking: {}, masking: {} };
                            //^^^^^^^ error: "masking" is written twice in the options of a table; only the last one counts.
export const a = defineTable(q.table('a', columns), elsewhere);
                                                  //^^^^^^^^^ error: "firewall" is written twice in the options of a table; only the last one counts.
export const b = defineTable(q.table('b', columns), shared);
export const c = defineTable(q.table('c', columns), shared);
export const d = defineTable(q.table('d', columns), { ...shared, masking: {}, columns: 1, columns: 2 });
//- quickback/features/elsewhere.ts
export const elsewhere = { firewall: {}, firewall: {} };
//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { maskingConfig: {}, maskingConfig: { title: { type: 'redact' } } });
                                                                                                    //^^^^^^^^^^^^^ error: "maskingConfig" is written twice in the options of a broadcast; only the last one counts.
"#),
            "duplicate-key",
        );
    }

    #[test]
    fn leaves_to_its_author_which_of_two_blocks_goes() {
        for twice in [
            "masking: { email: { type: 'redact' } }, masking: { title: { type: 'redact' } },",
            "realtime: { enabled: true, requiredRoles: ['admin'] }, realtime: { enabled: true },",
        ] {
            let fixture = fixture(&claims(twice));
            let file = fixture.file("quickback/features/claims.ts");
            let findings = crate::rules::check(&fixture.project, file);
            let mut fixes = findings.iter().filter(|d| d.code == "duplicate-key");
            let [fix] = fixes.next().unwrap().fixes.as_slice() else {
                panic!("one fix is offered for {twice}");
            };
            assert!(!fix.safe, "{twice}");
        }
        check_fix(
            &claims(
                "masking: { email: { type: 'redact' } },\nmasking: { title: { type: 'redact' } },",
            ),
            "duplicate-key",
            "\nmasking: { title: { type: 'redact' } },",
        );
    }

    #[test]
    fn is_silent_on_overrides_and_other_objects() {
        check_silent(
            &claims(
                "crud: { a: 1, a: 2 }, realtime: { ...base, enabled: true, ['enabled' + x]: false },",
            ),
            "duplicate-key",
        );
    }

    #[test]
    fn says_where_the_first_is() {
        let fixture = fixture(&claims("realtime: { enabled: true, enabled: false },"));
        let file = fixture.file("quickback/features/claims.ts");
        let findings = crate::rules::check(&fixture.project, file);
        let related = &findings
            .iter()
            .find(|d| d.code == "duplicate-key")
            .unwrap()
            .related;
        assert_eq!(fixture.project.text(related[0].place), "enabled");
        assert!(related[0].place.span < findings[0].span);
    }

    #[test]
    fn removes_the_first() {
        check_fix(
            &claims("realtime: {\n  enabled: false,\n  fields: ['id'],\n  enabled: true,\n},"),
            "duplicate-key",
            "realtime: {\n  fields: ['id'],\n  enabled: true,\n},",
        );
    }
}
