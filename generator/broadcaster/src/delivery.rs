//! Who receives an event, and what each receiver sees of it.
//!
//! [`plan`] judges a broadcast once; [`Plan::view`] says for one receiver which *view* of it that
//! receiver gets, if any; [`Plan::json`] writes a view. Receivers with equal views share one
//! text, so that the cost grows with the number of views: [`Views`] keeps what was made of each.

use std::collections::BTreeMap;

use serde_json::value::RawValue;

use crate::body::{Broadcast, Change, ChangeKind, Custom, Event};
use crate::mask::{mask, quote};
use crate::policy::{Config, MaskRule, Policy};
use crate::record::{Record, id_of};
use crate::rule::{Rule, call_rules, combine, expand, rule};
use crate::wire::{Code, Refusal};

/// Somebody who might receive an event.
#[derive(Debug, Clone, Copy)]
pub struct Receiver<'a> {
    /// The user; `None` of an API key without one, who is never an owner and never a target.
    pub user_id: Option<&'a str>,
    /// The roles that the user holds in the event's organization.
    pub roles: &'a [String],
}

/// Which masked values a receiver sees plain: bit `n` stands for the `n`th value that is masked.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct ViewKey(Vec<u64>);

impl ViewKey {
    fn set(&mut self, at: usize) {
        let word = at / 64;
        if self.0.len() <= word {
            self.0.resize(word.saturating_add(1), 0);
        }
        if let Some(bits) = self.0.get_mut(word) {
            *bits |= 1 << (at % 64);
        }
    }

    fn has(&self, at: usize) -> bool {
        self.0
            .get(at / 64)
            .is_some_and(|bits| bits & (1 << (at % 64)) != 0)
    }
}

/// A broadcast whose delivery is decided.
#[derive(Clone)]
pub struct Plan {
    sent: bool,
    user_id: Option<String>,
    /// Of each list a receiver needs one role.
    role_lists: Vec<Vec<String>>,
    new_owner: Option<String>,
    old_owner: Option<String>,
    rules: Vec<Rule>,
    /// The number of the rule of each masked column.
    columns: BTreeMap<String, usize>,
    pieces: Vec<Piece>,
    cells: Vec<Cell>,
}

impl std::fmt::Debug for Plan {
    /// Leaves the event's text out: it must never be logged.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Plan")
            .field("sent", &self.sent)
            .field("rules", &self.rules)
            .field("columns", &self.columns)
            .finish_non_exhaustive()
    }
}

/// A part of the event's text.
#[derive(Clone)]
enum Piece {
    /// The same for everybody.
    Text(String),
    /// The value of the cell of this number.
    Cell(usize),
}

/// A value that not everybody sees.
#[derive(Clone)]
struct Cell {
    side: Side,
    rule: usize,
    plain: String,
    masked: String,
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Side {
    New,
    Old,
}

/// Decides the delivery of a broadcast.
///
/// # Errors
/// When a role of the call is none, or a mask cannot be applied to the payload.
pub fn plan(config: &Config, broadcast: &Broadcast<'_>) -> Result<Plan, Refusal> {
    let mut plan = Plan {
        sent: true,
        user_id: broadcast.user_id.clone(),
        role_lists: Vec::new(),
        new_owner: None,
        old_owner: None,
        rules: Vec::new(),
        columns: BTreeMap::new(),
        pieces: Vec::new(),
        cells: Vec::new(),
    };
    if let Some(roles) = &broadcast.target_roles {
        plan.role_lists.push(expand(config, roles)?);
    }
    let call = call_rules(config, &broadcast.masking)?;
    match &broadcast.event {
        Event::Change(change) => plan.change(config, change, &call),
        Event::Custom(custom) => plan.custom(custom, &call)?,
    }
    Ok(plan)
}

/// The id of the owner of a full record, as a helper sends it beside the record: `String()` of
/// the owner column, which of an ad hoc table is `ownerId`, else `userId`.
pub fn owner_of(policy: Option<&Policy>, record: &Record<'_>) -> Option<String> {
    record.get(owner_column(policy, record)?).and_then(id_of)
}

fn owner_column<'p>(policy: Option<&'p Policy>, record: &Record<'_>) -> Option<&'p str> {
    match policy {
        Some(policy) => policy.owner.as_deref(),
        None => ["ownerId", "userId"]
            .into_iter()
            .find(|column| record.get(column).is_some()),
    }
}

impl Plan {
    fn change(&mut self, config: &Config, change: &Change<'_>, call: &BTreeMap<&str, MaskRule>) {
        let policies: Vec<&Policy> = config
            .table(&change.table)
            .into_iter()
            .chain(&change.policy)
            .collect();
        self.sent = policies.iter().all(|policy| match change.kind {
            ChangeKind::Insert => policy.events.insert,
            ChangeKind::Update => policy.events.update,
            ChangeKind::Delete => policy.events.delete,
        });
        if !self.sent {
            return;
        }
        let required = policies
            .iter()
            .filter_map(|policy| policy.required_roles.as_ref());
        self.role_lists
            .extend(required.map(|roles| roles.iter().map(|role| role.to_string()).collect()));
        let owner = |record: Option<&Record<'_>>, beside: Option<&str>| {
            let record = record?;
            // A helper that knows no such table, and so sends no policy, reads its owner elsewhere.
            let is_read_elsewhere = change.policy.is_none()
                && beside.is_some()
                && owner_of(None, record).as_deref() == beside;
            owner(&policies, record, beside, is_read_elsewhere)
        };
        self.new_owner = owner(change.new.as_ref(), change.new_owner.as_deref());
        self.old_owner = owner(change.old.as_ref(), change.old_owner.as_deref());
        self.text(&format!(
            r#"{{"type":"postgres_changes","table":{},"eventType":"{}","schema":"public","new":"#,
            quote(&change.table),
            change.kind.name(),
        ));
        let sends = |column: &str| policies.iter().all(|policy| policy.sends(column));
        let rule = |column: &str| rule(&policies, column, call.get(column));
        self.record(Side::New, change.new.as_ref(), sends, rule);
        self.text(r#","old":"#);
        self.record(Side::Old, change.old.as_ref(), sends, rule);
        self.text("}");
    }

    fn custom(
        &mut self,
        custom: &Custom<'_>,
        call: &BTreeMap<&str, MaskRule>,
    ) -> Result<(), Refusal> {
        self.text(&format!(
            r#"{{"type":"broadcast","event":{},"payload":"#,
            quote(&custom.name)
        ));
        match custom.payload {
            None => self.text("null"),
            Some(payload) => match Record::of(payload) {
                Some(record) => {
                    let rule = |column: &str| call.get(column).map(|call| combine(&[call]));
                    self.record(Side::New, Some(&record), |_| true, rule);
                }
                None if call.is_empty() || payload.get() == "null" => self.text(payload.get()),
                None => {
                    let message = "`maskingConfig` needs a payload that is an object.";
                    return Err(Refusal::new(Code::UnusableNarrowing, message));
                }
            },
        }
        self.text("}");
        Ok(())
    }

    fn text(&mut self, text: &str) {
        match self.pieces.last_mut() {
            Some(Piece::Text(last)) => last.push_str(text),
            _ => self.pieces.push(Piece::Text(text.to_owned())),
        }
    }

    fn record(
        &mut self,
        side: Side,
        record: Option<&Record<'_>>,
        sends: impl Fn(&str) -> bool,
        rule: impl Fn(&str) -> Option<Rule>,
    ) {
        let Some(record) = record else {
            self.text("null");
            return;
        };
        let mut separator = "{";
        for (column, value) in record.iter().filter(|(column, _)| sends(column)) {
            self.text(separator);
            separator = ",";
            self.text(&quote(column));
            self.text(":");
            self.value(side, column, value, rule(column));
        }
        self.text(if separator == "{" { "{}" } else { "}" });
    }

    fn value(&mut self, side: Side, column: &str, value: &RawValue, rule: Option<Rule>) {
        let Some(rule) = rule else {
            self.text(value.get());
            return;
        };
        let masked = mask(rule.kind, value);
        // What looks the same either way must not split a view.
        if masked == value.get() {
            self.text(&masked);
            return;
        }
        // Looked up rather than searched, or a record of many masked columns would cost their
        // square.
        let rule = match self.columns.get(column) {
            Some(known) => *known,
            None => {
                let new = self.rules.len();
                self.columns.insert(column.to_owned(), new);
                self.rules.push(rule);
                new
            }
        };
        self.pieces.push(Piece::Cell(self.cells.len()));
        self.cells.push(Cell {
            side,
            rule,
            plain: value.get().to_owned(),
            masked,
        });
    }

    /// Whether the event is sent at all; `false` where the table or the event is off.
    pub fn is_sent(&self) -> bool {
        self.sent
    }

    /// Which view of the event a receiver gets; `None` if the receiver does not get it.
    ///
    /// That the receiver belongs to the event's organization is the caller's knowledge.
    pub fn view(&self, receiver: Receiver<'_>) -> Option<ViewKey> {
        let holds_one = |list: &Vec<String>| list.iter().any(|role| receiver.roles.contains(role));
        let is_target = match &self.user_id {
            None => true,
            Some(target) => receiver.user_id == Some(target.as_str()),
        };
        if !(self.sent && is_target && self.role_lists.iter().all(holds_one)) {
            return None;
        }
        let (owns_new, owns_old) = self.owns(receiver.user_id);
        let mut key = ViewKey(Vec::new());
        for (at, cell) in self.cells.iter().enumerate() {
            let owns = match cell.side {
                Side::New => owns_new,
                Side::Old => owns_old,
            };
            if self
                .rules
                .get(cell.rule)
                .is_some_and(|rule| rule.shows_to(receiver.roles, owns))
            {
                key.set(at);
            }
        }
        Some(key)
    }

    /// Whether a user owns `new`, and whether they own `old`. Receivers for whom this, the roles
    /// and being the call's `userId` are equal get the same view.
    pub fn owns(&self, user_id: Option<&str>) -> (bool, bool) {
        let owns = |owner: &Option<String>| owner.is_some() && owner.as_deref() == user_id;
        (owns(&self.new_owner), owns(&self.old_owner))
    }

    /// The only user who may receive the event, if the call names one.
    pub fn user_id(&self) -> Option<&str> {
        self.user_id.as_deref()
    }

    /// The event's JSON as the receivers of a view get it.
    pub fn json(&self, view: &ViewKey) -> String {
        let mut out = String::new();
        for piece in &self.pieces {
            match piece {
                Piece::Text(text) => out.push_str(text),
                Piece::Cell(at) => {
                    if let Some(cell) = self.cells.get(*at) {
                        out.push_str(if view.has(*at) {
                            &cell.plain
                        } else {
                            &cell.masked
                        });
                    }
                }
            }
        }
        out
    }
}

/// Whose record it is, if all policies agree on the column, and the record in the body does not
/// contradict what was sent beside it. What may have been read from another column is believed only
/// where the record holds this one.
fn owner(
    policies: &[&Policy],
    record: &Record<'_>,
    beside: Option<&str>,
    is_read_elsewhere: bool,
) -> Option<String> {
    let column = owner_column(policies.first().copied(), record);
    if policies
        .iter()
        .any(|policy| policy.owner.as_deref() != column)
    {
        return None;
    }
    if policies
        .first()
        .is_some_and(|policy| policy.owner.is_none())
    {
        return None;
    }
    match column.and_then(|column| record.get(column)) {
        Some(value) if id_of(value).as_deref() != beside => None,
        None if is_read_elsewhere => None,
        _ => beside.map(str::to_owned),
    }
}

/// What was made of each view of a plan, made once.
pub struct Views<'p, T> {
    plan: &'p Plan,
    made: BTreeMap<ViewKey, T>,
}

impl<'p, T> Views<'p, T> {
    /// No view of the plan has been made yet.
    pub fn new(plan: &'p Plan) -> Self {
        Self {
            plan,
            made: BTreeMap::new(),
        }
    }

    /// What `make` makes of the view's JSON, called only when the view is seen first.
    pub fn get(&mut self, view: ViewKey, make: impl FnOnce(String) -> T) -> &T {
        let plan = self.plan;
        self.made
            .entry(view)
            .or_insert_with_key(|view| make(plan.json(view)))
    }

    /// How many distinct views were made.
    pub fn len(&self) -> usize {
        self.made.len()
    }

    /// Whether none was made.
    pub fn is_empty(&self) -> bool {
        self.made.is_empty()
    }
}
