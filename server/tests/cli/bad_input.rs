//! Files that nobody would write: none ends the check, or makes it take for ever.

use std::time::{Duration, Instant};

use crate::support::{project, table};

#[test]
fn files_that_nobody_would_write() {
    let project = project(&table("['id', 'titel']"));
    let good = project.read("quickback/features/claims.ts");
    let call = "import { defineTable } from '@quickback/compiler';\n";
    let long = format!(
        "{}export const x = \"{}\";",
        good.replace('\n', " "),
        "x".repeat(1 << 20)
    );
    let files: [(&str, Vec<u8>); 10] = [
        ("empty.ts", Vec::new()),
        ("nul.ts", format!("{call}\0\0\0 defineTable(\0)").into_bytes()),
        ("bom.ts", format!("\u{feff}{}", good.replace("claims", "bom")).into_bytes()),
        ("line.ts", long.replace("claims", "line").into_bytes()),
        ("big.ts", format!("{}{}", good.replace("claims", "big"), format!("// {}\n", "filler ".repeat(200)).repeat(7_500)).into_bytes()),
        ("deep.ts", format!("{call}defineTable({}", "[".repeat(10_000)).into_bytes()),
        ("objects.ts", format!("{call}export default defineTable(t, {}", "{ realtime: ".repeat(3_000)).into_bytes()),
        ("unbalanced.ts", format!("{call}defineTable(a, {{ realtime: {{ fields: ['id', ").into_bytes()),
        ("circle.ts", format!("{call}import x from './circle'; export default x; const a = b, b = a; defineTable(t, {{ realtime: {{ fields: a }} }});").into_bytes()),
        ("combining.ts", format!("{call}/* {} */", "e\u{301}\u{200d}😀\t".repeat(1000)).into_bytes()),
    ];
    for (name, bytes) in files {
        project.write(&format!("quickback/features/{name}"), bytes);
    }
    let begun = Instant::now();
    for format in ["text", "json", "sarif", "github", "gitlab", "junit"] {
        let run = project.run(&["--check", "--all", "--format", format]);
        assert_eq!(run.code, 1, "{format}: {}", run.stderr);
        assert!(run.stdout.contains("titel"), "{format}");
        assert!(run.stdout.len() < 200_000, "{format}: {}", run.stdout.len());
    }
    assert!(
        begun.elapsed() < Duration::from_secs(120),
        "{:?}",
        begun.elapsed()
    );
}
