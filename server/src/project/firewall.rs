//! What a table's firewall says: whether it has an organization, and who owns a record.

use generator::model::ColumnKind;

use super::Columns;
use super::model::{Organization, Owner, Setting};
use super::read::{setting, uncertain};
use super::resolved::{Kind, Lookup, Object, Property, Resolved};

/// The columns that name an organization by themselves.
const ORGANIZATION_COLUMNS: [&str; 6] = [
    "organizationId",
    "organisationId",
    "orgId",
    "organization",
    "organisation",
    "org",
];

/// Whether a table has an organization.
pub fn organization(
    options: &Object,
    setting_of_options: &Setting<Object>,
    columns: &Columns,
) -> Organization {
    let by_column = columns.list.iter().any(|c| {
        c.kind == ColumnKind::Organization || ORGANIZATION_COLUMNS.contains(&c.name.as_str())
    });
    let owner_scoped = columns.list.iter().any(|c| c.kind == ColumnKind::Owner);
    let firewall = setting(options, "firewall", |value| Some(value.clone()));
    if let Setting::Known(known) = &firewall
        && let Some(object) = known.value.as_object()
    {
        if let Some(exception) = object
            .last("exception")
            .filter(|p| p.value.kind == Kind::Bool(true))
        {
            return Organization::Exception(exception.value.span);
        }
        if object.last("organization").is_some_and(is_said) {
            return Organization::Present;
        }
    }
    if by_column
        || firewall
            .known()
            .is_some_and(|k| asks_for_organization(&k.value))
    {
        return Organization::Present;
    }
    let in_firewall = |key: &str| {
        firewall
            .known()
            .and_then(|k| k.value.as_object())
            .and_then(|o| o.last(key))
    };
    if owner_scoped || in_firewall("owner").is_some_and(is_said) {
        return Organization::OwnerScoped;
    }
    let firewall_is_whole = match &firewall {
        Setting::Known(known) => is_followed(&known.value),
        other => uncertain(other).is_none(),
    };
    if columns.open
        || columns.list.iter().any(|c| c.may_be_scope)
        || !firewall_is_whole
        || uncertain(setting_of_options).is_some()
    {
        return Organization::Unknown;
    }
    Organization::Missing
}

/// Whether a key of a firewall asks for something.
fn is_said(clause: &Property) -> bool {
    !matches!(
        clause.value.kind,
        Kind::Bool(false) | Kind::Null | Kind::Undefined
    )
}

/// Whether a predicate on `ctx.activeOrgId` stands in a firewall, as far as it can be read: one in a
/// function cannot.
fn asks_for_organization(value: &Resolved) -> bool {
    let names_it = |text: &str| text.contains("activeOrgId");
    match &value.kind {
        Kind::String(text) => names_it(text),
        Kind::List(list) => list.items.iter().any(asks_for_organization),
        Kind::Object(object) => object
            .properties()
            .any(|p| names_it(&p.key) || asks_for_organization(&p.value)),
        _ => false,
    }
}

/// Whether everything in a firewall could be read: one object, or a list of predicates.
fn is_followed(value: &Resolved) -> bool {
    match &value.kind {
        Kind::Object(object) => {
            object.unresolved().is_none() && object.properties().all(|p| is_followed(&p.value))
        }
        Kind::List(list) => list.is_whole() && list.items.iter().all(is_followed),
        // What a function or a call looks at cannot be seen from here.
        Kind::Function(_) | Kind::Builder(_) | Kind::Unknown | Kind::Broken => false,
        Kind::String(_) | Kind::Number | Kind::Bool(_) | Kind::Null | Kind::Undefined => true,
    }
}

/// The column that holds a table's owner. A column of a usual name is the owner's only where nothing
/// that could not be followed may name another: the wrong owner would see what is masked. The
/// column of the firewall is the owner's only where no other may be `q.scope("owner")`, which goes
/// before it.
pub fn owner(options: &Object, setting_of_options: &Setting<Object>, columns: &Columns) -> Owner {
    if let Some(column) = columns.list.iter().find(|c| c.kind == ColumnKind::Owner) {
        return Owner::Column(column.name.to_string());
    }
    if uncertain(setting_of_options).is_some() {
        return Owner::Unknown;
    }
    match of_firewall(options) {
        Clause::Column(column) if columns.may_hold_scope(Some(column)) => return Owner::Unknown,
        Clause::Column(column) => return Owner::Column(column.to_owned()),
        Clause::Unknown => return Owner::Unknown,
        Clause::Silent if columns.open => return Owner::Unknown,
        Clause::Silent => {}
    }
    let mut usual = ["ownerId", "userId"].into_iter();
    let usual = usual.find(|name| columns.get(name).is_some());
    match usual {
        // Where that one may be a scope itself, it is the owner's either way.
        _ if columns.may_hold_scope(usual) => Owner::Unknown,
        Some(name) => Owner::Column(name.to_owned()),
        None => Owner::None,
    }
}

/// What a firewall says of the owner's column.
enum Clause<'a> {
    /// It is this one.
    Column(&'a str),
    /// Nothing.
    Silent,
    /// Something that could not be followed, or is no clause.
    Unknown,
}

fn of_firewall(options: &Object) -> Clause<'_> {
    let firewall = match options.get("firewall") {
        Lookup::Absent => return Clause::Silent,
        Lookup::Unknown(_) => return Clause::Unknown,
        Lookup::Found(property) => match &property.value.kind {
            // `(ctx) => [{ field: "organizationId", equals: ctx.activeOrgId }]`
            Kind::Function(Some(returned)) => &returned.kind,
            other => other,
        },
    };
    let owner = match firewall {
        Kind::Object(firewall) => firewall.get("owner"),
        // What is decided when it runs cannot be seen from here.
        Kind::Function(_) | Kind::Builder(_) | Kind::Unknown | Kind::Broken => {
            return Clause::Unknown;
        }
        // A list holds predicates, which name no owner.
        _ => return Clause::Silent,
    };
    let clause = match owner {
        Lookup::Absent => return Clause::Silent,
        Lookup::Unknown(_) => return Clause::Unknown,
        Lookup::Found(property) => &property.value.kind,
    };
    let column = match clause {
        Kind::Object(clause) => clause.get("column"),
        Kind::Bool(_) | Kind::Null | Kind::Undefined => return Clause::Silent,
        _ => return Clause::Unknown,
    };
    match column {
        Lookup::Absent => Clause::Silent,
        Lookup::Unknown(_) => Clause::Unknown,
        Lookup::Found(property) => match &property.value.kind {
            Kind::String(column) => Clause::Column(column),
            Kind::Undefined => Clause::Silent,
            _ => Clause::Unknown,
        },
    }
}

#[cfg(test)]
mod tests;
