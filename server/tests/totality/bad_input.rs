//! Bad input, by name.

use std::path::Path;
use std::time::{Duration, Instant};

use quickback_realtime::lower;

use invariants::findings::check;
use invariants::project::{Texts, project};

/// How long a text of a megabyte may take, without optimizations and on a busy machine. A time
/// that grows with the square of the text would be hours.
const LIMIT: Duration = Duration::from_secs(60);

const IMPORTS: &str = "import { defineTable, defineRealtime, q } from '@quickback/compiler';\nimport { createRealtime } from '../../src/lib/realtime';\n";

/// Checks a text as a definition beside others, and answers how many findings it has.
#[track_caller]
fn survives(name: &str, text: &str) -> usize {
    let root = Path::new("/project");
    let path = root.join("quickback/features/bad.ts");
    let mut texts = Texts::new();
    texts.insert(
        root.join("quickback/quickback.config.ts"),
        "export default {};".into(),
    );
    texts.insert(
        root.join("quickback/features/good.ts"),
        format!("{IMPORTS}export const good = q.table('good', {{ id: q.id(), orgId: q.scope('organization') }});\nexport default defineTable(good, {{ realtime: {{ enabled: true, fields: ['id'] }} }});\n"),
    );
    texts.insert(path.clone(), text.to_owned());
    let project = project(root, &texts);
    let begun = Instant::now();
    let found = check(&project, project.file(&path), text).len();
    let lowered = lower::lower(&project);
    assert!(begun.elapsed() < LIMIT, "{name} took {:?}", begun.elapsed());
    assert!(
        lowered
            .tables
            .iter()
            .any(|t| t.name == "good" && t.realtime.is_some()),
        "{name} hid another table"
    );
    found
}

#[test]
fn empty_binary_and_marked_texts() {
    assert_eq!(survives("0 bytes", ""), 0);
    assert_eq!(survives("a byte order mark", "\u{feff}"), 0);
    survives("NULs", &"\0".repeat(100_000));
    survives(
        "NULs in code",
        &format!(
            "{IMPORTS}export default defineTable(c\0, {{ \0realtime: {{ enabled\0: true }} }});"
        ),
    );
    survives(
        "lone carriage returns",
        &format!("{IMPORTS}\rexport default\rdefineTable(c, {{}});\r").replace('\n', "\r"),
    );
    let marked = format!(
        "\u{feff}{IMPORTS}export const c = q.table('c', {{ id: q.id(), orgId: q.scope('organization') }});\nexport default defineTable(c, {{ realtime: {{ enabled: true, fields: ['id', 'idd'] }} }});\n"
    );
    assert_eq!(survives("a byte order mark before code", &marked), 1);
    // A surrogate that came alone over the protocol is U+FFFD by then.
    survives(
        "replaced surrogates",
        &marked.replace("idd", "\u{fffd}\u{fffd}"),
    );
}

#[test]
fn deep_nesting() {
    let nested = |open: &str, close: &str| {
        format!(
            "{IMPORTS}export default defineTable(c, {{ realtime: {}1{} }});",
            open.repeat(10_000),
            close.repeat(10_000)
        )
    };
    for (name, open, close) in [
        ("parentheses", "(", ")"),
        ("brackets", "[", "]"),
        ("braces", "{a:", "}"),
        ("brackets left open", "[", ""),
        ("braces left open", "{a:", ""),
        ("only closing", "", "])}"),
        ("unbalanced", "([{", ")}]"),
        ("calls", "f(", ")"),
        ("definitions", "defineTable(c,", ")"),
        ("functions", "() => {", "}"),
        ("templates", "`${", "}`"),
        ("types", "<A<", ">"),
        ("casts", "x as A<", ">"),
        ("negations", "!", ""),
        ("sums", "1 + ", ""),
        ("choices", "a ? b : ", ""),
        ("members", "a.", ""),
    ] {
        survives(name, &nested(open, close));
    }
    let rt = "const rt = createRealtime(env);\n";
    survives(
        "chains",
        &format!("{IMPORTS}{rt}rt{};", ".insert('good')".repeat(10_000)),
    );
    survives(
        "calls in calls",
        &format!(
            "{IMPORTS}{rt}{}1{};",
            "rt.insert('good', ".repeat(3_000),
            ")".repeat(3_000)
        ),
    );
    survives(
        "conditions",
        &format!(
            "{IMPORTS}{rt}function f() {{ {} rt.insert('good', x, o) }}",
            "if (a) {} else ".repeat(10_000)
        ),
    );
    survives(
        "blocks",
        &format!(
            "{IMPORTS}{rt}function f() {{ {} rt.insert('good', x, o) {} }}",
            "{".repeat(10_000),
            "}".repeat(10_000)
        ),
    );
}

/// What is not closed, over and over: to find that out, all of the rest is read each time.
#[test]
fn what_is_left_open_a_hundred_thousand_times() {
    for open in [
        "/[", "/* ", "a<b,", "'a ", "\"", "`${", "<A<", "x as A<", "([{)}]",
    ] {
        survives(
            open,
            &format!(
                "{IMPORTS}export default defineTable(c, {{ realtime: {} }});",
                open.repeat(100_000)
            ),
        );
    }
}

#[test]
fn long_lines() {
    let table = |fields: &str| {
        format!(
            "{IMPORTS}export const c = q.table('c', {{ id: q.id(), orgId: q.scope('organization') }});export default defineTable(c, {{ realtime: {{ enabled: true, fields: [{fields}] }} }});"
        )
    };
    survives(
        "a string of a megabyte",
        &table(&format!("'id', '{}'", "x".repeat(1_000_000))),
    );
    survives(
        "a list of a megabyte",
        &table(&"'id', 'idd', ".repeat(75_000)),
    );
    survives(
        "keys of a megabyte",
        &table("'id'").replace("enabled: true", &"enabeld: 1, ".repeat(80_000)),
    );
    survives(
        "a comment of a megabyte",
        &format!("/* quickback-realtime-ignore {} */", "a, ".repeat(330_000)),
    );
    survives(
        "calls of a megabyte",
        &format!(
            "{IMPORTS}const rt = createRealtime(env);{}",
            "rt.insert('god', { idd }, {});".repeat(33_000)
        ),
    );
    survives(
        "é😀 of a megabyte",
        &table(&format!("'{}'", "é😀".repeat(170_000))),
    );
}

#[test]
fn a_text_of_ten_megabytes() {
    let line =
        "export const value = compute(input, 'of a line of code that means nothing to us');\n";
    let text = format!("{IMPORTS}{}", line.repeat(10_000_000 / line.len()));
    assert_eq!(survives("ten megabytes", &text), 0);
}

/// Modules that all export what the others do: there are as many ways through them as paths in a
/// graph.
#[test]
fn circles_of_barrels() {
    let root = Path::new("/project/quickback/features");
    let names = ["user", "post", "tag", "note"];
    let barrel: String = names
        .iter()
        .map(|name| format!("export * from './{name}';\n"))
        .collect();
    let mut texts: Texts = names
        .iter()
        .map(|name| {
            let table = format!(
                "{IMPORTS}export * from '.';\nexport const {name} = q.table('{name}', {{ id: q.id(), orgId: q.scope('organization') }});"
            );
            (root.join(format!("{name}.ts")), table)
        })
        .collect();
    texts.insert(root.join("index.ts"), barrel);
    let definition = |name: &str| {
        format!(
            "{IMPORTS}import {{ {name} as table }} from '.';\nexport default defineTable(table, {{ realtime: {{ enabled: true, fields: ['id', 'idd'] }} }});"
        )
    };
    texts.insert(root.join("missing.ts"), definition("missing"));
    texts.insert(root.join("last.ts"), definition("note"));
    texts.insert(
        "/project/quickback/quickback.config.ts".into(),
        "export default {};".into(),
    );
    let begun = Instant::now();
    let project = project(Path::new("/project"), &texts);
    let found = |name: &str| {
        let path = root.join(name);
        check(&project, project.file(&path), &texts[&path])
    };
    found("missing.ts");
    // What is there is found by any way.
    let codes: Vec<&str> = found("last.ts").iter().map(|d| d.code).collect();
    assert_eq!(codes, ["unknown-field"]);
    assert!(begun.elapsed() < LIMIT, "took {:?}", begun.elapsed());
}

#[test]
fn circles() {
    survives(
        "constants",
        &format!(
            "{IMPORTS}const a = b; const b = [...a, ...c]; const c = {{ ...c, a }};\nexport default defineTable(a, {{ realtime: c, masking: {{ ...b }} }});"
        ),
    );
    let doubling: String = (1..64)
        .map(|n| format!("const a{n} = [...a{0}, ...a{0}];\n", n - 1))
        .collect();
    survives(
        "lists that double",
        &format!(
            "{IMPORTS}const a0 = ['x'];\n{doubling}export default defineTable(c, {{ realtime: {{ enabled: true, fields: a63 }} }});"
        ),
    );
    let names = |prefix: &str, suffix: &str| -> String {
        let all = (0..20_000).map(|n| format!("{prefix}a{n}{suffix}, "));
        all.collect()
    };
    survives(
        "patterns of everything that is written there",
        &format!(
            "const {{ {} }} = {{ {} }};\nconst [{}] = [{}];\nconst {{ b: {{ {} }} }} = f({});\nconst g = ({{ {} }} = {{ {} }}) => 1;",
            names("", ""),
            names("", ": 1"),
            names("b", ""),
            names("'", "'"),
            names("c", ""),
            names("'", "'"),
            names("d", ""),
            names("", ": 1"),
        ),
    );
    let nested = |inner: &str| format!("{}{inner}{}", "f(".repeat(40), ")".repeat(40));
    survives(
        "functions that double",
        &format!(
            "{IMPORTS}const f = (x) => ({{ and: [x, x], or: x }});\nexport default defineTable(c, {{ firewall: {0}, access: {0}, actions: {0}, masking: {0}, realtime: {0} }});",
            nested("{}")
        ),
    );
    let files = [
        (
            "a.ts",
            "export * from './b'; export { x } from './b'; import y from './c'; export default y;",
        ),
        (
            "b.ts",
            "export * from './a'; export * from './b'; export { x } from './a';",
        ),
        (
            "c.ts",
            "import d from './a'; export default d; import { x } from './a'; import { defineTable } from '@quickback/compiler'; defineTable(x, { realtime: d, masking: x });",
        ),
    ];
    let root = Path::new("/project/quickback/features");
    let mut texts: Texts = files
        .iter()
        .map(|(name, text)| (root.join(name), (*text).to_owned()))
        .collect();
    texts.insert(
        "/project/quickback/quickback.config.ts".into(),
        "export { default } from './features/a';".into(),
    );
    let project = project(Path::new("/project"), &texts);
    for (path, text) in &texts {
        check(&project, project.file(path), text);
    }
    assert!(
        lower::lower(&project)
            .tables
            .iter()
            .all(|t| t.realtime.is_none())
    );
}
