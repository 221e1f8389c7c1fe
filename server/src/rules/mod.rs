//! The rules: one file each, in the order of the table in `rules/README.md`.
//!
//! To add one: write `<code>.rs` with `rule! { ... }`, a `check` function and tests, then name the
//! module and its `RULE` below.

mod calls;
mod context;
pub mod delivery;
#[cfg(test)]
mod docs_tests;
mod duplicates;
pub mod edits;
#[cfg(test)]
mod edits_tests;
#[cfg(test)]
mod fixes_tests;
pub mod identifiers;
mod masks;
mod pointing;
mod role_names;
mod sensitive_columns;
pub mod suggest;
mod suppress;
#[cfg(test)]
pub mod testing;

mod broadcast_before_commit;
mod custom_mask;
mod duplicate_event;
mod duplicate_field;
mod duplicate_key;
mod duplicate_namespace;
mod duplicate_role;
mod duplicate_table;
mod empty_list;
mod event_off;
mod floating_broadcast;
mod implicit_mask;
mod invalid_event;
mod invalid_namespace;
mod invalid_role;
mod invalid_value;
mod misplaced_namespace;
mod missing_key;
mod missing_primary_key;
mod no_events;
mod no_organization;
mod not_enabled;
mod not_realtime;
mod owner_not_in_payload;
mod owner_without_column;
mod syntax_error;
mod unknown_event;
mod unknown_field;
mod unknown_key;
mod unknown_mask_type;
mod unknown_masked_field;
mod unknown_namespace;
mod unknown_payload_field;
mod unknown_role;
mod unknown_table;
mod unmasked_sensitive_field;
mod unreachable_mask_role;
mod unresolved_value;
mod unsupported_target;
mod untyped_event;
mod wide_payload;
mod widened_mask;

use std::sync::Arc;

use crate::diagnostic::{Diagnostic, Severity};
use crate::project::model::FileModel;
use crate::project::{Project, Roles};
use crate::span::FileId;

pub use calls::holds_word;
pub use context::{Context, Report};
pub use suppress::UNUSED_SUPPRESSION;
pub use unresolved_value::{unresolved_in_namespace, unresolved_in_table};

/// A rule.
#[derive(Debug)]
pub struct Rule {
    /// Its code, in kebab case: what a diagnostic carries and a suppression names.
    pub code: &'static str,
    /// How grave its findings are, where the rule itself or the settings say nothing else.
    pub severity: Severity,
    /// Its documentation in Markdown: what it reports, why, invalid and valid examples.
    pub docs: &'static str,
    /// Reports the findings of one file.
    pub check: fn(&Context<'_>, &mut Report<'_>),
}

/// Declares a rule: its documentation is captured as text, so that hover, `explain` and the page
/// of the rule say the same.
macro_rules! rule {
    ($(#[doc = $doc:literal])* $name:ident = $code:literal, $severity:ident, $check:path;) => {
        $(#[doc = $doc])*
        pub static $name: $crate::rules::Rule = $crate::rules::Rule {
            code: $code,
            severity: $crate::diagnostic::Severity::$severity,
            docs: concat!($($doc, "\n"),*),
            check: $check,
        };
    };
}
use rule;

/// All rules.
pub static ALL: &[&Rule] = &[
    &broadcast_before_commit::RULE,
    &custom_mask::RULE,
    &duplicate_event::RULE,
    &duplicate_field::RULE,
    &duplicate_key::RULE,
    &duplicate_namespace::RULE,
    &duplicate_role::RULE,
    &duplicate_table::RULE,
    &empty_list::RULE,
    &event_off::RULE,
    &floating_broadcast::RULE,
    &implicit_mask::RULE,
    &invalid_event::RULE,
    &invalid_namespace::RULE,
    &invalid_role::RULE,
    &invalid_value::RULE,
    &misplaced_namespace::RULE,
    &missing_key::RULE,
    &missing_primary_key::RULE,
    &no_events::RULE,
    &no_organization::RULE,
    &not_enabled::RULE,
    &not_realtime::RULE,
    &owner_not_in_payload::RULE,
    &owner_without_column::RULE,
    &syntax_error::RULE,
    &unknown_event::RULE,
    &unknown_field::RULE,
    &unknown_key::RULE,
    &unknown_mask_type::RULE,
    &unknown_masked_field::RULE,
    &unknown_namespace::RULE,
    &unknown_payload_field::RULE,
    &unknown_role::RULE,
    &unknown_table::RULE,
    &unmasked_sensitive_field::RULE,
    &unreachable_mask_role::RULE,
    &unresolved_value::RULE,
    &unsupported_target::RULE,
    &untyped_event::RULE,
    &wide_payload::RULE,
    &widened_mask::RULE,
];

/// The address of a rule's page.
pub fn page(code: &str) -> String {
    format!("https://docs.quickback.dev/realtime/rules#{code}")
}

/// The rule of that code.
pub fn rule_of(code: &str) -> Option<&'static Rule> {
    ALL.iter().find(|rule| rule.code == code).copied()
}

/// The code of that name that findings carry, of a rule or about suppressions.
pub fn code_of(name: &str) -> Option<&'static str> {
    let rule = rule_of(name).map(|rule| rule.code);
    rule.or_else(|| (name == UNUSED_SUPPRESSION).then_some(UNUSED_SUPPRESSION))
}

/// All findings of one file of a project, in the order of their ranges, severities and
/// suppressions applied.
pub fn check(project: &Project, file: FileId) -> Vec<Diagnostic> {
    check_in(Context::of(project, file))
}

/// The same for somebody who types: from the names that are known at once, see
/// [`Project::index_at_hand`].
pub fn check_at_hand(project: &Project, file: FileId) -> Vec<Diagnostic> {
    check_in(Context::at_hand(project, file))
}

fn check_in(context: Option<Context<'_>>) -> Vec<Diagnostic> {
    let Some(context) = context.filter(|context| !context.facts.generated) else {
        return Vec::new();
    };
    let found = run(&context);
    suppress::apply(&context, found)
}

/// The findings of one file that stand whatever is in the files that it does not lead to: for a
/// project that is still being read. What a rule finds without asking for the names of the project
/// does not depend on them; that a suppression suppresses nothing does.
pub fn check_alone(project: &Project, file: FileId) -> Vec<Diagnostic> {
    let Some(context) = Context::alone(project, file) else {
        return Vec::new();
    };
    if context.facts.generated {
        return Vec::new();
    }
    let mut found = Vec::new();
    for rule in ALL {
        let before = found.len();
        (rule.check)(&context, &mut Report::new(rule, &mut found));
        if context.take_asked() {
            found.truncate(before);
        }
    }
    suppress::apply(&context, found)
}

/// The errors of one file with the severities that the rules give them, reported or not: what can
/// be generated depends on nothing else. `lasting` is what was found before, which holds if
/// nothing has changed that it depends on. Answers also what may be handed in the next time.
pub fn errors(
    project: &Project,
    file: FileId,
    lasting: Option<Arc<Lasting>>,
) -> (Vec<Diagnostic>, Option<Arc<Lasting>>) {
    let Some(context) = Context::of(project, file) else {
        return (Vec::new(), None);
    };
    let lasting = match lasting.filter(|lasting| lasting.holds(&context)) {
        Some(lasting) => lasting,
        None => Arc::new(Lasting::of(&context)),
    };
    let mut found = lasting.errors.clone();
    for rule in &lasting.asking {
        (rule.check)(&context, &mut Report::new(rule, &mut found));
    }
    found.retain(|finding| finding.severity == Severity::Error);
    (found, Some(lasting))
}

/// The errors of a file that last as long as its meaning and the project's roles do.
pub struct Lasting {
    model: Arc<FileModel>,
    roles: Arc<Roles>,
    errors: Vec<Diagnostic>,
    /// The rules that asked for the names of the project, and so have to be run each time.
    asking: Vec<&'static Rule>,
}

impl Lasting {
    fn of(context: &Context<'_>) -> Self {
        let (mut errors, mut asking) = (Vec::new(), Vec::new());
        for rule in ALL {
            let before = errors.len();
            context.take_asked();
            (rule.check)(context, &mut Report::new(rule, &mut errors));
            if context.take_asked() {
                errors.truncate(before);
                asking.push(*rule);
            }
        }
        errors.retain(|finding| finding.severity == Severity::Error);
        Self {
            model: Arc::clone(&context.model),
            roles: Arc::clone(&context.roles),
            errors,
            asking,
        }
    }

    fn holds(&self, context: &Context<'_>) -> bool {
        Arc::ptr_eq(&self.model, &context.model) && Arc::ptr_eq(&self.roles, &context.roles)
    }
}

fn run(context: &Context<'_>) -> Vec<Diagnostic> {
    let mut found = Vec::new();
    for rule in ALL {
        (rule.check)(context, &mut Report::new(rule, &mut found));
    }
    found
}
