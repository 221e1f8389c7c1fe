//! The sentences of the semantics, each with its example.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests say what they expect by failing"
)]

mod support;

use broadcaster::delivery::{Receiver, Views, owner_of};
use broadcaster::mask::MaskType;
use broadcaster::policy::{Events, Policy};
use broadcaster::record::Record;
use broadcaster::wire::Code;
use support::{body, cell, custom, insert, newsroom, planned, policy, refused, rule, seen};

const ANN: &str =
    r#"{"id":1,"name":"Ann","email":"ann@press.org","ssn":"123-45-6789","userId":"ann","x":1}"#;

fn ssn(more: &str, user: &str, roles: &[&str]) -> String {
    let json = seen(&newsroom(), &insert("employees", ANN, more), user, roles).unwrap();
    cell(&json, "new", "ssn")
}

fn email(more: &str, user: &str, roles: &[&str]) -> String {
    let json = seen(&newsroom(), &insert("employees", ANN, more), user, roles).unwrap();
    cell(&json, "new", "email")
}

const OWNED: &str = r#","owner":{"new":"ann"}"#;
const PLAIN: &str = "\"123-45-6789\"";
const MASKED: &str = "\"*****6789\"";

#[test]
fn events_have_their_exact_bytes() {
    let config = newsroom();
    assert_eq!(
        seen(
            &config,
            &insert(
                "claims",
                r#"{"title":"A \u00e9","id":9007199254740993}"#,
                ""
            ),
            "u",
            &["editor"]
        )
        .unwrap(),
        r#"{"type":"postgres_changes","table":"claims","eventType":"INSERT","schema":"public","new":{"title":"A \u00e9","id":9007199254740993},"old":null}"#
    );
    let update = body(
        r#""type":"postgres_changes","table":"claims","eventType":"UPDATE","new":{"id":1},"old":{"id":1.0}"#,
    );
    assert_eq!(
        seen(&config, &update, "u", &["editor"]).unwrap(),
        r#"{"type":"postgres_changes","table":"claims","eventType":"UPDATE","schema":"public","new":{"id":1},"old":{"id":1.0}}"#
    );
    let delete =
        body(r#""type":"postgres_changes","table":"log","eventType":"DELETE","old":{"id":1}"#);
    assert_eq!(
        seen(&config, &delete, "u", &[]).unwrap(),
        r#"{"type":"postgres_changes","table":"log","eventType":"DELETE","schema":"public","new":null,"old":{"id":1}}"#
    );
    assert_eq!(
        seen(
            &config,
            &custom(r#"{"b":{"z":1,"a":2},"a":[]}"#, ""),
            "u",
            &[]
        )
        .unwrap(),
        r#"{"type":"broadcast","event":"e","payload":{"b":{"z":1,"a":2},"a":[]}}"#
    );
    let absent = body(r#""type":"broadcast","event":"a:b""#);
    assert_eq!(
        seen(&config, &absent, "u", &[]).unwrap(),
        r#"{"type":"broadcast","event":"a:b","payload":null}"#
    );
}

#[test]
fn rule_1_a_declared_table_is_sent_only_where_it_is_on() {
    let config = newsroom();
    let delete =
        body(r#""type":"postgres_changes","table":"claims","eventType":"DELETE","old":{}"#);
    for off in [delete.as_str(), &insert("drafts", "{}", "")] {
        assert!(!planned(&config, off).unwrap().is_sent());
        assert_eq!(seen(&config, off, "u", &["admin", "editor"]), None);
    }
    for on in [insert("nowhere", "{}", ""), insert("claims", "{}", "")] {
        assert!(planned(&config, &on).unwrap().is_sent());
    }
    assert!(seen(&config, &insert("nowhere", "{}", ""), "u", &[]).is_some());
}

#[test]
fn rule_2_columns_are_cut_and_the_key_is_not_added() {
    let json = seen(&newsroom(), &insert("employees", ANN, ""), "u", &["hr"]).unwrap();
    assert!(!json.contains("\"x\""));
    let json = seen(
        &newsroom(),
        &insert("claims", r#"{"title":"t","y":1}"#, ""),
        "u",
        &["admin"],
    );
    assert!(json.unwrap().contains(r#""new":{"title":"t"}"#));
}

#[test]
fn rule_2_an_open_column_set_lets_others_pass_under_automatic_masks() {
    let record = r#"{"id":1,"colour":"red","workPhone":"5551234567","hasPhone":true}"#;
    let json = seen(&newsroom(), &insert("tags", record, ""), "u", &["member"]).unwrap();
    assert!(json.contains(r#"{"id":1,"colour":"red","workPhone":"******4567","hasPhone":true}"#));
    let json = seen(&newsroom(), &insert("tags", record, ""), "u", &["admin"]).unwrap();
    assert_eq!(cell(&json, "new", "workPhone"), "\"5551234567\"");
}

#[test]
fn rule_2_of_a_repeated_key_only_the_last_value_exists() {
    let record = r#"{"ssn":"111-11-1111","id":1,"ssn":null}"#;
    let json = seen(&newsroom(), &insert("employees", record, ""), "u", &[]).unwrap();
    assert!(json.contains(r#""new":{"ssn":null,"id":1}"#));
    let json = seen(&newsroom(), &custom(r#"{"a":1,"a":2}"#, ""), "u", &[]).unwrap();
    assert!(json.ends_with(r#""payload":{"a":2}}"#));
}

#[test]
fn rule_3_required_and_target_roles_add_up() {
    let receives = |more: &str, roles: &[&str]| {
        seen(&newsroom(), &insert("claims", "{}", more), "u", roles).is_some()
    };
    assert!(receives("", &["editor"]) && receives("", &["x", "admin"]));
    assert!(!receives("", &["member"]) && !receives("", &[]) && !receives("", &["Editor"]));
    let target = r#","targetRoles":["member"]"#;
    assert!(!receives(target, &["editor"]) && !receives(target, &["member"]));
    assert!(receives(target, &["member", "editor"]));
    let plus = r#","targetRoles":["editor+"]"#;
    assert!(receives(plus, &["admin"]) && receives(plus, &["editor"]));
    assert!(!receives(plus, &["member"]));
}

#[test]
fn rule_3_neither_list_is_every_member_and_an_empty_one_nobody() {
    let mut config = newsroom();
    assert!(seen(&config, &insert("employees", "{}", ""), "u", &[]).is_some());
    config.tables.to_mut()[0].policy.required_roles = Some(Vec::new().into());
    assert_eq!(
        seen(
            &config,
            &insert("employees", "{}", ""),
            "u",
            &["admin", "owner"]
        ),
        None
    );
}

#[test]
fn rule_3_a_user_is_the_only_receiver() {
    let body = insert("employees", "{}", r#","userId":"ann""#);
    assert!(seen(&newsroom(), &body, "ann", &[]).is_some());
    assert_eq!(seen(&newsroom(), &body, "bob", &["admin"]), None);
    let plan = planned(&newsroom(), &body).unwrap();
    assert_eq!(plan.user_id(), Some("ann"));
    let everybody = planned(&newsroom(), &insert("employees", "{}", "")).unwrap();
    assert_eq!(everybody.user_id(), None);
    assert_eq!(
        plan.view(Receiver {
            user_id: None,
            roles: &[]
        }),
        None
    );
}

#[test]
fn rule_3_a_role_with_plus_must_be_known() {
    for more in [
        r#","targetRoles":["boss+"]"#,
        r#","targetRoles":["*"]"#,
        r#","targetRoles":["member","+"]"#,
        r#","maskingConfig":{"a":{"type":"name","show":{"roles":["boss+"]}}}"#,
    ] {
        assert_eq!(
            refused(&newsroom(), &custom("{}", more)),
            Code::UnknownRole,
            "{more}"
        );
    }
}

#[test]
fn rule_4_explicit_and_automatic_masks() {
    assert_eq!(ssn("", "u", &["member"]), MASKED);
    assert_eq!(ssn("", "u", &["admin"]), MASKED);
    assert_eq!(ssn("", "u", &["member", "hr"]), PLAIN);
    assert_eq!(email("", "u", &["hr"]), "\"a**@p****.org\"");
    assert_eq!(email("", "u", &["admin"]), "\"ann@press.org\"");
    assert_eq!(email("", "u", &["owner"]), "\"a**@p****.org\"");
}

#[test]
fn rule_4_a_call_replaces_an_automatic_rule() {
    let more = r#","maskingConfig":{"email":{"type":"redact","show":{"roles":["hr"]}}}"#;
    assert_eq!(email(more, "u", &["hr"]), "\"ann@press.org\"");
    assert_eq!(email(more, "u", &["admin"]), "\"[REDACTED]\"");
    let everyone = r#","maskingConfig":{"email":{"type":"redact","show":{"roles":["everyone"]}}}"#;
    assert_eq!(email(everyone, "u", &[]), "\"ann@press.org\"");
    let plus = r#","maskingConfig":{"email":{"type":"name","show":{"roles":["editor+"]}}}"#;
    assert_eq!(email(plus, "u", &["admin"]), "\"ann@press.org\"");
}

#[test]
fn rule_4_beside_an_explicit_rule_a_call_only_narrows() {
    let both = r#","maskingConfig":{"ssn":{"type":"name","show":{"roles":["hr","member"]}}}"#;
    assert_eq!(ssn(both, "u", &["member"]), MASKED);
    assert_eq!(ssn(both, "u", &["hr"]), PLAIN);
    let other = r#","maskingConfig":{"ssn":{"type":"name","show":{"roles":["boss"]}}}"#;
    assert_eq!(ssn(other, "u", &["hr"]), MASKED);
    assert_eq!(ssn(other, "u", &["hr", "boss"]), PLAIN);
    let nobody = r#","maskingConfig":{"ssn":{"type":"ssn"}}"#;
    assert_eq!(ssn(nobody, "u", &["hr", "admin"]), MASKED);
}

#[test]
fn rule_4_a_call_masks_a_column_without_a_rule() {
    let more = r#","maskingConfig":{"name":{"type":"name","show":{"roles":["hr"]}}}"#;
    let json = seen(
        &newsroom(),
        &insert("employees", ANN, more),
        "u",
        &["member"],
    )
    .unwrap();
    assert_eq!(cell(&json, "new", "name"), "\"A**\"");
}

#[test]
fn rule_5_an_owner_sees_its_own_record() {
    assert_eq!(ssn(OWNED, "ann", &["member"]), PLAIN);
    assert_eq!(ssn(OWNED, "bob", &["member"]), MASKED);
    assert_eq!(email(OWNED, "ann", &[]), "\"ann@press.org\"");
}

#[test]
fn rule_5_new_is_judged_by_the_new_owner_and_old_by_the_old_one() {
    let update = body(
        r#""type":"postgres_changes","table":"employees","eventType":"UPDATE","new":{"ssn":"123-45-6789"},"old":{"ssn":"123-45-6789"},"owner":{"new":"bob","old":"ann"}"#,
    );
    let json = seen(&newsroom(), &update, "ann", &[]).unwrap();
    assert_eq!(cell(&json, "new", "ssn"), MASKED);
    assert_eq!(cell(&json, "old", "ssn"), PLAIN);
}

#[test]
fn rule_5_a_contradicted_absent_or_empty_owner_is_nobody() {
    for more in [
        "",
        r#","owner":{}"#,
        r#","owner":{"new":""}"#,
        r#","owner":{"new":"bob"}"#,
    ] {
        assert_eq!(ssn(more, "ann", &[]), MASKED, "{more}");
        assert_eq!(ssn(more, "bob", &[]), MASKED, "{more}");
        assert_eq!(ssn(more, "", &[]), MASKED, "{more}");
    }
    let keyed = planned(&newsroom(), &insert("employees", ANN, "")).unwrap();
    assert_eq!(keyed.owns(None), (false, false));
}

#[test]
fn rule_5_of_an_ad_hoc_table_it_is_owner_id_else_user_id() {
    let config = newsroom();
    let owner = |json| owner_of(None, &Record::parse(json, 64).unwrap());
    assert_eq!(owner(r#"{"userId":"u","ownerId":7}"#).as_deref(), Some("7"));
    assert_eq!(owner(r#"{"userId":"u"}"#).as_deref(), Some("u"));
    assert_eq!(owner(r#"{"id":1}"#), None);
    let record = r#"{"ownerId":"ann","email":"a@b.co"}"#;
    let json = seen(&config, &insert("log", record, OWNED), "ann", &[]).unwrap();
    assert_eq!(cell(&json, "new", "email"), "\"a@b.co\"");
    let record = r#"{"ownerId":"bob","email":"a@b.co"}"#;
    let json = seen(&config, &insert("log", record, OWNED), "ann", &[]).unwrap();
    assert_eq!(cell(&json, "new", "email"), "\"a*@b*.co\"");
}

#[test]
fn rule_5_without_an_owner_column_nobody_is_the_owner() {
    let mut config = newsroom();
    config.tables.to_mut()[0].policy.owner = None;
    let json = seen(&config, &insert("employees", ANN, OWNED), "ann", &[]).unwrap();
    assert_eq!(cell(&json, "new", "ssn"), MASKED);
}

#[test]
fn rule_6_a_custom_event_is_plain_unless_the_call_masks_it() {
    let payload = r#"{"email":"ann@press.org","n":{"email":"x"}}"#;
    let json = seen(&newsroom(), &custom(payload, ""), "u", &[]).unwrap();
    assert!(json.contains(payload));
    let more = r#","maskingConfig":{"email":{"type":"email","show":{"roles":["hr"]}},"n":{"type":"name"}}"#;
    let json = seen(&newsroom(), &custom(payload, more), "u", &[]).unwrap();
    assert!(json.contains(r#"{"email":"a**@p****.org","n":"[REDACTED]"}"#));
    let json = seen(&newsroom(), &custom("null", more), "u", &[]).unwrap();
    assert!(json.contains(r#""payload":null"#));
    for payload in ["[1]", "\"ann\"", "5"] {
        assert_eq!(
            refused(&newsroom(), &custom(payload, more)),
            Code::UnusableNarrowing
        );
    }
}

#[test]
fn skew_the_stricter_policy_holds() {
    let config = newsroom();
    let with = |policy: &Policy, record: &str| {
        let policy = serde_json::to_string(policy).unwrap();
        insert(
            "employees",
            record,
            &format!(r#","owner":{{"new":"ann"}},"policy":{policy}"#),
        )
    };
    let own = config.table("employees").unwrap().clone();
    let json = seen(&config, &with(&own, ANN), "ann", &[]).unwrap();
    assert_eq!(cell(&json, "new", "ssn"), PLAIN);

    let mut other = own.clone();
    other.columns = vec!["id".into(), "ssn".into(), "x".into()].into();
    let json = seen(&config, &with(&other, ANN), "u", &["hr"]).unwrap();
    assert!(
        json.contains(r#""new":{"id":1,"ssn":"123-45-6789"}"#),
        "columns in both: {json}"
    );

    other = own.clone();
    other.required_roles = Some(vec!["hr".into()].into());
    assert_eq!(seen(&config, &with(&other, ANN), "u", &["member"]), None);

    other = own.clone();
    other.masks = vec![rule("ssn", MaskType::Ssn, &["boss"], false)].into();
    let json = seen(&config, &with(&other, ANN), "ann", &["hr"]).unwrap();
    assert_eq!(cell(&json, "new", "ssn"), MASKED);
    let json = seen(&config, &with(&other, ANN), "u", &["hr", "boss"]).unwrap();
    assert_eq!(cell(&json, "new", "ssn"), PLAIN);

    other.masks = vec![rule("ssn", MaskType::Name, &[], false)].into();
    let json = seen(&config, &with(&other, ANN), "u", &["hr"]).unwrap();
    assert_eq!(
        cell(&json, "new", "ssn"),
        "\"[REDACTED]\"",
        "neither mask is the stricter one"
    );

    other = Policy {
        owner: Some("managerId".into()),
        ..own.clone()
    };
    let json = seen(&config, &with(&other, ANN), "ann", &[]).unwrap();
    assert_eq!(cell(&json, "new", "ssn"), MASKED);

    other = Policy {
        events: Events {
            insert: false,
            ..Events::ALL
        },
        ..own
    };
    assert!(!planned(&config, &with(&other, ANN)).unwrap().is_sent());
}

#[test]
fn skew_a_table_that_only_one_declares_is_held_to_that_policy() {
    let mut other = policy(&["id", "workEmail"]);
    other.masks = vec![rule("workEmail", MaskType::Redact, &[], false)].into();
    let more = format!(r#","policy":{}"#, serde_json::to_string(&other).unwrap());
    let body = insert("fresh", r#"{"id":1,"workEmail":"a@b.co","z":1}"#, &more);
    let json = seen(&newsroom(), &body, "u", &["admin"]).unwrap();
    assert!(json.contains(r#""new":{"id":1,"workEmail":"[REDACTED]"}"#));
}

/// Such a helper takes the table for an ad hoc one, and its `userId` for the owner.
#[test]
fn skew_a_helper_that_does_not_know_the_table_makes_nobody_its_owner() {
    let mut config = newsroom();
    config.tables.to_mut()[0].policy.owner = Some("managerId".into());
    let told = serde_json::to_string(config.table("employees").unwrap()).unwrap();
    let told = format!(r#","policy":{told}"#);
    for (record, more, expected) in [
        (r#"{"id":1,"ssn":"123-45-6789","userId":"ann"}"#, "", MASKED),
        (
            r#"{"id":1,"ssn":"123-45-6789","ownerId":"ann"}"#,
            "",
            MASKED,
        ),
        // What the helper knows, it reads where it should, whatever else the record holds.
        (
            r#"{"id":1,"ssn":"123-45-6789","userId":"ann"}"#,
            &*told,
            PLAIN,
        ),
        (r#"{"id":1,"ssn":"123-45-6789","userId":"bob"}"#, "", PLAIN),
        (r#"{"id":1,"ssn":"123-45-6789"}"#, "", PLAIN),
        (
            r#"{"id":1,"ssn":"123-45-6789","userId":"ann","managerId":"ann"}"#,
            "",
            PLAIN,
        ),
    ] {
        let body = insert(
            "employees",
            record,
            &format!(r#","owner":{{"new":"ann"}}{more}"#),
        );
        let json = seen(&config, &body, "ann", &[]).unwrap();
        assert_eq!(cell(&json, "new", "ssn"), expected, "{body}");
    }
}

#[test]
fn equal_views_share_one_text() {
    let plan = planned(&newsroom(), &insert("employees", ANN, OWNED)).unwrap();
    let mut views = Views::new(&plan);
    assert!(views.is_empty());
    let mut made = 0;
    let roles = [
        vec!["member".to_owned()],
        vec!["hr".to_owned()],
        vec!["x".to_owned()],
        vec![],
    ];
    for user in ["ann", "bob", "cy"] {
        for roles in &roles {
            let view = plan
                .view(Receiver {
                    user_id: Some(user),
                    roles,
                })
                .unwrap();
            views.get(view, |_| made += 1);
        }
    }
    // The owner sees all, `hr` sees the number, everybody else nothing.
    assert_eq!((made, views.len(), views.is_empty()), (3, 3, false));
}

#[test]
fn values_that_no_mask_changes_do_not_split_a_view() {
    let record = r#"{"ssn":null,"email":"","id":1}"#;
    let plan = planned(&newsroom(), &insert("employees", record, "")).unwrap();
    let view = |roles: &[String]| {
        plan.view(Receiver {
            user_id: Some("u"),
            roles,
        })
    };
    assert_eq!(view(&["admin".to_owned()]), view(&[]));
}
