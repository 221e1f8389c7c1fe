//! Files that nobody would write: none ends the check, or makes it take for ever.

use std::path::Path;
use std::process::Command;
use std::time::{Duration, Instant};

use crate::support::{Run, command, project, run, table};

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

/// Runs a command that may take some memory and time, and no more.
#[cfg(unix)]
fn bounded(command: &Command) -> Run {
    let mut bounded = Command::new("sh");
    bounded
        .args(["-c", "ulimit -v 8000000 -t 60; exec \"$@\"", "sh"])
        .arg(command.get_program())
        .args(command.get_args())
        .envs(
            command
                .get_envs()
                .filter_map(|(name, value)| Some((name, value?))),
        )
        .current_dir(command.get_current_dir().unwrap());
    run(bounded, "")
}

/// A settings file, a configuration or an ignore file that is a device or a pipe, or a link to one.
#[cfg(unix)]
#[test]
fn what_is_no_file_is_not_read() {
    use std::os::unix::fs::symlink;

    let names = [
        "quickback-realtime.json",
        "tsconfig.json",
        ".gitignore",
        "quickback/.gitignore",
        ".git/info/exclude",
        ".git",
    ];
    let pipe = |at: &Path| {
        let made = Command::new("mkfifo").arg(at).status().unwrap();
        assert!(made.success());
    };
    type Make<'m> = &'m dyn Fn(&Path);
    let kinds: [(&str, Make<'_>); 4] = [
        ("a device", &|at| symlink("/dev/zero", at).unwrap()),
        ("a pipe", &pipe),
        ("a file without an end", &|at| {
            symlink("/proc/self/pagemap", at).unwrap();
        }),
        ("the environment", &|at| {
            symlink("/proc/self/environ", at).unwrap();
        }),
    ];
    for (kind, make) in kinds {
        for name in names {
            let project = project(
                &(table("['id', 'titel']").replace("['id'", "[...FIELDS, 'id'")
                    + "//- src/a.ts\nexport {};\n"),
            );
            let text = project.read("quickback/features/claims.ts");
            let text = format!("import {{ FIELDS }} from '@/fields';\n{text}");
            project.write("quickback/features/claims.ts", text);
            let at = project.path(name);
            std::fs::create_dir_all(at.parent().unwrap()).unwrap();
            make(&at);
            let mut command = command(project.root(), &["--check", "--all", "--no-cache"]);
            command.env("SECRET_OF_THE_MACHINE", "SECRET_OF_THE_MACHINE");
            let run = bounded(&command);
            let shown = format!("{name} as {kind}: {}", run.all());
            let code = if name == "quickback-realtime.json" {
                2
            } else {
                1
            };
            assert_eq!(run.code, code, "{shown}");
            assert!(run.stdout.contains("titel"), "{shown}");
            assert!(!run.stdout.contains("SECRET_OF"), "{shown}");
        }
    }
}

/// What a link or an `extends` out of the repository leads to is not shown.
#[cfg(unix)]
#[test]
fn what_lies_outside_is_not_shown() {
    let elsewhere = tempfile::tempdir().unwrap();
    let secret = elsewhere.path().join("credentials");
    std::fs::write(&secret, "key = SECRET_OF_THE_MACHINE\n").unwrap();
    for (name, extends) in [
        ("quickback-realtime.json", false),
        ("tsconfig.json", false),
        ("tsconfig.json", true),
    ] {
        let project = project(&table("['id']").replace("['id'", "[...FIELDS, 'id'"));
        let text = project.read("quickback/features/claims.ts");
        let text = format!("import {{ FIELDS }} from '@/fields';\n{text}");
        project.write("quickback/features/claims.ts", text);
        if extends {
            project.write(name, format!("{{ \"extends\": {secret:?} }}"));
        } else {
            std::os::unix::fs::symlink(&secret, project.path(name)).unwrap();
        }
        let run = project.run(&["--check", "--all"]);
        let is_found = run.stdout.contains("error[unreadable-file]");
        assert!(is_found, "{}", run.all());
        assert!(!run.all().contains("SECRET_OF"), "{}", run.all());
    }
}
