//! Answers, for each line of JSON on stdin, what a broadcast would be answered and what each
//! receiver would be sent: the delivery code for a test in any language.
//!
//! A line is `{"hierarchy":[..],"tables":{"name":policy},"body":"..","receivers":[{"userId",
//! "roles":[..]}]}`, its answer `{"error":code}` or `{"seen":[text or null]}`.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufWriter, Write};

use broadcaster::body::Broadcast;
use broadcaster::delivery::{Receiver, plan};
use broadcaster::limits::Limits;
use broadcaster::policy::{Config, Policy, Table};
use broadcaster::wire::Refusal;
use serde::{Deserialize, Serialize};

#[derive(Deserialize)]
struct Case {
    hierarchy: Vec<String>,
    tables: BTreeMap<String, Policy>,
    body: String,
    receivers: Vec<Somebody>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Somebody {
    user_id: Option<String>,
    roles: Vec<String>,
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
enum Answer {
    Error(&'static str),
    Seen(Vec<Option<String>>),
}

fn main() -> io::Result<()> {
    let mut out = BufWriter::new(io::stdout().lock());
    for line in io::stdin().lock().lines() {
        let case: Case = serde_json::from_str(&line?)?;
        let answer = match seen(case) {
            Ok(seen) => Answer::Seen(seen),
            Err(refusal) => Answer::Error(refusal.code.name()),
        };
        serde_json::to_writer(&mut out, &answer)?;
        writeln!(out)?;
        out.flush()?;
    }
    Ok(())
}

fn seen(case: Case) -> Result<Vec<Option<String>>, Refusal> {
    let tables = case.tables.into_iter();
    let config = Config {
        hash: "case".into(),
        hierarchy: case.hierarchy.into_iter().map(Into::into).collect(),
        tables: tables
            .map(|(name, policy)| Table {
                name: name.into(),
                policy,
            })
            .collect(),
    };
    let broadcast = Broadcast::parse(case.body.as_bytes(), &Limits::DEFAULT)?;
    let plan = plan(&config, &broadcast)?;
    let receivers = case.receivers.iter().map(|somebody| {
        let user_id = somebody.user_id.as_deref();
        let view = plan.view(Receiver {
            user_id,
            roles: &somebody.roles,
        })?;
        Some(plan.json(&view))
    });
    Ok(receivers.collect())
}
