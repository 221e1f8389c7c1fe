use insta::assert_snapshot;

use super::{LensKind, lenses};
use crate::ide::testing::{PROJECT, at_cursor, in_options};

fn shown(marked: &str) -> String {
    let at = at_cursor(marked);
    let lines = lenses(&at.fixture.project, at.file)
        .into_iter()
        .map(|lens| {
            let places = match &lens.kind {
                LensKind::Calls(places) => places
                    .iter()
                    .map(|place| format!(" @{}", at.fixture.project.text(*place)))
                    .collect(),
                LensKind::Preview { name, .. } => format!(" of {name}"),
                LensKind::Receivers => String::new(),
            };
            format!("{}: {}{places}", lens.span.text(&at.text), lens.title)
        });
    lines.collect::<Vec<_>>().join("\n")
}

#[test]
fn a_table_says_who_receives_what() {
    let calls = "//- src/a.ts\nimport { createRealtime } from './lib/realtime';\nconst realtime = createRealtime(env);\nrealtime.insert('claims', r, o);\nrealtime.delete('claims', r, o);\nrealtime.insert('notes', r, o);\n";
    let text = in_options(
        "  firewall: { owner: { column: 'id' } },\n  masking: {\n    title: { type: 'name', show: { roles: ['admin+'], or: 'owner' } },\n  },\n  realtime: { enabled: true$0, requiredRoles: ['member+'], fields: ['id', 'title', 'email'] },",
    );
    assert_snapshot!(shown(&format!("{text}{calls}")), @r"
    defineTable: Preview events of claims
    defineTable: 2 calls @insert @delete
    defineTable: member, admin, owner · masked for member: title · masked for all but admin: email · owner sees all
    ");
}

#[test]
fn receivers_in_other_cases() {
    let second = |options: &str| {
        let shown = shown(&in_options(options));
        shown.lines().nth(2).unwrap_or_default().to_owned()
    };
    assert_snapshot!(second("  realtime: { enabled: true$0, fields: ['id', 'email'] },"), @"defineTable: every member of the organization · masked for all but admin: email");
    assert_snapshot!(second("  realtime: { $0requiredRoles: ['admin'] },"), @"defineTable: realtime is off");
    assert_snapshot!(second("  realtime: { $0enabled: true, requiredRoles: [...ROLES], fields: ['id'] },"), @"defineTable: not known: a role cannot be resolved");
    assert_snapshot!(second("  realtime: { $0enabled: true, requiredRoles: ['admin'], fields: ['id', 'email'] },"), @"defineTable: admin");
    assert_snapshot!(second("  masking: { id: { type: 'redact' } },\n  realtime: { $0enabled: true, requiredRoles: ['admin'], fields: ['id'] },"), @"defineTable: admin · masked for all: id");
    assert_snapshot!(shown(&in_options("$0")), @"");
}

#[test]
fn a_namespace_has_its_calls() {
    let text = format!(
        "{PROJECT}//- quickback/services/realtime/jobs.ts\nimport {{ defineRealtime }} from '@quickback/compiler';\nexport default defineRealtime({{ name: 'jobs', events: ['done'$0] }});\n//- src/a.ts\nimport {{ createRealtime }} from './lib/realtime';\nconst realtime = createRealtime(env);\nrealtime.jobs.done({{}}, o);\nrealtime.broadcast('jobs:done', {{}}, o);\nrealtime.broadcast('other:done', {{}}, o);\n"
    );
    assert_snapshot!(shown(&text), @r"
    defineRealtime: Preview events of jobs
    defineRealtime: 2 calls @done @broadcast
    ");
}
