//! The progress bar: on a terminal, for work that takes a while, and nowhere else.

use std::time::{Duration, Instant};

use rexpect::session::spawn_command;

use crate::support::{Project, command, project, table};

/// The first word of the bar.
const BAR: &str = "checking ";

/// Projects below one folder, so many of them.
fn projects(count: usize) -> Project {
    let first = table("['id']");
    let project = project(&first);
    let text = project.read("quickback/features/claims.ts");
    for n in 0..count {
        project.write(
            &format!("many/p{n}/quickback.config.ts"),
            "export default {};",
        );
        project.write(&format!("many/p{n}/quickback/features/claims.ts"), &text);
    }
    project
}

/// What a terminal sees of a run, control characters included, to the end.
fn on_a_terminal(project: &Project, arguments: &[&str]) -> String {
    let mut command = command(project.root(), arguments);
    command.env("TERM", "xterm");
    let mut session = spawn_command(command, Some(120_000)).unwrap();
    session.exp_eof().unwrap()
}

#[test]
fn long_work_shows_a_bar_that_is_gone_at_the_end() {
    let mut count = 200;
    loop {
        let project = projects(count);
        let seen = on_a_terminal(&project, &["--check"]);
        let quiet = on_a_terminal(&project, &["--check", "--quiet"]);
        assert!(!quiet.contains(BAR), "{quiet}");
        if let Some((_, after)) = seen.rsplit_once(BAR) {
            // Before the findings are written, the line of the bar is cleared.
            assert!(after.contains("\u{1b}[2K"), "{after:?}");
            let steps = after
                .split('\r')
                .next()
                .and_then(|bar| bar.rsplit_once(' '));
            let (done, all) = steps.and_then(|(_, steps)| steps.split_once('/')).unwrap();
            let (done, all): (usize, usize) = (done.parse().unwrap(), all.parse().unwrap());
            assert!(0 < done && done <= all, "{after:?}");
            assert!(seen.trim_end().ends_with("namespaces)."), "{seen:?}");
            return;
        }
        // This machine is quicker than the bar's patience.
        count *= 4;
        assert!(count < 60_000, "no bar: {seen:?}");
    }
}

#[test]
fn short_work_shows_none() {
    let project = projects(0);
    // On a busy machine even this may take a while.
    for _ in 0..100 {
        let started = Instant::now();
        let seen = on_a_terminal(&project, &["--check"]);
        if started.elapsed() < Duration::from_millis(400) {
            assert!(!seen.contains(BAR), "{seen:?}");
            return;
        }
    }
    panic!("no run was short");
}

#[test]
fn a_pipe_shows_none() {
    let run = projects(400).run(&["--check"]);
    assert_eq!(run.stderr, "");
    assert_eq!(run.code, 0);
}
