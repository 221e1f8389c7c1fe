//! Who receives a realtime event, and what each receiver sees of it; and the worker that sends it.
//!
//! A broadcast's [`body`] is read, [`delivery`] plans it by the [`policy`] of its table, and each
//! receiver gets one of its views, in which [`mask`] hides what is not for them. `runtime` is the
//! only part that knows the Workers runtime, and is compiled for it alone.
//!
//! Everything else is pure: the worker, the helper's tests and the editor's preview call the same
//! functions. A preview is a plan and the views of it:
//!
//! ```
//! use broadcaster::body::Broadcast;
//! use broadcaster::delivery::{Receiver, Views, plan};
//! use broadcaster::limits::Limits;
//! use broadcaster::policy::{Config, Events, MaskRule, Policy, Table};
//!
//! let config = Config {
//!     hash: "preview".into(),
//!     hierarchy: vec!["member".into(), "admin".into()].into(),
//!     tables: vec![Table {
//!         name: "employees".into(),
//!         policy: Policy {
//!             events: Events::ALL,
//!             required_roles: None,
//!             columns: vec!["id".into(), "email".into()].into(),
//!             open: false,
//!             owner: Some("userId".into()),
//!             masks: MaskRule::automatic("email").into_iter().collect(),
//!         },
//!     }]
//!     .into(),
//! };
//! let body = br#"{"type":"postgres_changes","table":"employees","eventType":"INSERT",
//!     "organizationId":"org_1","new":{"id":1,"email":"ann@press.org","salary":9},
//!     "owner":{"new":"user_7"}}"#;
//! let broadcast = Broadcast::parse(body, &Limits::DEFAULT)?;
//! let plan = plan(&config, &broadcast)?;
//!
//! let mut views = Views::new(&plan);
//! let member = Receiver { user_id: Some("user_1"), roles: &["member".to_owned()] };
//! let owner = Receiver { user_id: Some("user_7"), roles: &["member".to_owned()] };
//! let seen = plan.view(member).map(|view| views.get(view, |json| json).clone());
//! assert_eq!(
//!     seen.as_deref(),
//!     Some(r#"{"type":"postgres_changes","table":"employees","eventType":"INSERT","schema":"public","new":{"id":1,"email":"a**@p****.org"},"old":null}"#)
//! );
//! assert_ne!(plan.view(member), plan.view(owner));
//! # Ok::<(), broadcaster::wire::Refusal>(())
//! ```

#[cfg(feature = "worker")]
pub mod auth;
pub mod body;
#[cfg(feature = "worker")]
pub mod closing;
pub mod config;
pub mod delivery;
pub mod holder;
pub mod limits;
pub mod mask;
pub mod message;
pub mod policy;
pub mod record;
mod rule;
#[cfg(all(feature = "worker", target_arch = "wasm32"))]
mod runtime;
pub mod sensitive;
#[cfg(feature = "worker")]
pub mod session;
pub mod traffic;
pub mod wire;
