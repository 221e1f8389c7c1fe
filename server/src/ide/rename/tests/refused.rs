//! Renaming is refused where what cannot be read may hold the name, and only there.

use super::{renamed, renamed_at, with};
use crate::ide::testing::NEWSDESK;

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
        "crud: listCrud(),",
        "crud: { ...CRUD },",
        "crud: { list: listOperation() },",
        "crud: { list: { ...LIST } },",
        "crud: { list: { access: listAccess() } },",
        "crud: { list: { access: { ...ACCESS } } },",
        "crud: { list: { access: { roles: listRoles() } } },",
        "crud: { list: { access: { roles: [...listRoles(), 'copy'] } } },",
        "crud: { list: { access: { roles: ['copy', vip ? 'desk' : 'copy'] } } },",
        "crud: { list: { access: { or: [{ roles: listRoles() }, RULE] } } },",
        "crud: { list: { access: { or: [{ and: RULES }] } } },",
        "read: { access: RULE },",
        "read: { views: VIEWS, access: { roles: ['copy'] } },",
        "read: { views: { short: { access: { roles: listRoles() } } } },",
    ] {
        let [role, column] = beside(options);
        assert_eq!(role, ROLES, "{options}");
        let is_view = options.contains("views: VIEWS") || options.contains("...");
        assert!(
            is_view || column.contains("headline: text("),
            "{options}: {column}"
        );
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
        ("read: { views: { short: makeView() } },", "views"),
        ("firewall: { owner: { column: ownerColumn() } },", "column"),
    ] {
        let [role, column] = beside(options);
        let why = format!(
            "`{what}` of \"stories\" cannot be resolved, so `title` might be missed there."
        );
        assert_eq!(column, why, "{options}");
        let is_view = options.contains("makeView");
        assert!(
            is_view || role.contains("requiredRoles: ['night+'"),
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
        "crud: { list: { access: (ctx) => ctx.isStaff, pageSize: Number(SIZE), fields: listColumns() } },",
        "crud: { list: { access: { roles: ['copy'], record: { state: { equals: state() }, roles: STATE } } }, create: true },",
        "crud: { list: { ...SHARED, access: { roles: ['copy'] } } },",
        "read: { views: { short: { access: { roles: ['copy'] }, fields: ['id'], order: makeOrder() } }, pageSize: SIZE },",
        "guards: { createable: ['id'], note: makeNote() }, embeddings: { fields: ['id'], model: MODEL },",
        "firewall: { owner: {}, organization: makeOrganization() }, indexes: makeIndexes(), ...{},",
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
