//! Projects of texts that are nowhere on the disk.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use quickback_realtime::facts::{FileFacts, may_matter};
use quickback_realtime::project::{Project, layout};
use quickback_realtime::settings::Settings;
use quickback_realtime::workspace;

/// The texts of a project by their absolute paths.
pub type Texts = BTreeMap<PathBuf, String>;

/// Where projects are that are nowhere.
pub const ROOT: &str = "/project";

/// A small project whose files depend on each other in every way, by paths relative to its root.
pub const SMALL: [(&str, &str); 5] = [
    (
        "quickback/quickback.config.ts",
        "import { ROLES } from '../src/roles';\nexport default { auth: { roleHierarchy: [...ROLES] } };\n",
    ),
    (
        "src/roles.ts",
        "export const ROLES = ['member', 'editor', 'admin'] as const;\nexport const FIELDS = ['id', 'title'];\n",
    ),
    (
        "quickback/features/claims.ts",
        "import { defineTable, q } from '@quickback/compiler';\nimport { FIELDS } from '../../src/roles';\nexport const claims = q.table('open_claims', {\n  id: q.id(),\n  title: q.text(),\n  email: q.email(),\n  orgId: q.scope('organization'),\n  userId: q.scope('owner'),\n});\nexport default defineTable(claims, {\n  masking: { email: { type: 'email', show: { roles: ['editor+'], or: 'owner' } } },\n  realtime: { enabled: true, requiredRoles: ['editor+'], fields: [...FIELDS, 'email'] },\n});\n",
    ),
    (
        "quickback/services/realtime/ingest.ts",
        "import { defineRealtime } from '@quickback/compiler';\nexport default defineRealtime({ name: 'ingest', events: ['started', 'done'] });\n",
    ),
    (
        "src/handler.ts",
        "import { createRealtime } from './lib/realtime';\nimport { claims } from '../quickback/features/claims';\nexport async function run(env, db, org, id) {\n  const realtime = createRealtime(env);\n  await db.insert(claims).values({ id });\n  await realtime.insert('claims', { id, email: 'é😀' }, org);\n  await realtime.ingest.started({ id }, org);\n}\n",
    ),
];

/// The texts of [`SMALL`] under [`ROOT`].
pub fn small() -> Texts {
    SMALL
        .iter()
        .map(|(path, text)| (Path::new(ROOT).join(path), (*text).to_owned()))
        .collect()
}

/// The texts of a project in one: `//- path` begins a file.
pub fn files(text: &str) -> Texts {
    let mut texts = Texts::new();
    for file in text.split("//- ").skip(1) {
        let (path, text) = file.split_once('\n').expect("a path is a line");
        texts.insert(Path::new(ROOT).join(path.trim()), text.to_owned());
    }
    texts
}

/// A project of texts.
pub fn project(root: &Path, texts: &Texts) -> Project {
    let read = {
        let texts = texts.clone();
        Arc::new(move |path: &Path| texts.get(path).cloned())
    };
    let project = Project::new(root.to_owned(), Settings::default(), read);
    for (path, _) in texts
        .iter()
        .filter(|(path, text)| is_member(root, path, text))
    {
        project.add_member(path);
    }
    project
}

/// The same project, whose files became known one by one in the opposite order.
pub fn backwards(root: &Path, texts: &Texts) -> Project {
    let read = {
        let texts = texts.clone();
        Arc::new(move |path: &Path| texts.get(path).cloned())
    };
    let project = Project::new(root.to_owned(), Settings::default(), read);
    for (path, text) in texts
        .iter()
        .rev()
        .filter(|(path, text)| is_member(root, path, text))
    {
        let file = project.add_member(path);
        project.set_facts(file, Some(Arc::new(FileFacts::of_text(text, path))));
        // Whatever is derived is derived now, from the files that are there so far.
        project.index();
    }
    project
}

/// Whether a file is looked at for itself, as the walk over a project decides it.
fn is_member(root: &Path, path: &Path, text: &str) -> bool {
    let Ok(relative) = path.strip_prefix(root) else {
        return false;
    };
    let nearest = path.parent().and_then(workspace::root_of);
    nearest.is_none_or(|nearest| nearest == root)
        && match layout::role(relative) {
            layout::Role::Other => false,
            layout::Role::Source => may_matter(text.as_bytes()),
            _ => true,
        }
}

/// The fixtures: each with the root of its first project and with all its texts, which another
/// project can be among.
pub fn fixtures() -> Vec<(PathBuf, Texts)> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(top().join("tests/fixtures")).expect("the fixtures are there") {
        let folder = entry.expect("an entry can be read").path();
        if folder.is_dir() {
            let mut texts = Texts::new();
            read_folder(&folder, &mut texts);
            let root = workspace::discover(&folder).into_iter().next();
            found.push((root.unwrap_or(folder), texts));
        }
    }
    found.sort();
    assert!(found.len() > 8, "the fixtures are not where they were");
    found
}

/// The folder of the whole, without a `..`, which no import of a file in it would be resolved to.
pub fn top() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    let top = package.ancestors().nth(2);
    top.expect("the package is in the project").to_owned()
}

fn read_folder(folder: &Path, texts: &mut Texts) {
    for entry in std::fs::read_dir(folder).expect("a folder can be read") {
        let path = entry.expect("an entry can be read").path();
        if path.is_dir() {
            read_folder(&path, texts);
        } else if let Ok(text) = std::fs::read_to_string(&path) {
            texts.insert(path, text);
        }
    }
}
