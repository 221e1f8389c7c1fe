//! Fixtures with a cursor, for the tests of what an editor shows.

use crate::rules::testing::{Fixture, fixture};
use crate::span::FileId;

/// A project, and the place of `$0` in it.
pub struct AtCursor {
    /// The project.
    pub fixture: Fixture,
    /// The file with the cursor.
    pub file: FileId,
    /// Its text without the mark.
    pub text: String,
    /// The offset of the mark.
    pub offset: u32,
}

/// Reads a fixture that has one `$0`.
#[track_caller]
pub fn at_cursor(marked: &str) -> AtCursor {
    let mut path = String::new();
    let mut start = 0;
    let mut at = 0;
    for line in marked.split_inclusive('\n') {
        if let Some(name) = line.strip_prefix("//- ") {
            path = name.trim().to_owned();
            start = at + line.len();
        }
        if let Some(column) = line.find("$0") {
            let fixture = fixture(&marked.replacen("$0", "", 1));
            return AtCursor {
                file: fixture.file(&path),
                text: fixture.files[&path].clone(),
                fixture,
                offset: u32::try_from(at + column - start).unwrap(),
            };
        }
        at += line.len();
    }
    panic!("no $0 in the fixture");
}

/// A project to complete in: a table, a namespace, roles.
pub const PROJECT: &str = r#"
//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ["member", "admin", "owner"] } };
//- quickback/services/realtime/extraction.ts
import { defineRealtime } from "@quickback/compiler";
export default defineRealtime({ name: "extraction", events: ["started", "step-done"], description: "Reading of documents." });
//- quickback/features/notes.ts
import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const notes = sqliteTable("notes", { id: text("id").primaryKey(), organizationId: text("organization_id"), body: text("body") });
export default defineTable(notes, { realtime: { enabled: true, requiredRoles: ["admin+"], fields: ["id", "body"] } });
//- quickback/features/drafts.ts
import { sqliteTable, text } from "drizzle-orm/sqlite-core";
import { defineTable } from "@quickback/compiler";
export const drafts = sqliteTable("drafts", { id: text("id").primaryKey(), email: text("email").notNull() });
export default defineTable(drafts, {});
"#;

/// A project whose names go across files.
pub const NEWSDESK: &str = r#"
//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ['member', 'copy', 'desk', 'admin', 'owner'] } };
//- quickback/shared.ts
export const STAFF = ['copy'] as const;
//- quickback/services/realtime/alerts.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'alerts', events: ['raised', 'cleared'] });
//- quickback/features/stories/schema.ts
import { sqliteTable, text, primaryKey } from 'drizzle-orm/sqlite-core';
export const stories = sqliteTable('open_stories', {
  id: text('id'),
  title: text('title'),
  email: text('email'),
}, (t) => [primaryKey({ columns: [t.id, t.title] })]);
//- quickback/features/stories/stories.ts
import { defineTable } from '@quickback/compiler';
import { stories } from './schema';
import { STAFF } from '../../shared';
export default defineTable(stories, {
  crud: { list: { access: { roles: ['desk+'] } } },
  embeddings: { fields: ['title'] },
  masking: { title: { type: 'name', show: { roles: ['desk'] } } },
  realtime: {
    enabled: true,
    requiredRoles: ['desk+', ...STAFF],
    fields: ['id', 'title', 'createdAt'],
  },
});
//- quickback/features/tips.ts
import { feature, q } from '@quickback/compiler';
export default feature('tips', {
  columns: { id: q.id(), title: q.text() },
  realtime: { enabled: false, fields: ['id'] },
});
//- quickback/features/stories/handlers/publish.ts
import { createRealtime } from '../../../lib/realtime';
import { stories } from '../schema';
import * as schema from '../schema';
export const execute = async ({ db, ctx, record, title }) => {
  const realtime = createRealtime(ctx.env);
  await db.update(stories).set({ title }).where(eq(stories.title, schema.stories.title));
  const tables = { stories };
  await realtime.insert('stories', { id: record.id, title }, ctx.org, {
    targetRoles: ['desk'],
    maskingConfig: { title: { type: 'name' } },
  });
  await realtime.delete('tips', { title: record.title }, ctx.org);
  await realtime.alerts.raised({ title }, ctx.org);
  await realtime.broadcast('alerts:raised', {}, ctx.org);
};
"#;

/// [`PROJECT`] with a table whose options are `options`, in which the cursor is.
pub fn in_options(options: &str) -> String {
    format!(
        r#"{PROJECT}
//- quickback/features/claims.ts
import {{ sqliteTable, text, integer }} from "drizzle-orm/sqlite-core";
import {{ defineTable }} from "@quickback/compiler";

export const claims = sqliteTable("claims", {{
  id: text("id").primaryKey(),
  title: text("title").notNull(),
  email: text("email"),
  dueAt: integer("due_at", {{ mode: "timestamp" }}),
}});

export default defineTable(claims, {{
{options}
}});
"#
    )
}

/// [`PROJECT`] with a handler whose body is `body`, in which the cursor is.
pub fn in_handler(body: &str) -> String {
    format!(
        r#"{PROJECT}
//- src/handler.ts
import {{ createRealtime }} from "./lib/realtime";

export async function run(ctx, record) {{
  const realtime = createRealtime(ctx.env);
{body}
}}
"#
    )
}
