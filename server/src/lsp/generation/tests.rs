use std::cell::Cell;
use std::fs;
use std::sync::Mutex;

use tower_lsp::ls_types::Uri;

use super::*;
use crate::document::Change;
use crate::lsp::consistent::lock;
use crate::lsp::refreshing::refresh;
use crate::lsp::session::Session;
use crate::position::LineColumn;
use crate::settings;

const TEXT: &str = "import { feature, q } from '@quickback/compiler';
export default feature('claims', { columns: { id: q.id(), org: q.scope('organization') }, realtime: { enabled: true } });
";

#[test]
fn what_is_typed_while_it_is_prepared_is_not_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    let path = root.join("quickback/features/claims.ts");
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(root.join("quickback.config.ts"), "export default {};\n").unwrap();
    fs::write(&path, TEXT).unwrap();

    let uri: Uri = super::super::proto::uri_of(&path).unwrap();
    let session: Mutex<Session> = Mutex::default();
    lock(&session).did_open(uri.clone(), 1, TEXT);
    let entry = lock(&session).begin_projects().pop().unwrap();
    assert!(refresh(&session, &entry));
    assert!(lock(&session).finish(&entry));
    assert_ne!(entry.project.file(&path), settings::FILE);

    let reads = Cell::new(0);
    let read = || {
        let read = lock(&session).as_on_disk(&entry);
        let on_disk = read();
        reads.set(reads.get() + 1);
        if reads.get() == 1 {
            // `id` becomes `identity` before it has been looked at.
            let column = LineColumn {
                line: 1,
                column: 48,
            };
            let typed = Change {
                range: Some((column, column)),
                text: "entity".to_owned(),
            };
            assert!(lock(&session).did_change(&uri, 2, &[typed]));
        }
        on_disk
    };
    let request = Request::Command { force: false };
    let prepared = prepare(&read, request, &|| true).unwrap();
    let generate::Prepared::Ready { artifacts, .. } = &prepared.what else {
        panic!("nothing stops it");
    };
    let helper = artifacts.iter().find(|a| a.path == "src/lib/realtime.ts");
    let helper = &helper.unwrap().contents;
    assert!(helper.contains("    id?: ") && !helper.contains("identity"));
    assert_eq!(reads.get(), 2);
    assert!(prepare(&read, request, &|| false).is_none());
}

#[test]
fn what_is_typed_in_a_file_that_is_read_only_now_is_not_in_it() {
    let folder = tempfile::tempdir().unwrap();
    let top = folder.path().canonicalize().unwrap();
    let (path, shared) = (top.join("app/features/claims.ts"), top.join("columns.ts"));
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(top.join("app/quickback.config.ts"), "export default {};\n").unwrap();
    let columns = "{ id: q.id(), org: q.scope('organization') }";
    let text = format!(
        "import {{ COLUMNS }} from '../../columns';\n{}",
        TEXT.replace(columns, "COLUMNS")
    );
    let declared =
        format!("import {{ q }} from '@quickback/compiler';\nexport const COLUMNS = {columns};\n");
    fs::write(&path, &text).unwrap();
    fs::write(&shared, &declared).unwrap();

    let session: Mutex<Session> = Mutex::default();
    let open = |path, text: &str| {
        let uri = super::super::proto::uri_of(path).unwrap();
        lock(&session).did_open(uri, 1, text);
    };
    open(&path, &text);
    open(&shared, &declared.replace("id: q.id()", "identity: q.id()"));
    let entry = lock(&session).begin_projects().pop().unwrap();
    assert!(refresh(&session, &entry));
    assert!(lock(&session).finish(&entry));
    assert!(!entry.disk.knows(&shared));

    let reads = Cell::new(0);
    let read = || {
        reads.set(reads.get() + 1);
        lock(&session).as_on_disk(&entry)()
    };
    let request = Request::Command { force: false };
    let prepared = prepare(&read, request, &|| true).unwrap();
    let generate::Prepared::Ready { artifacts, .. } = &prepared.what else {
        panic!("nothing stops it");
    };
    let helper = artifacts.iter().find(|a| a.path == "src/lib/realtime.ts");
    let helper = &helper.unwrap().contents;
    assert!(helper.contains("    id?: ") && !helper.contains("identity"));
    assert_eq!(reads.get(), 2);
}

#[test]
fn of_many_files_the_helper_is_named() {
    let owned = |names: &[&str]| names.iter().map(|&name| name.to_owned()).collect();
    let written = |created: &[&str], updated: &[&str]| Outcome::Written {
        created: owned(created),
        updated: owned(updated),
        left_overs: Vec::new(),
    };
    let all = describe(
        written(&["worker/.gitignore", "worker/a.ts"], &["src/helper.ts"]),
        "src/helper.ts",
    );
    assert_eq!(all.message, "Wrote src/helper.ts and 2 more.");
    assert_eq!(
        all.files,
        ["src/helper.ts", "worker/.gitignore", "worker/a.ts"]
    );
    assert_eq!(all.created, ["worker/.gitignore", "worker/a.ts"]);
    let others = describe(written(&[], &["worker/a.ts"]), "src/helper.ts");
    assert_eq!(others.message, "Wrote worker/a.ts.");
    assert_eq!(others.created, [] as [&str; 0]);
}
