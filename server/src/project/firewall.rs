//! What a table's firewall says: whether it has an organization, and who owns a record.

use generator::model::ColumnKind;

use super::Columns;
use super::model::{Organization, Owner, Setting};
use super::read::{setting, uncertain};
use super::resolved::{Kind, Lookup, Object, Resolved};

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
        if object.last("organization").is_some() {
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
    if owner_scoped || in_firewall("owner").is_some() {
        return Organization::OwnerScoped;
    }
    let firewall_is_whole = match &firewall {
        Setting::Known(known) => is_followed(&known.value),
        other => uncertain(other).is_none(),
    };
    if columns.open || !firewall_is_whole || uncertain(setting_of_options).is_some() {
        return Organization::Unknown;
    }
    Organization::Missing
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
/// that could not be followed may name another: the wrong owner would see what is masked.
pub fn owner(options: &Object, setting_of_options: &Setting<Object>, columns: &Columns) -> Owner {
    if let Some(column) = columns.list.iter().find(|c| c.kind == ColumnKind::Owner) {
        return Owner::Column(column.name.to_string());
    }
    let mut certain = !columns.open && uncertain(setting_of_options).is_none();
    match options.get("firewall") {
        Lookup::Unknown(_) => certain = false,
        Lookup::Absent => {}
        Lookup::Found(property) => match property.value.as_object() {
            None => certain &= !property.value.is_unknown(),
            Some(firewall) => {
                if let Some(clause) = firewall.last("owner") {
                    let column = clause.value.as_object().and_then(|o| o.last("column"));
                    match column.map(|c| c.value.as_str()) {
                        Some(Some(column)) => return Owner::Column(column.to_owned()),
                        Some(None) => return Owner::Unknown,
                        None => certain &= !clause.value.is_unknown(),
                    }
                }
                certain &= firewall.unresolved().is_none();
            }
        },
    }
    if !certain {
        return Owner::Unknown;
    }
    let mut usual = ["ownerId", "userId"].into_iter();
    match usual.find(|name| columns.get(name).is_some()) {
        Some(name) => Owner::Column(name.to_owned()),
        None => Owner::None,
    }
}
