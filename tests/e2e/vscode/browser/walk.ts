// One walk through the workbench, as a person takes it. Each step is a test; when one fails, the
// next are not tried, since they stand on it.

import assert from 'node:assert/strict';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { becomes, Editor } from './editor.ts';
import { Report } from './report.ts';
import { need, openBrowser, outsideHosts } from './workbench.ts';

const FILE = 'quickback/features/tips/tips.ts';
const EVENTS = 'quickback/services/realtime/alerts.ts';
const TITLE = 'tips.ts';
const PREVIEW = 'Preview: tips';
const HELPER = join(need('WORKSPACE'), 'src/lib/realtime.ts');

const { browser, page } = await openBrowser();
const outside = outsideHosts(page);
const editor = new Editor(page);
const report = new Report(page);
const step = report.step.bind(report);

async function writeAndFix(): Promise<void> {
  await step('a project opens, and nothing is wrong', 'clean', async () => {
    await editor.openWorkspace();
    // Room for the code, and for the lens above it.
    await editor.press('Control+b');
    await editor.open(FILE);
    await editor.goTo(FILE, 'export default');
    await editor.lens('Preview events').waitFor();
    assert.equal(await editor.errors.count(), 0);
  });

  await step('a typo gets its squiggle', 'typo', async () => {
    await editor.goTo(FILE, "'triage',\n      'handledBy'", 7);
    await editor.press('Backspace');
    await editor.nextProblem('"triag" is not a column of "tips"');
  });

  await step('the quick fix mends it', 'quick-fix', async () => {
    const fix = page.locator('.action-widget .action', { hasText: 'triage' }).first();
    // What is still being asked for when Escape is pressed is cancelled, so it is asked for again.
    await editor.until('the menu of fixes', async () => {
      await editor.press('Escape', 'Control+.');
      return becomes('visible', fix);
    });
    await report.shoot('quick-fix-menu');
    await editor.press('Enter');
    await editor.until('no squiggle', async () => (await editor.errors.count()) === 0);
    assert.match(await editor.visibleText(TITLE), /'triage',/);
  });

  await step('a role is completed inside quotes, among no doubles', 'role', async () => {
    await editor.goTo(FILE, "requiredRoles: ['reporter'", "requiredRoles: ['reporter'".length);
    await editor.type(", 'contr");
    const labels = await editor.suggestions();
    assert.ok(labels.includes('contributor') && labels.includes('contributor+'), labels.join(' | '));
    assert.equal(new Set(labels).size, labels.length, labels.join(' | '));
    await report.shoot('role-menu');
    await editor.press('Enter');
    await editor.until('the role', async () => (await editor.visibleText(TITLE)).includes("['reporter', 'contributor', 'standards'"));
  });

  await step('TypeScript works beside it', 'typescript', async () => {
    await editor.goTo(FILE, '/**');
    await editor.type('const wrong: string = 1;');
    await editor.press('Enter');
    await editor.nextProblem('ts(2322)');
    await report.shoot('typescript-finding');
    await editor.press('Escape', 'Control+Shift+k');
    await editor.until('no squiggle', async () => (await editor.errors.count()) === 0);
    assert.match(await editor.visibleText(TITLE), /^\/\*\*/);
  });
}

async function preview(): Promise<void> {
  await step('the preview opens from the code lens', 'preview', async () => {
    await editor.goTo(FILE, 'export default');
    await editor.clickLens('Preview events', page.locator('.tab', { hasText: PREVIEW }));
    const text = await editor.until('a preview', () => editor.visibleText(PREVIEW));
    assert.match(text, /INSERT/);
    await editor.marks.first().waitFor();
  });

  await step('the preview follows the typing', 'preview-follows', async () => {
    assert.match(await editor.visibleText(PREVIEW), /"triage"/);
    await editor.goTo(FILE, "'triage',\n      'handledBy'");
    await editor.press('Control+Shift+k');
    await editor.until('a preview without it', async () => !(await editor.visibleText(PREVIEW)).includes('"triage"'));
    await editor.press('Control+z');
    await editor.until('a preview with it', async () => (await editor.visibleText(PREVIEW)).includes('"triage"'));
  });
}

async function compare(): Promise<void> {
  await step('two receivers are compared side by side', 'compare', async () => {
    await editor.goToTab(PREVIEW);
    await page.locator('.editor-actions a[aria-label*="Compare What Two Receivers Get"]').click();
    // The first event and, of those who receive it, the first and the next.
    for (const question of ['Which event?', 'On the left', 'On the right']) {
      await page.locator(`.quick-input-widget input[placeholder*="${question}"]`).waitFor();
      await page.locator('.quick-input-list .monaco-list-row').first().waitFor();
      await editor.press('Enter');
    }
    const title = await page.locator('.tab.active', { hasText: 'INSERT' }).innerText();
    assert.match(title, /INSERT: .*contributor.* ↔ standards/);
    await page.locator('.monaco-diff-editor .line-insert').first().waitFor();
    const shown = (await page.locator('.monaco-diff-editor').innerText()).replaceAll('\u00a0', ' ');
    assert.match(shown, /"tipsterEmail": "j\*+@/);
    assert.match(shown, /"tipsterEmail": "john\.doe@example\.com"/);
  });

  await step('and the preview is where it was', 'compared', async () => {
    await editor.closeTab('INSERT');
    await editor.goToTab(TITLE);
    await editor.until('the preview', async () => (await editor.visibleText(PREVIEW)).includes('INSERT'));
  });
}

async function across(): Promise<void> {
  await step('the calls of a table are peeked at from its lens', 'peek', async () => {
    await editor.goTo(FILE, 'export default');
    const peek = page.locator('.peekview-widget', { hasText: 'triage.ts' });
    await editor.clickLens('1 call', peek);
    // The place itself, with its lines around it.
    await peek.locator('.preview .view-line', { hasText: "realtime.update('tips'" }).first().waitFor();
    await report.shoot('peek-open');
    await editor.pressUntilGone('Escape', peek);
  });

  await step('a rename is looked at before it is made', 'rename', async () => {
    await editor.open(EVENTS);
    await editor.goTo(EVENTS, "'new'", 2);
    await editor.press('F2');
    await page.locator('.rename-box input').waitFor();
    await page.locator('.rename-box input').fill('fresh');
    await editor.press('Control+Enter');
    const changes = page.locator('.refactor-preview, .bulk-edit-panel');
    await changes.first().waitFor();
    await editor.until('the new name in both files', async () => {
      const shown = await changes.first().innerText();
      return ['alerts.ts', 'triage.ts', 'fresh'].every((part) => shown.includes(part));
    });
    await report.shoot('rename-preview');
    await page.getByRole('button', { name: 'Discard' }).click();
    await changes.first().waitFor({ state: 'detached' });
    await editor.closeTab('alerts.ts');
    await editor.goToTab(TITLE);
  });
}

async function generate(): Promise<void> {
  await step('the first save asks, and then writes the helper', 'generated', async () => {
    assert.equal(existsSync(HELPER), false);
    await editor.save();
    await editor.notifications.locator('.monaco-button', { hasText: 'Generate' }).waitFor();
    await report.shoot('asks');
    await editor.notifications.locator('.monaco-button', { hasText: 'Generate' }).click();
    await editor.until('the helper', async () => existsSync(HELPER));
    assert.match(readFileSync(HELPER, 'utf8'), /Generated by/);
  });

  await step('the status says what was written, and nothing pops up', 'status', async () => {
    await editor.untilStatus(/Wrote /);
    assert.equal(await editor.notifications.count(), 0);
  });

  await step('an error blocks generation, and the status says so', 'blocked', async () => {
    await editor.closeStatus();
    const before = readFileSync(HELPER, 'utf8');
    await editor.goTo(FILE, "type: 'name'", "type: 'name".length);
    await editor.press('Backspace');
    await editor.errors.first().waitFor();
    await editor.save();
    await editor.untilStatus(/Not generated/);
    assert.equal(readFileSync(HELPER, 'utf8'), before);
  });
}

async function survive(): Promise<void> {
  await step('a server that is killed is told of once, and comes back', 'killed', async () => {
    await editor.closeStatus();
    await editor.goTo(FILE, "type: 'nam'", "type: 'nam".length);
    report.killServer();
    await editor.type('e');
    await editor.notifications.filter({ hasText: 'was started again' }).waitFor();
    assert.equal(await editor.notifications.count(), 1);
    await editor.until('no squiggle', async () => (await editor.errors.count()) === 0);
    assert.match(await editor.visibleText(TITLE), /type: 'name'/);
  });
}

async function ask(): Promise<void> {
  await step('the log is one command away', 'log', async () => {
    await editor.dismissNotifications();
    await editor.command('Quickback Realtime: Show the Log');
    // Only the channel: what logs hold, this VS Code writes by a native module that it has not got here.
    await editor.until('its channel', async () => {
      const chosen = await page.locator('.part.panel select').first().evaluate((list) => (list as HTMLSelectElement).selectedOptions[0]?.text);
      return chosen === 'Quickback Realtime';
    });
  });

  await step('the report says what the server knows', 'report', async () => {
    await editor.press('Control+j');
    await editor.command('Quickback Realtime: Show What the Server Knows');
    const report = 'Quickback Realtime.md';
    await editor.until('the report', async () => (await editor.visibleText(report)).includes('generates on save: yes'));
  });

  await step('the title of an editor has the preview too', 'title', async () => {
    await editor.closeTab('Quickback Realtime.md');
    await editor.open(EVENTS);
    await page.locator('.editor-group-container.active .editor-actions a[aria-label*="Preview Events"]').click();
    await editor.until('a preview', async () => (await editor.visibleText('Preview: alerts')).includes('"event": "alerts:new"'));
  });

  await step('and it stays when its source is closed', 'title-closed', async () => {
    await editor.closeTab('alerts.ts');
    await editor.goToTab(TITLE);
    // Long enough for the preview to have been asked for anew.
    await page.waitForTimeout(500);
    const text = await editor.visibleText('Preview: alerts');
    assert.match(text, /What each receiver gets.*"event": "alerts:new"/s);
  });
}

// What a server that is no use makes VS Code say: once, and what to do.
async function refuse(): Promise<void> {
  const servers: [name: string, text: string | undefined, mode: number, message: RegExp][] = [
    ['missing', undefined, 0, /missing \(from the setting .*\) does not exist\. Correct the setting/],
    ['forbidden', '', 0o644, /forbidden \(from the setting .*\) may not be executed\. Correct the setting/],
    [
      'newer',
      `#!/bin/sh\n[ "$1" = --version ] && echo quickback-realtime 9.0.0 || exec "$QUICKBACK_REALTIME_SERVER" "$@"\n`,
      0o755,
      /is version 9\.0\.0, while this extension is 0\.1\.0/,
    ],
  ];
  for (const [name, text, mode, message] of servers) {
    await step(`a server that is ${name} is told of once`, name, async () => {
      await editor.closeStatus();
      await editor.dismissNotifications();
      const file = join(need('SCRATCH'), name);
      if (text !== undefined) {
        writeFileSync(file, text.replace('$QUICKBACK_REALTIME_SERVER', need('SERVER')), { mode });
      }
      await editor.writeSettings({ 'quickbackRealtime.server.path': file });
      await editor.notifications.filter({ hasText: message }).waitFor();
      assert.equal(await editor.notifications.count(), 1);
      await report.shoot(`${name}-message`);
      // Escape, which looking at the status begins with, puts the message away, and no other follows.
      await editor.untilStatus(name === 'newer' ? /9\.0\.0/ : /Quickback Realtime is not running/);
      assert.equal(await editor.notifications.count(), 0);
    });
  }
}

async function learn(): Promise<void> {
  await step('a walkthrough leads through the first project', 'walkthrough', async () => {
    await editor.closeStatus();
    await editor.save();
    await editor.command('View: Close All Editors');
    await editor.command('Welcome: Open Walkthrough...');
    await page.locator('.quick-input-list .monaco-list-row', { hasText: 'Get started with Quickback Realtime' }).click();
    const steps = page.locator('.gettingStartedDetailsContent');
    for (const title of ['Mask what not everybody may see', 'See what each receiver gets', 'Save, and the helper is written']) {
      await steps.locator('.getting-started-step', { hasText: title }).click();
      await steps.locator('.getting-started-step.expanded', { hasText: title }).waitFor();
    }
    await steps.locator('iframe.webview.ready').first().waitFor();
    await steps.locator('.getting-started-step.expanded').getByRole('button', { name: 'Generate', exact: true }).click();
    await page.locator('.complete[data-done-step-id$="#generate"]').waitFor();
  });
}

await report.run(async () => {
  await writeAndFix();
  await preview();
  await compare();
  await across();
  await generate();
  await survive();
  await ask();
  await refuse();
  await learn();
  await step('the page asked nobody outside this machine', 'end', async () => assert.deepEqual([...outside], []));
});
await browser.close();
