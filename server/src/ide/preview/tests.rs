use generator::preview::Options;
use insta::assert_snapshot;

use super::{Asked, Preview, preview};
use crate::ide::testing::{NEWSDESK, PROJECT, at_cursor, in_options};

fn asked(marked: &str) -> Option<Preview> {
    let at = at_cursor(marked);
    let asked = Asked::Offset(at.offset);
    let found = preview(&at.fixture.project, at.file, asked, &Options::default());
    found.map(|found| found.unwrap())
}

fn name(marked: &str) -> String {
    asked(marked).map_or_else(
        || "nothing".to_owned(),
        |found| format!("{:?} {}", found.kind, found.preview.name),
    )
}

#[test]
fn what_the_cursor_is_in() {
    let with = |old: &str, new: &str| {
        assert_eq!(NEWSDESK.matches(old).count(), 1, "{old}");
        name(&NEWSDESK.replace(old, new))
    };
    assert_eq!(with("embeddings", "embed$0dings"), "Table stories");
    assert_eq!(
        with("title: text('title')", "ti$0tle: text('title')"),
        "Table stories"
    );
    assert_eq!(
        with(
            "import { stories } from './schema'",
            "import { sto$0ries } from './schema'"
        ),
        "Table stories"
    );
    assert_eq!(
        with("realtime.delete('tips'", "realtime.delete('ti$0ps'"),
        "Table tips"
    );
    assert_eq!(
        with("realtime.alerts.raised", "realtime.alerts.rai$0sed"),
        "Namespace alerts"
    );
    assert_eq!(
        with("'alerts:raised'", "'alerts:$0raised'"),
        "Namespace alerts"
    );
    assert_eq!(
        with("events: ['raised'", "events: ['rai$0sed'"),
        "Namespace alerts"
    );
    assert_eq!(with("const tables =", "const ta$0bles ="), "nothing");
}

#[test]
fn each_view_of_each_event() {
    let found = asked(&PROJECT.replace(
        "fields: [\"id\", \"body\"]",
        "fields: [\"id\", \"bo$0dy\"], onUpdate: false",
    ))
    .unwrap();
    assert!(found.is_whole);
    assert_snapshot!(found.preview.to_text(), @r#"
    // notes (quickback/features/notes.ts)

    // INSERT
    // admin, owner
    {
      "type": "postgres_changes",
      "table": "notes",
      "eventType": "INSERT",
      "schema": "public",
      "new": {
        "id": "notes_1",
        "body": "sample body"
      },
      "old": null
    }

    // UPDATE
    // is not sent: the definitions switch it off.

    // DELETE
    // admin, owner
    {
      "type": "postgres_changes",
      "table": "notes",
      "eventType": "DELETE",
      "schema": "public",
      "new": null,
      "old": {
        "id": "notes_1",
        "body": "sample body"
      }
    }
    "#);
}

#[test]
fn what_cannot_be_resolved_is_said_instead_of_switched_off() {
    let found = asked(&in_options(
        "  realtime: { enabled: process.env.ON$0, requiredRoles: roles() },",
    ))
    .unwrap();
    assert_snapshot!(found.preview.to_text(), @r#"
    // claims (quickback/features/claims.ts)
    // quickback/features/claims.ts:12:24: This value is not known until the code runs, so realtime of "claims" is generated as off.
    // quickback/features/claims.ts:12:55: This value is not known until the code runs, so realtime of "claims" is generated as off.

    // INSERT
    // is not sent: what is named above is not known.

    // UPDATE
    // is not sent: what is named above is not known.

    // DELETE
    // is not sent: what is named above is not known.
    "#);
    let off = asked(&in_options(
        "  realtime: { enabled: false$0, requiredRoles: roles() },",
    ));
    let off = off.unwrap().preview;
    assert_eq!(off.unresolved, [""; 0]);
    assert!(off.to_text().contains("the definitions switch it off"));
    // One that is on says so, whatever else is not known of it.
    let on = in_options(
        "  realtime: { enabled: true$0, onUpdate: false }, masking: { email: { type: 'redact', show: { or: 'owner' } } }, firewall: f(),",
    );
    let on = asked(&on).unwrap().preview;
    assert!(on.to_text().contains("the definitions switch it off"));
    assert_eq!(on.unresolved, [""; 0]);
}

#[test]
fn what_changes_a_constant_is_said_too() {
    let text = NEWSDESK
        .replace(
            "requiredRoles: ['desk+', ...STAFF]",
            "requiredRoles: roles$0",
        )
        .replace(
            "export default defineTable(stories",
            "const roles = ['desk'];\nroles.push('copy');\nexport default defineTable(stories",
        );
    assert_snapshot!(asked(&text).unwrap().preview.to_text(), @r#"
    // stories (quickback/features/stories/stories.ts)
    // quickback/features/stories/stories.ts:12:20: This value is not known until the code runs, so realtime of "stories" is generated as off.
    // quickback/features/stories/stories.ts:5:1: What the constant holds is changed here.

    // INSERT
    // is not sent: what is named above is not known.

    // UPDATE
    // is not sent: what is named above is not known.

    // DELETE
    // is not sent: what is named above is not known.
    "#);
}

#[test]
fn the_events_of_a_namespace_that_cannot_be_resolved_are_named() {
    let text = NEWSDESK.replace("events: ['raised'", "events: [...more()$0, 'raised'");
    let found = asked(&text).unwrap();
    assert!(!found.is_whole);
    assert_snapshot!(found.preview.to_text(), @"
    // alerts (quickback/services/realtime/alerts.ts)
    // quickback/services/realtime/alerts.ts:2:61: This value is not known until the code runs, so this namespace is left out of the helper.
    ");
}

#[test]
fn a_name_is_enough() {
    let at = at_cursor(&NEWSDESK.replace("embeddings", "$0embeddings"));
    let of = |asked| {
        preview(&at.fixture.project, at.file, asked, &Options::default())
            .map(|found| found.unwrap().preview.name)
    };
    assert_eq!(of(Asked::Name("alerts")).as_deref(), Some("alerts"));
    assert_eq!(of(Asked::Table("alerts")), None);
    assert_eq!(of(Asked::Namespace("alerts")).as_deref(), Some("alerts"));
    assert_eq!(of(Asked::Name("tips")).as_deref(), Some("tips"));
    assert_eq!(of(Asked::Name("nothing")), None);
}

#[test]
fn a_definition_in_the_middle_of_an_edit_is_not_whole() {
    for options in [
        "  realtime: { enabled: t$0 },",
        "  realtime: { enabled: true, fields: [\"id\", \"ti$0] },",
        "  realtime: { enabled: true, fields: [\"id\", },$0",
        "  realtime: { enabled: true }, masking: { email: { $0 } },",
    ] {
        let whole = asked(&in_options(options)).is_some_and(|found| found.is_whole);
        assert!(!whole, "{options}");
    }
    let found = asked(&in_options(
        "  realtime: { enabled: true,$0 fields: [\"id\"] },",
    ))
    .unwrap();
    assert!(found.is_whole);
}
