// A test that cuts a text within a character says so by failing.
#![allow(clippy::string_slice)]

use insta::assert_snapshot;

use super::{Completion, complete};
use crate::ide::testing::{PROJECT, at_cursor, in_handler, in_options};

#[track_caller]
fn completions(marked: &str) -> Vec<Completion> {
    let at = at_cursor(marked);
    let mut found = complete(&at.fixture.project, at.file, &at.text, at.offset);
    for item in &found {
        assert!(
            item.replace.touches(at.offset) && (item.replace.end as usize) <= at.text.len(),
            "{item:?} does not hold the cursor"
        );
    }
    found.sort_by(|a, b| a.sort.cmp(&b.sort));
    found
}

#[track_caller]
fn labels(marked: &str) -> String {
    let found = completions(marked);
    let labels: Vec<&str> = found.iter().map(|item| item.label.as_str()).collect();
    labels.join(" ")
}

/// The line or lines that change when the completion with that label is taken.
#[track_caller]
fn taken(marked: &str, label: &str) -> String {
    let at = at_cursor(marked);
    let found = complete(&at.fixture.project, at.file, &at.text, at.offset);
    let item = found.iter().find(|item| item.label == label).unwrap();
    let span = item.replace;
    let mut text = at.text.clone();
    text.replace_range(span.start as usize..span.end as usize, &item.insert);
    let start = at.text[..span.start as usize]
        .rfind('\n')
        .map_or(0, |n| n + 1);
    let tail = at.text[span.end as usize..].find('\n').unwrap_or(0);
    let end = span.start as usize + item.insert.len() + tail;
    text[start..end].trim().to_owned()
}

#[test]
fn keys_that_are_not_there_yet() {
    assert_snapshot!(labels(&in_options("  realtime: { enabled: true, $0 },")), @"onInsert onUpdate onDelete requiredRoles fields");
    assert_snapshot!(labels(&in_options("  realtime: { onI$0 fields: [] },")), @"enabled onInsert onUpdate onDelete requiredRoles");
    assert_snapshot!(labels(&in_options("  masking: { email: { $0 } },")), @"type show query mask");
    assert_snapshot!(labels(&in_options("  masking: { email: { type: \"email\", show: { $0 } } },")), @"roles or");
    assert_snapshot!(taken(&in_options("  realtime: { on$0 },"), "onInsert"), @"realtime: { onInsert: ${1:false} },");
    assert_snapshot!(taken(&in_options("  realtime: { enab$0le: true },"), "enabled"), @"realtime: { enabled: true },");
    assert_snapshot!(taken(&in_options("  realtime: { \"fi$0\": [] },"), "fields"), @r#"realtime: { "fields": [] },"#);
}

#[test]
fn a_comma_where_an_entry_follows() {
    assert_snapshot!(taken(&in_options("  realtime: {\n    en$0\n    fields: [],\n  },"), "enabled"), @"enabled: ${1:true},");
    assert_snapshot!(taken(&in_options("  realtime: { fields: ['id', $0 'email'] },"), "title"), @"realtime: { fields: ['id', 'title', 'email'] },");
    assert_snapshot!(taken(&in_options("  masking: { email: { type: $0 show: {} } },"), "email"), @r#"masking: { email: { type: "email" show: {} } },"#);
}

#[test]
fn values() {
    assert_snapshot!(labels(&in_options("  realtime: { enabled: $0 },")), @"true false");
    assert_snapshot!(labels(&in_options("  realtime: { enabled: t$0 },")), @"true false");
    assert_snapshot!(labels(&in_options("  masking: { email: { type: $0 } },")), @"email phone ssn creditCard name redact custom");
    assert_snapshot!(taken(&in_options("  masking: { email: { type: \"$0\" } },"), "phone"), @r#"masking: { email: { type: "phone" } },"#);
    assert_snapshot!(taken(&in_options("  masking: { email: { show: { or: $0 } } },"), "owner"), @r#"masking: { email: { show: { or: "owner" } } },"#);
}

#[test]
fn columns_in_fields_are_offered_once() {
    assert_snapshot!(labels(&in_options("  realtime: { fields: [\"id\", \"$0\", 'dueAt'] },")), @"title email createdAt createdBy modifiedAt modifiedBy deletedAt deletedBy");
    assert_snapshot!(taken(&in_options("  realtime: { fields: [\"id\", \"ti$0\"] },"), "title"), @r#"realtime: { fields: ["id", "title"] },"#);
    assert_snapshot!(taken(&in_options("  realtime: { fields: [\"id\", ti$0] },"), "title"), @r#"realtime: { fields: ["id", "title"] },"#);
    assert_snapshot!(taken(&in_options("  realtime: { fields: $0 },"), "title"), @r#"realtime: { fields: ["title"$0] },"#);
    assert_snapshot!(taken(&in_options("  masking: { email: { type: 'email', show: { roles: ['x', 'y'] } } },\n  realtime: { fields: ['id', $0] },"), "title"), @"realtime: { fields: ['id', 'title'] },");
}

#[test]
fn masked_columns_come_with_a_rule() {
    assert_snapshot!(labels(&in_options("  masking: { title: {}, $0 },")), @"email id dueAt createdAt createdBy modifiedAt modifiedBy deletedAt deletedBy");
    assert_snapshot!(taken(&in_options("  masking: { em$0 },"), "email"), @r#"masking: { email: { type: "${1|email,phone,ssn,creditCard,name,redact,custom|}", show: { roles: ["${2:admin}"] } } },"#);
}

#[test]
fn roles_say_what_they_stand_for() {
    let found = completions(&in_options("  realtime: { requiredRoles: [\"$0\"] },"));
    let lines: Vec<String> = found
        .iter()
        .map(|item| format!("{}: {}", item.label, item.detail.as_deref().unwrap_or("")))
        .collect();
    assert_snapshot!(lines.join("\n"), @r"
    member: role 1 of 3 in roleHierarchy
    member+: member, admin, owner
    admin: role 2 of 3 in roleHierarchy
    admin+: admin, owner
    owner: role 3 of 3 in roleHierarchy
    ");
    assert_snapshot!(labels(&in_options("  realtime: { requiredRoles: [\"admin\", m$0] },")), @"member member+ admin+ owner");
    assert_snapshot!(taken(&in_options("  realtime: { requiredRoles: [\"ad$0\"] },"), "admin+"), @r#"realtime: { requiredRoles: ["admin+"] },"#);
    assert_snapshot!(labels(&in_options("  masking: { email: { type: \"email\", show: { roles: ['$0'] } } },")), @"member member+ admin admin+ owner everyone");
}

#[test]
fn blocks_where_there_is_none() {
    assert_snapshot!(labels(&in_options("  $0")), @"realtime masking");
    assert_snapshot!(labels(&in_options("  masking: {},\n  rea$0")), @"realtime");
    assert_snapshot!(labels(&in_options("  realtime: {},\n  masking: {},\n  $0")), @"");
    assert_snapshot!(labels(&in_options("  crud: { $0 },")), @"");
    assert_snapshot!(completions(&in_options("  rea$0"))[0].insert, @r#"
    realtime: {
    	enabled: true,
    	requiredRoles: ["${1:member}"],
    	fields: ["${2:id}"$3],
    },
    "#);
    assert_snapshot!(completions(&in_options("  mask$0"))[1].insert, @r#"
    masking: {
    	${1:email}: { type: "${2|email,phone,ssn,creditCard,name,redact,custom|}", show: { roles: ["${3:admin}"] } },
    },
    "#);
}

#[test]
fn a_namespace_in_its_folder() {
    let file =
        |text: &str| format!("{PROJECT}//- quickback/services/realtime/repair-desk.ts\n{text}");
    assert_snapshot!(completions(&file("$0"))[0].insert, @r#"
    import { defineRealtime } from "@quickback/compiler";

    export default defineRealtime({
    	name: "${1:name}",
    	events: ["${2:started}"$3],
    });
    "#);
    let import = "import { defineRealtime } from '@quickback/compiler';\n";
    assert_snapshot!(taken(&file(&format!("{import}export default def$0\n")), "defineRealtime").lines().next().unwrap(), @"export default defineRealtime({");
    assert_snapshot!(labels(&file(&format!("{import}export default defineRealtime({{ $0 }});"))), @"name events description");
    assert_snapshot!(labels(&file(&format!("{import}export default defineRealtime({{ name: \"$0\" }});"))), @"repairDesk");
    assert_snapshot!(labels(&format!("{PROJECT}//- src/other.ts\n$0")), @"");
}

#[test]
fn calls_of_the_helper() {
    assert_snapshot!(labels(&in_handler("  await realtime.$0")), @"insert update delete broadcast extraction");
    assert_snapshot!(labels(&in_handler("  await realtime.ins$0('x')")), @"insert update delete broadcast extraction");
    assert_snapshot!(labels(&in_handler("  await realtime.extraction.$0")), @"started step-done");
    assert_snapshot!(taken(&in_handler("  await realtime.extraction.st$0"), "step-done"), @r#"await realtime.extraction["step-done"]"#);
    assert_snapshot!(labels(&in_handler("  await realtime.extraction[\"$0\"]")), @"started step-done");
    assert_snapshot!(labels(&in_handler("  await realtime.insert($0")), @"notes drafts");
    assert_snapshot!(taken(&in_handler("  await realtime.insert('no$0', record)"), "notes"), @"await realtime.insert('notes', record)");
    assert_snapshot!(labels(&in_handler("  await realtime.broadcast('$0')")), @"extraction:started extraction:step-done");
    assert_snapshot!(taken(&in_handler("  await realtime.broadcast('extraction:st$0')"), "extraction:started"), @"await realtime.broadcast('extraction:started')");
}

#[test]
fn calls_of_a_helper_that_a_class_or_a_function_holds() {
    let in_class = |members: &str| {
        let text = format!("}}\nclass Sender {{\n{members}\n}}\nfunction f() {{");
        labels(&in_handler(&text))
    };
    for field in [
        "  private static readonly rt = createRealtime(env);\n",
        "  rt: Realtime<Env> = createRealtime(env);\n",
        "  rt;\n  constructor(env) {\n    this.rt = createRealtime(env);\n  }\n",
    ] {
        for found in [
            in_class(&format!("{field}  send() {{\n    await this.rt.$0\n  }}")),
            in_class(&format!("  send() {{\n    this.rt.$0\n  }}\n{field}")),
        ] {
            assert_eq!(
                found, "insert update delete broadcast extraction",
                "{field}"
            );
        }
        let found = in_class(&format!("{field}  send() {{ await this.rt.insert('$0') }}"));
        assert_eq!(found, "notes drafts");
        let found = in_class(&format!("{field}  send() {{ await this.other.$0 }}"));
        assert_eq!(found, "");
    }
    for (made, path) in [
        ("const rt = (c) => createRealtime(c.env);", "rt(ctx)"),
        (
            "const rt = (c) => createRealtime(c.env); const made = rt(ctx);",
            "made",
        ),
    ] {
        let found = labels(&in_handler(&format!("  {made}\n  await {path}.$0")));
        assert_eq!(found, "insert update delete broadcast extraction", "{made}");
        let found = labels(&in_handler(&format!(
            "  {made}\n  await {path}.insert('$0')"
        )));
        assert_eq!(found, "notes drafts");
    }
    assert_snapshot!(labels(&in_handler("  x[0] = createRealtime(env);\n  await x.$0")), @"");
    assert_snapshot!(labels(&in_handler("  x.rt = createRealtime(env);\n  await rt.$0")), @"");
}

#[test]
fn arguments_of_calls() {
    assert_snapshot!(labels(&in_handler("  await realtime.insert('notes', { id: 1, $0 })")), @"organizationId body createdAt createdBy modifiedAt modifiedBy deletedAt deletedBy");
    assert_snapshot!(labels(&in_handler("  await realtime.insert('notes', record, { $0 })")), @"organizationId userId");
    assert_snapshot!(labels(&in_handler("  await realtime.insert('notes', record, org, { $0 })")), @"userId targetRoles maskingConfig");
    assert_snapshot!(labels(&in_handler("  await realtime.update('notes', record, old, org, { targetRoles: ['$0'] })")), @"member member+ admin admin+ owner");
    assert_snapshot!(labels(&in_handler("  await realtime.delete('notes', record, org, { maskingConfig: { $0 } })")), @"id organizationId body createdAt createdBy modifiedAt modifiedBy deletedAt deletedBy");
    assert_snapshot!(labels(&in_handler("  await realtime.extraction.started({ email: 1 }, org, { maskingConfig: { $0 } })")), @"email");
    assert_snapshot!(labels(&in_handler("  await realtime.extraction.started({}, org, { maskingConfig: { email: { type: '$0' } } })")), @"email phone ssn creditCard name redact");
}

#[test]
fn broken_code() {
    // A string that is not closed, with more on its line, and with nothing.
    assert_snapshot!(taken(&in_options("  realtime: { fields: [\"id\", \"ti$0] },"), "title"), @r#"realtime: { fields: ["id", "title] },"#);
    assert_snapshot!(labels(&in_options("  realtime: { fields: [\"id\", \"$0")), @"title email dueAt createdAt createdBy modifiedAt modifiedBy deletedAt deletedBy");
    // No comma between entries.
    assert_snapshot!(labels(&in_options("  realtime: {\n    enabled: true\n    on$0\n  },")), @"onInsert onUpdate onDelete requiredRoles fields");
    assert_snapshot!(labels(&in_options("  realtime: {\n    fields: ['id' '$0']\n  },")), @"title email dueAt createdAt createdBy modifiedAt modifiedBy deletedAt deletedBy");
    // A list that is not closed before the next key.
    assert_snapshot!(labels(&in_options("  realtime: {\n    fields: ['id',\n    requiredRoles: ['$0']\n  },")), @"member member+ admin admin+ owner");
    // Braces that are not closed, with the next statement below.
    assert_snapshot!(labels(&in_options("  realtime: {\n    enabled: true,\n    $0\n\nexport const other = 1;\nconst x = {")), @"onInsert onUpdate onDelete requiredRoles fields");
    assert_snapshot!(labels(&in_options("  realtime: {\n    enabled:$0")), @"true false");
}

#[test]
fn silent_elsewhere() {
    for marked in [
        in_options("  // realtime: { $0 }"),
        in_options("  realtime: { /* $0 */ },"),
        in_options("  embeddings: { fields: ['$0'] },"),
        in_options("  crud: { list: { access: { roles: ['$0'] } } },"),
        in_options("  realtime: { enabled: true $0 },"),
        in_options("  realtime: { fields: [...$0] },"),
        in_options("  realtime: { enabled: `${$0}` },"),
        in_handler("  await other.insert('$0')"),
        in_handler("  await realtime.insert(`x${1} $0`)"),
        in_handler("  const s = \"realtime.insert('$0')\";"),
        PROJECT
            .replace(
                "import { defineTable } from \"@quickback/compiler\";\nexport const drafts",
                "import { defineTable } from \"./mine\";\nexport const drafts",
            )
            .replace("(drafts, {})", "(drafts, { $0 })"),
        format!("{PROJECT}//- src/x.ts\nfunction f(realtime) {{ realtime.insert('$0') }}"),
    ] {
        assert_eq!(labels(&marked), "", "{marked}");
    }
}

#[test]
fn objects_and_lists_by_name() {
    let text = in_options("  realtime, masking: rules").replace(
        "export default defineTable(claims",
        "const rules = { email: { type: 'email' } };\nconst realtime = { enabled: true, requiredRoles: STAFF, $0 };\nconst STAFF = ['member'];\nexport default defineTable(claims",
    );
    assert_snapshot!(labels(&text), @"onInsert onUpdate onDelete fields");
    let text = text
        .replace("$0", "")
        .replace("['member']", "['member', '$0']");
    assert_snapshot!(labels(&text), @"member+ admin admin+ owner");
}

#[test]
fn tables_of_every_form() {
    let file = |text: &str| format!("{PROJECT}//- quickback/features/x.ts\n{text}");
    let import = "import { defineTable, feature, q } from '@quickback/compiler';\n";
    // feature(), whole and with its columns in a text that does not parse.
    let whole = "export default feature('x', { columns: { id: q.id(), title: q.text() }, realtime: { fields: ['$0'] } });";
    let first = |marked: &str| {
        labels(marked).replace(
            " createdAt createdBy modifiedAt modifiedBy deletedAt deletedBy",
            "",
        )
    };
    assert_snapshot!(first(&file(&format!("{import}{whole}"))), @"id title");
    assert_snapshot!(first(&file(&format!("{import}{}", whole.replace("['$0'] } });", "[\"$0")))), @"id title");
    // A table in the call, and one whose const is lost in what does not parse.
    assert_snapshot!(first(&file(&format!("{import}export default defineTable(sqliteTable('x', {{ id: text(), body: text() }}), {{ realtime: {{ fields: ['$0'"))), @"id body");
    assert_snapshot!(first(&file(&format!("{import}const x = pgTable('x', {{ id: text(), body: text(, }});\nexport default defineTable(x, {{ realtime: {{ fields: ['$0'"))), @"id body");
    // A table of another file, under another name.
    let schema = "//- quickback/features/y/schema.ts\nexport const y = sqliteTable('y', { id: text(), note: text() });\n";
    let other = format!(
        "{schema}//- quickback/features/y/y.ts\n{import}import {{ y as why }} from './schema';\nexport default defineTable(why, {{ realtime: {{ fields: ['$0'] }} }});"
    );
    assert_snapshot!(first(&format!("{PROJECT}{other}")), @"id note");
}

#[test]
fn text_of_several_bytes_and_line_breaks() {
    let text = in_options("  // é😀 résumé\n  realtime: { fields: ['id', 'ti$0'] },")
        .replace('\n', "\r\n");
    // The fixture's marks are lines of their own, without carriage returns.
    let text: String = text
        .split("\r\n")
        .map(|line| {
            if line.starts_with("//- ") {
                format!("{line}\n")
            } else {
                format!("{line}\r\n")
            }
        })
        .collect();
    assert_snapshot!(taken(&text, "title"), @"realtime: { fields: ['id', 'title'] },");
}
