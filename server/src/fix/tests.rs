//! Tests of what fixing all at once does.

use super::*;
use crate::rules::testing::{Fixture, fixture};

fn edit(start: u32, end: u32, new_text: &str) -> Edit {
    Edit {
        place: Place {
            file: FileId(0),
            span: Span { start, end },
        },
        new_text: new_text.to_owned(),
    }
}

#[test]
fn edits_keep_the_line_breaks_of_the_text() {
    let edits = [edit(4, 5, "x\ny"), edit(0, 1, "A")];
    let all: Vec<&Edit> = edits.iter().collect();
    assert_eq!(apply("a\r\nbc\r\n", all.clone()), "A\r\nbx\r\ny\r\n");
    assert_eq!(apply("a\nbcd\n", all), "A\nbcx\ny\n");
}

#[test]
fn the_edits_of_a_file_leave_nothing_to_fix_and_the_project_as_it_is() {
    let claims = "quickback/features/claims.ts";
    let fixture = fixture(
        r#"
//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ["member", "admin", "owner"] } };
//- quickback/features/claims.ts
import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const claims = sqliteTable("claims", { id: text("id").primaryKey(), é: text("e") });
export default defineTable(claims, {
  // quickback-realtime-ignore no-events, wide-payload
  realtime: {
    enabled: true,
    requiredRoles: ["admin", "admin", "admin+"],
    fields: ["id", "é", "id", "id", "é"],
  },
});
"#,
    );
    let (project, file) = (&fixture.project, fixture.file(claims));
    let before = &fixture.files[claims];
    let edits = edits(project, file);
    assert_eq!(*project.facts(file).unwrap().text, **before);
    let text = apply(before, edits.iter().collect());
    let options = text.split_once("claims, {").unwrap().1;
    assert_eq!(
        options,
        "\n  realtime: {\n    enabled: true,\n    requiredRoles: [\"admin+\"],\n    fields: [\"id\", \"é\"],\n  },\n});\n"
    );
    let fixed = FileFacts::of_text(&text, &project.path(file));
    project.set_facts(file, Some(Arc::new(fixed)));
    assert_eq!(super::edits(project, file), []);
}

proptest::proptest! {
    #[test]
    fn what_differs_makes_one_text_of_the_other(
        before in "([aé😀]{0,2}(\n|\r\n|))*",
        after in "([aé😀]{0,2}(\n|\r\n|))*",
    ) {
        let edits = difference(FileId(0), &before, &after);
        let text = crate::rules::testing::apply(&before, &edits.iter().collect::<Vec<_>>());
        proptest::prop_assert_eq!(text, after);
    }
}

#[test]
fn two_insertions_at_one_place_touch() {
    let span = |start, end| Span { start, end };
    assert!(touch(span(3, 3), span(3, 3)));
    assert!(touch(span(1, 4), span(3, 5)));
    assert!(!touch(span(1, 3), span(3, 5)));
    assert!(!touch(span(3, 3), span(3, 5)));
}

/// The files that fixing a whole project changes, by their names, with what they say then.
fn fixed(fixture: &Fixture) -> (usize, Vec<(String, String)>) {
    let Fixed { fixes, files } = fix(&fixture.project, &|_| true);
    let name = |path: &Path| {
        let name = path.file_name().unwrap_or_default();
        name.to_string_lossy().into_owned()
    };
    let files = files.iter();
    let files = files.map(|(path, _, now)| (name(path), now.to_string()));
    (fixes, files.collect())
}

/// A repeated key, and the table without it.
const REPEATED: &str = "//- quickback/features/notes.ts
import { feature, q } from '@quickback/compiler';
export default feature('notes', { columns: { id: q.id(), org: q.scope('organization') }, realtime: { enabled: true, onDelete: true, onDelete: false } });
";
const MENDED: &str = "import { feature, q } from '@quickback/compiler';
export default feature('notes', { columns: { id: q.id(), org: q.scope('organization') }, realtime: { enabled: true, onDelete: false } });
";

#[test]
fn options_that_tables_share_are_not_edited_for_one_of_them() {
    let fixture = fixture(&format!(
        "{REPEATED}//- quickback/features/people.ts
import {{ defineTable, feature, q }} from '@quickback/compiler';
const options = {{ firewall: {{ organization: {{}} }}, realtime: {{ enabled: true, fields: ['id', 'email'] }} }};
const every = {{ firewall: {{ organization: {{}} }}, realtime: {{ enabled: true }} }};
export const guests = q.table('guests', {{ id: q.id(), email: q.email(), org: q.scope('organization') }});
export const users = q.table('users', {{ id: q.id(), email: q.email(), org: q.scope('organization'), userId: q.scope('owner') }});
export const tags = q.table('tags', {{ id: q.id(), org: q.scope('organization') }});
export const a = defineTable(guests, options);
export const b = defineTable(users, options);
export const c = defineTable(guests, every);
export const d = defineTable(tags, every);
export const e = feature('others', {{ columns: {{ id: q.id(), email: q.email(), org: q.scope('organization') }}, ...every }});
"
    ));
    assert_eq!(
        fixed(&fixture),
        (1, vec![("notes.ts".to_owned(), MENDED.to_owned())])
    );
}

#[test]
fn a_rule_is_not_written_out_where_a_call_has_another() {
    // Beside a written rule, the call could only hide more.
    for options in [
        "{ maskingConfig: { email: { type: 'email', show: { roles: ['member', 'admin'] } } } }",
        "{ maskingConfig: { email: { type: 'redact', show: { roles: ['admin'] } } } }",
        "{ maskingConfig: masks() }",
        "options",
    ] {
        let fixture = fixture(&format!(
            "{REPEATED}//- quickback/features/people.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('people', {{ columns: {{ id: q.id(), email: q.email(), org: q.scope('organization') }}, realtime: {{ enabled: true, fields: ['id', 'email'] }} }});
//- src/run.ts
import {{ createRealtime }} from './lib/realtime';
export const run = (env, org, person, options) => createRealtime(env).insert('people', person, org, {options});
"
        ));
        assert_eq!(
            fixed(&fixture),
            (1, vec![("notes.ts".to_owned(), MENDED.to_owned())]),
            "{options}"
        );
    }
}

#[test]
fn a_rule_is_written_out_where_calls_are_about_something_else() {
    let fixture = fixture(
        "//- quickback/features/people.ts
import { feature, q } from '@quickback/compiler';
export default feature('people', { columns: { id: q.id(), email: q.email(), ssn: q.text(), org: q.scope('organization') }, realtime: { enabled: true, fields: ['id', 'email', 'ssn'] } });
//- src/run.ts
import { createRealtime } from './lib/realtime';
export const run = (env, org, person) => createRealtime(env).insert('people', person, org, { maskingConfig: { ssn: { type: 'redact', show: { roles: ['admin'] } } } });
export const other = (env, org, person, options) => createRealtime(env).insert('others', person, org, options);
export const told = (env, org, person, options) => createRealtime(env).broadcast('told', person, org, options);
",
    );
    let (fixes, files) = fixed(&fixture);
    assert_eq!(fixes, 1);
    assert!(
        files[0].1.contains(
            "masking: { email: { type: 'email', show: { roles: ['admin'] } } }, realtime"
        ),
        "{files:?}"
    );
}

#[test]
fn a_list_that_other_code_may_read_is_left_alone() {
    let fixture = fixture(&format!(
        "{REPEATED}//- quickback/quickback.config.ts
export default {{ auth: {{ roleHierarchy: ['member', 'editor', 'admin'] }} }};
//- quickback/features/claims.ts
import {{ feature, q }} from '@quickback/compiler';
import {{ createRealtime }} from '../../src/lib/realtime';
const STAFF = ['editor+', 'admin'] as const;
const FIELDS = ['id', 'title', 'id'];
export const canSee = (role) => STAFF.includes(role) && FIELDS.length > 2;
export default feature('claims', {{
  columns: {{ id: q.id(), title: q.text(), org: q.scope('organization') }},
  masking: {{ title: {{ type: 'name', show: {{ roles: STAFF }} }} }},
  realtime: {{ enabled: true, requiredRoles: STAFF, fields: FIELDS }},
  actions: {{
    tell: async (env, record, org) => {{
      const only = ['admin', 'admin'];
      await createRealtime(env).insert('claims', record, org, {{ targetRoles: only }});
      return only.length;
    }},
  }},
}});
//- quickback/services/realtime/ingest.ts
import {{ defineRealtime }} from '@quickback/compiler';
export const EVENTS = ['started', 'started'];
export default defineRealtime({{ name: 'ingest', events: EVENTS }});
"
    ));
    assert_eq!(
        fixed(&fixture),
        (1, vec![("notes.ts".to_owned(), MENDED.to_owned())])
    );
    // By hand it can be done.
    let claims = fixture.file("quickback/features/claims.ts");
    let found = rules::check(&fixture.project, claims);
    let fixable = found.iter().filter(|found| !found.fixes.is_empty());
    let codes: Vec<&str> = fixable.map(|found| found.code).collect();
    assert_eq!(
        codes,
        ["duplicate-role", "duplicate-field", "duplicate-role"]
    );
}

#[test]
fn a_step_mends_only_if_there_is_less_and_nothing_new() {
    let state = |fields: &str| {
        let fixture = fixture(&format!(
            "//- quickback/features/notes.ts
import {{ feature, q }} from '@quickback/compiler';
export default feature('notes', {{ columns: {{ id: q.id(), org: q.scope('organization') }}, realtime: {{ enabled: true, fields: [
{fields}
] }} }});
"
        ));
        State::of(&fixture.project)
    };
    let before = state("'id', 'id', 'id',");
    for (fields, mends) in [
        ("'id',", true),
        ("'id', 'id',", true),
        ("'id', 'id', 'id',", false),
        // It is left out of what is sent, and an error.
        ("'id', 'ident',", false),
        // The next step takes it away.
        ("// quickback-realtime-ignore duplicate-field\n'id',", true),
        ("'id', 'org',", false),
    ] {
        assert_eq!(state(fields).mends(&before), mends, "{fields}");
    }
}

#[test]
fn a_fix_that_does_no_good_is_found_in_few_steps() {
    let tables: String = (0..100)
        .map(|at| {
            let options = if at == 50 {
                "fields: ['id', 'email']"
            } else {
                "fields: ['id', 'id']"
            };
            format!("export const t{at} = feature('t{at}', {{ columns: {{ id: q.id(), email: q.email(), org: q.scope('organization') }}, realtime: {{ enabled: true, {options} }} }});\n")
        })
        .collect();
    let fixture = fixture(&format!(
        "//- quickback/features/all.ts
import {{ feature, q }} from '@quickback/compiler';
{tables}//- src/run.ts
import {{ createRealtime }} from './lib/realtime';
export const run = (env, org, record, options) => createRealtime(env).insert('t50', record, org, options);
"
    ));
    let before = fixture.project.revision();
    assert_eq!(fixed(&fixture).0, 99);
    let steps = fixture.project.revision() - before;
    assert!(steps < 50, "{steps}");
}
