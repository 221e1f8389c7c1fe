//! Random edits of a project: what is kept up to date edit by edit is what is read afresh.

use std::path::Path;
use std::sync::Arc;

use proptest::prelude::*;
use quickback_realtime::document::{Change, Dialect, Document};
use quickback_realtime::facts::FileFacts;
use quickback_realtime::position::{Encoding, LineColumn};
use quickback_realtime::rules;

use crate::{Texts, project};

const ROOT: &str = "/project";

/// A small project whose files depend on each other in every way.
const FILES: [(&str, &str); 5] = [
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

/// Pieces that people type, paste and delete around.
fn piece() -> impl Strategy<Value = String> {
    prop_oneof![
        3 => "[a-z'\"{}\\[\\](),:.+ \n]{0,4}",
        1 => Just("'titel'".to_owned()),
        1 => Just("realtime: { enabled: false },".to_owned()),
        1 => Just("claims".to_owned()),
        1 => Just("\r\n  é😀".to_owned()),
        1 => Just("export const x = 1;\n".to_owned()),
        1 => Just("// quickback-realtime-ignore unknown-field\n".to_owned()),
    ]
}

#[derive(Debug, Clone)]
struct Edit {
    file: usize,
    from: (u32, u32),
    to: (u32, u32),
    text: String,
}

fn edit() -> impl Strategy<Value = Edit> {
    let place = || (0u32..14, 0u32..60);
    (0..FILES.len(), place(), place(), any::<bool>(), piece()).prop_map(
        |(file, a, b, is_insertion, text)| Edit {
            file,
            from: a.min(b),
            to: if is_insertion { a.min(b) } else { a.max(b) },
            text,
        },
    )
}

fn shown(findings: &[quickback_realtime::diagnostic::Diagnostic]) -> Vec<String> {
    findings
        .iter()
        .map(|f| format!("{:?} {} {} {}", f.span, f.code, f.severity, f.message))
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 96, ..ProptestConfig::default() })]

    #[test]
    fn incremental_equals_fresh(edits in prop::collection::vec(edit(), 1..10)) {
        let root = Path::new(ROOT);
        let mut texts: Texts = FILES
            .iter()
            .map(|(path, text)| (root.join(path), (*text).to_owned()))
            .collect();
        let kept = project(root, &texts);
        let mut documents: Vec<Document> = FILES
            .iter()
            .map(|(_, text)| Document::new(text, Dialect::TypeScript))
            .collect();
        // Whatever is derived is derived once before, so that it has to be mended and not made.
        for file in kept.members() {
            rules::check(&kept, file);
        }
        for edit in edits {
            let path = root.join(FILES[edit.file].0);
            let document = &mut documents[edit.file];
            let at = |(line, column)| LineColumn { line, column };
            document.edit(
                &[Change { range: Some((at(edit.from), at(edit.to))), text: edit.text }],
                Encoding::Utf16,
            );
            let text: &str = document.text();
            let facts = FileFacts::of(document);
            prop_assert_eq!(&facts, &FileFacts::of_text(text, &path));
            texts.insert(path.clone(), text.to_owned());
            kept.set_facts(kept.file(&path), Some(Arc::new(facts)));

            let fresh = project(root, &texts);
            for path in texts.keys() {
                prop_assert_eq!(
                    shown(&rules::check(&kept, kept.file(path))),
                    shown(&rules::check(&fresh, fresh.file(path))),
                    "{}", path.display()
                );
            }
            prop_assert_eq!(kept.roles().names.clone(), fresh.roles().names.clone());
        }
    }
}
