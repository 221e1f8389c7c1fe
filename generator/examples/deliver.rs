//! Delivers broadcasts to the tests' newsroom: reads the bodies that a helper posted, one to a
//! line, and prints for each what its receivers get, or why it is refused. The tests in
//! TypeScript compare this with what they called.
//!
//! The receivers are each role alone as the user `stranger`, and a member as `user_1`.

#[path = "../tests/newsroom/mod.rs"]
mod newsroom;

use generator::broadcaster::body::Broadcast;
use generator::broadcaster::delivery::{Plan, Receiver, plan};
use generator::broadcaster::limits::Limits;
use generator::broadcaster::policy::Config;
use generator::broadcaster::wire::Refusal;
use generator::policy;
use serde_json::value::RawValue;
use std::collections::BTreeMap;
use std::io::{self, BufRead};

fn main() -> io::Result<()> {
    let project = newsroom::project();
    let config = policy::config(&project);
    for body in io::stdin().lock().lines() {
        let answer = match deliver(&config, &body?) {
            Err(refusal) => format!("{{\"refused\":\"{}\"}}", refusal.code.name()),
            Ok(plan) => serde_json::to_string(&received(&project.roles.hierarchy, &plan))?,
        };
        println!("{answer}");
    }
    Ok(())
}

fn deliver(config: &Config, body: &str) -> Result<Plan, Refusal> {
    plan(
        config,
        &Broadcast::parse(body.as_bytes(), &Limits::DEFAULT)?,
    )
}

/// The frames by their receivers; who is not named gets nothing.
fn received(roles: &[String], plan: &Plan) -> BTreeMap<String, Option<Box<RawValue>>> {
    let strangers = roles.iter().map(|role| (role.clone(), "stranger", role));
    let owner = roles
        .first()
        .map(|role| ("user_1".to_owned(), "user_1", role));
    strangers
        .chain(owner)
        .filter_map(|(name, user, role)| {
            let receiver = Receiver {
                user_id: Some(user),
                roles: std::slice::from_ref(role),
            };
            let json = plan.json(&plan.view(receiver)?);
            Some((name, RawValue::from_string(json).ok()))
        })
        .collect()
}
