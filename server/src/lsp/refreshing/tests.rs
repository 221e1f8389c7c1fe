use std::fs;
use std::path::PathBuf;

use tower_lsp::LspService;
use tower_lsp::ls_types::Uri;

use super::*;
use crate::document::Change;
use crate::facts::FileFacts;
use crate::generate;
use crate::lsp::proto;
use crate::lsp::server::Backend;

const TEXT: &str = "import { feature, q } from '@quickback/compiler';
export default feature('claims', { columns: { id: q.id(), org: q.scope('organization') }, realtime: { enabled: true } });
";

/// A project of two tables, of which one is open.
struct Opened {
    _folder: tempfile::TempDir,
    root: PathBuf,
    session: Mutex<Session>,
    entry: Arc<Entry>,
}

impl Opened {
    fn new() -> Self {
        let folder = tempfile::tempdir().unwrap();
        let root = folder.path().canonicalize().unwrap();
        fs::create_dir_all(root.join("features/old")).unwrap();
        fs::write(root.join("quickback.config.ts"), "export default {};\n").unwrap();
        fs::write(root.join("features/claims.ts"), TEXT).unwrap();
        fs::write(
            root.join("features/old/notes.ts"),
            TEXT.replace("claims", "notes"),
        )
        .unwrap();
        let session: Mutex<Session> = Mutex::default();
        lock(&session).did_open(uri(&root, "features/claims.ts"), 1, TEXT);
        let entry = lock(&session).begin_projects().pop().unwrap();
        let opened = Self {
            _folder: folder,
            root,
            session,
            entry,
        };
        assert!(opened.refresh());
        assert!(lock(&opened.session).finish(&opened.entry));
        opened
    }

    fn refresh(&self) -> bool {
        refresh(&self.session, &self.entry)
    }

    fn event(&self, path: &str, is_gone: bool) -> bool {
        let path = self.root.join(path);
        let changed = lock(&self.session).disk_changed(&path, is_gone);
        !changed.is_empty()
    }

    fn notes(&self) -> Option<Arc<FileFacts>> {
        let project = &self.entry.project;
        project.known_facts(project.file(&self.root.join("features/old/notes.ts")))
    }

    fn tables(&self) -> usize {
        self.entry.project.index().tables.len()
    }

    /// Whether the project is held that was begun first.
    fn is_kept(&self) -> bool {
        let entries = lock(&self.session).now().entries();
        entries.iter().any(|entry| Arc::ptr_eq(entry, &self.entry))
    }
}

fn uri(root: &std::path::Path, file: &str) -> Uri {
    proto::uri_of(&root.join(file)).unwrap()
}

#[test]
fn what_is_as_it_was_is_not_read_again_and_what_is_not_is() {
    let opened = Opened::new();
    let notes = opened.notes().unwrap();
    let revision = opened.entry.project.revision();
    assert!(!opened.refresh());
    assert_eq!(opened.entry.project.revision(), revision);
    assert!(Arc::ptr_eq(&opened.notes().unwrap(), &notes));

    // As long as before, and within the same tick of the clock.
    let path = opened.root.join("features/old/notes.ts");
    fs::write(&path, TEXT.replace("claims", "nodes")).unwrap();
    assert!(opened.refresh());
    assert!(opened.notes().unwrap().text.contains("nodes"));
    assert_eq!(opened.tables(), 2);
    fs::remove_file(&path).unwrap();
    assert!(opened.refresh());
    assert_eq!(opened.tables(), 1);
}

#[test]
fn what_is_looked_at_while_the_project_is_read_belongs_to_it_all_the_same() {
    let opened = Opened::new();
    lock(&opened.session).forget_projects();
    let entry = lock(&opened.session).begin_projects().pop().unwrap();
    let notes = opened.root.join("features/old/notes.ts");
    let notes = entry.project.file(&notes);
    reads_while(&opened, &entry, || {
        assert!(entry.project.facts(notes).is_some());
    });
    assert!(entry.project.has_member(notes));
}

/// A project that is compared with the disk; `during` happens between that and its being taken up.
fn reads_while(opened: &Opened, entry: &Entry, during: impl FnOnce()) {
    let open = lock(&opened.session).open_files();
    let comparison = Comparison {
        project: &entry.project,
        disk: &entry.disk,
        open: &open,
        is_wanted: &|| true,
    };
    let changes = comparison.changes(usize::MAX, &|| {}).unwrap();
    during();
    lock(&opened.session).take_up(entry, changes);
}

#[test]
fn what_is_gone_once_the_project_has_been_read_does_not_belong_to_it() {
    let opened = Opened::new();
    let path = opened.root.join("features/old/notes.ts");
    // What is known of nothing yet, as when it is read first.
    lock(&opened.session).forget_projects();
    let entry = lock(&opened.session).begin_projects().pop().unwrap();
    reads_while(&opened, &entry, || {
        fs::remove_file(&path).unwrap();
        opened.event("features/old/notes.ts", true);
    });
    assert_eq!(entry.project.index().tables.len(), 1);

    // What is known to be nothing to the project, and is something for a moment.
    let source = opened.root.join("src/notify.ts");
    fs::create_dir(opened.root.join("src")).unwrap();
    fs::write(&source, "export const a = 1;\n").unwrap();
    opened.refresh();
    reads_while(&opened, &entry, || {});
    let file = entry.project.file(&source);
    assert!(!entry.project.has_member(file));
    fs::write(&source, "export default defineRealtime({});\n").unwrap();
    reads_while(&opened, &entry, || {
        fs::write(&source, "export const a = 1;\n").unwrap();
        opened.event("src/notify.ts", false);
    });
    assert!(!entry.project.has_member(file));
}

#[test]
fn what_is_new_while_a_project_is_compared_is_looked_for_again() {
    let opened = Opened::new();
    opened.refresh();
    fs::write(opened.root.join("new.ts"), "").unwrap();
    let one = opened.entry.reading().blocking_lock();
    opened.event("features/old/notes.ts", false);
    assert!(!opened.entry.doubts.is_any());
    opened.event("new.ts", false);
    assert!(opened.entry.doubts.is_any());
    drop(one);
}

#[test]
fn what_is_closed_while_a_project_is_compared_stays_in_it() {
    let opened = Opened::new();
    let notes = uri(&opened.root, "features/old/notes.ts");
    for is_early in [true, false] {
        lock(&opened.session).did_open(notes.clone(), 1, "typed");
        let close = || lock(&opened.session).did_close(&notes);
        let open = lock(&opened.session).open_files();
        let comparison = Comparison {
            project: &opened.entry.project,
            disk: &opened.entry.disk,
            open: &open,
            is_wanted: &|| {
                if is_early {
                    close();
                }
                true
            },
        };
        let changes = comparison.changes(usize::MAX, &|| {}).unwrap();
        close();
        lock(&opened.session).take_up(&opened.entry, changes);
        assert_eq!(opened.tables(), 2, "{is_early}");
    }
}

#[test]
fn an_open_file_that_comes_to_matter_to_nobody_while_it_is_compared_is_no_member() {
    let opened = Opened::new();
    let path = opened.root.join("src/send.ts");
    let settings = opened.root.join("quickback-realtime.json");
    let text = "export default defineRealtime({});\n";
    lock(&opened.session).did_open(uri(&opened.root, "src/send.ts"), 1, text);
    let file = opened.entry.project.file(&path);
    fs::write(&settings, "{ \"exclude\": [\"src/**\"] }").unwrap();
    assert!(opened.refresh() && !opened.entry.project.has_member(file));
    fs::write(&settings, "{}").unwrap();
    lock(&opened.session).refresh_settings(&opened.entry);
    reads_while(&opened, &opened.entry, || {
        let change = Change {
            range: None,
            text: "export default {};\n".into(),
        };
        lock(&opened.session).did_change(&uri(&opened.root, "src/send.ts"), 2, &[change]);
    });
    assert!(!opened.entry.project.has_member(file));
}

#[test]
fn what_changes_while_it_is_read_is_read_again() {
    let opened = Opened::new();
    let path = opened.root.join("shared.ts");
    fs::write(&path, "export const A = 1;\n").unwrap();
    let project: Arc<std::sync::OnceLock<crate::project::Project>> = Arc::default();
    let disk = Arc::new(workspace::Disk::default());
    let read = {
        let (project, disk) = (Arc::clone(&project), Arc::clone(&disk));
        let inner = disk.reader(Arc::new(|_| None));
        let is_first = AtomicBool::new(true);
        move |path: &std::path::Path| {
            let text = inner(path);
            if is_first.swap(false, Ordering::SeqCst) {
                fs::write(path, "export const A = 2;\n").unwrap();
                disk.reread(project.get().unwrap(), path);
            }
            text
        }
    };
    let new = crate::project::Project::new(opened.root.clone(), Default::default(), Arc::new(read));
    let project = project.get_or_init(|| new);
    let facts = project.facts(project.file(&path)).unwrap();
    assert_eq!(&*facts.text, "export const A = 2;\n");
}

#[test]
fn an_open_file_is_what_the_editor_says() {
    let opened = Opened::new();
    fs::write(opened.root.join("features/claims.ts"), "").unwrap();
    assert!(!opened.refresh());
    assert_eq!(opened.tables(), 2);
    lock(&opened.session).did_close(&uri(&opened.root, "features/claims.ts"));
    // It lies in no workspace folder.
    assert!(opened.entry.is_let_go() && !opened.is_kept());
    assert!(!opened.refresh());
}

#[test]
fn a_project_is_read_once_whatever_happens_around_it() {
    let opened = Opened::new();
    let notes = opened.notes().unwrap();
    for n in 0..300 {
        let package = format!("node_modules/p{n}/package.json");
        assert!(!opened.event(&package, false));
        assert!(!opened.event(&format!("node_modules/p{n}/quickback.d.ts"), false));
    }
    opened.event("package.json", false);
    opened.event("tsconfig.json", false);
    assert!(!opened.entry.doubts.is_any());

    let settings = uri(&opened.root, "quickback-realtime.json");
    let typed = "features/old/**";
    lock(&opened.session).did_open(settings.clone(), 1, "{ \"exclude\": [\"\"] }");
    for (version, length) in (2..).zip(1..=typed.len()) {
        let typed: String = typed.chars().take(length).collect();
        let text = format!("{{ \"exclude\": [\"{typed}\"] }}");
        let change = Change { range: None, text };
        assert!(lock(&opened.session).did_change(&settings, version, &[change]));
    }
    assert!(opened.is_kept() && opened.entry.doubts.is_any());
    assert!(opened.refresh() && !opened.entry.doubts.is_any());
    assert_eq!(opened.tables(), 1);
    lock(&opened.session).did_close(&settings);
    assert!(opened.refresh());
    assert_eq!(opened.tables(), 2);

    fs::write(opened.root.join(".gitignore"), "old/\n").unwrap();
    opened.event(".gitignore", false);
    assert!(opened.is_kept() && opened.entry.doubts.is_any());
    assert!(opened.refresh());
    assert_eq!(opened.tables(), 1);
    assert!(Arc::ptr_eq(&opened.notes().unwrap(), &notes));
}

#[test]
fn a_project_that_was_let_go_of_is_not_read_to_its_end() {
    let opened = Opened::new();
    lock(&opened.session).forget_projects();
    assert!(opened.entry.is_let_go());
    let comparison = Comparison {
        project: &opened.entry.project,
        disk: &Default::default(),
        open: &Default::default(),
        is_wanted: &|| !opened.entry.is_let_go(),
    };
    assert!(comparison.changes(usize::MAX, &|| {}).is_none());
    let on_disk = lock(&opened.session).as_on_disk(&opened.entry)().unwrap();
    assert!(!Arc::ptr_eq(&on_disk.entry, &opened.entry));
}

#[test]
fn a_source_that_begins_to_change_a_constant_is_read() {
    let opened = Opened::new();
    let notes = TEXT.replace("claims", "notes");
    let notes = notes.replace("enabled: true", "enabled: true, requiredRoles: ROLES");
    fs::create_dir(opened.root.join("src")).unwrap();
    for (path, text) in [
        (
            "features/old/notes.ts",
            format!("import {{ ROLES }} from '../../src/roles';\n{notes}").as_str(),
        ),
        ("src/roles.ts", "export const ROLES = ['admin'];\n"),
        ("src/setup.ts", "export const a = 1;\n"),
    ] {
        fs::write(opened.root.join(path), text).unwrap();
    }
    opened.entry.doubts.raise();
    opened.refresh();
    let stops = || generate::checked(&opened.entry.project, &Default::default()).is_err();
    let changes = "import { ROLES } from './roles';\nROLES.push('member');\n";
    assert!(!stops());

    // Somebody says so.
    fs::write(opened.root.join("src/setup.ts"), changes).unwrap();
    assert!(opened.event("src/setup.ts", false) && stops());
    fs::write(opened.root.join("src/setup.ts"), "export const a = 1;\n").unwrap();
    assert!(opened.event("src/setup.ts", false) && !stops());
    fs::write(opened.root.join("src/new.ts"), changes).unwrap();
    assert!(opened.event("src/new.ts", false) && stops());
    fs::remove_file(opened.root.join("src/new.ts")).unwrap();
    assert!(opened.event("src/new.ts", true) && !stops());

    // Nobody does.
    fs::write(opened.root.join("src/late.ts"), changes).unwrap();
    opened.entry.doubts.raise();
    assert!(opened.refresh() && stops());
}

#[test]
fn what_is_doubted_during_a_comparison_is_compared_again() {
    for outcome in [Some(false), Some(true)] {
        let doubts = Doubts::default();
        doubts.raise();
        // As a comparison begins.
        doubts.settle();
        doubts.raise();
        doubts.compared(outcome);
        assert!(doubts.is_any(), "{outcome:?}");
    }
    // What failed would fail again, for ever.
    let doubts = Doubts::default();
    doubts.raise();
    doubts.compared(None);
    assert!(!doubts.is_any());
}

#[test]
fn what_a_cancelled_request_has_taken_up_is_shown() {
    let folder = tempfile::tempdir().unwrap();
    let root = folder.path().canonicalize().unwrap();
    fs::create_dir_all(root.join("features")).unwrap();
    fs::write(root.join("quickback.config.ts"), "export default {};\n").unwrap();
    fs::write(root.join("features/claims.ts"), TEXT).unwrap();
    let notes = root.join("features/notes.ts");
    fs::write(&notes, TEXT.replace("claims", "notes")).unwrap();
    let opened = uri(&root, "features/claims.ts");
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(async {
        let (service, _socket) = LspService::new(Backend::new);
        let backend = service.inner();
        backend.session().did_open(opened.clone(), 1, TEXT);
        backend.load_missing();
        backend.ready(&opened, Stage::Whole).await;
        backend.refreshed(&opened).await;
        while backend.queue.next().is_some() {}

        fs::write(&notes, TEXT).unwrap();
        // It is asked once, and is gone while the disk is looked at.
        let entry = backend.session().now().entries().remove(0);
        let one = entry.reading().lock().await;
        let gone = tokio::time::timeout(Duration::ZERO, backend.refreshed(&opened)).await;
        assert!(gone.is_err());
        drop(one);
        let shown = async {
            while backend.queue.next().is_none() {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
        };
        tokio::time::timeout(Duration::from_secs(10), shown)
            .await
            .expect("what was taken up is shown");
    });
}
