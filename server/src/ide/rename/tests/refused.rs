//! Renaming is refused where what cannot be read may hold the name, and only there.

use super::{prepare, renamed, renamed_at, with};
use crate::ide::testing::{NEWSDESK, at_cursor};

/// What becomes of a role and of a column beside some options of the definition.
fn beside(options: &str) -> [String; 2] {
    let text = with("crud: { list: { access: { roles: ['desk+'] } } },", options);
    let at = |plain: &str, marked: &str| {
        assert_eq!(text.matches(plain).count(), 1, "{plain}");
        text.replace(plain, marked)
    };
    [
        renamed_at(
            &at("requiredRoles: ['desk+'", "requiredRoles: ['de$0sk+'"),
            "night",
        ),
        renamed_at(
            &at("fields: ['id', 'title',", "fields: ['id', 'ti$0tle',"),
            "headline",
        ),
    ]
}

const ROLES: &str = "A list of roles in quickback/features/stories/stories.ts cannot be resolved, so `desk` might be missed there.";

#[test]
fn roles_that_cannot_be_read_stop_a_role() {
    for options in [
        "crud: { list: { access: { roles: listRoles() } } },",
        "crud: { list: { access: { roles: [...listRoles(), 'copy'] } } },",
        "crud: { list: { access: { roles: ['copy', vip ? 'desk' : 'copy'] } } },",
        "create: { access: { roles: listRoles() } },",
        "read: { views: { short: { access: { roles: listRoles() } } } },",
    ] {
        let [role, column] = beside(options);
        assert_eq!(role, ROLES, "{options}");
        assert!(column.contains("headline: text("), "{options}: {column}");
    }
}

#[test]
fn a_rule_of_access_that_cannot_be_read_stops_both() {
    for (options, what) in [
        ("crud: listCrud(),", "crud"),
        ("crud: { ...CRUD },", "crud"),
        ("crud: { list: listOperation() },", "crud"),
        ("crud: { list: { ...LIST } },", "crud"),
        ("crud: { list: { access: listAccess() } },", "crud"),
        ("crud: { list: { access: { ...ACCESS } } },", "crud"),
        (
            "crud: { list: { access: { or: [{ roles: listRoles() }, RULE] } } },",
            "crud",
        ),
        (
            "crud: { list: { access: { or: [{ and: RULES }] } } },",
            "crud",
        ),
        ("read: { access: RULE },", "read"),
        (
            "read: { views: VIEWS, access: { roles: ['copy'] } },",
            "views",
        ),
        ("read: { views: { short: makeView() } },", "views"),
        ("views: makeViews(),", "views"),
        ("create: makeCreate(),", "create"),
        ("update: { access: RULE },", "update"),
        ("delete: { ...DELETE },", "delete"),
        ("actions: { spike: { access: RULE } },", "actions"),
    ] {
        let [role, column] = beside(options);
        assert_eq!(role, ROLES, "{options}");
        let why = format!(
            "`{what}` of \"stories\" cannot be resolved, so `title` might be missed there."
        );
        assert_eq!(column, why, "{options}");
    }
}

#[test]
fn columns_that_cannot_be_read_stop_a_column() {
    for (options, what) in [
        ("guards: listGuards(),", "guards"),
        ("guards: { createable: listColumns() },", "createable"),
        (
            "guards: { updatable: ['id', ...listColumns()] },",
            "updatable",
        ),
        ("guards: { protected: { ...PROTECTED } },", "protected"),
        (
            "read: { views: { short: { fields: listColumns() } } },",
            "fields",
        ),
        ("crud: { list: { fields: listColumns() } },", "fields"),
        (
            "crud: { list: { ...SHARED, access: { roles: ['copy'] } } },",
            "fields",
        ),
        (
            "crud: { list: { access: { roles: ['copy'], record: RECORD } } },",
            "crud",
        ),
        (
            "read: { access: { record: { ...RECORD, state: 1 } } },",
            "read",
        ),
        ("firewall: { owner: { column: ownerColumn() } },", "column"),
        (
            "firewall: { organization: makeOrganization() },",
            "firewall",
        ),
        ("firewall: [...PREDICATES],", "firewall"),
        ("firewall: [{ or: PREDICATES }],", "firewall"),
        ("firewall: [{ field: FIELD, equals: 'x' }],", "field"),
        ("firewall: (ctx) => [{ field: FIELD }],", "field"),
        (
            "firewall: (ctx) => { if (ctx) return []; return [{ field: 'title' }]; },",
            "firewall",
        ),
    ] {
        let [role, column] = beside(options);
        let why = format!(
            "`{what}` of \"stories\" cannot be resolved, so `title` might be missed there."
        );
        assert_eq!(column, why, "{options}");
        assert!(
            role.contains("requiredRoles: ['night+'"),
            "{options}: {role}"
        );
    }
    let mask = "{ targetRoles: ['desk'], maskingConfig: makeMask() }";
    let text = NEWSDESK
        .replace(
            "{\n    targetRoles: ['desk'],\n    maskingConfig: { title: { type: 'name' } },\n  }",
            mask,
        )
        .replace("fields: ['id', 'title',", "fields: ['id', 'ti$0tle',");
    assert!(text.contains(mask));
    let why = "`maskingConfig` of a call in quickback/features/stories/handlers/publish.ts cannot be resolved, so `title` might be missed there.";
    assert_eq!(renamed_at(&text, "headline"), why);
    // Of another table's call nothing can be missed.
    let other = text.replace("realtime.insert('stories'", "realtime.insert('tips'");
    let changed = renamed_at(&other, "headline");
    assert!(changed.contains("headline: text("), "{changed}");
}

#[test]
fn what_names_neither_stops_nothing() {
    for options in [
        "crud: { list: { access: (ctx) => ctx.isStaff, pageSize: Number(SIZE), fields: ['id'] } },",
        "crud: { list: { access: { roles: ['copy'], record: { state: { equals: state() }, roles: STATE } } }, create: true },",
        "crud: { list: { ...SHARED, access: { roles: ['copy'] }, fields: ['id'] } },",
        "read: { views: { short: { access: { roles: ['copy'] }, fields: ['id'], order: makeOrder() } }, pageSize: SIZE },",
        "firewall: [{ field: 'id', in: listValues() }, { field: 'createdAt', equals: value() }],",
        "create: { access: (ctx) => ctx.isStaff }, delete: true, actions: { spike: { access: { roles: ['copy'] }, input: makeInput() } },",
        "guards: { createable: ['id'], note: makeNote() }, embeddings: { fields: ['id'], model: MODEL },",
        "firewall: { owner: {}, organization: {}, exception: isException() }, indexes: makeIndexes(), ...{},",
    ] {
        let [role, column] = beside(options);
        assert!(
            role.contains("requiredRoles: ['night+'"),
            "{options}: {role}"
        );
        assert!(column.contains("headline: text("), "{options}: {column}");
    }
    let changed = renamed(
        "requiredRoles: ['desk+'",
        "requiredRoles: ['de$0sk+'",
        "night",
    );
    assert!(changed.contains("requiredRoles: ['night+'"), "{changed}");
}

/// A table whose columns are something for their names alone, with more options.
fn by_name(options: &str) -> String {
    format!(
        "
//- quickback/features/claims.ts
import {{ defineTable, q }} from '@quickback/compiler';
export const claims = q.table('claims', {{ id: q.id(), email: q.email(), ownerId: q.text(), userId: q.text(), orgId: q.text() }});
export default defineTable(claims, {{ {options} realtime: {{ enabled: true }} }});
"
    )
}

/// What becomes of one of its columns under another name.
fn without(options: &str, column: &str, new: &str) -> String {
    let marked = format!("$0{column}: q.");
    renamed_at(
        &by_name(options).replace(&format!("{column}: q."), &marked),
        new,
    )
}

#[test]
fn what_a_column_is_by_its_name_alone_does_not_get_lost() {
    let mask = "\"claims\" masks `email` for nothing but its name, and `contact` would not be masked so. Write the rule into `masking` first.";
    assert_eq!(without("", "email", "contact"), mask);
    assert_eq!(
        without("masking: { id: { type: 'redact' } },", "email", "contact"),
        mask
    );
    let owner = |old: &str, new: &str| {
        format!(
            "\"claims\" tells whose a record is by nothing but the names of its columns, and `{new}` in the place of `{old}` would change that. Name the owner's column in `firewall` first: `owner: {{ column: ... }}`."
        )
    };
    assert_eq!(without("", "ownerId", "holder"), owner("ownerId", "holder"));
    // Of two usual names the first counts.
    let other = by_name("").replace("ownerId: q.", "othe$0r: q.");
    assert_eq!(renamed_at(&other, "ownerId"), owner("other", "ownerId"));
    let organization = "\"claims\" has an organization for nothing but the name of `orgId`. Say it in `firewall` first.";
    assert_eq!(without("", "orgId", "tenant"), organization);
    for (options, column, new) in [
        ("", "email", "workEmail"),
        ("masking: { email: { type: 'email' } },", "email", "contact"),
        ("", "userId", "holder"),
        (
            "firewall: { owner: { column: 'ownerId' } },",
            "ownerId",
            "holder",
        ),
        ("", "orgId", "organizationId"),
        ("firewall: { organization: {} },", "orgId", "tenant"),
        (
            "firewall: [{ field: 'orgId', equals: 'ctx.activeOrgId' }],",
            "orgId",
            "tenant",
        ),
    ] {
        let changed = without(options, column, new);
        let line = format!("{new}: q.");
        assert!(changed.contains(&line), "{options} {column}: {changed}");
    }
}

#[test]
fn what_stands_in_a_generated_file_is_refused_at_once() {
    let text = "
//- quickback/features/claims.ts
// Generated by a tool.
import { feature, q } from '@quickback/compiler';
export default feature('claims', { columns: { id: q.id() }, realtime: { enabled: true, fields: ['i$0d'] } });
";
    let at = at_cursor(text);
    let why = "The name is also written in quickback/features/claims.ts, which is not this project's to change.";
    assert_eq!(
        prepare(&at.fixture.project, at.file, at.offset),
        Err(why.to_owned())
    );
}
