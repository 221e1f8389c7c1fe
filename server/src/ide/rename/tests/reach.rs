//! Renaming reaches what stands far from where the name is declared.

use super::{changed_lines, newsroom, renamed};
use crate::ide::rename::rename;
use crate::ide::testing::at_cursor;

#[test]
fn a_file_that_holds_nothing_else_changes_too() {
    let reports = "//- src/reports.ts
import { claims } from '../quickback/schema';
export const titles = (db) => db.select({ t: claims.title }).from(claims);
";
    let at = at_cursor(&newsroom(reports).replace("'id', 'title']", "'id', 'ti$0tle']"));
    let renaming = rename(&at.fixture.project, at.file, at.offset, "headline");
    let changed = changed_lines(&at.fixture, &renaming.unwrap().unwrap().edits);
    assert!(
        changed.contains(
            "reports.ts: export const titles = (db) => db.select({ t: claims.headline })"
        ),
        "{changed}"
    );
}

#[test]
fn what_stands_deep_in_the_options_changes_too() {
    let access = "access: { or: [{ roles: ['de$0sk+'] }, { and: [{ roles: ['desk'] }] }] }";
    let changed = renamed("access: { roles: ['desk+'] }", access, "night");
    let line = "access: { or: [{ roles: ['night+'] }, { and: [{ roles: ['night'] }] }] }";
    assert!(
        changed.contains(line) && changed.contains("targetRoles: ['night']"),
        "{changed}"
    );
    let views = "read: { views: { short: { fields: ['id', 'ti$0tle'] } } }, crud: { list";
    let changed = renamed("crud: { list", views, "headline");
    let line = "views: { short: { fields: ['id', 'headline'] } }";
    assert!(
        changed.contains(line) && changed.contains("headline: text("),
        "{changed}"
    );
}
