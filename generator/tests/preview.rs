//! Previews of the newsroom.
#![allow(clippy::unwrap_used, reason = "a test says what it expects by failing")]

mod newsroom;

use generator::model::Project;
use generator::preview::{self, Options, Owns, Preview, PreviewError};
use serde_json::value::RawValue;

fn table(name: &str, options: &Options) -> Preview {
    preview::table(&newsroom::project(), name, options).unwrap()
}

fn refused(name: &str, options: &Options) -> PreviewError {
    preview::table(&newsroom::project(), name, options).unwrap_err()
}

#[test]
fn the_views_of_masked_columns() {
    let preview = table("employees", &Options::default());
    insta::assert_snapshot!(preview.to_text());
    insta::assert_snapshot!(
        "the_views_of_masked_columns_as_lines",
        preview.to_json_lines()
    );
}

#[test]
fn roles_that_do_not_receive_are_not_listed() {
    insta::assert_snapshot!(table("claims", &Options::default()).to_text());
}

#[test]
fn samples_of_every_kind() {
    for name in ["materials", "imports"] {
        insta::assert_snapshot!(name, table(name, &Options::default()).to_text());
    }
}

#[test]
fn names_and_roles_that_need_escapes() {
    insta::assert_snapshot!(table("weird-\"table\"", &Options::default()).to_text());
}

#[test]
fn what_is_off_is_said_to_be() {
    let preview = table("auditLog", &Options::default());
    assert!(preview.events.iter().all(|event| !event.sent));
    insta::assert_snapshot!(preview.to_text());
    assert_eq!(preview.to_json_lines(), "");
}

#[test]
fn the_events_of_a_namespace() {
    let project = newsroom::project();
    let options = Options {
        target_roles: Some(vec!["editor+".into()]),
        ..Options::default()
    };
    let preview = preview::namespace(&project, "notifications", &options).unwrap();
    insta::assert_snapshot!(preview.to_json_lines());
}

#[test]
fn a_preview_can_be_narrowed() {
    let options = Options {
        event: Some("update".into()),
        role: Some("hr".into()),
        owner: true,
        ..Options::default()
    };
    let preview = table("employees", &options);
    assert_eq!(preview.events.len(), 1);
    let views = &preview.events[0].views;
    assert_eq!(views.len(), 1);
    let [receiver] = views[0].receivers.as_slice() else {
        panic!("one receiver: {views:?}");
    };
    assert_eq!(receiver.role.as_deref(), Some("hr"));
    assert_eq!(receiver.owns, Owns::Record);
}

#[test]
fn real_records_and_options_take_the_place_of_samples() {
    let options = Options {
        event: Some("UPDATE".into()),
        new: Some(
            r#"{ "id": 9007199254740993, "userId": "u1", "email": "ann@press.org", "x": 1 }"#
                .into(),
        ),
        old: Some(r#"{ "id": 9007199254740993, "userId": "u0", "email": "bob@press.org" }"#.into()),
        masking: Some(r#"{"id": {"type": "redact", "show": {"roles": ["admin+"]}}}"#.into()),
        target_roles: Some(vec!["member".into(), "admin".into()]),
        ..Options::default()
    };
    let preview = table("employees", &options);
    insta::assert_snapshot!(preview.to_json_lines());
    insta::assert_snapshot!("owners_that_change_as_text", preview.to_text());
}

#[test]
fn a_target_user_is_the_only_receiver() {
    let options = |user: &str| Options {
        event: Some("insert".into()),
        role: Some("member".into()),
        user_id: Some(user.into()),
        ..Options::default()
    };
    let owns = |user| table("employees", &options(user)).events[0].views[0].receivers[0].owns;
    assert_eq!(owns("user_1"), Owns::Record);
    assert_eq!(owns("user_2"), Owns::Nothing);
    assert_eq!(owns("somebody"), Owns::Nothing);
}

#[test]
fn a_role_that_only_the_call_names_is_asked_about() {
    let options = Options {
        event: Some("insert".into()),
        target_roles: Some(vec!["intern".into(), "owner+".into(), "intern".into()]),
        ..Options::default()
    };
    let preview = table("materials", &options);
    let receivers = &preview.events[0].views[0].receivers;
    let roles: Vec<_> = receivers
        .iter()
        .map(|r| r.role.as_deref().unwrap())
        .collect();
    assert_eq!(
        roles,
        ["owner", "owner", "intern", "intern"],
        "as the owner and not"
    );
}

#[test]
fn mistakes_are_named() {
    let event = Options {
        event: Some("upsert".into()),
        ..Options::default()
    };
    let record = Options {
        new: Some(r#"{},"userId":"everybody""#.into()),
        ..Options::default()
    };
    let roles = Options {
        target_roles: Some(Vec::new()),
        ..Options::default()
    };
    let mistakes = [
        refused("employes", &Options::default()),
        refused("employees", &event),
        refused("employees", &record),
        refused("employees", &roles),
    ];
    let said: Vec<_> = mistakes.iter().map(ToString::to_string).collect();
    insta::assert_snapshot!(said.join("\n"));
}

#[test]
fn a_preview_is_the_same_on_every_run() {
    let first = table("materials", &Options::default());
    assert_eq!(first, table("materials", &Options::default()));
}

#[derive(serde::Deserialize)]
struct Vector {
    r#type: String,
    r#in: Box<RawValue>,
    out: Box<RawValue>,
}

#[test]
fn every_mask_vector_holds_in_a_preview() {
    let vectors = include_str!("../broadcaster/tests/masks.json");
    let vectors: Vec<Vector> = serde_json::from_str(vectors).unwrap();
    assert!(vectors.len() > 50);
    let mut project = Project::default();
    for vector in &vectors {
        let mut table = newsroom::project().tables.remove(4);
        table.masks = vec![newsroom::mask(
            "title",
            serde_json::from_str(&format!("{:?}", vector.r#type)).unwrap(),
            &[],
            false,
        )];
        project.tables = vec![table];
        let options = Options {
            event: Some("insert".into()),
            new: Some(format!("{{\"title\":{}}}", vector.r#in)),
            ..Options::default()
        };
        let preview = preview::table(&project, "materials", &options).unwrap();
        let [view] = preview.events[0].views.as_slice() else {
            panic!("everybody sees the same mask");
        };
        let sent: serde_json::Value = serde_json::from_str(&view.json).unwrap();
        let out: serde_json::Value = serde_json::from_str(vector.out.get()).unwrap();
        assert_eq!(
            sent["new"]["title"], out,
            "{}: {}",
            vector.r#type, vector.r#in
        );
    }
}
