//! What a change makes a check look at again.

use std::fs;
use std::path::Path;
use std::sync::Arc;

use super::{Reads, Remembered};
use crate::check::{CheckedProject, Options, Scope};
use crate::project::Project;
use crate::workspace::{self, Listing};
use crate::{settings, workspace::reader};

const FILES: [(&str, &str); 8] = [
    (
        "quickback/quickback.config.ts",
        "export default { auth: { roleHierarchy: ['member', 'admin'] } };\n",
    ),
    (
        "quickback/features/claims.ts",
        "import { feature, q } from 'quickback';\nimport { shared } from '../../src/shared';\n\
         export default feature('claims', { columns: { id: q.id(), title: q.text(), organizationId: q.scope('organization') },\n\
           realtime: { enabled: true, requiredRoles: ['admin'], fields: [...shared, 'title'] } });\n",
    ),
    (
        "quickback/features/notes.ts",
        "import { feature, q } from 'quickback';\n\
         export default feature('notes', { columns: { id: q.id(), organizationId: q.scope('organization') },\n\
           realtime: { enabled: true, requiredRoles: ['admin'], fields: ['id'] } });\n",
    ),
    ("src/shared.ts", "export const shared = ['id'] as const;\n"),
    ("src/other.ts", "export const other = 1;\n"),
    (
        "src/claims.ts",
        "import { createRealtime } from './lib/realtime';\n\
         export const run = async (env, org, row) => { await createRealtime(env).insert('claims', row, org); };\n",
    ),
    (
        "src/notes.ts",
        "import { createRealtime } from './lib/realtime';\n\
         export const run = async (env, org, row) => { await createRealtime(env).insert('notes', row, org); };\n",
    ),
    (
        "src/wrong.ts",
        "import { createRealtime } from './lib/realtime';\n\
         export const run = async (env, org, row) => { await createRealtime(env).insert('notess', row, org); };\n",
    ),
];

fn write(root: &Path, path: &str, text: &str) {
    let path = root.join(path);
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, text).unwrap();
}

/// Checks the files as a whole, changes some of them, and answers which are looked at again; `None`
/// if only a whole check can tell.
fn looked_again(changes: &[(&str, &str)]) -> Option<Vec<String>> {
    looked_again_at(&[], &Options::default(), changes)
}

/// The same with more files, and of a check with these options.
fn looked_again_at(
    more: &[(&str, &str)],
    options: &Options,
    changes: &[(&str, &str)],
) -> Option<Vec<String>> {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    for (path, text) in FILES.iter().chain(more) {
        write(&root, path, text);
    }
    let listing = Listing::of(&root);
    let whole = CheckedProject::open_listed(&root, &listing, options, Some(Arc::default()));
    let members = workspace::members(&root, &listing, &whole.project.settings());
    let scope = Scope {
        root: root.clone(),
        paths: vec![root.clone()],
        listing: None,
    };
    let (_, remembered) = whole.report_to_keep(&scope, options, &root, &(), &members);
    let bytes = remembered.unwrap().encode().unwrap();
    let remembered = Remembered::decode(&bytes).unwrap();

    for (path, text) in changes {
        let before = fs::read_to_string(root.join(path)).unwrap_or_default();
        match text.split_once(" => ") {
            Some((from, to)) => {
                assert!(before.contains(from), "{path} does not hold {from}");
                write(&root, path, &before.replace(from, to));
            }
            None => write(&root, path, text),
        }
    }
    let reads = Arc::<Reads>::default();
    let read = reads.noting(reader(None));
    let (settings, _) = settings::load(&root, &read);
    let listing = Listing::of(&root);
    let members = workspace::members(&root, &listing, &settings);
    let project = Project::new(root.clone(), settings, read);
    for path in &remembered.paths {
        project.file(&root.join(path));
    }
    let change = remembered.change(&project, &members, &reads)?;
    let checked = remembered.look_again(&project, &change)?;
    let mut names: Vec<String> = checked
        .iter()
        .map(|checked| project.relative(checked.file))
        .collect();
    names.sort();
    Some(names)
}

#[track_caller]
fn check(changes: &[(&str, &str)], expected: Option<&[&str]>) {
    let expected = expected.map(|names| names.iter().map(|name| (*name).to_owned()).collect());
    assert_eq!(looked_again(changes), expected, "{changes:?}");
}

#[test]
fn nothing_is_looked_at_where_nothing_has_changed() {
    check(&[], Some(&[]));
}

#[test]
fn a_handler_concerns_itself_alone() {
    check(
        &[("src/notes.ts", "row, org => {}, org")],
        Some(&["src/notes.ts"]),
    );
}

#[test]
fn a_definition_concerns_those_who_send_its_events() {
    check(
        &[("quickback/features/claims.ts", "'title'] => 'titel']")],
        Some(&["quickback/features/claims.ts", "src/claims.ts"]),
    );
}

#[test]
fn what_a_definition_is_read_from_concerns_it_and_those_who_send_its_events() {
    check(
        &[("src/shared.ts", "'id' => 'idd'")],
        Some(&["quickback/features/claims.ts", "src/claims.ts"]),
    );
}

#[test]
fn what_nobody_follows_concerns_nobody() {
    check(&[("src/other.ts", "1 => 2")], Some(&[]));
}

#[test]
fn who_asks_for_all_names_is_told_by_a_whole_check_that_one_has_changed() {
    // `notess` is nearly `notes`, and may be more nearly something else now.
    check(
        &[("quickback/features/claims.ts", "'claims' => 'notesss'")],
        None,
    );
    check(&[("src/wrong.ts", "row, org => {}, org")], None);
}

#[test]
fn what_may_concern_everything_does() {
    check(&[("quickback/quickback.config.ts", "'member', => ")], None);
    check(&[("quickback-realtime.json", "{}")], None);
    check(&[("tsconfig.json", "{}")], None);
    check(&[("src/new.ts", "export {};")], None);
    check(
        &[("src/lib/realtime.ts", "export const createRealtime = 1;")],
        None,
    );
    // Nothing in it mattered before.
    check(&[("src/other.ts", "1 => 'createRealtime'")], None);
}

#[test]
fn a_source_that_may_change_a_constant_concerns_what_is_generated() {
    let of = |generated: bool, change: (&str, &str)| {
        let options = Options {
            generated,
            ..Options::default()
        };
        let setup = "import { shared } from './shared';\nexport const count = shared.length;\n";
        let more = [("quickback-realtime.json", "{}\n"), ("src/setup.ts", setup)];
        looked_again_at(&more, &options, &[change])
    };
    let begins = ("src/other.ts", "1 => (shared as string[]).push('title')");
    let ends = ("src/setup.ts", "shared.length => 1");
    for change in [begins, ends] {
        assert_eq!(of(true, change), None, "{change:?}");
        assert_eq!(of(false, change), Some(Vec::new()), "{change:?}");
    }
    assert_eq!(of(true, ("src/other.ts", "1 => 2")), Some(Vec::new()));
}

#[test]
fn a_call_that_asks_for_higher_roles_no_more_concerns_what_is_generated() {
    let of = |generated: bool, role: &str| {
        let options = Options {
            generated,
            ..Options::default()
        };
        let narrow = format!("{{ targetRoles: ['{role}'] }}");
        let call = format!(
            "import {{ createRealtime }} from './lib/realtime';\n\
             export const run = async (env, org, row) => {{ await createRealtime(env).insert('notes', row, org, {narrow}); }};\n"
        );
        let more = [
            ("quickback-realtime.json", "{}\n"),
            ("src/narrow.ts", call.as_str()),
            // Nobody else asks for all names.
            ("src/wrong.ts", "export {};\n"),
        ];
        let change = format!(", {narrow} => ");
        looked_again_at(&more, &options, &[("src/narrow.ts", &change)])
    };
    assert_eq!(of(true, "member+"), None);
    for (generated, role) in [(true, "member"), (false, "member+")] {
        let expected = Some(vec!["src/narrow.ts".to_owned()]);
        assert_eq!(of(generated, role), expected, "{role}");
    }
}
