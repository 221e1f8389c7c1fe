//! Every name of whole projects, given another: nothing of the old one is left behind.

#![allow(
    clippy::expect_used,
    clippy::panic,
    reason = "a test says what it expects by failing"
)]

use std::path::Path;

use invariants::project::{ROOT, Texts, files, fixtures, small};
use invariants::renames::check;

/// Every place that names a column or a role, in every form.
const PLACES: &str = "
//- quickback/quickback.config.ts
export default { auth: { roleHierarchy: ['member', 'copy', 'desk', 'admin', 'owner'] } };
//- quickback/shared.ts
export const DRAFTS = { status: { equals: 'draft' }, writerId: { equals: '$ctx.userId' } } as const;
export const DESK = ['desk'] as const;
export const audited = { editedBy: text('edited_by'), workEmail: text('work_email') };
//- quickback/features/stories/schema.ts
import { index, primaryKey, relations, sqliteTable, text } from 'drizzle-orm/sqlite-core';
import { audited } from '../../shared';
import tips from '../tips';
const slug = text('slug');
export const stories = sqliteTable('open_stories', {
  id: text('id'),
  tenant: text('tenant'),
  title: text('title').notNull(),
  status: text('status', { enum: ['draft', 'copy', 'desk'] }).default('draft'),
  writerId: text('writer_id'),
  slug,
  ...audited,
}, (t) => ({ key: primaryKey({ columns: [t.id, t.tenant] }), by: index('by').on(t.title, t['status']) }));
export const notes = sqliteTable('notes', {
  id: text('id').primaryKey(),
  storyId: text('story_id').references(() => stories.id),
  tipId: text('tip_id').references(() => tips.id),
  title: text('title'),
}, ({ storyId, title }) => [index('x').on(storyId, title)]);
export const links = relations(notes, ({ one }) => ({
  story: one(stories, { fields: [notes.storyId], references: [stories.id] }),
}));
//- quickback/features/stories/stories.ts
import { defineTable } from '@quickback/compiler';
import { stories } from './schema';
import { DESK, DRAFTS } from '../../shared';
export default defineTable(stories, {
  firewall: [
    { field: 'tenant', equals: 'ctx.activeOrgId' },
    { or: [{ field: 'writerId', equals: 'ctx.userId' }, { and: [{ field: 'status', in: ['draft', 'copy'] }, { field: 'deletedAt', isNull: true }] }] },
  ],
  guards: {
    createable: ['title', 'slug', 'status'],
    updatable: ['title', 'editedBy'],
    immutable: ['writerId'],
    protected: { status: ['publish'] },
  },
  embeddings: { fields: ['title'], onUpdate: ['title', 'slug'] },
  masking: {
    workEmail: { type: 'email', show: { roles: ['desk'] } },
    title: { type: 'name', show: { roles: ['copy'] } },
    ['slug']: { type: 'redact' },
  },
  crud: {
    list: { access: { or: [{ roles: ['desk+'] }, { roles: ['copy'], record: DRAFTS }] }, fields: ['id', 'title'] },
    delete: { access: { and: [{ roles: [...DESK] }, { record: { 'status': { equals: 'draft' } } }] } },
  },
  create: { access: { roles: ['copy'], record: { writerId: { equals: '$ctx.userId' } } } },
  update: { access: { roles: ['desk'], record: { status: { notEquals: 'desk' } } } },
  read: {
    access: { roles: ['copy+'], record: { slug: { notEquals: null } } },
    views: { short: { fields: ['id', 'slug'], access: { roles: ['desk'], record: { title: { notEquals: '' } } } } },
  },
  views: { long: { fields: ['title', 'status'], access: { roles: ['copy'] } } },
  actions: { spike: { access: { roles: ['desk'], record: { status: { equals: 'draft' } } } } },
  layouts: { default: { sections: [{ label: 'All', fields: ['title', 'slug'] }] } },
  realtime: { enabled: true, requiredRoles: ['copy+'], fields: ['id', 'tenant', 'title', 'status', 'workEmail'] },
});
//- quickback/features/stories/actions.ts
import { defineActions as define } from '@quickback/compiler';
import { stories } from './schema';
const actions = define(stories, {
  publish: { access: { roles: ['desk'], record: { status: { equals: 'copy' } } }, handler: './handlers/publish' },
  take: { access: { or: [{ roles: ['copy'] }, { record: { writerId: { equals: '$ctx.userId' } } }] } },
});
export default actions;
//- quickback/features/stories/actions/hold.ts
import { defineAction } from '@quickback/compiler';
export default defineAction({ access: { roles: ['copy'], record: { status: { notEquals: 'desk' } } } });
//- quickback/features/tips.ts
import { feature, q } from '@quickback/compiler';
import { stories } from './stories/schema';
export default feature('tips', {
  columns: {
    id: q.id(),
    tenant: q.text(),
    title: q.text(),
    userId: q.text(),
    crew: q.text(),
    goneAt: q.timestamp(),
    storyId: q.text().references(() => stories.id),
  },
  firewall: { organization: { column: 'tenant' }, owner: { column: 'userId', mode: 'optional' }, team: { column: 'crew' }, softDelete: { column: 'goneAt' } },
  masking: { title: { type: 'redact', show: { or: 'owner' } } },
  realtime: { enabled: true },
});
//- quickback/features/letters.ts
import { defineTable, q } from '@quickback/compiler';
export const letters = q.table('letters', { id: q.id(), title: q.text(), author: q.text(), room: q.scope('organization') });
export default defineTable(letters, {
  firewall: (ctx) => ({ owner: { column: 'author' }, organization: {} }),
  realtime: { enabled: true, requiredRoles: ['copy'] },
});
//- quickback/services/realtime/desk.ts
import { defineRealtime } from '@quickback/compiler';
export default defineRealtime({ name: 'desk', events: ['title', 'copy'] });
//- quickback/features/stories/handlers/publish.ts
import { createRealtime } from '../../../lib/realtime';
import { notes, stories, letters as mail } from '../../../../schema';
import * as all from '../../../../schema';
import tips from '../../tips';
export const execute = async ({ db, ctx, record }) => {
  const realtime = createRealtime(ctx.env);
  const { title } = record;
  await db.insert(notes).values({ storyId: record.id, title });
  await db.update(stories).set({ title }).where(eq(stories.id, all.stories.id), eq(mail.author, all.letters['author']));
  await realtime.update('stories', { id: record.id, title }, { id: record.id }, ctx.org, {
    targetRoles: ['desk', 'copy+'],
    maskingConfig: { title: { type: 'name', show: { roles: ['desk'] } } },
  });
  await realtime.insert('tips', { id: tips.id, title }, ctx.org);
  await realtime.desk.title({ title }, ctx.org);
  await realtime.broadcast('desk:copy', { title }, ctx.org);
};
";

/// Renames every name of a project; answers how many.
#[track_caller]
fn rename_all(root: &Path, texts: &Texts) -> usize {
    let outcome = check(root, texts);
    assert!(outcome.wrong.is_empty(), "{}", outcome.wrong.join("\n"));
    for (name, why) in outcome.refused {
        let is_known = ["does not parse", "for nothing but", "by nothing but"];
        assert!(
            is_known.iter().any(|known| why.contains(known)),
            "{name}: {why}"
        );
    }
    outcome.renamed
}

#[test]
fn every_place_that_names_something() {
    assert_eq!(rename_all(Path::new(ROOT), &files(PLACES)), 28);
}

#[test]
fn every_name_of_a_small_project() {
    assert_eq!(rename_all(Path::new(ROOT), &small()), 10);
}

/// Renames every name of the fixtures that are wanted; answers how many.
#[track_caller]
fn rename_fixtures(is_wanted: impl Fn(&str) -> bool) -> usize {
    let name = |root: &Path| root.file_name()?.to_str().map(str::to_owned);
    let wanted = fixtures().into_iter();
    let wanted = wanted.filter(|(root, _)| is_wanted(&name(root).unwrap_or_default()));
    wanted.map(|(root, texts)| rename_all(&root, &texts)).sum()
}

#[test]
fn every_name_of_the_newsroom() {
    assert!(rename_fixtures(|name| name == "newsroom") > 140);
}

#[test]
fn every_name_of_a_project_with_mistakes() {
    assert!(rename_fixtures(|name| name == "leaky") > 80);
}

#[test]
fn every_name_of_the_other_fixtures() {
    assert!(rename_fixtures(|name| !matches!(name, "newsroom" | "leaky")) > 110);
}
