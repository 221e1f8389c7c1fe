//! The tables of this project: rendered from its definitions, never edited by hand.
//!
//! The format, for whoever renders it: one `static CONFIG`, its tables in the order of their
//! names, off ones included, and one item to a line as `rustfmt` would put it. Roles are expanded,
//! `columns` are the table's `fields` or all its columns, `open` is true only where the columns
//! could not be resolved and there is no `fields`, and `masks` holds for each sent column the
//! explicit rule or else the automatic one. Nothing in it is code.

use std::borrow::Cow::Borrowed;

use crate::mask::MaskType;
use crate::policy::{Config, Events, MaskRule, Policy, Table};

/// What the worker delivers, and to whom.
pub static CONFIG: Config = Config {
    hash: Borrowed("00000000000000000000000000000000"),
    hierarchy: Borrowed(&[
        Borrowed("member"),
        Borrowed("editor"),
        Borrowed("admin"),
        Borrowed("owner"),
    ]),
    tables: Borrowed(&[
        Table {
            name: Borrowed("claims"),
            policy: Policy {
                events: Events {
                    insert: true,
                    update: true,
                    delete: true,
                },
                required_roles: Some(Borrowed(&[Borrowed("member"), Borrowed("admin")])),
                columns: Borrowed(&[Borrowed("id"), Borrowed("title"), Borrowed("status")]),
                open: false,
                owner: None,
                masks: Borrowed(&[]),
            },
        },
        Table {
            name: Borrowed("drafts"),
            policy: Policy {
                events: Events {
                    insert: false,
                    update: false,
                    delete: false,
                },
                required_roles: None,
                columns: Borrowed(&[]),
                open: false,
                owner: None,
                masks: Borrowed(&[]),
            },
        },
        Table {
            name: Borrowed("employees"),
            policy: Policy {
                events: Events {
                    insert: true,
                    update: true,
                    delete: true,
                },
                required_roles: None,
                columns: Borrowed(&[
                    Borrowed("id"),
                    Borrowed("name"),
                    Borrowed("email"),
                    Borrowed("ssn"),
                    Borrowed("salary"),
                    Borrowed("userId"),
                ]),
                open: false,
                owner: Some(Borrowed("userId")),
                masks: Borrowed(&[
                    MaskRule {
                        column: Borrowed("email"),
                        kind: MaskType::Email,
                        show_roles: Borrowed(&[Borrowed("admin")]),
                        show_everyone: false,
                        show_owner: true,
                        automatic: true,
                    },
                    MaskRule {
                        column: Borrowed("salary"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("admin"), Borrowed("owner")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("ssn"),
                        kind: MaskType::Ssn,
                        show_roles: Borrowed(&[Borrowed("admin")]),
                        show_everyone: false,
                        show_owner: true,
                        automatic: false,
                    },
                ]),
            },
        },
        Table {
            name: Borrowed("materials"),
            policy: Policy {
                events: Events {
                    insert: true,
                    update: true,
                    delete: false,
                },
                required_roles: None,
                columns: Borrowed(&[Borrowed("id"), Borrowed("title"), Borrowed("status")]),
                open: true,
                owner: None,
                masks: Borrowed(&[]),
            },
        },
        // For the bench: as many views as there are roles.
        Table {
            name: Borrowed("orders"),
            policy: Policy {
                events: Events {
                    insert: true,
                    update: true,
                    delete: true,
                },
                required_roles: None,
                columns: Borrowed(&[
                    Borrowed("id"),
                    Borrowed("c1"),
                    Borrowed("c2"),
                    Borrowed("c3"),
                    Borrowed("c4"),
                    Borrowed("c5"),
                    Borrowed("c6"),
                    Borrowed("c7"),
                    Borrowed("c8"),
                    Borrowed("c9"),
                    Borrowed("note"),
                ]),
                open: false,
                owner: None,
                masks: Borrowed(&[
                    MaskRule {
                        column: Borrowed("c1"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r1")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("c2"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r2")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("c3"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r3")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("c4"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r4")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("c5"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r5")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("c6"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r6")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("c7"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r7")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("c8"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r8")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                    MaskRule {
                        column: Borrowed("c9"),
                        kind: MaskType::Redact,
                        show_roles: Borrowed(&[Borrowed("r9")]),
                        show_everyone: false,
                        show_owner: false,
                        automatic: false,
                    },
                ]),
            },
        },
    ]),
};
