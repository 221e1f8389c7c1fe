//! Any bytes as the body of a broadcast or as a frame from a client.

use broadcaster::body::{Broadcast, Event};
use broadcaster::delivery::{Receiver, plan};
use broadcaster::holder::Holder;
use broadcaster::limits::Limits;
use broadcaster::message::ClientMessage;
use serde_json::Value;

use super::cases::receivers;
use super::{newsroom, read};

/// Takes bytes as a body and as a frame.
pub fn any(bytes: &[u8]) {
    body(bytes);
    frame(bytes);
}

/// Takes bytes as a body. What is accepted says itself, read by another reader, what it is accepted
/// as, and makes every receiver a JSON text.
fn body(bytes: &[u8]) {
    let Ok(broadcast) = Broadcast::parse(bytes, &Limits::DEFAULT) else {
        return;
    };
    let Some(said) = read(bytes) else { return };
    let text = |key: &str| said[key].as_str().filter(|text| !text.is_empty());
    assert_eq!(text("organizationId"), Some(&*broadcast.organization_id));
    // A narrowing that is named is one that is used.
    for (key, is_used) in [
        ("userId", broadcast.user_id.is_some()),
        ("targetRoles", broadcast.target_roles.is_some()),
        ("maskingConfig", !broadcast.masking.is_empty()),
    ] {
        assert_eq!(said.get(key).is_some(), is_used, "{key} of {said}");
    }
    assert_eq!(text("userId"), broadcast.user_id.as_deref());
    if let Some(roles) = &broadcast.target_roles {
        assert_eq!(said["targetRoles"], Value::from(roles.clone()));
        assert!(!roles.is_empty() && roles.iter().all(|role| !role.is_empty()));
    }
    assert_eq!(
        said["type"],
        match broadcast.event {
            Event::Change(_) => "postgres_changes",
            Event::Custom(_) => "broadcast",
        }
    );
    let Ok(plan) = plan(&newsroom(), &broadcast) else {
        return;
    };
    for (user, roles) in receivers() {
        let roles: Vec<String> = roles.into_iter().map(str::to_owned).collect();
        let receiver = Receiver {
            user_id: user,
            roles: &roles,
        };
        if let Some(view) = plan.view(receiver) {
            assert!(broadcast.user_id.is_none() || broadcast.user_id.as_deref() == user);
            let event = read(plan.json(&view).as_bytes()).unwrap();
            assert_eq!(event["type"], said["type"]);
            assert_eq!(event.get("organizationId"), None);
        }
    }
}

/// Takes bytes as a frame, and as the name of an object.
fn frame(bytes: &[u8]) {
    let Ok(text) = std::str::from_utf8(bytes) else {
        return;
    };
    if let Ok(ClientMessage::Auth(auth)) = ClientMessage::parse(text, &Limits::DEFAULT) {
        let Some(said) = read(text.as_bytes()) else {
            return;
        };
        assert_eq!(said["type"], "auth");
        assert_eq!(said["token"], auth.token);
        assert_eq!(said["organizationId"], auth.organization_id);
        assert_eq!(said.get("flow") == Some(&Value::Bool(true)), auth.flow);
        assert!(!auth.token.is_empty() && !auth.organization_id.is_empty());
        // The token is not shown.
        assert_eq!(
            format!("{auth:?}"),
            format!("Auth {{ flow: {}, .. }}", auth.flow)
        );
    }
    if let Some(holder) = Holder::parse(text) {
        assert_eq!(Holder::parse(&holder.to_string()), Some(holder));
    }
    if !text.is_empty() {
        let holder = Holder::of(text);
        assert_eq!(holder.organization(), Some(text));
        assert_eq!(Holder::parse(&holder.to_string()), Some(holder));
    }
}
