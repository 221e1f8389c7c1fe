//! Every fix of every finding, in the examples of the rules, in the project that breaks all of them
//! and where tables share what they are made of, does what it says: the text still parses, the
//! finding is gone, and a safe one leaves everything sent as it was and fewer findings than before.
//! So do all the safe ones together.

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use super::docs_tests::{examples, with_imports};
use super::testing::{Fixture, apply, fixture, fixture_with};
use super::{ALL, check};
use crate::diagnostic::{Diagnostic, Edit, Fix};
use crate::facts::FileFacts;
use crate::fix::{self, State};
use crate::settings::Settings;
use crate::span::Span;

fn findings(fixture: &Fixture) -> Vec<Diagnostic> {
    fixture
        .files
        .keys()
        .flat_map(|path| check(&fixture.project, fixture.file(path)))
        .collect()
}

fn errors(fixture: &Fixture) -> usize {
    let facts = |path: &String| fixture.project.facts(fixture.file(path));
    fixture
        .files
        .keys()
        .filter_map(facts)
        .map(|facts| facts.errors.len())
        .sum()
}

/// What the findings, syntax errors and deliveries are while a fix is applied, and the edited files'
/// text.
fn mended(fixture: &Fixture, fix: &Fix) -> (Vec<Diagnostic>, usize, State, String) {
    let project = &fixture.project;
    let mut changed = String::new();
    let mut restored = Vec::new();
    for (path, text) in &fixture.files {
        let file = fixture.file(path);
        let edits: Vec<&Edit> = fix.edits.iter().filter(|e| e.place.file == file).collect();
        if edits.is_empty() {
            continue;
        }
        let text = apply(text, &edits);
        restored.push((file, project.facts(file)));
        let facts = FileFacts::of_text(&text, &project.path(file));
        project.set_facts(file, Some(Arc::new(facts)));
        changed.push_str(&format!("//- {path}\n{text}\n"));
    }
    let state = State::of(project);
    let after = (findings(fixture), errors(fixture), state, changed);
    for (file, facts) in restored {
        project.set_facts(file, facts);
    }
    after
}

/// Applies each fix by itself, then all safe ones, and says what is wrong with what that makes.
fn judge(fixture: &Fixture) -> Vec<String> {
    let before = findings(fixture);
    let state = State::of(&fixture.project);
    let errors = errors(fixture);
    let mut wrong = Vec::new();
    for finding in &before {
        for fix in &finding.fixes {
            let (found, errors_after, state_after, text) = mended(fixture, fix);
            let same = |d: &&Diagnostic| d.code == finding.code && d.message == finding.message;
            let mut complain = |what: &str| {
                wrong.push(format!("{}: {} {what}:\n{text}", finding.code, fix.title));
            };
            if found.iter().filter(same).count() >= before.iter().filter(same).count() {
                complain("does not mend it");
            }
            if errors_after > errors {
                complain("does not parse");
            }
            if fix.safe && !state_after.mends(&state) {
                complain("is safe and changes what is sent, or leaves as many findings");
            }
        }
    }
    let together = fixture.project.fork();
    let fixed = fix::fix(&together, &|_| true);
    if fixed.fixes > 0 && !State::of(&together).mends(&state) {
        wrong.push(format!("all safe fixes together: {:#?}", fixed.files));
    }
    wrong
}

#[test]
fn fixes_of_the_examples_mend_them() {
    let wrong: Vec<String> = ALL
        .iter()
        .flat_map(|rule| examples(rule, "Invalid"))
        .flat_map(|example| judge(&fixture(&with_imports(&example))))
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn fixes_in_a_whole_project_mend_it() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../tests/fixtures/leaky");
    let mut files = BTreeMap::new();
    let mut open = vec![root.clone()];
    while let Some(path) = open.pop() {
        if path.is_dir() {
            open.extend(std::fs::read_dir(&path).unwrap().map(|e| e.unwrap().path()));
        } else if path.extension().is_some_and(|e| e == "ts") {
            let name = path
                .strip_prefix(&root)
                .unwrap()
                .to_string_lossy()
                .replace('\\', "/");
            files.insert(name, std::fs::read_to_string(&path).unwrap());
        }
    }
    let text: String = files
        .iter()
        .map(|(path, text)| format!("//- {path}\n{text}\n"))
        .collect();
    let settings = Settings {
        roles: vec![("sensitivity-reader".to_owned(), Span::default())],
        ..Settings::default()
    };
    let fixture = fixture_with(&text, settings);
    let fixes = findings(&fixture)
        .iter()
        .map(|d| d.fixes.len())
        .sum::<usize>();
    assert!(fixes > 60, "{fixes}");
    let wrong = judge(&fixture);
    let titles: Vec<&str> = wrong.iter().filter_map(|w| w.lines().next()).collect();
    assert!(wrong.is_empty(), "{titles:#?}");
}

#[test]
fn fixes_of_what_tables_share_mend_it() {
    let fixture = fixture(
        "//- quickback/features/people.ts
import { defineTable, feature, q } from '@quickback/compiler';
import { STAFF } from '../roles';
const LOCAL = ['admin+', 'admin'];
const FIELDS = ['id', 'email', 'id'];
const masking = { title: { type: 'name', show: { roles: ['admin', 'admin'], roles: ['member'] } } };
const realtime = { enabled: true, enabled: true, fields: FIELDS };
const options = { firewall: { organization: {} }, masking, realtime: { enabled: true, requiredRoles: [...LOCAL, ...STAFF] } };
export const guests = q.table('guests', { id: q.id(), email: q.email(), title: q.text(), org: q.scope('organization') });
export const users = q.table('users', { id: q.id(), email: q.email(), title: q.text(), org: q.scope('organization'), userId: q.scope('owner') });
export const tags = q.table('tags', { id: q.id(), title: q.text(), org: q.scope('organization') });
export const a = defineTable(guests, options);
export const b = defineTable(users, options);
export const c = defineTable(tags, { ...options });
export const d = feature('d', { columns: { id: q.id(), email: q.email(), org: q.scope('organization') }, realtime });
export const e = feature('e', { columns: { id: q.id(), email: q.email(), org: q.scope('organization'), userId: q.scope('owner') }, masking: { ...masking }, realtime });
export const f = feature('f', { columns: { id: q.id(), org: q.scope('organization') }, ...options, realtime: { ...realtime, fields: ['id', 'id'] } });
//- quickback/roles.ts
export const STAFF = ['owner', 'owner'];
",
    );
    let safe = |found: &Diagnostic| found.fixes.iter().any(|fix| fix.safe);
    let count = findings(&fixture).into_iter().filter(safe).count();
    assert!(count >= 4, "{count}");
    let wrong = judge(&fixture);
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Two tables, `one` and `two`, and a call for `one`; `shared` is what both definitions are made of.
fn two_tables(shared: &str, one: &str, two: &str) -> String {
    format!(
        "//- quickback/features/both.ts
import {{ defineTable, q }} from '@quickback/compiler';
{shared}
export const one = q.table('one', {{ id: q.id(), org: q.scope('organization'), title: q.text(), name: q.text() }});
export const two = q.table('two', {{ key: q.id(), org: q.scope('organization'), notes: q.text(), titles: q.text(), userId: q.scope('owner') }});
export const a = defineTable(one, {one});
export const b = defineTable(two, {two});
//- src/a.ts
import {{ createRealtime }} from '../lib/realtime';
export const run = async (env, org, record) => createRealtime(env).insert('one', record, org);
"
    )
}

/// What a rule offers for `one`, with what both definitions are made of.
const OF_ONE_TABLE: [(&str, &str, &str); 11] = [
    (
        "unknown-masked-field",
        "{ titles: { type: 'redact' } }",
        "masking: SHARED, realtime: { enabled: true }",
    ),
    ("not-realtime", "{ enabled: false }", "realtime: SHARED"),
    (
        "not-enabled",
        "{ fields: ['id', 'key'] }",
        "realtime: SHARED",
    ),
    ("wide-payload", "{ enabled: true }", "realtime: SHARED"),
    (
        "no-events",
        "{ enabled: true, onInsert: false, onUpdate: false, onDelete: false }",
        "realtime: SHARED",
    ),
    (
        "missing-primary-key",
        "['org']",
        "realtime: { enabled: true, fields: SHARED }",
    ),
    (
        "unknown-field",
        "['id', 'titles']",
        "realtime: { enabled: true, fields: SHARED }",
    ),
    (
        "owner-without-column",
        "{ org: { type: 'redact', show: { roles: ['admin'], or: 'owner' } } }",
        "masking: SHARED, realtime: { enabled: true }",
    ),
    (
        "empty-list",
        "{ enabled: true, requiredRoles: [] }",
        "realtime: SHARED",
    ),
    (
        "empty-list",
        "{ enabled: true, fields: [] }",
        "realtime: SHARED",
    ),
    (
        "invalid-role",
        "{ enabled: true, requiredRoles: ['*'] }",
        "realtime: SHARED",
    ),
];

/// How many findings of a rule there are, and how many fixes of them.
fn offered(text: &str, code: &str) -> (usize, usize) {
    let all = findings(&fixture(text));
    let found = all.iter().filter(|finding| finding.code == code);
    found.fold((0, 0), |(findings, fixes), finding| {
        (findings + 1, fixes + finding.fixes.len())
    })
}

#[test]
fn what_is_wrong_for_one_table_is_not_mended_in_what_others_are_made_of() {
    for (code, value, options) in OF_ONE_TABLE {
        let shared = format!("const SHARED = {value};");
        let options = format!("{{ {options} }}");
        for (constants, one, two) in [
            (shared.clone(), &options, &options),
            // Each of them is named once, and leads to what is shared.
            (
                format!("{shared} const ONE = {options}; const TWO = {options};"),
                &"ONE".to_owned(),
                &"TWO".to_owned(),
            ),
            // Other files may be made of it too.
            (
                format!("export {shared}"),
                &options,
                &"{ realtime: { enabled: true } }".to_owned(),
            ),
            (
                format!("{shared} export const all = [SHARED];"),
                &options,
                &"{ realtime: { enabled: true } }".to_owned(),
            ),
        ] {
            let text = two_tables(&constants, one, two);
            let (findings, fixes) = offered(&text, code);
            assert!(findings > 0, "{code} says nothing of:\n{text}");
            assert_eq!(fixes, 0, "{code} in:\n{text}");
        }
    }
}

#[test]
fn what_one_definition_alone_is_made_of_is_mended() {
    for (code, value, options) in OF_ONE_TABLE {
        let shared = format!("const SHARED = {value};");
        let options = format!("{{ {options} }}");
        for (constants, one) in [
            (shared.clone(), options.clone()),
            (format!("{shared} const ONE = {options};"), "ONE".to_owned()),
            (String::new(), options.replace("SHARED", value)),
        ] {
            let text = two_tables(&constants, &one, "{ realtime: { enabled: true } }");
            let (_, fixes) = offered(&text, code);
            assert!(fixes > 0, "{code} offers nothing in:\n{text}");
        }
    }
}
