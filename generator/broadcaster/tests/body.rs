//! What a broadcast's body may be, and what is refused without a word of it coming back.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::string_slice,
    reason = "tests say what they expect by failing"
)]

mod support;

use broadcaster::body::{Broadcast, Event};
use broadcaster::limits::Limits;
use broadcaster::wire::Code;
use support::{body, custom, insert, newsroom, planned, refused};

#[test]
fn what_is_no_event_is_refused() {
    for (text, code) in [
        ("", Code::BadJson),
        ("nonsense", Code::BadJson),
        ("[]", Code::BadJson),
        ("null", Code::BadJson),
        ("{}", Code::MissingOrganization),
        (r#"{"organizationId":""}"#, Code::MissingOrganization),
        (r#"{"organizationId":5}"#, Code::MissingOrganization),
        (r#"{"organizationId":null}"#, Code::MissingOrganization),
        (r#"{"organizationId":"o"}"#, Code::BadEvent),
        (r#"{"organizationId":"o","scopeKey":"s"}"#, Code::UnknownKey),
        (r#"{"organizationId":"o","__proto__":1}"#, Code::UnknownKey),
    ] {
        assert_eq!(refused(&newsroom(), text), code, "{text}");
    }
    for members in [
        r#""type":"presence""#,
        r#""type":"broadcast""#,
        r#""type":"broadcast","event":"""#,
        r#""type":"broadcast","event":null"#,
        r#""type":"postgres_changes","eventType":"INSERT","new":{}"#,
        r#""type":"postgres_changes","table":"","eventType":"INSERT","new":{}"#,
        r#""type":"postgres_changes","table":"t","eventType":"insert","new":{}"#,
        r#""type":"postgres_changes","table":"t","eventType":"INSERT""#,
        r#""type":"postgres_changes","table":"t","eventType":"INSERT","new":null"#,
        r#""type":"postgres_changes","table":"t","eventType":"INSERT","new":[]"#,
        r#""type":"postgres_changes","table":"t","eventType":"INSERT","new":{},"old":{}"#,
        r#""type":"postgres_changes","table":"t","eventType":"UPDATE","new":{}"#,
        r#""type":"postgres_changes","table":"t","eventType":"DELETE","new":{},"old":{}"#,
        r#""type":"postgres_changes","table":"t","eventType":"DELETE","new":null"#,
        r#""type":"postgres_changes","table":"t","eventType":"INSERT","new":{},"owner":"ann""#,
        r#""type":"postgres_changes","table":"t","eventType":"INSERT","new":{},"owner":{"new":1}"#,
        r#""type":"postgres_changes","table":"t","eventType":"INSERT","new":{},"owner":{"x":"a"}"#,
        r#""type":"broadcast","event":"e","configHash":1"#,
    ] {
        assert_eq!(
            refused(&newsroom(), &body(members)),
            Code::BadEvent,
            "{members}"
        );
    }
    for (more, code) in [
        (r#","table":"t""#, Code::UnknownKey),
        (r#","policy":{}"#, Code::UnknownKey),
        (r#","owner":{"new":"ann"}"#, Code::UnknownKey),
    ] {
        assert_eq!(refused(&newsroom(), &custom("{}", more)), code, "{more}");
    }
    assert_eq!(
        refused(&newsroom(), &insert("t", "{}", r#","event":"e""#)),
        Code::UnknownKey
    );
    assert_eq!(
        refused(&newsroom(), &insert("t", "{}", r#","policy":null"#)),
        Code::BadPolicy
    );
}

#[test]
fn a_narrowing_that_is_named_must_be_usable() {
    for more in [
        r#","userId":null"#,
        r#","userId":"""#,
        r#","userId":7"#,
        r#","targetRoles":null"#,
        r#","targetRoles":[]"#,
        r#","targetRoles":"admin""#,
        r#","targetRoles":[""]"#,
        r#","targetRoles":[null]"#,
        r#","maskingConfig":null"#,
        r#","maskingConfig":{}"#,
        r#","maskingConfig":[]"#,
        r#","maskingConfig":{"a":null}"#,
        r#","maskingConfig":{"a":"email"}"#,
        r#","maskingConfig":{"a":{"type":"email","shows":{}}}"#,
        r#","maskingConfig":{"a":{"type":"email","show":null}}"#,
        r#","maskingConfig":{"a":{"type":"email","show":{"roles":null}}}"#,
        r#","maskingConfig":{"a":{"type":"email","show":{"roles":"admin"}}}"#,
        r#","maskingConfig":{"a":{"type":"email","show":{"roles":[""]}}}"#,
        r#","maskingConfig":{"a":{"type":"email","show":{"or":"admin"}}}"#,
        r#","maskingConfig":{"a":{"type":"email","show":{"or":null}}}"#,
        r#","maskingConfig":{"a":{}}"#,
    ] {
        assert_eq!(
            refused(&newsroom(), &custom("{}", more)),
            Code::UnusableNarrowing,
            "{more}"
        );
        assert_eq!(
            refused(&newsroom(), &insert("t", "{}", more)),
            Code::UnusableNarrowing
        );
    }
}

#[test]
fn a_mask_type_must_exist() {
    for kind in ["\"rot13\"", "\"custom\"", "\"Email\"", "null", "1"] {
        let more = format!(r#","maskingConfig":{{"a":{{"type":{kind}}}}}"#);
        assert_eq!(
            refused(&newsroom(), &custom("{}", &more)),
            Code::UnknownMaskType,
            "{kind}"
        );
    }
}

#[test]
fn the_last_of_a_repeated_member_counts() {
    let text = body(r#""type":"broadcast","event":"e","userId":"ann","userId":null"#);
    assert_eq!(refused(&newsroom(), &text), Code::UnusableNarrowing);
}

#[test]
fn limits_hold() {
    let roles = |n: usize| format!(r#","targetRoles":[{}]"#, vec!["\"r\""; n].join(","));
    assert!(planned(&newsroom(), &custom("{}", &roles(100))).is_ok());
    assert_eq!(
        refused(&newsroom(), &custom("{}", &roles(101))),
        Code::TooMany
    );
    let masks = |n: usize| {
        let entries: Vec<String> = (0..n)
            .map(|i| format!(r#""c{i}":{{"type":"name"}}"#))
            .collect();
        format!(r#","maskingConfig":{{{}}}"#, entries.join(","))
    };
    assert!(planned(&newsroom(), &custom("{}", &masks(200))).is_ok());
    assert_eq!(
        refused(&newsroom(), &custom("{}", &masks(201))),
        Code::TooMany
    );
    let deep = |n: usize| custom(&format!("{}{}", "[".repeat(n), "]".repeat(n)), "");
    assert!(planned(&newsroom(), &deep(63)).is_ok());
    assert_eq!(refused(&newsroom(), &deep(64)), Code::TooDeep);
    assert_eq!(refused(&newsroom(), &deep(100_000)), Code::TooDeep);
    let event = custom("{}", "");
    let large = |n: usize| format!("{event}{}", " ".repeat(n - event.len()));
    assert!(planned(&newsroom(), &large(1 << 20)).is_ok());
    assert_eq!(refused(&newsroom(), &large((1 << 20) + 1)), Code::TooLarge);
    // As long as fits into the name of its object.
    let id = "o".repeat(1_020);
    let addressed = |organization: &str| {
        let body = r#"{"type":"broadcast","event":"e"}"#;
        Broadcast::parse_for(body.as_bytes(), Some(organization), &Limits::DEFAULT)
            .map(|broadcast| broadcast.organization_id)
            .map_err(|refusal| refusal.code)
    };
    let named = |organization: &str| {
        let body =
            format!(r#"{{"type":"broadcast","event":"e","organizationId":"{organization}"}}"#);
        Broadcast::parse(body.as_bytes(), &Limits::DEFAULT)
            .map(|broadcast| broadcast.organization_id)
            .map_err(|refusal| refusal.code)
    };
    assert_eq!(addressed(&id).as_ref(), Ok(&id));
    assert_eq!(named(&id).as_ref(), Ok(&id));
    let longer = format!("{id}o");
    assert_eq!(addressed(&longer), Err(Code::MissingOrganization));
    assert_eq!(named(&longer), Err(Code::MissingOrganization));
}

#[test]
fn a_revocation_needs_its_user() {
    let revoke = |more: &str| {
        body(&format!(
            r#""type":"broadcast","event":"auth:token-invalidated"{more}"#
        ))
    };
    assert_eq!(refused(&newsroom(), &revoke("")), Code::UnusableNarrowing);
    let text = revoke(r#","userId":"ann""#);
    let broadcast = Broadcast::parse(text.as_bytes(), &Limits::DEFAULT).unwrap();
    assert!(broadcast.is_revocation());
}

#[test]
fn the_address_may_name_the_organization() {
    let parse = |body: &str, address| {
        let parsed = Broadcast::parse_for(body.as_bytes(), address, &Limits::DEFAULT);
        parsed
            .map(|broadcast| broadcast.organization_id)
            .map_err(|refusal| refusal.code)
    };
    let without = r#"{"type":"broadcast","event":"e"}"#;
    assert_eq!(parse(without, Some("a")).as_deref(), Ok("a"));
    assert_eq!(
        parse(&body(r#""type":"broadcast","event":"e""#), Some("o")).as_deref(),
        Ok("o")
    );
    assert_eq!(
        parse(&body("\"type\":\"broadcast\""), Some("a")),
        Err(Code::WrongOrganization)
    );
    let named = body(r#""type":"broadcast","event":"e""#);
    let longer = "z".repeat(1_025);
    for unusable in ["", &longer] {
        for body in [without, &named] {
            let parsed = parse(body, Some(unusable));
            assert_eq!(parsed, Err(Code::MissingOrganization), "{body}");
        }
    }
    let null = r#"{"type":"broadcast","event":"e","organizationId":null}"#;
    assert_eq!(parse(null, Some("a")), Err(Code::MissingOrganization));
}

#[test]
fn bytes_that_are_no_text_are_refused() {
    let error = Broadcast::parse(b"{\"organizationId\":\"\xff\"}", &Limits::DEFAULT).unwrap_err();
    assert_eq!(error.code, Code::BadJson);
}

#[test]
fn hostile_keys_are_keys() {
    let text = insert(
        "log",
        r#"{"__proto__":{"a":1},"constructor":2,"😀":"x","":0}"#,
        "",
    );
    let broadcast = Broadcast::parse(text.as_bytes(), &Limits::DEFAULT).unwrap();
    let Event::Change(change) = broadcast.event else {
        panic!("a change")
    };
    let keys: Vec<String> = change
        .new
        .unwrap()
        .iter()
        .map(|(key, _)| key.to_owned())
        .collect();
    assert_eq!(keys, ["__proto__", "constructor", "😀", ""]);
}
