//! Sample values that suit a column's name and type, the same on every run.

use super::json::{members, quote};
use crate::model::{Column, ColumnKind, Namespace, Table};
use broadcaster::mask::MaskType;
use broadcaster::sensitive;

/// The organization of every sample.
pub(super) const ORGANIZATION: &str = "org_1";
/// The user who owns and has made every sample.
const USER: &str = "user_1";

/// A record of a table as JSON; with `changed`, the same record after an update.
pub(super) fn record(table: &Table, changed: bool) -> String {
    let columns = table.columns.iter();
    members(columns.map(|column| (column.name.as_str(), Some(value(table, column, changed)))))
}

/// The payload of a namespace's event as JSON. Its keys are the application's, so that it can
/// only stand for one.
pub(super) fn payload(namespace: &Namespace) -> String {
    let id = format!("{}_1", namespace.name);
    members([("id", Some(quote(&id)))])
}

fn value(table: &Table, column: &Column, changed: bool) -> String {
    // A sample record exists: nobody has deleted it.
    if column.nullable && matches!(column.name.as_str(), "deletedAt" | "deletedBy") {
        return "null".to_owned();
    }
    let one = single(table, column, changed);
    let lists = usize::from(column.dimensions);
    format!("{}{one}{}", "[".repeat(lists), "]".repeat(lists))
}

fn single(table: &Table, column: &Column, changed: bool) -> String {
    let name = column.name.as_str();
    match &column.kind {
        ColumnKind::Enum(values) => {
            let next = values.get(usize::from(changed)).or(values.first());
            quote(next.map_or("", String::as_str))
        }
        ColumnKind::Integer | ColumnKind::Unknown if mask_of(table, name).is_some() => {
            digits(table, name).unwrap_or_else(|| number(name, changed).to_string())
        }
        ColumnKind::Integer => number(name, changed).to_string(),
        ColumnKind::BigInt => quote(&format!("90071992547{:05}", number(name, changed))),
        ColumnKind::Real => format!("{}.5", number(name, changed)),
        ColumnKind::Decimal => quote(&format!("{}.50", number(name, changed))),
        ColumnKind::Boolean => (!changed).to_string(),
        ColumnKind::Timestamp => quote(&format!("{}T09:30:00.000Z", day(name, changed))),
        ColumnKind::Date => quote(day(name, changed)),
        ColumnKind::Json => members([("note", Some(quote(&phrase(name, changed))))]),
        ColumnKind::Blob => quote("c2FtcGxl"),
        ColumnKind::Organization => quote(ORGANIZATION),
        ColumnKind::Owner => quote(USER),
        ColumnKind::Team => quote("team_1"),
        ColumnKind::Url => quote(&url(table)),
        ColumnKind::Email => quote(EMAIL),
        ColumnKind::Id | ColumnKind::Uuid => quote(&id(table, name)),
        ColumnKind::Text | ColumnKind::Unknown => quote(&text(table, name, changed)),
    }
}

const EMAIL: &str = "john.doe@example.com";

/// The mask that applies to a column, explicit or automatic.
fn mask_of(table: &Table, name: &str) -> Option<MaskType> {
    let explicit = table.masks.iter().find(|mask| mask.column == name);
    explicit
        .map(|mask| mask.kind)
        .or_else(|| sensitive::automatic(name))
}

/// A number where a mask asks for digits.
fn digits(table: &Table, name: &str) -> Option<String> {
    let digits = match mask_of(table, name)? {
        MaskType::Phone => "5551234567",
        MaskType::Ssn => "123456789",
        MaskType::CreditCard => "4111111111111111",
        _ => return None,
    };
    Some(digits.to_owned())
}

/// A number of a likely size, else a small one that differs from column to column.
fn number(name: &str, changed: bool) -> u32 {
    let words = words(name);
    let number = match words.last().map_or("", String::as_str) {
        "salary" | "amount" | "price" | "cost" | "budget" | "total" | "cents" => 52_000,
        "year" => 2026,
        "percent" | "progress" | "percentage" => 50,
        _ => {
            let sum = name
                .bytes()
                .fold(0_u32, |sum, byte| sum.wrapping_add(u32::from(byte)));
            10 + sum % 80
        }
    };
    number + u32::from(changed)
}

/// The day of a change is later than the day of the record.
fn day(name: &str, changed: bool) -> &'static str {
    let of_update = matches!(name, "modifiedAt" | "updatedAt");
    if changed && of_update {
        "2026-01-16"
    } else {
        "2026-01-15"
    }
}

fn url(table: &Table) -> String {
    format!("https://example.com/{}/1", table.name)
}

/// An id: `claims_1` for the table's own, `material_1` for `materialId`.
fn id(table: &Table, name: &str) -> String {
    let is_user = words(name).last().is_some_and(|last| last == "by");
    if is_user || table.owner.as_deref() == Some(name) {
        return USER.to_owned();
    }
    match name.strip_suffix("Id").or(name.strip_suffix("_id")) {
        Some("organization" | "organisation" | "org") => ORGANIZATION.to_owned(),
        Some("user" | "owner" | "author" | "assignee" | "manager" | "creator") => USER.to_owned(),
        Some(other) if !other.is_empty() => format!("{other}_1"),
        _ => format!("{}_1", table.name),
    }
}

fn text(table: &Table, name: &str, changed: bool) -> String {
    if table.owner.as_deref() == Some(name) {
        return USER.to_owned();
    }
    let known = match mask_of(table, name) {
        Some(MaskType::Email) => Some(EMAIL),
        Some(MaskType::Phone) => Some("555-123-4567"),
        Some(MaskType::Ssn) => Some("123-45-6789"),
        Some(MaskType::CreditCard) => Some("4111 1111 1111 1111"),
        Some(MaskType::Name) => Some("John Doe"),
        _ => None,
    };
    let words = words(name);
    let last = words.last().map_or("", String::as_str);
    let known = known.or(match last {
        "email" => Some(EMAIL),
        "phone" | "mobile" | "fax" => Some("555-123-4567"),
        "iban" => Some("DE00 0000 0000 0000 0000 00"),
        "password" | "secret" | "token" | "key" | "hash" => Some("not-a-real-secret"),
        "title" | "headline" | "subject" if changed => Some("Breaking News, corrected"),
        "title" | "headline" | "subject" => Some("Breaking News"),
        "slug" => Some("breaking-news"),
        "status" | "state" | "stage" if changed => Some("completed"),
        "status" | "state" | "stage" => Some("pending"),
        "city" => Some("Berlin"),
        "country" => Some("DE"),
        "currency" => Some("EUR"),
        "locale" | "language" | "lang" => Some("en"),
        "timezone" => Some("Europe/Berlin"),
        "color" | "colour" => Some("#3366cc"),
        "ip" => Some("192.0.2.1"),
        "organization" | "organisation" | "org" => Some(ORGANIZATION),
        "by" | "user" | "owner" | "author" | "assignee" => Some(USER),
        _ => None,
    });
    if let Some(known) = known {
        return known.to_owned();
    }
    match last {
        "id" => id(table, name),
        "url" | "link" | "website" | "href" => url(table),
        "name" => match words.iter().rev().nth(1).map(String::as_str) {
            Some("first" | "given") => "John".to_owned(),
            Some("last" | "family" | "sur") => "Doe".to_owned(),
            Some("file") => "report.pdf".to_owned(),
            _ => "John Doe".to_owned(),
        },
        "at" | "date" | "on" => day(name, changed).to_owned(),
        _ => phrase(name, changed),
    }
}

/// A text that says which column it stands for.
fn phrase(name: &str, changed: bool) -> String {
    let words = words(name).join(" ");
    let words = if words.is_empty() { name } else { &words };
    format!("{} {words}", if changed { "changed" } else { "sample" })
}

/// The words of a name, lower-cased: `dueAt`, `due_at` and `DueAt` are `due at`.
fn words(name: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut lower_before = false;
    for c in name.chars() {
        if !c.is_alphanumeric() {
            lower_before = false;
            words.push(String::new());
            continue;
        }
        if words.is_empty() || (c.is_uppercase() && lower_before) {
            words.push(String::new());
        }
        lower_before = c.is_lowercase() || c.is_numeric();
        if let Some(word) = words.last_mut() {
            word.extend(c.to_lowercase());
        }
    }
    words.retain(|word| !word.is_empty());
    words
}
