//! Previews events of the tests' newsroom: reads requests, one JSON object to a line, and prints
//! for each the lines of its preview and then an empty one. The tests in TypeScript compare them
//! with what arrives at real sockets.

#[path = "../tests/newsroom/mod.rs"]
mod newsroom;

use generator::preview::{self, Options};
use serde::Deserialize;
use serde_json::value::RawValue;
use std::io::{self, BufRead};

/// What to preview, in the words of the command line's options.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Request {
    table: Option<String>,
    namespace: Option<String>,
    event: String,
    new: Option<Box<RawValue>>,
    old: Option<Box<RawValue>>,
    target_roles: Option<Vec<String>>,
    user_id: Option<String>,
    masking: Option<Box<RawValue>>,
}

fn main() -> io::Result<()> {
    let project = newsroom::project();
    for line in io::stdin().lock().lines() {
        let request: Request = serde_json::from_str(&line?)?;
        let json = |value: Option<Box<RawValue>>| value.map(|value| value.get().to_owned());
        let options = Options {
            event: Some(request.event),
            new: json(request.new),
            old: json(request.old),
            target_roles: request.target_roles,
            user_id: request.user_id,
            masking: json(request.masking),
            ..Options::default()
        };
        let preview = match (request.table, request.namespace) {
            (Some(table), None) => preview::table(&project, &table, &options),
            (None, Some(namespace)) => preview::namespace(&project, &namespace, &options),
            _ => return Err(io::Error::other("one of table and namespace")),
        };
        println!("{}", preview.map_err(io::Error::other)?.to_json_lines());
    }
    Ok(())
}
