//! What tables, columns, roles, namespaces and events mean, in Markdown.

use generator::model::BETTER_AUTH_ROLES;
use generator::preview::Options;

use super::audience;
use super::completion::code_list;
use super::words::{column_type, mask_name};
use crate::project::model::{Call, Column, Method, Namespace, Owner, Setting, Table};
use crate::project::{Hierarchy, Project, Roles};
use crate::rules::delivery;
use crate::schema::MASK_TYPES;
use crate::span::Place;

/// What a table broadcasts and to whom; at a call one of its events, `INSERT`, as that call sends
/// it.
pub fn table(project: &Project, table: &Table, call: Option<&Call>) -> String {
    let event = call.and_then(|call| match call.method {
        Method::Insert => Some("INSERT"),
        Method::Update => Some("UPDATE"),
        Method::Delete => Some("DELETE"),
        Method::Broadcast | Method::Event { .. } => None,
    });
    let name = table.name.as_ref().map_or("this table", |n| &n.text);
    let Some(block) = table.block() else {
        let why = match table.realtime {
            Setting::Absent => "It has no `realtime` block, so nothing is sent.",
            _ => "Its `realtime` block cannot be read.",
        };
        return format!("**{name}**\n\n{why}");
    };
    match block.enabled.or(false) {
        Some(true) => {}
        Some(false) => return format!("**{name}**\n\nRealtime is off: nothing is sent."),
        None => {
            return format!("**{name}**\n\n`enabled` cannot be resolved, so nothing is sent.");
        }
    }
    let roles = project.roles();
    let mut lines = vec![format!("**{name}**"), String::new()];
    let events = [
        ("insert", "INSERT", &block.on_insert),
        ("update", "UPDATE", &block.on_update),
        ("delete", "DELETE", &block.on_delete),
    ];
    let sent: Vec<&str> = events
        .iter()
        .filter(|(.., setting)| setting.or(true) == Some(true))
        .map(|(name, ..)| *name)
        .collect();
    match event.and_then(|event| events.iter().find(|(_, wire, _)| *wire == event)) {
        Some((name, _, setting)) if setting.or(true) == Some(false) => {
            lines.push(format!("- **Switched off**: `{name}` events are not sent"));
        }
        Some(_) => {}
        None if sent.is_empty() => lines.push("- **Sent on**: nothing".to_owned()),
        None => lines.push(format!("- **Sent on** {}", sent.join(", "))),
    }
    lines.push(format!("- **To** {}", audience::receivers(&roles, table)));
    lines.push(format!("- **Columns**: {}", columns(table)));
    lines.extend(masks(&roles, table));
    let mut text = lines.join("\n");
    let options = Options {
        event: Some(event.unwrap_or("INSERT").to_owned()),
        target_roles: call.and_then(target_roles),
        ..Options::default()
    };
    text.push_str(&call.map(narrowing).unwrap_or_default());
    if let Ok(found) = super::preview::table(project, table, &options)
        && found.is_whole
    {
        text.push_str(&events_json(&found.preview));
    }
    text
}

/// How many views a hover shows: more do not fit, and the preview has them all.
const SHOWN_VIEWS: usize = 3;

/// The bytes that receivers get, for each view.
fn events_json(preview: &generator::preview::Preview) -> String {
    let mut text = String::new();
    for event in preview.events.iter().filter(|event| event.sent) {
        for view in event.views.iter().take(SHOWN_VIEWS) {
            text.push_str(&format!(
                "\n\n{}:\n```json\n{}\n```",
                event.heading(view),
                view.json
            ));
        }
        let more = event.views.len().saturating_sub(SHOWN_VIEWS);
        if more > 0 {
            text.push_str(&format!("\n\nAnd {more} more in *Preview events*."));
        }
    }
    text
}

fn columns(table: &Table) -> String {
    let every = table.block().is_some_and(|block| block.fields.is_absent());
    let sent = delivery::sent(table);
    let names: Vec<&str> = sent.iter().map(|sent| sent.name).collect();
    match (every, names.is_empty()) {
        (true, true) => "all".to_owned(),
        (true, false) => format!("all: {}", names.join(", ")),
        (false, true) => "not known".to_owned(),
        (false, false) => names.join(", "),
    }
}

/// A line for each masked column that is sent.
fn masks(roles: &Roles, table: &Table) -> Vec<String> {
    delivery::sent(table)
        .into_iter()
        .filter_map(|sent| {
            let mask = audience::mask(roles, table, sent.name)?;
            Some(format!("- {}", mask_line(sent.name, &mask)))
        })
        .collect()
}

fn mask_line(column: &str, mask: &audience::Mask) -> String {
    let automatic = if mask.automatic { " automatically" } else { "" };
    let kind = mask_name(mask.kind);
    match mask.seen_by() {
        _ if mask.everyone => format!("`{column}` is not masked for anybody"),
        Some(who) => format!("`{column}` is masked{automatic} as `{kind}`, plain for {who}"),
        None => format!("`{column}` is masked{automatic} as `{kind}`"),
    }
}

/// The masks of a table.
pub fn masking(project: &Project, table: &Table) -> String {
    let roles = project.roles();
    let known = table.masking.known().map(|known| &known.value);
    let mut lines = vec![
        "Who sees which column plain; everybody else sees it masked. Columns with sensitive names are masked even without a rule.".to_owned(),
        String::new(),
    ];
    for rule in known.iter().flat_map(|masking| &masking.rules) {
        if let Some(mask) = audience::mask(&roles, table, &rule.column) {
            lines.push(format!("- {}", mask_line(&rule.column, &mask)));
        }
    }
    lines.push(match &table.owner {
        Owner::Column(column) => format!("\nThe record's owner is in `{column}`."),
        Owner::None => "\nThe table has no owner column.".to_owned(),
        Owner::Unknown => "\nWhich column holds the record's owner is not known.".to_owned(),
    });
    lines.join("\n")
}

/// A column of a table: its type, whether it is sent, and the mask that holds.
pub fn column(project: &Project, table: &Table, name: &str) -> Option<String> {
    let column = table.columns.get(name)?;
    let roles = project.roles();
    let mut text = heading(column, &delivery::table_name(table));
    if column.place.is_none() {
        text.push_str("\n\nAdded by the compiler to every table.");
    }
    if table.owner.column() == Some(name) {
        text.push_str("\n\nHolds the record's owner.");
    }
    if table.is_enabled() {
        if delivery::sends(table, name) {
            let who = audience::receivers(&roles, table);
            text.push_str(&format!("\n\nSent to {who}."));
        } else if table.block().is_some_and(|b| b.fields.known().is_some()) {
            text.push_str("\n\nNot sent: it is not in `fields`.");
        }
    }
    if let Some(mask) = audience::mask(&roles, table, name) {
        let line = mask_line(name, &mask);
        let line = line.replacen(&format!("`{name}` is m"), "M", 1);
        let kind = mask_name(mask.kind);
        let example = MASK_TYPES.iter().find(|(known, ..)| *known == kind);
        text.push_str(&format!("\n\n{line}"));
        if let Some((_, before, after)) = example
            && !mask.everyone
        {
            text.push_str(&format!(": `{before}` → `{after}`"));
        }
        text.push('.');
    }
    Some(text)
}

fn heading(column: &Column, table: &str) -> String {
    let key = if column.primary_key {
        ", primary key"
    } else {
        ""
    };
    format!(
        "**{}** · {}{key} · column of {table}",
        column.name,
        column_type(column)
    )
}

/// A column of a table that no definition takes up.
pub fn internal_column(project: &Project, place: Place) -> Option<String> {
    let model = project.model(place.file);
    model.declared.iter().find_map(|declared| {
        let mut columns = declared.columns.list.iter();
        let column = columns.find(|column| column.place == Some(place))?;
        Some(heading(column, &format!("\"{}\"", declared.name.text)))
    })
}

/// A role, and who holds it; with `+` also every higher one.
pub fn role(roles: &Roles, role: &str, upwards: bool) -> String {
    let position = roles.names.iter().position(|name| name == role);
    let mut text = format!("**{role}{}**", if upwards { "+" } else { "" });
    if upwards {
        match roles.expand(&format!("{role}+")) {
            Some(names) => {
                let names: Vec<&str> = names.collect();
                text.push_str(&format!(" = {}", names.join(", ")));
            }
            None => text.push_str(
                "\n\nThe role before the `+` is not in the hierarchy, so this stands for nobody.",
            ),
        }
    }
    match (&roles.hierarchy, position) {
        (Hierarchy::Unknown, _) => {
            text.push_str("\n\n`roleHierarchy` in the configuration cannot be resolved.");
        }
        (hierarchy, Some(at)) => {
            let names: Vec<String> = roles
                .names
                .iter()
                .enumerate()
                .map(|(i, name)| {
                    if i == at {
                        format!("**{name}**")
                    } else {
                        name.clone()
                    }
                })
                .collect();
            let source = if matches!(hierarchy, Hierarchy::Declared(_)) {
                "From the lowest to the highest"
            } else {
                "Better Auth's roles, from the lowest to the highest"
            };
            text.push_str(&format!("\n\n{source}: {}.", names.join(" < ")));
        }
        (_, None) if role == "everyone" => {
            text.push_str("\n\nNobody is masked (older projects).");
        }
        (_, None) if BETTER_AUTH_ROLES.contains(&role) => {
            text.push_str("\n\nOne of Better Auth's own roles, outside of `roleHierarchy`.");
        }
        (Hierarchy::Declared(_), None) if !roles.knows(role) => {
            text.push_str("\n\nNot in `roleHierarchy`.");
        }
        (_, None) if roles.extra.iter().any(|(name, _)| name == role) => {
            text.push_str(
                "\n\nA role outside of the hierarchy, which `quickback-realtime.json` names.",
            );
        }
        (_, None) => text.push_str("\n\nA role outside of the hierarchy."),
    }
    if !upwards {
        text.push_str("\n\nRoles are compared exactly: a higher role is not included without `+`.");
    }
    text
}

/// A name that no definition takes up.
pub fn no_table(name: &str, internal: bool) -> String {
    if internal {
        format!("**{name}**\n\nAn internal table: no definition takes it up, so nothing is sent.")
    } else {
        format!(
            "**{name}**\n\nNo definition declares this name: the event is sent as the call says, under the automatic masks."
        )
    }
}

/// A namespace and its events.
pub fn namespace(namespace: &Namespace) -> String {
    let Some(name) = namespace.name.known() else {
        return "An event namespace without a name that can be read.".to_owned();
    };
    let mut text = format!("**{}** · event namespace", name.value);
    if let Some(description) = namespace.description.known() {
        text.push_str(&format!("\n\n{}", description.value));
    }
    let items = namespace
        .events
        .known()
        .map(|known| known.value.items.iter());
    let events: Vec<String> = items
        .into_iter()
        .flatten()
        .filter_map(|item| Some(format!("{}:{}", name.value, item.as_str()?)))
        .collect();
    if !events.is_empty() {
        text.push_str(&format!("\n\nSends {}.", code_list(&events)));
    }
    text
}

/// An event of a namespace.
pub fn event(project: &Project, namespace: &Namespace, event: &str) -> String {
    let name = namespace.name.known().map_or("", |name| &name.value);
    let mut text = format!("**{name}:{event}** · event");
    if let Some(description) = namespace.description.known() {
        text.push_str(&format!("\n\n{}", description.value));
    }
    let items = namespace
        .events
        .known()
        .map(|known| known.value.items.iter());
    let defined = items
        .into_iter()
        .flatten()
        .any(|item| item.as_str() == Some(event));
    if !defined {
        text.push_str("\n\nThe namespace does not define it.");
        return text;
    }
    let options = Options {
        event: Some(event.to_owned()),
        ..Options::default()
    };
    if let Ok(found) = super::preview::namespace(project, namespace, &options) {
        text.push_str(&events_json(&found.preview));
    }
    text
}

/// A call that sends an event of its own.
pub fn custom_call(call: &Call) -> String {
    let name = match &call.method {
        Method::Event { namespace, event } => format!("{}:{}", namespace.0, event.0),
        _ => call
            .subject
            .as_ref()
            .and_then(|subject| subject.as_str())
            .unwrap_or("an event")
            .to_owned(),
    };
    let mut text = format!("**{name}** · event");
    text.push_str(&narrowing(call));
    if call.masking.is_absent() {
        text.push_str("\n\nThe payload is not masked.");
    }
    text
}

/// The roles that a call narrows its receivers to, where all of them are known.
fn target_roles(call: &Call) -> Option<Vec<String>> {
    let list = &call
        .target_roles
        .known()
        .filter(|k| k.value.is_whole())?
        .value;
    let names = list.items.iter().map(|item| item.as_str());
    names.map(|name| name.map(str::to_owned)).collect()
}

/// What a call's options add to who receives: nothing said of what cannot be read.
pub fn narrowing(call: &Call) -> String {
    let mut parts = Vec::new();
    if let Some(names) = target_roles(call) {
        parts.push(format!("who also hold one of {}", code_list(&names)));
    }
    let has_user = |setting: Option<&crate::project::resolved::Object>| {
        setting.is_some_and(|object| object.last("userId").is_some())
    };
    let in_target = call.target.as_ref().and_then(|target| target.as_object());
    let in_options = call.options.known().map(|known| &known.value);
    if has_user(in_target) || has_user(in_options) {
        parts.push("who are the user of `userId`".to_owned());
    }
    if parts.is_empty() {
        String::new()
    } else {
        format!("\n\nThis call reaches only those {}.", parts.join(" and "))
    }
}
