//! For whom a masked column is plain: the rules of the policies and of the call, as one.

use std::borrow::Cow;
use std::collections::BTreeMap;

use crate::body::CallMask;
use crate::mask::MaskType;
use crate::policy::{Config, MaskRule, Policy};
use crate::wire::{Code, Refusal};

/// For whom a column is plain: for those to whom all of `shows` show it.
#[derive(Debug, Clone)]
pub(crate) struct Rule {
    /// How it is masked for all others.
    pub kind: MaskType,
    shows: Vec<Show>,
}

/// To whom one rule shows a column.
#[derive(Debug, Clone, PartialEq, Eq)]
struct Show {
    everyone: bool,
    roles: Vec<String>,
    owner: bool,
}

impl Rule {
    /// Whether a receiver with these roles, who owns the record or does not, sees it plain.
    pub fn shows_to(&self, roles: &[String], owns: bool) -> bool {
        self.shows.iter().all(|show| {
            show.everyone
                || (show.owner && owns)
                || show.roles.iter().any(|role| roles.contains(role))
        })
    }

    /// Narrows it to those to whom `rule` shows the column too.
    fn show_only(&mut self, rule: &MaskRule) {
        let show = Show {
            everyone: rule.show_everyone,
            roles: rule
                .show_roles
                .iter()
                .map(|role| role.to_string())
                .collect(),
            owner: rule.show_owner,
        };
        if !self.shows.contains(&show) {
            self.shows.push(show);
        }
    }
}

/// The stricter of what all policies say of a column together with the call's own mask.
pub(crate) fn rule(policies: &[&Policy], column: &str, call: Option<&MaskRule>) -> Option<Rule> {
    let mut rules: Vec<Cow<'_, MaskRule>> = Vec::new();
    let mut shows: Vec<&MaskRule> = Vec::new();
    let declared: Vec<Option<Cow<'_, MaskRule>>> = match policies {
        [] => vec![MaskRule::automatic(column).map(Cow::Owned)],
        policies => policies.iter().map(|policy| policy.rule(column)).collect(),
    };
    for own in declared {
        match (own, call) {
            (Some(own), Some(_)) if !own.automatic => rules.push(own),
            // A call replaces what is masked only automatically.
            (_, Some(call)) => rules.push(Cow::Borrowed(call)),
            (Some(own), None) => rules.push(own),
            (None, None) => {}
        }
    }
    if rules.is_empty() {
        return None;
    }
    shows.extend(rules.iter().map(|rule| &**rule));
    let mut combined = combine(&shows);
    if let Some(call) = call {
        combined.show_only(call);
    }
    Some(combined)
}

/// Plain only where every rule shows it, and under a mask that gives no more than any of them.
pub(crate) fn combine(rules: &[&MaskRule]) -> Rule {
    let mut kinds = rules.iter().map(|rule| rule.kind.applied());
    let first = kinds.next().unwrap_or(MaskType::Redact);
    let kind = if kinds.all(|kind| kind == first) {
        first
    } else {
        MaskType::Redact
    };
    let mut combined = Rule {
        kind,
        shows: Vec::new(),
    };
    for rule in rules {
        combined.show_only(rule);
    }
    combined
}

/// The roles of a call, `role+` expanded by the rendered hierarchy.
pub(crate) fn expand(config: &Config, roles: &[String]) -> Result<Vec<String>, Refusal> {
    let unknown = Refusal::new(
        Code::UnknownRole,
        "A role is none, or it ends in `+` and the hierarchy does not have it.",
    );
    let lists = roles.iter().map(|role| config.expand(role).ok_or(unknown));
    Ok(lists.collect::<Result<Vec<_>, _>>()?.concat())
}

/// The rules of a call's `maskingConfig` by their columns.
pub(crate) fn call_rules<'a>(
    config: &Config,
    masking: &'a [CallMask],
) -> Result<BTreeMap<&'a str, MaskRule>, Refusal> {
    masking
        .iter()
        .map(|mask| Ok((mask.column.as_str(), call_rule(config, mask)?)))
        .collect()
}

fn call_rule(config: &Config, call: &CallMask) -> Result<MaskRule, Refusal> {
    let roles = expand(config, &call.show_roles)?;
    Ok(MaskRule {
        column: Cow::Owned(call.column.clone()),
        kind: call.kind,
        show_everyone: roles.iter().any(|role| role == "everyone"),
        show_roles: roles.into_iter().map(Cow::Owned).collect(),
        show_owner: call.show_owner,
        automatic: false,
    })
}
