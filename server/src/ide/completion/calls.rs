//! Calls of the helper: methods, namespaces, events, and the names of tables.

use super::{At, Completion, CompletionKind};
use crate::ide::audience;
use crate::ide::cursor::{Frame, Touched};
use crate::ide::region::HelperMethod;
use crate::project::model::{Namespace, Table};
use crate::span::Span;
use crate::syntax::is_identifier;

/// The methods that the helper has of its own.
const METHODS: [(&str, &str, &str); 4] = [
    (
        "insert",
        "(table, newRecord, target, options?)",
        "Tells the table's subscribers of a new record.",
    ),
    (
        "update",
        "(table, newRecord, oldRecord, target, options?)",
        "Tells the table's subscribers of a changed record.",
    ),
    (
        "delete",
        "(table, oldRecord, target, options?)",
        "Tells the table's subscribers of a deleted record.",
    ),
    (
        "broadcast",
        "(event, payload, target, options?)",
        "Sends an event of your own. Its payload is not masked unless `maskingConfig` says so.",
    ),
];

impl At<'_> {
    /// After a dot: the helper's methods and namespaces, or a namespace's events.
    pub(super) fn member(&self) -> Option<Vec<Completion>> {
        let member = self.cursor.member.as_ref()?;
        match self.names.helper_path(&member.path, &self.cursor)? {
            [] => Some(self.helper_members()),
            [namespace] => Some(self.events(&namespace.text, member.dot)),
            _ => None,
        }
    }

    /// Within `realtime.alerts["..."]`.
    pub(super) fn subscript(&self, frame: &Frame) -> Option<Vec<Completion>> {
        if !self.cursor.fresh && !self.cursor.in_string() {
            return None;
        }
        let [namespace] = self.names.helper_path(&frame.callee, &self.cursor)? else {
            return None;
        };
        let index = self.index();
        let namespace = index.namespace(&namespace.text)?;
        let events = event_names(namespace);
        let items = events.iter().enumerate().map(|(rank, event)| {
            let mut item = self.string(event, CompletionKind::Event, rank);
            item.documentation = event_documentation(namespace, event);
            item
        });
        Some(items.collect())
    }

    fn helper_members(&self) -> Vec<Completion> {
        let methods = METHODS.iter().enumerate();
        let mut found: Vec<Completion> = methods
            .map(|(rank, (name, parameters, doc))| {
                let mut item = self.plain(name, CompletionKind::Method, rank);
                item.detail = Some((*parameters).to_owned());
                item.documentation = Some((*doc).to_owned());
                item
            })
            .collect();
        for (rank, namespaces) in self.index().namespaces.values().enumerate() {
            let Some(namespace) = namespaces.first() else {
                continue;
            };
            let Some(name) = namespace.name.known().filter(|n| is_identifier(&n.value)) else {
                continue;
            };
            let mut item = self.plain(&name.value, CompletionKind::Namespace, 100 + rank);
            item.detail = Some(event_names(namespace).join(", "));
            item.documentation = namespace.description.known().map(|d| d.value.clone());
            found.push(item);
        }
        found
    }

    fn events(&self, namespace: &str, dot: Span) -> Vec<Completion> {
        let index = self.index();
        let Some(namespace) = index.namespace(namespace) else {
            return Vec::new();
        };
        let events = event_names(namespace);
        let items = events.iter().enumerate().map(|(rank, event)| {
            let mut item = self.plain(event, CompletionKind::Event, rank);
            item.documentation = event_documentation(namespace, event);
            if !is_identifier(event) {
                // `realtime.jobs["step-done"]`: the dot goes too.
                item.insert = format!("[{}]", self.literal(event));
                item.replace = item.replace.cover(dot);
                let dot = dot.text(self.text);
                item.filter = Some(format!("{dot}{event}"));
            }
            item
        });
        items.collect()
    }

    /// An argument of a method of the helper that is a name.
    pub(super) fn helper_argument(
        &self,
        method: HelperMethod,
        index: usize,
    ) -> Option<Vec<Completion>> {
        match method {
            _ if index > 0 => None,
            HelperMethod::OneRecord | HelperMethod::Update => Some(self.tables()),
            HelperMethod::Broadcast => Some(self.wire_events()),
            HelperMethod::Event => None,
        }
    }

    /// The tables, those that broadcast first.
    fn tables(&self) -> Vec<Completion> {
        let index = self.index();
        let defined = index.tables.iter().filter_map(|(name, tables)| {
            let table = tables.first()?;
            Some((name, Some(table)))
        });
        let internal = index.internal.keys().map(|name| (name, None));
        defined
            .chain(internal)
            .enumerate()
            .map(|(rank, (name, table))| {
                let sends = table.is_some_and(|table| table.is_enabled());
                let rank = if sends { rank } else { rank + 1_000 };
                let mut item = self.string(name, CompletionKind::Table, rank);
                item.detail = Some(self.table_detail(table.map(|table| &**table)));
                item
            })
            .collect()
    }

    fn table_detail(&self, table: Option<&Table>) -> String {
        match table {
            None => "internal table: sends nothing".to_owned(),
            Some(table) if !table.is_enabled() => "realtime is off: sends nothing".to_owned(),
            Some(table) => audience::receivers(&self.project.roles(), table),
        }
    }

    /// The events of all namespaces as they are on the wire.
    fn wire_events(&self) -> Vec<Completion> {
        let index = self.index();
        let mut found = Vec::new();
        for (name, namespaces) in &index.namespaces {
            let Some(namespace) = namespaces.first() else {
                continue;
            };
            for event in event_names(namespace) {
                let rank = found.len();
                let wire = format!("{name}:{event}");
                let mut item = self.string(&wire, CompletionKind::Event, rank);
                item.documentation = event_documentation(namespace, &event);
                item.detail = Some(format!("typed: .{name}.{event}(…)"));
                found.push(item);
            }
        }
        if let Touched::Text { replace, .. } = self.cursor.touched {
            // What was typed after the colon is part of the name.
            found.iter_mut().for_each(|item| item.replace = replace);
        }
        found
    }
}

/// The events of a namespace that can be read, each once.
fn event_names(namespace: &Namespace) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let items = namespace
        .events
        .known()
        .map(|known| known.value.items.iter());
    for event in items.into_iter().flatten().filter_map(|item| item.as_str()) {
        if !names.iter().any(|name| name == event) {
            names.push(event.to_owned());
        }
    }
    names
}

fn event_documentation(namespace: &Namespace, event: &str) -> Option<String> {
    let name = namespace.name.known()?;
    let description = namespace.description.known().map(|d| d.value.as_str());
    let wire = format!("Sent as `{}:{event}`.", name.value);
    Some(match description {
        Some(text) => format!("{text}\n\n{wire}"),
        None => wire,
    })
}
