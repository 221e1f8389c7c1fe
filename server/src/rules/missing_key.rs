//! `missing-key`.

use std::cell::LazyCell;

use rustc_hash::FxHashSet;

use super::edits::Source;
use super::identifiers::{camel_case, is_namespace_name};
use super::pointing::{owner_span, with_fix};
use super::unknown_key::is_misspelled;
use super::{Context, Report, rule, unknown_masked_field};
use crate::diagnostic::{Edit, Fix};
use crate::project::model::{Namespace, Setting};
use crate::project::resolved::{Entry, Kind, Lookup, Object, Property};
use crate::schema;
use crate::span::Span;

rule! {
    /// Reports an event namespace without a `name` or without `events`, and a masking rule without
    /// a `type`.
    ///
    /// ## Why is this bad
    /// The helper's methods are made of the name and the events, and a mask is nothing without its
    /// type. Nothing is generated until they are there.
    ///
    /// ## Invalid
    /// ```ts
    /// export default defineRealtime({
    ///   name: "extraction",
    /// });
    /// ```
    ///
    /// ## Valid
    /// ```ts
    /// export default defineRealtime({
    ///   name: "extraction",
    ///   events: ["started", "completed"],
    /// });
    /// ```
    RULE = "missing-key", Error, check;
}

fn check(context: &Context<'_>, report: &mut Report<'_>) {
    for namespace in &context.model.namespaces {
        let empty = Object::default();
        let object = match &namespace.options {
            Setting::Known(known) => &known.value,
            Setting::Absent => &empty,
            Setting::Unknown(_) | Setting::Invalid(_) => continue,
        };
        let is_absent = |key: &str| match key {
            "name" => namespace.name.is_absent(),
            _ => namespace.events.is_absent(),
        };
        for key in ["name", "events"] {
            if is_absent(key) && !is_excused(&schema::NAMESPACE, object, key) {
                let finding = report.finding(
                    namespace.callee_span,
                    format!("This namespace has no \"{key}\", so it has no methods."),
                );
                report.push(with_fix(finding, placeholder(context, namespace, key)));
            }
        }
    }
    mask_types(context, report);
}

/// Whether a key may stand in what does not parse, or under a misspelling.
fn is_excused(schema: &'static schema::Schema, object: &Object, key: &str) -> bool {
    let properties: Vec<&Property> = object.properties().collect();
    let is_broken = object.entries.iter().any(|e| matches!(e, Entry::Broken(_)));
    is_broken || is_misspelled(schema, &properties, key)
}

fn placeholder(context: &Context<'_>, namespace: &Namespace, key: &str) -> Option<Fix> {
    let source = Source::of(context);
    let near = namespace.span;
    let name = source.string(near, &name_of_file(context));
    let events = format!("[{}]", source.string(near, "started"));
    let value = if key == "name" { &name } else { &events };
    let text = format!("{key}: {value}");
    let edits = match namespace.options.known() {
        Some(options) if options.origin.file == context.file => {
            let at = options.origin.span;
            match options.value.last(key) {
                // `name: undefined`
                Some(there) if there.value.origin.file == context.file => {
                    vec![source.replace(there.value.origin.span, value.as_str())]
                }
                Some(_) => return None,
                None if key == "name" => vec![source.insert_first(at, &text)?],
                None => after_name(&source, &options.value, at, &text)?,
            }
        }
        Some(_) => return None,
        None => {
            let model = &context.model;
            let definition = model.definition(&context.facts, namespace.span)?;
            let arguments = definition.call()?.args_span;
            vec![source.replace(arguments, format!("({{ name: {name}, events: {events} }})"))]
        }
    };
    Some(Fix {
        title: format!("Add \"{key}\""),
        safe: false,
        edits,
    })
}

/// Events are written after the name, where that is.
fn after_name(source: &Source<'_>, object: &Object, at: Span, text: &str) -> Option<Vec<Edit>> {
    match object.last("name").filter(|name| name.own) {
        Some(name) => source.insert_after(name.origin.span, text),
        None => Some(vec![source.insert_first(at, text)?]),
    }
}

/// A name for a namespace: that of its file, if it can be one.
fn name_of_file(context: &Context<'_>) -> String {
    let path = context.project.path(context.file);
    path.file_stem()
        .and_then(|stem| camel_case(&stem.to_string_lossy()))
        .filter(|name| is_namespace_name(name))
        .unwrap_or_else(|| "events".to_owned())
}

/// Masking rules that do not say how they mask.
fn mask_types(context: &Context<'_>, report: &mut Report<'_>) {
    // What masks no column is reported as that.
    let unknown: LazyCell<FxHashSet<(Span, Span)>, _> = LazyCell::new(|| {
        let mut found = FxHashSet::default();
        unknown_masked_field::each(context, |_, of, rule, _| {
            found.insert((of.span(), rule.column_span));
        });
        found
    });
    for block in &context.model.blocks {
        let is_mask = *block.schema == schema::MASK_RULE || *block.schema == schema::CALL_MASK_RULE;
        let is_absent = match block.object.get("type") {
            Lookup::Absent => true,
            Lookup::Found(property) => property.value.kind == Kind::Undefined,
            Lookup::Unknown(_) => false,
        };
        if !is_mask || !is_absent || is_excused(block.schema, &block.object, "type") {
            continue;
        }
        let place = (owner_span(context, block), block.key_span);
        if let (Some(owner), Some(key)) = place
            && unknown.contains(&(owner, key))
        {
            continue;
        }
        let source = Source::of(context);
        let text = format!("type: {}", source.string(block.span, "redact"));
        let finding = report.finding(
            block.key_span.unwrap_or(block.span),
            "This masking rule has no \"type\", so nobody knows how to mask the value.",
        );
        // The rule may be written elsewhere: then its range here begins with no brace.
        let fix = source
            .insert_first(block.span, &text)
            .filter(|_| block.object.last("type").is_none())
            .map(|edit| Fix {
                title: "Add type: \"redact\"".to_owned(),
                safe: false,
                edits: vec![edit],
            });
        report.push(with_fix(finding, fix));
    }
}

#[cfg(test)]
mod tests {
    use crate::rules::testing::{check, check_fix, check_silent, check_unfixable, claims};

    fn namespace(argument: &str) -> String {
        format!(
            "//- quickback/services/realtime/pay-wall.ts
import {{ defineRealtime }} from '@quickback/compiler';
export default defineRealtime({argument});
"
        )
    }

    #[test]
    fn reports_each_key_at_the_call() {
        let name = "             //^^^^^^^^^^^^^^ error: This namespace has no \"name\", so it has no methods.\n";
        let events = "             //^^^^^^^^^^^^^^ error: This namespace has no \"events\", so it has no methods.\n";
        check(&(namespace("{ events: ['a'] }") + name), "missing-key");
        check(
            &(namespace("{ name: 'x', events: undefined }") + events),
            "missing-key",
        );
        check(&(namespace("{}") + name + events), "missing-key");
        check(&(namespace("") + name + events), "missing-key");
        check(
            &claims(
                r#"masking: { email: { show: { roles: ['admin'] } } },
         //^^^^^ error: This masking rule has no "type", so nobody knows how to mask the value."#,
            ),
            "missing-key",
        );
    }

    #[test]
    fn is_silent_where_they_are_may_be_or_are_misspelled() {
        for argument in [
            "{ name: 'x', events: [] }",
            "{ ...base }",
            "load()",
            "7",
            "{ nam: 'x', event: ['a'] }",
            "{ name: 'x', events: }",
        ] {
            check_silent(&namespace(argument), "missing-key");
        }
        check_silent(
            &claims("masking: { email: { typ: 'email' }, title: rule(), org: { ...rule } },"),
            "missing-key",
        );
    }

    #[test]
    fn is_silent_on_a_rule_for_what_is_no_column() {
        check_silent(&claims("masking: { titel: {} },"), "missing-key");
        let calls = "//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, r) => createRealtime(env).insert('claims', r, org, { maskingConfig: { titel: {}, title: {} } });
                                                                                                             //^^^^^ error: This masking rule has no \"type\", so nobody knows how to mask the value.
export const tell = (env, org, r) => createRealtime(env).broadcast('claims', r, org, { maskingConfig: { titel: {} } });
                                                                                                      //^^^^^ error: This masking rule has no \"type\", so nobody knows how to mask the value.
";
        check(
            &(claims("realtime: { enabled: false },") + calls),
            "missing-key",
        );
    }

    #[test]
    fn adds_a_placeholder() {
        check_fix(
            &namespace("{ events: ['a'] }"),
            "missing-key",
            "defineRealtime({ name: 'payWall', events: ['a'] });",
        );
        check_fix(
            &namespace("{\n  name: 'x',\n  description: 'y',\n}"),
            "missing-key",
            "{\n  name: 'x',\n  events: ['started'],\n  description: 'y',\n}",
        );
        check_fix(
            &namespace(""),
            "missing-key",
            "defineRealtime({ name: 'payWall', events: ['started'] });",
        );
        check_fix(
            &namespace("{ name: undefined, events: ['a'] }"),
            "missing-key",
            "defineRealtime({ name: 'payWall', events: ['a'] });",
        );
        check_fix(
            &claims("masking: { email: {} },"),
            "missing-key",
            "masking: { email: { type: 'redact' } },",
        );
        // What another file says is nothing that is edited here.
        let elsewhere = "//- quickback/shared.ts
export const options = { events: ['a'] };
export const nothing = undefined;
";
        for argument in ["options", "{ name: nothing, events: ['a'] }"] {
            let call = namespace(argument).replace(
                "export default",
                "import { nothing, options } from '../../shared';\nexport default",
            );
            check_unfixable(&(call + elsewhere), "missing-key");
        }
    }
}
