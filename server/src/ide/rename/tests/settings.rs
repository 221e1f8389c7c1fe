//! Roles that the settings declare.

use insta::assert_snapshot;

use super::{NEWSDESK, at_cursor, changed_lines, prepare, rename};
use crate::codes;
use crate::settings::{Mistake, Settings};

const ROLES: &str = r#"{
  // é
  "roles": ["reader", "auditor", "copy"],
}
"#;

/// The newsdesk with settings, in which `old` becomes `new`.
fn with(settings: &str, old: &str, new: &str) -> String {
    let used = NEWSDESK.replace("...STAFF]", "...STAFF, 'auditor']");
    let text = format!("{used}//- quickback-realtime.json\n{settings}");
    assert_eq!(text.matches(old).count(), 1, "{old}");
    text.replace(old, new)
}

fn renamed(marked: &str, name: &str) -> String {
    let at = at_cursor(marked);
    match rename(&at.fixture.project, at.file, at.offset, name) {
        Ok(Some(renaming)) => changed_lines(&at.fixture, &renaming.edits),
        Ok(None) => "nothing".to_owned(),
        Err(why) => why,
    }
}

#[test]
fn it_is_renamed_with_all_that_names_it() {
    let declared = with(ROLES, "\"auditor\"", "\"audi$0tor\"");
    assert_snapshot!(renamed(&declared, "controller"), @r#"
    quickback-realtime.json: "roles": ["reader", "controller", "copy"],
    stories.ts: requiredRoles: ['desk+', ...STAFF, 'controller'],
    "#);
    let used = with(ROLES, "'auditor'", "'$0auditor'");
    assert_eq!(
        renamed(&used, "controller"),
        renamed(&declared, "controller")
    );
    assert_snapshot!(renamed(&declared, "reader"), @"There is a role `reader` already.");
    // The hierarchy declares it as well.
    assert_snapshot!(renamed(&with(ROLES, "\"copy\"", "\"$0copy\""), "draft"), @r#"
    quickback-realtime.json: "roles": ["reader", "auditor", "draft"],
    quickback.config.ts: export default { auth: { roleHierarchy: ['member', 'draft', 'desk', 'admin', 'owner'] } };
    shared.ts: export const STAFF = ['draft'] as const;
    "#);
    let at = at_cursor(&with(ROLES, "\"reader\"", "\"read$0er\""));
    let prepared = prepare(&at.fixture.project, at.file, at.offset);
    let prepared = prepared.unwrap().unwrap();
    assert_eq!(prepared.span.text(&at.text), "reader");
}

#[test]
fn a_text_with_escapes_is_replaced_whole() {
    let settings = r#"{ "roles": ["aud\u0069tor"] }"#;
    let used = with(settings, "'auditor'", "'$0auditor'");
    assert_snapshot!(renamed(&used, "controller"), @r#"
    quickback-realtime.json: { "roles": ["controller"] }
    stories.ts: requiredRoles: ['desk+', ...STAFF, 'controller'],
    "#);
}

#[test]
fn what_might_be_missed_in_settings_that_cannot_be_read_is_refused() {
    let marked = NEWSDESK.replace("requiredRoles: ['desk+'", "requiredRoles: ['de$0sk+'");
    let at = at_cursor(&marked);
    for (code, is_refused) in [
        (codes::SYNTAX_ERROR, true),
        (codes::UNREADABLE_FILE, true),
        (codes::UNKNOWN_KEY, false),
    ] {
        let message = String::new();
        at.fixture.project.set_settings(Settings {
            mistake: Some(Mistake { code, message }),
            ..Settings::default()
        });
        let renaming = rename(&at.fixture.project, at.file, at.offset, "night");
        let why = "quickback-realtime.json cannot be read, so `desk` might be missed there.";
        assert_eq!(renaming.err().as_deref(), is_refused.then_some(why));
    }
}
