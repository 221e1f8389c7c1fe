//! The tables of this project: rendered from its definitions, never edited by hand.
//!
//! The tables stand in the order of their names, off ones included. Roles are expanded, `columns`
//! are the table's `fields` or all its columns, `open` is true only where the columns could not be
//! resolved and there is no `fields`, and `masks` holds for each sent column the explicit rule or
//! else the automatic one. Nothing in it is code.
#![allow(unused_imports, reason = "not every project has tables and masks")]

use std::borrow::Cow::Borrowed;

use crate::mask::MaskType;
use crate::policy::{Config, Events, MaskRule, Policy, Table};

/// What the worker delivers, and to whom.
#[rustfmt::skip]
pub static CONFIG: Config = Config {
    hash: Borrowed("90975b0d40eb16cca6c966c2cc479c98"),
    hierarchy: Borrowed(&[Borrowed("member"), Borrowed("editor"), Borrowed("admin"), Borrowed("owner")]),
    tables: Borrowed(&[
        Table {
            name: Borrowed("auditLog"),
            policy: Policy {
                events: Events { insert: false, update: false, delete: false },
                required_roles: None,
                columns: Borrowed(&[]),
                open: false,
                owner: None,
                masks: Borrowed(&[]),
            },
        },
        Table {
            name: Borrowed("claims"),
            policy: Policy {
                events: Events { insert: true, update: true, delete: true },
                required_roles: Some(Borrowed(&[Borrowed("member"), Borrowed("admin")])),
                columns: Borrowed(&[Borrowed("id"), Borrowed("title"), Borrowed("status"), Borrowed("dueAt")]),
                open: false,
                owner: None,
                masks: Borrowed(&[]),
            },
        },
        Table {
            name: Borrowed("employees"),
            policy: Policy {
                events: Events { insert: true, update: true, delete: false },
                required_roles: None,
                columns: Borrowed(&[Borrowed("id"), Borrowed("name"), Borrowed("email"), Borrowed("ssn"), Borrowed("salary"), Borrowed("mobile"), Borrowed("phoneVerified"), Borrowed("badge"), Borrowed("photo")]),
                open: false,
                owner: Some(Borrowed("userId")),
                masks: Borrowed(&[
                    MaskRule {
                        column: Borrowed("email"),
                        kind: MaskType::Email,
                        show_roles: Borrowed(&[Borrowed("admin"), Borrowed("hr")]),
                        show_everyone: false,
                        show_owner: true,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("ssn"),
                        kind: MaskType::Ssn,
                        show_roles: Borrowed(&[Borrowed("hr")]),
                        show_everyone: false,
                        show_owner: true,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("salary"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("hr")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("mobile"),
                        kind: MaskType::Phone,
                        show_roles: Borrowed(&[Borrowed("admin")]),
                        show_everyone: false,
                        show_owner: true,
                        automatic: true,
                    },
                ]),
            },
        },
        Table {
            name: Borrowed("imports"),
            policy: Policy {
                events: Events { insert: true, update: true, delete: true },
                required_roles: None,
                columns: Borrowed(&[Borrowed("id"), Borrowed("payload")]),
                open: true,
                owner: None,
                masks: Borrowed(&[]),
            },
        },
        Table {
            name: Borrowed("materials"),
            policy: Policy {
                events: Events { insert: true, update: true, delete: true },
                required_roles: None,
                columns: Borrowed(&[Borrowed("id"), Borrowed("title"), Borrowed("status"), Borrowed("sourceUrl"), Borrowed("tags"), Borrowed("price"), Borrowed("grid"), Borrowed("imageId"), Borrowed("ownerId"), Borrowed("createdAt"), Borrowed("createdBy"), Borrowed("modifiedAt"), Borrowed("modifiedBy"), Borrowed("deletedAt"), Borrowed("deletedBy")]),
                open: false,
                owner: Some(Borrowed("ownerId")),
                masks: Borrowed(&[]),
            },
        },
        Table {
            name: Borrowed("weird-\"table\""),
            policy: Policy {
                events: Events { insert: true, update: true, delete: true },
                required_roles: Some(Borrowed(&[Borrowed("ed\"itor\\\n")])),
                columns: Borrowed(&[Borrowed("id"), Borrowed("__proto__"), Borrowed("constructor"), Borrowed("it's \"quoted\" \\ $&"), Borrowed("größe 😀")]),
                open: false,
                owner: None,
                masks: Borrowed(&[
                    MaskRule {
                        column: Borrowed("__proto__"),
                        kind: MaskType::Custom,
                        show_roles: Borrowed(&[]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                ]),
            },
        },
    ]),
};
