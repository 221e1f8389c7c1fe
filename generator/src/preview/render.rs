//! A preview as text, and as lines of JSON.

use super::{Event, Owns, Preview, Receiver, View, json};
use json::quote;

impl Preview {
    /// The preview as a document to read: the event JSON of each view, indented, under a comment
    /// that names its receivers.
    #[must_use]
    pub fn to_text(&self) -> String {
        let (name, source) = (one_line(&self.name), one_line(&self.source));
        let mut out = format!("// {name} ({source})\n");
        out.push_str(&self.unresolved_text());
        for event in &self.events {
            out.push_str(&format!("\n// {}\n", one_line(&event.name)));
            if self.unresolved.is_empty() {
                out.push_str(&text(event));
            } else {
                out.push_str("// is not sent: what is named above is not known.\n");
            }
        }
        out
    }

    /// What is not known, a comment of a line each.
    #[must_use]
    pub fn unresolved_text(&self) -> String {
        let lines = self.unresolved.iter();
        lines
            .map(|line| format!("// {}\n", one_line(line)))
            .collect()
    }

    /// One line for each view: `{"receivers":[{"role","recordOwner"}],"event":{...}}`, the event
    /// in exactly the bytes of the wire.
    ///
    /// `role` is `null` for a member without roles. `recordOwner` is `true` or `false`; only
    /// where the owner changes from the old record to the new one, it says which of the two the
    /// receiver owns: `"new"` or `"old"`.
    #[must_use]
    pub fn to_json_lines(&self) -> String {
        let views = self.events.iter().flat_map(|event| &event.views);
        views
            .map(|view| {
                let receivers: Vec<_> = view.receivers.iter().map(receiver_json).collect();
                let receivers = receivers.join(",");
                format!("{{\"receivers\":[{receivers}],\"event\":{}}}\n", view.json)
            })
            .collect()
    }
}

impl Event {
    /// Who gets one of the event's views, as the preview's text names them:
    /// `admin | the record's owner: member`.
    #[must_use]
    pub fn heading(&self, view: &View) -> String {
        heading(&view.receivers, &kinds(self))
    }
}

fn receiver_json(receiver: &Receiver) -> String {
    let role = receiver.role.as_deref().map_or("null".to_owned(), quote);
    let owner = match receiver.owns {
        Owns::Nothing => "false",
        Owns::Record => "true",
        Owns::New => "\"new\"",
        Owns::Old => "\"old\"",
    };
    format!("{{\"role\":{role},\"recordOwner\":{owner}}}")
}

fn text(event: &Event) -> String {
    if !event.sent {
        return "// is not sent: the definitions switch it off.\n".to_owned();
    }
    if event.views.is_empty() {
        return "// nobody receives it.\n".to_owned();
    }
    let owns = kinds(event);
    let views = event.views.iter().map(|view| {
        let heading = heading(&view.receivers, &owns);
        format!("// {heading}\n{}\n", json::indent(&view.json))
    });
    views.collect::<Vec<_>>().join("\n")
}

/// How the event's receivers may stand to its records: there may be no owner at all.
fn kinds(event: &Event) -> Vec<Owns> {
    let receivers = event.views.iter().flat_map(|view| &view.receivers);
    let mut kinds: Vec<_> = receivers.map(|receiver| receiver.owns).collect();
    kinds.sort_unstable();
    kinds.dedup();
    kinds
}

/// Who the receivers are: first those for whom it does not matter whose the record is.
fn heading(receivers: &[Receiver], kinds: &[Owns]) -> String {
    let with = |owns: &Owns| -> Vec<String> {
        let same = receivers.iter().filter(|receiver| receiver.owns == *owns);
        same.map(named).collect()
    };
    let groups: Vec<_> = kinds
        .iter()
        .map(|kind| (whose(*kind), with(kind)))
        .collect();
    let in_all = |name: &&String| groups.iter().all(|(_, names)| names.contains(name));
    let first = groups.first().map_or(&[][..], |(_, names)| names);
    let always: Vec<String> = first.iter().filter(in_all).cloned().collect();
    let rest = groups.iter().map(|(whose, names)| {
        let names = names.iter().filter(|name| !always.contains(name));
        (*whose, names.cloned().collect())
    });
    [("", always.clone())]
        .into_iter()
        .chain(rest)
        .filter(|(_, names)| !names.is_empty())
        .map(|(whose, names)| format!("{whose}{}", names.join(", ")))
        .collect::<Vec<_>>()
        .join(" | ")
}

fn whose(owns: Owns) -> &'static str {
    match owns {
        Owns::Nothing => "not the record's owner: ",
        Owns::Record => "the record's owner: ",
        Owns::New => "the new record's owner: ",
        Owns::Old => "the old record's owner: ",
    }
}

fn named(receiver: &Receiver) -> String {
    receiver
        .role
        .as_deref()
        .map_or("(no role)".into(), one_line)
}

/// A name as it may stand in a comment of one line.
fn one_line(name: &str) -> String {
    if name.contains(|c: char| c.is_control() || matches!(c, '\u{2028}' | '\u{2029}')) {
        quote(name)
    } else {
        name.to_owned()
    }
}
