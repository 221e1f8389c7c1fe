//! Reads typed settings out of an object.

use generator::broadcaster::mask::MaskType;

use super::model::{Known, MaskRule, Masking, Setting};
use super::resolved::{Kind, List, Lookup, Object, Property, Resolved};
use crate::schema::MASK_TYPES;
use crate::span::Span;

/// The value of `key`, read by `parse`, which answers `None` for a wrong type.
pub fn setting<T>(
    object: &Object,
    key: &str,
    parse: impl Fn(&Resolved) -> Option<T>,
) -> Setting<T> {
    match object.get(key) {
        Lookup::Absent => Setting::Absent,
        Lookup::Unknown(span) => Setting::Unknown(span),
        Lookup::Found(property) => of_property(property, parse),
    }
}

/// The value of a property, read by `parse`.
pub fn of_property<T>(property: &Property, parse: impl Fn(&Resolved) -> Option<T>) -> Setting<T> {
    let value = &property.value;
    if value.kind == Kind::Undefined {
        return Setting::Absent;
    }
    if value.is_unknown() {
        return Setting::Unknown(value.span);
    }
    match parse(value) {
        Some(parsed) => Setting::Known(Known {
            value: parsed,
            span: value.span,
            key_span: property.key_span,
            origin: property.origin,
        }),
        None => Setting::Invalid(value.inner_span()),
    }
}

/// A boolean.
pub fn boolean(value: &Resolved) -> Option<bool> {
    match value.kind {
        Kind::Bool(value) => Some(value),
        _ => None,
    }
}

/// A string.
pub fn string(value: &Resolved) -> Option<String> {
    value.as_str().map(str::to_owned)
}

/// A list.
pub fn list(value: &Resolved) -> Option<List> {
    match &value.kind {
        Kind::List(list) => Some(list.clone()),
        _ => None,
    }
}

/// An object.
pub fn object(value: &Resolved) -> Option<Object> {
    value.as_object().cloned()
}

/// The rules of a `masking` or `maskingConfig`.
pub fn masking(value: &Resolved) -> Option<Masking> {
    let object = value.as_object()?;
    Some(Masking {
        rules: object.properties().map(mask_rule).collect(),
        unresolved: object.unresolved(),
    })
}

fn mask_rule(property: &Property) -> MaskRule {
    let empty = Object::default();
    let object = property.value.as_object();
    let (kind, show) = match object {
        Some(object) => (
            setting(object, "type", |v| mask_type(v.as_str()?)),
            setting(object, "show", self::object),
        ),
        None => (wrong(&property.value), Setting::Absent),
    };
    let clause = show.known().map_or(&empty, |known| &known.value);
    let roles = match &show {
        Setting::Unknown(span) => Setting::Unknown(*span),
        Setting::Invalid(span) => Setting::Invalid(*span),
        Setting::Absent | Setting::Known(_) => setting(clause, "roles", list),
    };
    let or_owner = match &show {
        Setting::Unknown(span) => Setting::Unknown(*span),
        _ => setting(clause, "or", |v| (v.as_str()? == "owner").then_some(())),
    };
    let whole = object.is_some_and(|o| o.unresolved().is_none())
        && matches!(kind, Setting::Known(_))
        && match &roles {
            Setting::Known(known) => known.value.is_whole(),
            Setting::Absent => true,
            Setting::Unknown(_) | Setting::Invalid(_) => false,
        }
        && matches!(or_owner, Setting::Known(_) | Setting::Absent);
    MaskRule {
        column: property.key.clone(),
        column_span: property.key_span,
        origin: property.origin,
        span: property.value.span,
        kind,
        roles,
        or_owner,
        whole,
    }
}

fn wrong<T>(value: &Resolved) -> Setting<T> {
    if value.is_unknown() {
        Setting::Unknown(value.span)
    } else {
        Setting::Invalid(value.inner_span())
    }
}

/// The mask of that name.
pub fn mask_type(name: &str) -> Option<MaskType> {
    let kinds = [
        MaskType::Email,
        MaskType::Phone,
        MaskType::Ssn,
        MaskType::CreditCard,
        MaskType::Name,
        MaskType::Redact,
        MaskType::Custom,
    ];
    MASK_TYPES
        .iter()
        .zip(kinds)
        .find(|((known, ..), _)| *known == name)
        .map(|(_, kind)| kind)
}

/// Where a setting stands that is not certain, if it is not.
pub fn uncertain<T>(setting: &Setting<T>) -> Option<Span> {
    match setting {
        Setting::Unknown(span) => Some(*span),
        Setting::Absent | Setting::Known(_) | Setting::Invalid(_) => None,
    }
}
