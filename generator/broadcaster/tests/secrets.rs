//! What must never be logged is in no debug text.

#![cfg(feature = "worker")]
#![allow(clippy::unwrap_used, reason = "tests say what they expect by failing")]

mod support;

use broadcaster::auth::Identity;
use broadcaster::auth::key::{ApiKeys, answered};
use broadcaster::auth::token::Verifier;
use broadcaster::body::Broadcast;
use broadcaster::limits::Limits;
use broadcaster::message::ClientMessage;
use broadcaster::session::{Attachment, Session, State};
use std::fmt::Debug;
use support::{body, insert, newsroom, planned};

const SECRET: &str = "sesame";

/// A debug text that shows something, but not the secret.
fn hides(value: &dyn Debug) {
    for text in [format!("{value:?}"), format!("{value:#?}")] {
        assert!(!text.is_empty() && !text.contains(SECRET), "{text}");
    }
}

#[test]
fn tokens_and_keys_are_in_no_debug_text() {
    let frame = format!(r#"{{"type":"auth","token":"{SECRET}","organizationId":"o"}}"#);
    hides(&ClientMessage::parse(&frame, &Limits::DEFAULT));
    let identity: Identity = answered(r#"{"organizationId":"o","roles":[]}"#, SECRET).unwrap();
    assert_eq!(identity.key.as_deref(), Some(SECRET));
    hides(&identity);
    let session = Session::new(identity, false, 0, &Limits::DEFAULT);
    hides(&Attachment::new(1, None, 0).with(State::Live(session)));
    hides(&Verifier::Secret(SECRET));
    let key_itself = format!(r#"[{{"hash":"{SECRET}","organizationId":"o","roles":[]}}]"#);
    hides(&ApiKeys::parse(&key_itself));
}

#[test]
fn what_is_sent_is_in_no_debug_text() {
    let record = format!(r#"{{"id":1,"name":"{SECRET}","email":"{SECRET}@press.org"}}"#);
    let payload = format!(r#""type":"broadcast","event":"e","payload":{{"text":"{SECRET}"}}"#);
    for text in [insert("employees", &record, ""), body(&payload)] {
        assert!(text.contains(SECRET));
        hides(&Broadcast::parse(text.as_bytes(), &Limits::DEFAULT).unwrap());
        hides(&planned(&newsroom(), &text).unwrap());
    }
}
