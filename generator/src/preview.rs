//! What subscribers would receive: the event JSON of a table or a namespace, once for each view.
//!
//! Every byte comes from the code that the worker runs; here are only the sample records, the
//! receivers to ask about, and how the result is written down.

use crate::model::{Namespace, Project, Roles, Table};
use crate::policy;
use broadcaster::body::{Broadcast, ChangeKind, Event as Sent};
use broadcaster::delivery::{self, Plan, ViewKey};
use broadcaster::limits::Limits;
use broadcaster::policy::Config;
use broadcaster::record::Record;
use broadcaster::wire::Refusal;
use json::quote;
use std::collections::BTreeMap;
use thiserror::Error;

mod json;
mod render;
mod sample;

/// What to preview, and with which records and options.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Options {
    /// Only this event: `insert`, `update`, `delete` in any case, or one of the namespace's.
    pub event: Option<String>,
    /// Only what a member with this role alone receives.
    pub role: Option<String>,
    /// Only what the record's owner receives.
    pub owner: bool,
    /// The new record, or the payload, as a JSON object, in place of a sample.
    pub new: Option<String>,
    /// The old record as a JSON object, in place of a sample.
    pub old: Option<String>,
    /// The call's `targetRoles`.
    pub target_roles: Option<Vec<String>>,
    /// The call's `userId`.
    pub user_id: Option<String>,
    /// The call's `maskingConfig` as a JSON object.
    pub masking: Option<String>,
}

/// What the subscribers of a table or a namespace would receive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Preview {
    /// The name of the table or the namespace.
    pub name: String,
    /// The file that declares it, relative to the project root.
    pub source: String,
    /// What is not known of it until the project's code runs, where it is off or left out for that:
    /// each with its place.
    pub unresolved: Vec<String>,
    /// Its events, in the order insert, update, delete, or that of their definition.
    pub events: Vec<Event>,
}

/// One event.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// `INSERT`, `UPDATE`, `DELETE`, or the event on the wire (`extraction:started`).
    pub name: String,
    /// Whether it is sent at all: the definitions may switch it off.
    pub sent: bool,
    /// What its receivers get; empty if nobody does.
    pub views: Vec<View>,
}

/// What several receivers get alike.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct View {
    /// Who gets it, the lowest role first; never empty.
    pub receivers: Vec<Receiver>,
    /// The bytes of the event on the wire.
    pub json: String,
}

/// A member with at most one role.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Receiver {
    /// The role; `None` for a member without any.
    pub role: Option<String>,
    /// Which of the event's records the member owns.
    pub owns: Owns,
}

/// Which of an event's records somebody owns.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Owns {
    /// None.
    Nothing,
    /// Every record that the event has.
    Record,
    /// Only the new one: the owner changes.
    New,
    /// Only the old one: the owner changes.
    Old,
}

/// Why there is no preview.
#[derive(Debug, Clone, PartialEq, Eq, Error)]
pub enum PreviewError {
    /// The project has no such table or namespace.
    #[error("`{0}` is not a name in this project. It has: {1}")]
    UnknownName(String, String),
    /// There is no such event.
    #[error("`{name}` has no event `{event}`. It has: {known}")]
    UnknownEvent {
        /// The table or namespace.
        name: String,
        /// The event that was asked for.
        event: String,
        /// Those that exist.
        known: String,
    },
    /// A record, payload or masking configuration is no JSON object.
    #[error("the {0} must be one JSON object")]
    NotAnObject(&'static str),
    /// The worker would refuse the broadcast.
    #[error("the worker would refuse this broadcast: {0}")]
    Refused(Refusal),
}

/// Previews the events of a table.
///
/// # Errors
/// [`PreviewError`].
pub fn table(project: &Project, name: &str, options: &Options) -> Result<Preview, PreviewError> {
    let Some(table) = project.tables.iter().find(|table| table.name == name) else {
        return Err(unknown_name(name, project.tables.iter().map(|t| &t.name)));
    };
    let config = policy::config(project);
    let kinds = [ChangeKind::Insert, ChangeKind::Update, ChangeKind::Delete];
    let kinds = chosen(name, &kinds, options, |kind| kind.name())?;
    let events = kinds.into_iter().map(|kind| {
        let body = change_body(&config, table, kind, options)?;
        event(project, &config, kind.name(), &body, options)
    });
    Ok(Preview {
        name: table.name.clone(),
        source: table.source.clone(),
        unresolved: Vec::new(),
        events: events.collect::<Result<_, _>>()?,
    })
}

/// Previews the events of a namespace.
///
/// # Errors
/// [`PreviewError`].
pub fn namespace(
    project: &Project,
    name: &str,
    options: &Options,
) -> Result<Preview, PreviewError> {
    let Some(namespace) = project.namespaces.iter().find(|ns| ns.name == name) else {
        return Err(unknown_name(
            name,
            project.namespaces.iter().map(|n| &n.name),
        ));
    };
    let config = policy::config(project);
    let names: Vec<&str> = namespace.events.iter().map(String::as_str).collect();
    let names = chosen(name, &names, options, |name| name)?;
    let events = names.into_iter().map(|name| {
        let wire_name = format!("{}:{name}", namespace.name);
        let body = event_body(namespace, &wire_name, options)?;
        event(project, &config, &wire_name, &body, options)
    });
    Ok(Preview {
        name: namespace.name.clone(),
        source: namespace.source.clone(),
        unresolved: Vec::new(),
        events: events.collect::<Result<_, _>>()?,
    })
}

fn unknown_name<'a>(name: &str, known: impl Iterator<Item = &'a String>) -> PreviewError {
    PreviewError::UnknownName(name.to_owned(), list(known.map(String::as_str)))
}

fn list<'a>(names: impl Iterator<Item = &'a str>) -> String {
    names.collect::<Vec<_>>().join(", ")
}

/// The events that are asked for: all of them, or the one that the options name.
fn chosen<'a, T: Copy + 'a>(
    of: &str,
    all: &[T],
    options: &Options,
    name: impl Fn(T) -> &'a str,
) -> Result<Vec<T>, PreviewError> {
    let Some(event) = &options.event else {
        return Ok(all.to_vec());
    };
    let exact = all.iter().find(|&&one| name(one) == event);
    let close = || {
        all.iter()
            .find(|&&one| name(one).eq_ignore_ascii_case(event))
    };
    match exact.or_else(close) {
        Some(&one) => Ok(vec![one]),
        None => Err(PreviewError::UnknownEvent {
            name: of.to_owned(),
            event: event.clone(),
            known: list(all.iter().map(|&one| name(one))),
        }),
    }
}

/// The body of a broadcast as the helper would send it.
fn change_body(
    config: &Config,
    table: &Table,
    kind: ChangeKind,
    options: &Options,
) -> Result<String, PreviewError> {
    let changed = kind == ChangeKind::Update;
    let new = match &options.new {
        _ if kind == ChangeKind::Delete => None,
        Some(given) => Some(json::object(given, "new record")?),
        None => Some(sample::record(table, changed)),
    };
    let old = match &options.old {
        _ if kind == ChangeKind::Insert => None,
        Some(given) => Some(json::object(given, "old record")?),
        None => Some(sample::record(table, false)),
    };
    let owner = |record: &Option<String>| -> Result<Option<String>, PreviewError> {
        let Some(record) = record else {
            return Ok(None);
        };
        let record = Record::parse(record, usize::MAX).map_err(PreviewError::Refused)?;
        Ok(delivery::owner_of(config.table(&table.name), &record).map(|id| quote(&id)))
    };
    let owner = json::members([("new", owner(&new)?), ("old", owner(&old)?)]);
    let null = || Some("null".to_owned());
    let head = [
        ("type", Some(quote("postgres_changes"))),
        ("table", Some(quote(&table.name))),
        ("eventType", Some(quote(kind.name()))),
        ("new", new.or_else(null)),
        ("old", old.or_else(null)),
        ("owner", Some(owner)),
    ];
    Ok(json::members(head.into_iter().chain(narrowing(options)?)))
}

fn event_body(
    namespace: &Namespace,
    wire_name: &str,
    options: &Options,
) -> Result<String, PreviewError> {
    let payload = match &options.new {
        Some(given) => json::object(given, "payload")?,
        None => sample::payload(namespace),
    };
    let head = [
        ("type", Some(quote("broadcast"))),
        ("event", Some(quote(wire_name))),
        ("payload", Some(payload)),
    ];
    Ok(json::members(head.into_iter().chain(narrowing(options)?)))
}

fn narrowing(options: &Options) -> Result<[(&'static str, Option<String>); 4], PreviewError> {
    let masking = options.masking.as_deref();
    let masking = masking.map(|given| json::object(given, "masking configuration"));
    let roles = options.target_roles.as_ref().map(|roles| {
        let roles: Vec<_> = roles.iter().map(|role| quote(role)).collect();
        format!("[{}]", roles.join(","))
    });
    Ok([
        ("organizationId", Some(quote(sample::ORGANIZATION))),
        ("userId", options.user_id.as_deref().map(quote)),
        ("targetRoles", roles),
        ("maskingConfig", masking.transpose()?),
    ])
}

fn event(
    project: &Project,
    config: &Config,
    name: &str,
    body: &str,
    options: &Options,
) -> Result<Event, PreviewError> {
    let limits = Limits::DEFAULT;
    let broadcast = Broadcast::parse(body.as_bytes(), &limits).map_err(PreviewError::Refused)?;
    let plan = delivery::plan(config, &broadcast).map_err(PreviewError::Refused)?;
    let mut order: Vec<ViewKey> = Vec::new();
    let mut receivers: BTreeMap<ViewKey, Vec<Receiver>> = BTreeMap::new();
    let owners = owners(&broadcast);
    let users = users(&owners, &plan);
    for role in roles(&project.roles, options) {
        let held: Vec<String> = role.iter().cloned().collect();
        let mut asked: Vec<Owns> = Vec::new();
        for user in &users {
            let owns = owns(&owners, &plan, user);
            let receiver = delivery::Receiver {
                user_id: Some(user),
                roles: &held,
            };
            let Some(view) = plan.view(receiver) else {
                continue;
            };
            if asked.contains(&owns) || (options.owner && owns == Owns::Nothing) {
                continue;
            }
            asked.push(owns);
            if !order.contains(&view) {
                order.push(view.clone());
            }
            let role = role.clone();
            receivers
                .entry(view)
                .or_default()
                .push(Receiver { role, owns });
        }
    }
    let views = order.into_iter().map(|view| View {
        json: plan.json(&view),
        receivers: receivers.remove(&view).unwrap_or_default(),
    });
    Ok(Event {
        name: name.to_owned(),
        sent: plan.is_sent(),
        views: views.collect(),
    })
}

/// Every role to ask about, lowest first, then those that only the call names, and at last none.
fn roles(known: &Roles, options: &Options) -> Vec<Option<String>> {
    if let Some(role) = &options.role {
        return vec![Some(role.clone())];
    }
    let mut all: Vec<&String> = known.hierarchy.iter().chain(&known.others).collect();
    for role in options.target_roles.iter().flatten() {
        if !role.ends_with('+') && !all.contains(&role) {
            all.push(role);
        }
    }
    all.into_iter().cloned().map(Some).chain([None]).collect()
}

/// The ids of the owners of the new and of the old record, as they were sent beside them.
type Owners = (Option<String>, Option<String>);

fn owners(broadcast: &Broadcast<'_>) -> Owners {
    match &broadcast.event {
        Sent::Change(change) => (change.new_owner.clone(), change.old_owner.clone()),
        Sent::Custom(_) => (None, None),
    }
}

/// The users to ask about: one who has nothing to do with the event, the call's, and the owners.
fn users((new, old): &Owners, plan: &Plan) -> Vec<String> {
    let involved: Vec<String> = [plan.user_id(), new.as_deref(), old.as_deref()]
        .into_iter()
        .flatten()
        .map(str::to_owned)
        .collect();
    let mut stranger = String::from("user_2");
    while involved.contains(&stranger) {
        stranger.push('0');
    }
    [stranger].into_iter().chain(involved).collect()
}

fn owns((new, old): &Owners, plan: &Plan, user: &str) -> Owns {
    let (owns_new, owns_old) = plan.owns(Some(user));
    // A record may have no owner at all, and the worker may have found that it has none.
    let has_new = new.is_some() && plan.owns(new.as_deref()).0;
    let has_old = old.is_some() && plan.owns(old.as_deref()).1;
    match (owns_new, owns_old) {
        (false, false) => Owns::Nothing,
        both if both == (has_new, has_old) => Owns::Record,
        (true, _) => Owns::New,
        (false, true) => Owns::Old,
    }
}
