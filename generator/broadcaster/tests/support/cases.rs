//! Any change that is broadcast under any policies, and who may see what of it by the rules of
//! delivery, written a second time and slowly.

use broadcaster::body::ChangeKind;
use broadcaster::delivery::{Receiver, Views};
use broadcaster::policy::{Config, MaskRule, Policy};
use proptest::prelude::*;
use proptest::sample::{select, subsequence};
use serde_json::Value;

use super::draw::{draw, maybe};
use super::strategies::{
    COLUMNS, CallMask, ROLES, USERS, call_masks, config, masking_config, policy,
};
use super::{body, planned};

/// A change of a record, and what is configured and called.
#[derive(Debug, Clone)]
pub struct Case {
    /// The worker's policy for the table, if it declares it.
    own: Option<Policy>,
    /// The helper's.
    along: Option<Policy>,
    masks: Vec<CallMask>,
    target_roles: Option<Vec<&'static str>>,
    user_id: Option<&'static str>,
    kind: ChangeKind,
    columns: Vec<&'static str>,
    shape: Shape,
    owners: [Owner; 2],
}

/// How a value holds its marker.
#[derive(Debug, Clone, Copy)]
enum Shape {
    Text,
    Number,
    Address,
    Nested,
}

/// Who owns one side of a change, as it is said beside the record and in it.
#[derive(Debug, Clone, Default)]
struct Owner {
    beside: Option<&'static str>,
    user_id: Option<&'static str>,
    owner_id: Option<&'static str>,
}

fn owner() -> impl Strategy<Value = Owner> {
    let user = || maybe(select(USERS));
    (user(), user(), user()).prop_map(|(beside, user_id, owner_id)| Owner {
        beside,
        user_id,
        owner_id,
    })
}

/// Any case.
pub fn case() -> impl Strategy<Value = Case> {
    let kinds = [ChangeKind::Insert, ChangeKind::Update, ChangeKind::Delete];
    let shapes = [Shape::Text, Shape::Number, Shape::Address, Shape::Nested];
    (
        (maybe(policy()), maybe(policy())),
        call_masks(),
        maybe(subsequence(ROLES, 1..=ROLES.len())),
        maybe(select(USERS)),
        (select(kinds.to_vec()), select(shapes.to_vec())),
        subsequence(COLUMNS, 0..=COLUMNS.len()),
        [owner(), owner()],
    )
        .prop_map(
            |((own, along), masks, target_roles, user_id, (kind, shape), columns, owners)| Case {
                own,
                along,
                masks,
                target_roles,
                user_id,
                kind,
                columns,
                shape,
                owners,
            },
        )
}

/// Every receiver that there can be.
pub fn receivers() -> Vec<(Option<&'static str>, Vec<&'static str>)> {
    let mut all = Vec::new();
    for user in USERS.iter().copied().map(Some).chain([None]) {
        for set in 0..1 << ROLES.len() {
            let held = ROLES
                .iter()
                .enumerate()
                .filter(|(at, _)| set >> at & 1 == 1);
            all.push((user, held.map(|(_, role)| *role).collect()));
        }
    }
    all
}

/// Reads a case out of bytes and checks it for every receiver.
pub fn check_bytes(bytes: &[u8]) {
    if let Some(case) = draw(&case(), bytes) {
        case.holds_for(&receivers());
    }
}

/// The marker of a column in `new` (0) or `old` (1): ten digits of which no five occur elsewhere.
fn marker(side: usize, column: &str) -> String {
    let at = COLUMNS.iter().position(|known| *known == column).unwrap();
    let number = side * COLUMNS.len() + at;
    let (first, second) = (1 + number / 7, number % 7);
    // Pairs of different digits, of which none is another one turned around.
    let pair = if second < first {
        format!("{first}{second}")
    } else {
        format!("{first}{}", second + 3)
    };
    pair.repeat(5)
}

impl Case {
    fn has(&self, side: usize) -> bool {
        match self.kind {
            ChangeKind::Insert => side == 0,
            ChangeKind::Update => true,
            ChangeKind::Delete => side == 1,
        }
    }

    fn record(&self, side: usize) -> String {
        if !self.has(side) {
            return "null".into();
        }
        let marked = self.columns.iter().map(|column| {
            let marker = marker(side, column);
            let value = match self.shape {
                Shape::Text => format!("{marker:?}"),
                Shape::Number => marker,
                Shape::Address => format!("\"{marker}@{marker}.org\""),
                Shape::Nested => format!(r#"{{"deep":["{marker}"]}}"#),
            };
            format!("\"{column}\":{value}")
        });
        let owner = &self.owners[side];
        let named = [("userId", owner.user_id), ("ownerId", owner.owner_id)];
        let owners = named
            .into_iter()
            .filter_map(|(name, id)| Some(format!("\"{name}\":\"{}\"", id?)));
        let members: Vec<String> = marked.chain(owners).collect();
        format!("{{{}}}", members.join(","))
    }

    /// The body that a helper would send.
    pub fn body(&self) -> String {
        let mut members = format!(
            r#""type":"postgres_changes","table":"t","eventType":"{}","new":{},"old":{}{}"#,
            self.kind.name(),
            self.record(0),
            self.record(1),
            masking_config(&self.masks),
        );
        let sides = ["new", "old"].into_iter().zip(&self.owners);
        let beside: Vec<String> = sides
            .filter_map(|(side, owner)| Some(format!("\"{side}\":\"{}\"", owner.beside?)))
            .collect();
        members.push_str(&format!(r#","owner":{{{}}}"#, beside.join(",")));
        if let Some(roles) = &self.target_roles {
            members.push_str(&format!(r#","targetRoles":{roles:?}"#));
        }
        if let Some(user) = self.user_id {
            members.push_str(&format!(r#","userId":"{user}""#));
        }
        if let Some(policy) = &self.along {
            let policy = serde_json::to_string(policy).unwrap();
            members.push_str(&format!(r#","policy":{policy}"#));
        }
        body(&members)
    }

    /// What the worker is configured with.
    pub fn config(&self) -> Config {
        config(self.own.clone())
    }

    fn policies(&self) -> impl Iterator<Item = &Policy> {
        self.own.iter().chain(&self.along)
    }

    /// Rules 1 and 3: whether a receiver gets the event.
    fn reaches(&self, user: Option<&str>, roles: &[&str]) -> bool {
        let is_on = self.policies().all(|policy| match self.kind {
            ChangeKind::Insert => policy.events.insert,
            ChangeKind::Update => policy.events.update,
            ChangeKind::Delete => policy.events.delete,
        });
        let has_required = self.policies().all(|policy| match &policy.required_roles {
            None => true,
            Some(required) => required.iter().any(|role| roles.contains(&&**role)),
        });
        let has_target = match &self.target_roles {
            None => true,
            Some(targets) => targets.iter().any(|role| roles.contains(role)),
        };
        let is_target = self.user_id.is_none() || self.user_id == user;
        is_on && has_required && has_target && is_target
    }

    /// Rule 5: whether a user owns one side of the change.
    fn owns(&self, side: usize, user: Option<&str>) -> bool {
        let owner = &self.owners[side];
        let columns: Vec<Option<&str>> = self.policies().map(|p| p.owner.as_deref()).collect();
        let in_record = match columns.as_slice() {
            // Of an ad hoc table: `ownerId`, else `userId`.
            [] => owner.owner_id.or(owner.user_id),
            [Some(first), others @ ..] if others.iter().all(|other| other == &Some(*first)) => {
                match *first {
                    "userId" => owner.user_id,
                    _ => owner.owner_id,
                }
            }
            _ => return false,
        };
        // A helper that knows no such table reads its owner as of an ad hoc one, and sends no policy.
        let is_ad_hoc_there = self.own.is_some()
            && self.along.is_none()
            && in_record.is_none()
            && owner.owner_id.or(owner.user_id) == owner.beside;
        let agrees = in_record.is_none() || in_record == owner.beside;
        owner.beside.is_some() && agrees && !is_ad_hoc_there && owner.beside == user
    }

    /// Rules 2 and 4: whether a receiver of the event sees a column's value of one side plain.
    fn shows(&self, side: usize, column: &str, user: Option<&str>, roles: &[&str]) -> bool {
        let owns = self.owns(side, user);
        let call = self.masks.iter().find(|mask| mask.column == column);
        let call_shows = call.is_none_or(|mask| {
            mask.roles.iter().any(|role| roles.contains(role)) || (mask.owner && owns)
        });
        let rule_shows = |rule: Option<MaskRule>| match rule {
            None => true,
            // A call replaces what is masked only automatically.
            Some(rule) if rule.automatic && call.is_some() => true,
            Some(rule) => {
                rule.show_everyone
                    || rule.show_roles.iter().any(|role| roles.contains(&&**role))
                    || (rule.show_owner && owns)
            }
        };
        let mut is_shown = call_shows;
        for policy in self.policies() {
            let is_listed = policy.columns.iter().any(|known| known == column);
            let explicit = policy.masks.iter().find(|rule| rule.column == column);
            let rule = match explicit {
                Some(rule) => Some(rule.clone()),
                None if is_listed => None,
                None => MaskRule::automatic(column),
            };
            is_shown &= (is_listed || policy.open) && rule_shows(rule);
        }
        if self.policies().next().is_none() {
            is_shown &= rule_shows(MaskRule::automatic(column));
        }
        is_shown
    }

    /// Fails unless a receiver gets and sees exactly what the rules say.
    pub fn holds_for(&self, receivers: &[(Option<&str>, Vec<&str>)]) {
        let plan = planned(&self.config(), &self.body()).unwrap_or_else(|refusal| {
            panic!("refused: {refusal}: {}", self.body());
        });
        let mut views = Views::new(&plan);
        for (user, held) in receivers {
            let roles: Vec<String> = held.iter().map(|role| (*role).to_owned()).collect();
            let view = plan.view(Receiver {
                user_id: *user,
                roles: &roles,
            });
            assert_eq!(
                view.is_some(),
                self.reaches(*user, held),
                "whether {user:?} with {held:?} receives {}",
                self.body()
            );
            let Some(view) = view else { continue };
            let json = views.get(view, |json| json);
            let event: Value = serde_json::from_str(json).unwrap();
            for (side, name) in ["new", "old"].into_iter().enumerate() {
                assert_eq!(event[name].is_null(), !self.has(side), "{json}");
                for column in self.columns.iter().filter(|_| self.has(side)) {
                    assert_eq!(
                        json.contains(&marker(side, column)[..5]),
                        self.shows(side, column, *user, held),
                        "whether {user:?} with {held:?} sees {column} of {name} in {json} of {} under {:?}",
                        self.body(),
                        self.config().tables,
                    );
                }
            }
        }
    }
}
