//! What is found in a project and what it sends, so that a step of fixing can be judged by both.

use std::collections::{BTreeMap, BTreeSet};

use generator::broadcaster::policy::{Policy, Text};
use generator::policy;
use rayon::prelude::*;
use rustc_hash::FxHashMap;

use crate::diagnostic::{Diagnostic, Severity};
use crate::lower;
use crate::project::Project;
use crate::project::model::{Call, Masking, Method, Setting};
use crate::rules::{self, UNUSED_SUPPRESSION};
use crate::span::FileId;

/// A project as it is at one time.
pub struct State {
    /// The findings of each file.
    pub found: Vec<(FileId, Vec<Diagnostic>)>,
    delivery: Delivery,
}

/// What is sent, and who receives it. The order of names in a list says nothing.
#[derive(Debug, PartialEq)]
struct Delivery {
    hierarchy: Vec<Text>,
    tables: BTreeMap<Text, Policy>,
    namespaces: BTreeMap<String, BTreeSet<String>>,
}

/// The columns that calls have masks for.
#[derive(Debug, Default)]
struct CallMasks {
    /// By the name of the table, `None` where that cannot be told: it may be any.
    columns: BTreeSet<(Option<String>, Option<String>)>,
}

impl State {
    /// The whole project: what is mended in one file must not break another.
    pub fn of(project: &Project) -> Self {
        let members = project.members();
        let found = members
            .into_par_iter()
            .map(|file| (file, rules::check(project, file)));
        Self {
            found: found.collect(),
            delivery: Delivery::of(project),
        }
    }

    /// Whether everything is sent as it was, nothing is wrong that was not, and less is. A
    /// suppression that is left over may be new: the next step takes it away.
    pub fn mends(&self, before: &Self) -> bool {
        let (now, then) = (self.counts(), before.counts());
        let total = |counts: &Counts| counts.values().sum::<usize>();
        let is_new = |(what, count): (&(FileId, &str, Severity), &usize)| {
            what.1 != UNUSED_SUPPRESSION && *count > then.get(what).copied().unwrap_or_default()
        };
        total(&now) < total(&then) && !now.iter().any(is_new) && self.delivery == before.delivery
    }

    fn counts(&self) -> Counts<'_> {
        let mut counts = Counts::default();
        for (file, found) in &self.found {
            for finding in found {
                let what = (*file, finding.code, finding.severity);
                *counts.entry(what).or_default() += 1_usize;
            }
        }
        counts
    }
}

/// How often something is found in a file.
type Counts<'c> = FxHashMap<(FileId, &'c str, Severity), usize>;

impl Delivery {
    fn of(project: &Project) -> Self {
        let model = lower::lower(project);
        let config = policy::config(&model);
        let of_calls = CallMasks::of(project);
        let tables = config.tables.iter().map(|table| {
            let mut policy = table.policy.clone();
            policy.columns.to_mut().sort();
            if let Some(roles) = &mut policy.required_roles {
                roles.to_mut().sort();
            }
            let masks = policy.masks.to_mut();
            masks.sort_by(|a, b| a.column.cmp(&b.column));
            for mask in masks {
                mask.show_roles.to_mut().sort();
                // Whether somebody wrote a rule matters only where a call says something else.
                mask.automatic &= of_calls.may_hold(&table.name, &mask.column);
            }
            (table.name.clone(), policy)
        });
        let namespaces = model.namespaces.into_iter();
        Self {
            hierarchy: config.hierarchy.to_vec(),
            tables: tables.collect(),
            namespaces: namespaces
                .map(|namespace| (namespace.name, namespace.events.into_iter().collect()))
                .collect(),
        }
    }
}

impl CallMasks {
    fn of(project: &Project) -> Self {
        let mut masks = Self::default();
        for file in project.members() {
            for call in &project.model(file).calls {
                masks.add(call);
            }
        }
        masks
    }

    fn add(&mut self, call: &Call) {
        if matches!(call.method, Method::Broadcast | Method::Event { .. }) {
            return;
        }
        let table = call.table().map(str::to_owned);
        let can_be_read = matches!(call.options, Setting::Known(_));
        match &call.masking {
            Setting::Absent if can_be_read || call.options.is_absent() => {}
            Setting::Known(known) if is_whole(&known.value) => {
                let rules = known.value.rules.iter();
                let columns = rules.map(|rule| (table.clone(), Some(rule.column.to_string())));
                self.columns.extend(columns);
            }
            _ => {
                self.columns.insert((table, None));
            }
        }
    }

    fn may_hold(&self, table: &str, column: &str) -> bool {
        let tables = [Some(table.to_owned()), None];
        tables.into_iter().any(|table| {
            let columns = [Some(column.to_owned()), None];
            columns
                .into_iter()
                .any(|column| self.columns.contains(&(table.clone(), column)))
        })
    }
}

fn is_whole(masking: &Masking) -> bool {
    masking.unresolved.is_none()
}
