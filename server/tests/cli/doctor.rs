//! `doctor`.

use std::io::{Read as _, Write as _};
use std::net::TcpListener;
use std::thread::JoinHandle;

use crate::support::{command, project, run, table};

/// A worker that answers one request, and hands on what it was asked.
fn worker(status: &str, body: String) -> (String, JoinHandle<String>) {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!("http://{}", listener.local_addr().unwrap());
    let head = format!(
        "HTTP/1.1 {status}\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
        body.len()
    );
    let thread = std::thread::spawn(move || {
        let (mut stream, _) = listener.accept().unwrap();
        let mut request = Vec::new();
        let mut buffer = [0; 1024];
        while !request.windows(4).any(|end| end == b"\r\n\r\n") {
            let read = stream.read(&mut buffer).unwrap();
            request.extend_from_slice(&buffer[..read]);
        }
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(body.as_bytes()).unwrap();
        String::from_utf8(request).unwrap()
    });
    (url, thread)
}

#[test]
fn it_says_what_it_knows() {
    let project = project(&table("['id', 'titel']"));
    let run = project.run(&["doctor"]);
    assert_eq!(run.code, 0, "{}", run.all());
    for line in [
        "configuration  quickback/quickback.config.ts",
        "settings       none, the defaults hold",
        "roles          member < admin < owner (not declared)",
        "tables         1, 1 of them broadcast",
        "findings       1 error, 0 warnings",
        "generated      not yet; `quickback-realtime generate` does it",
    ] {
        assert!(run.stdout.contains(line), "{line}: {}", run.all());
    }
    project.run(&["generate"]);
    assert!(
        project
            .run(&["doctor"])
            .stdout
            .contains("generated      up to date")
    );
}

#[test]
fn it_does_not_call_undeclared_what_it_cannot_read() {
    let project = project(&table("['id']"));
    for config in [
        "export default { auth: { roleHierarchy: read() } };",
        "export default defineConfig(() => ({}));",
        "export default { auth: { roleHierarchy: ['member' 'admin'] } };",
        "export default { auth: {",
    ] {
        project.write("quickback/quickback.config.ts", config);
        let run = project.run(&["doctor"]);
        let line = "roles          roleHierarchy cannot be read\n";
        assert!(run.stdout.contains(line), "{config}: {}", run.all());
    }
}

#[test]
fn it_knows_the_configuration_that_is_generated_where_the_roles_are_changed_elsewhere() {
    let project = project(&table("['id']"));
    project.write(
        "quickback/quickback.config.ts",
        "export default { auth: { roleHierarchy: ['member', 'admin'] } };\n",
    );
    project.write(
        "src/setup.ts",
        "import config from '../quickback/quickback.config';\nconfig.auth.roleHierarchy.reverse();\n",
    );
    let run = project.run(&["generate"]);
    assert_eq!(run.code, 0, "{}", run.all());
    let known = project.run(&["doctor"]).stdout;
    assert!(
        known.contains("roles          roleHierarchy is changed elsewhere\n"),
        "{known}"
    );
    let (_, hash) = known.split_once("hash           ").unwrap();
    let helper = project.read("src/lib/realtime.ts");
    assert!(helper.contains(hash.trim()), "{known}");
    assert!(
        helper.contains("const HIERARCHY: readonly string[] = [];"),
        "{helper}"
    );
}

#[test]
fn it_counts_the_tables_that_the_check_counts() {
    let internal = "export const inner = q.table('inner', { id: q.id() });\n";
    let project = project(&(table("['id']") + internal));
    let run = project.run(&["doctor"]);
    let line = "tables         1, 1 of them broadcast\n";
    assert!(run.stdout.contains(line), "{}", run.all());
}

#[test]
fn it_says_what_stops_the_generation() {
    let stopped = table("['id']").replace("enabled: true", "enabled: true, requiredRoles: ['*']");
    let project = project(&stopped);
    project.write("quickback-realtime.json", "{}");
    let run = project.run(&["doctor"]);
    let said = "stopped by 1 error: quickback/features/claims.ts: ";
    assert!(
        run.stdout.contains(said) && run.stdout.contains("(invalid-role)"),
        "{}",
        run.all()
    );
}

#[test]
fn it_compares_the_deployed_worker() {
    let project = project(&table("['id']"));
    let said = project.run(&["doctor"]).stdout;
    let hash = said
        .lines()
        .find_map(|line| line.strip_prefix("hash           "))
        .unwrap();
    let ask = |status: &str, body: &str, token: Option<&str>| {
        let (url, thread) = worker(status, body.to_owned());
        let mut doctor = command(project.root(), &["doctor", "--url", &format!("{url}/")]);
        if let Some(token) = token {
            doctor.env("ACCESS_TOKEN", token);
        }
        (run(doctor, ""), thread.join().unwrap())
    };
    let same = format!(r#"{{"ok":true,"version":"0.1.0","configHash":"{hash}"}}"#);
    let (run, request) = ask("200 OK", &same, Some("secret"));
    assert_eq!(run.code, 0, "{}", run.all());
    assert!(
        run.stdout.contains("the same configuration"),
        "{}",
        run.all()
    );
    assert!(
        request.starts_with("GET /healthz HTTP/1.1\r\n"),
        "{request}"
    );
    assert!(
        request
            .to_lowercase()
            .contains("authorization: bearer secret\r\n"),
        "{request}"
    );

    let other = r#"{"ok":true,"version":"0.1.0","configHash":"beef"}"#;
    let (run, _) = ask("200 OK", other, Some("secret"));
    assert_eq!(run.code, 1);
    assert!(
        run.stdout.contains("another configuration (beef)"),
        "{}",
        run.all()
    );

    let (run, request) = ask("200 OK", r#"{"ok":true}"#, None);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("Set ACCESS_TOKEN"), "{}", run.all());
    assert!(
        !request.to_lowercase().contains("authorization"),
        "{request}"
    );

    for (status, body) in [
        ("200 OK", "<html>"),
        ("404 Not Found", "{}"),
        ("200 OK", r#"{"ok":false}"#),
    ] {
        let (run, _) = ask(status, body, None);
        assert_eq!(run.code, 2, "{}", run.all());
        assert!(run.stderr.contains("/healthz"), "{}", run.all());
    }
    let nobody = TcpListener::bind("127.0.0.1:0")
        .unwrap()
        .local_addr()
        .unwrap();
    let run = project.run(&["doctor", "--url", &format!("http://{nobody}")]);
    assert_eq!(run.code, 2);
    assert!(run.stderr.contains("cannot reach"), "{}", run.all());
}
