//! Projects on the disk, and the binary run in them.

use std::path::{Path, PathBuf};
use std::process::{Command, Output, Stdio};

/// A project in a folder that goes when this does.
pub struct Project {
    folder: tempfile::TempDir,
}

/// A project of files as `//- path` lines divide them, with an empty configuration.
pub fn project(files: &str) -> Project {
    let project = Project {
        folder: tempfile::tempdir().unwrap(),
    };
    project.write("quickback/quickback.config.ts", "export default {};\n");
    let mut path: Option<String> = None;
    let mut text = String::new();
    for line in files.split_inclusive('\n').chain(["//- "]) {
        match line.strip_prefix("//- ") {
            Some(next) => {
                if let Some(path) = path.replace(next.trim().to_owned()) {
                    project.write(&path, &text);
                }
                text.clear();
            }
            None => text.push_str(line),
        }
    }
    project
}

/// One table whose `fields` are what is given.
pub fn table(fields: &str) -> String {
    format!(
        "//- quickback/features/claims.ts\n\
         import {{ sqliteTable, text }} from 'drizzle-orm/sqlite-core';\n\
         import {{ defineTable }} from '@quickback/compiler';\n\
         export const claims = sqliteTable('claims', {{ id: text('id').primaryKey(), title: text('title'), organizationId: text('org') }});\n\
         export default defineTable(claims, {{ realtime: {{ enabled: true, fields: {fields} }} }});\n"
    )
}

impl Project {
    /// The project's root.
    pub fn root(&self) -> &Path {
        self.folder.path()
    }

    /// The path of a file.
    pub fn path(&self, relative: &str) -> PathBuf {
        self.root().join(relative)
    }

    /// Writes a file and the folders above it.
    pub fn write(&self, relative: &str, contents: impl AsRef<[u8]>) {
        let path = self.path(relative);
        std::fs::create_dir_all(path.parent().unwrap()).unwrap();
        std::fs::write(path, contents).unwrap();
    }

    /// The text of a file.
    pub fn read(&self, relative: &str) -> String {
        std::fs::read_to_string(self.path(relative)).unwrap()
    }

    /// Runs the binary in the project.
    pub fn run(&self, arguments: &[&str]) -> Run {
        run_in(self.root(), arguments, "")
    }

    /// The same with something on standard input.
    pub fn run_with_input(&self, arguments: &[&str], input: &str) -> Run {
        run_in(self.root(), arguments, input)
    }
}

/// How a run of the binary ended.
pub struct Run {
    /// Its exit status.
    pub code: i32,
    /// Its standard output.
    pub stdout: String,
    /// Its standard error.
    pub stderr: String,
}

impl Run {
    /// All three, for a snapshot.
    pub fn all(&self) -> String {
        format!(
            "exit {}\n--- stdout\n{}--- stderr\n{}",
            self.code, self.stdout, self.stderr
        )
    }

    /// Standard output as JSON.
    pub fn json(&self) -> serde_json::Value {
        serde_json::from_str(&self.stdout).unwrap_or_else(|e| panic!("{e}: {}", self.all()))
    }
}

/// The command with nothing of this process's surroundings that would change what it prints.
pub fn command(folder: &Path, arguments: &[&str]) -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_quickback-realtime"));
    command.current_dir(folder).args(arguments);
    for variable in [
        "GITHUB_ACTIONS",
        "GITHUB_WORKSPACE",
        "CI_PROJECT_DIR",
        "CI",
        "NO_COLOR",
        "CLICOLOR",
        "CLICOLOR_FORCE",
        "ACCESS_TOKEN",
    ] {
        command.env_remove(variable);
    }
    // Nothing is kept among what the user keeps.
    command.env("XDG_CACHE_HOME", env!("CARGO_TARGET_TMPDIR"));
    command
}

/// Runs the binary in a folder.
pub fn run_in(folder: &Path, arguments: &[&str], input: &str) -> Run {
    run(command(folder, arguments), input)
}

/// Runs a command to its end.
pub fn run(mut command: Command, input: &str) -> Run {
    use std::io::Write as _;
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads no input may have closed it.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    let Output {
        status,
        stdout,
        stderr,
    } = child.wait_with_output().unwrap();
    Run {
        code: status.code().unwrap_or(-1),
        stdout: String::from_utf8(stdout).unwrap(),
        stderr: String::from_utf8(stderr).unwrap(),
    }
}
