//! `generate --watch`: a burst of saves ends in one generation, equal content in none.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Child, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::time::Duration;

use crate::support::{Project, command, project, table};

const TABLE: &str = "quickback/features/claims.ts";
/// Longer than a burst can last, on a machine that is busy.
const SOON: Duration = Duration::from_secs(20);
/// Longer than it takes to notice a save.
const NEVER: Duration = Duration::from_millis(1500);

struct Watch {
    child: Child,
    lines: Receiver<String>,
}

impl Watch {
    fn start(project: &Project) -> Self {
        Self::start_in(project.root())
    }

    fn start_in(folder: &Path) -> Self {
        let mut child = command(folder, &["generate", "--watch"])
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, lines) = channel();
        let streams: [Box<dyn std::io::Read + Send>; 2] = [
            Box::new(child.stdout.take().unwrap()),
            Box::new(child.stderr.take().unwrap()),
        ];
        for stream in streams {
            let sender = sender.clone();
            std::thread::spawn(move || {
                for line in BufReader::new(stream).lines() {
                    let _ = sender.send(line.unwrap());
                }
            });
        }
        Self { child, lines }
    }

    /// Waits for a line that holds `text`, and answers all lines up to it.
    fn until(&self, text: &str) -> Vec<String> {
        let mut seen = Vec::new();
        loop {
            match self.lines.recv_timeout(SOON) {
                Ok(line) => {
                    seen.push(line);
                    if seen.last().unwrap().contains(text) {
                        return seen;
                    }
                }
                Err(_) => panic!("no line with {text:?} in {seen:?}"),
            }
        }
    }

    /// What is said while nothing should happen.
    fn rest(&self) -> Vec<String> {
        let mut seen = Vec::new();
        while let Ok(line) = self.lines.recv_timeout(NEVER) {
            seen.push(line);
        }
        seen
    }
}

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn saves_are_generated_in_bursts() {
    let project = project(&table("['id', 'title']"));
    let text = project.read(TABLE);
    let watch = Watch::start(&project);
    let mut first = watch.until("Watching 1 project.");
    // The two streams are read side by side.
    first.extend(watch.rest());
    assert!(
        first
            .iter()
            .any(|line| line == "created src/lib/realtime.ts"),
        "{first:?}"
    );

    for n in 0..50 {
        let fields = if n % 2 == 0 {
            "['id']"
        } else {
            "['title', 'id']"
        };
        project.write(TABLE, text.replace("['id', 'title']", fields));
    }
    let mut lines = watch.until("updated src/lib/realtime.ts");
    lines.extend(watch.rest());
    let helpers = lines
        .iter()
        .filter(|line| line.ends_with("src/lib/realtime.ts"));
    assert_eq!(helpers.count(), 1, "{lines:?}");
    assert!(
        project
            .read("realtime-worker/src/config.rs")
            .contains("Borrowed(\"title\"), Borrowed(\"id\")")
    );

    let now = project.read(TABLE);
    project.write(TABLE, &now);
    project.write("README.md", "no source\n");
    project.write(TABLE, format!("{now}\n// a comment\n"));
    assert_eq!(watch.rest(), Vec::<String>::new());

    project.write(TABLE, text.replace("enabled", "enabeld"));
    watch.until("nothing was generated");
    project.write(TABLE, &text);
    watch.until("updated src/lib/realtime.ts");
}

#[test]
fn what_is_read_elsewhere_and_folders_of_any_name_are_watched() {
    let around = project("");
    // Without the line that says where it is.
    let of = |fields: &str| table(fields).lines().skip(1).collect::<Vec<_>>().join("\n");
    around.write("pkg/quickback/quickback.config.ts", "export default {};\n");
    around.write("shared/fields.ts", "export const FIELDS = ['id'];\n");
    around.write(
        "pkg/quickback/features/claims.v2/claims.ts",
        format!(
            "import {{ FIELDS }} from '../../../../shared/fields';\n{}",
            of("FIELDS")
        ),
    );
    around.write(
        "pkg/quickback/features/notes.ts",
        of("['id']").replace("claims", "notes"),
    );
    let watch = Watch::start_in(&around.path("pkg"));
    watch.until("Watching 1 project.");
    watch.rest();
    around.write(
        "shared/fields.ts",
        "export const FIELDS = ['id', 'title'];\n",
    );
    watch.until("updated src/lib/realtime.ts");
    watch.rest();
    std::fs::rename(
        around.path("pkg/quickback/features/claims.v2"),
        around.path("elsewhere"),
    )
    .unwrap();
    watch.until("updated src/lib/realtime.ts");
    assert!(
        !around
            .read("pkg/src/lib/realtime.ts")
            .contains("\"claims\"")
    );
}
