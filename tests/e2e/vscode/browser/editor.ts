// What a person does in the workbench: opens a file, goes to a place, types, looks.

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Locator, Page } from 'playwright-core';
import { address, need } from './workbench.ts';

const SHORT_PAUSE_MS = 60;
// How long something may take to answer before a person would try again.
const ANSWER_MS = 3_000;

export class Editor {
  readonly page: Page;

  constructor(page: Page) {
    this.page = page;
    page.setDefaultTimeout(60_000);
  }

  async openWorkspace(): Promise<void> {
    await this.page.goto(address(need('WORKSPACE')), { waitUntil: 'domcontentloaded' });
    await this.page.waitForSelector('.explorer-folders-view .monaco-list-row', { timeout: 120_000 });
  }

  /** Opens a file by its name, as Ctrl+P does. */
  async open(file: string): Promise<void> {
    await this.page.keyboard.press('Control+p');
    await this.page.waitForSelector('.quick-input-widget:not([style*="display: none"]) input');
    await this.page.keyboard.insertText(file);
    // At first the list holds what was open lately, whatever is asked for.
    const name = file.split('/').at(-1) ?? file;
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: name }).waitFor();
    await this.page.keyboard.press('Enter');
    await this.page.waitForSelector(`.tab.active[data-resource-name="${name}"]`);
    await this.page.waitForSelector('.editor-instance .view-line');
  }

  /** Runs a command by its title, as F1 does. */
  async command(title: string): Promise<void> {
    await this.page.keyboard.press('F1');
    await this.page.waitForSelector('.quick-input-widget:not([style*="display: none"]) input');
    await this.page.keyboard.insertText(title);
    await this.page.locator('.quick-input-list .monaco-list-row.focused', { hasText: title }).waitFor();
    await this.page.keyboard.press('Enter');
  }

  /** Puts the cursor `offset` characters after the beginning of `text`, as it is in the file on the disk. */
  async goTo(file: string, text: string, offset = 0): Promise<void> {
    const content = readFileSync(join(need('WORKSPACE'), file), 'utf8');
    const at = content.indexOf(text);
    if (at < 0) {
      throw new Error(`"${text}" is not in ${file}`);
    }
    const before = content.slice(0, at + offset).split('\n');
    await this.page.keyboard.press('Control+g');
    await this.page.waitForSelector('.quick-input-widget:not([style*="display: none"]) input');
    await this.page.keyboard.insertText(`${before.length}:${(before.at(-1)?.length ?? 0) + 1}`);
    await this.page.keyboard.press('Enter');
    await this.page.waitForTimeout(SHORT_PAUSE_MS);
  }

  /** Types as a person does, key after key. */
  async type(text: string): Promise<void> {
    await this.page.keyboard.type(text, { delay: 25 });
  }

  async press(...keys: string[]): Promise<void> {
    for (const key of keys) {
      await this.page.keyboard.press(key);
    }
  }

  async save(): Promise<void> {
    await this.page.keyboard.press('Control+s');
    await this.page.waitForSelector('.editor-group-container.active .tab.active:not(.dirty)');
  }

  /** Goes to the next problem, as F8 does, until it is the one with this text: findings lag behind the typing. */
  async nextProblem(text: string): Promise<void> {
    await this.errors.first().waitFor();
    const shown = this.page.locator('.marker-widget', { hasText: text });
    await this.until(`the problem ${text}`, async () => {
      await this.press('Escape', 'F8');
      await this.page.waitForTimeout(4 * SHORT_PAUSE_MS);
      return (await shown.count()) > 0;
    });
  }

  /** Opens the language status as a person does, again and again until it says this. */
  async untilStatus(pattern: RegExp): Promise<void> {
    const items = this.page.locator('.hover-language-status');
    await this.until(`a status like ${pattern}`, async () => {
      await this.press('Escape');
      await this.page.locator('[id="status.languageStatus"] a').click();
      await items.first().waitFor();
      return pattern.test((await items.allInnerTexts()).join('\n'));
    });
  }

  /** Puts the language status away, which stays open while the mouse is over it. */
  async closeStatus(): Promise<void> {
    await this.page.mouse.move(0, 0);
    await this.pressUntilGone('Escape', this.page.locator('.hover-language-status'));
  }

  /** Writes the settings that hold on the machine where the workspace is, and nothing else into them. */
  async writeSettings(settings: Record<string, unknown>): Promise<void> {
    await this.command('Preferences: Open Remote Settings (JSON)');
    await this.page.locator('.monaco-editor.focused[data-uri$="/settings.json"]').waitFor();
    await this.press('Control+a');
    await this.page.keyboard.insertText(JSON.stringify(settings));
    await this.save();
    await this.closeTab('settings.json');
  }

  /** What is marked in a preview, in the order of the page. */
  get marks(): Locator {
    return this.page.locator('.editor-instance .view-overlays [class*="ced-"]');
  }

  /** The first code lens with this text. */
  lens(text: string): Locator {
    return this.page.locator('.codelens-decoration a', { hasText: text }).first();
  }

  /**
   * Clicks the first code lens with this text until what it opens is there. For a moment after a
   * lens has been scrolled into view, VS Code still has the command of before an edit behind it,
   * and says that it cannot find that.
   */
  async clickLens(text: string, opened: Locator): Promise<void> {
    await this.until(`what the lens "${text}" opens`, async () => {
      await this.lens(text).click();
      const there = await becomes('visible', opened);
      if (!there) {
        await this.dismissNotifications();
      }
      return there;
    });
  }

  /** Presses a key until this is gone: what has just opened may not have the keyboard yet. */
  async pressUntilGone(key: string, shown: Locator): Promise<void> {
    await this.until(`${key} to close it`, async () => {
      await this.press(key);
      return becomes('detached', shown);
    });
  }

  /** The labels in the list of suggestions, once it is there. */
  async suggestions(): Promise<string[]> {
    const rows = this.page.locator('.suggest-widget.visible .monaco-list-row .label-name');
    await rows.first().waitFor();
    return rows.allTextContents();
  }

  /** The squiggles of errors in the source. */
  get errors(): Locator {
    return this.page.locator('.editor-instance .squiggly-error');
  }

  /** The messages at the lower right. */
  get notifications(): Locator {
    return this.page.locator('.notification-toast');
  }

  /** Closes every message at the lower right. */
  async dismissNotifications(): Promise<void> {
    await this.command('Notifications: Clear All Notifications');
    await this.until('no message', async () => (await this.notifications.count()) === 0);
  }

  /** Goes to an open editor by its tab. */
  async goToTab(title: string): Promise<void> {
    await this.page.locator('.tab', { hasText: title }).first().click();
    await this.page.locator('.tab.active', { hasText: title }).first().waitFor();
  }

  /** Closes an open editor by the middle button on its tab. */
  async closeTab(title: string): Promise<void> {
    const tab = this.page.locator('.tab', { hasText: title }).first();
    await tab.click({ button: 'middle' });
    await tab.waitFor({ state: 'detached' });
  }

  /** The visible text of the editor whose tab has this title. */
  async visibleText(title: string): Promise<string> {
    const group = this.page.locator('.editor-group-container', { has: this.page.locator('.tab.active', { hasText: title }) });
    const lines = await group.locator('.view-line').evaluateAll((elements) =>
      elements
        .map((element) => ({ top: element.getBoundingClientRect().top, text: element.textContent ?? '' }))
        .sort((a, b) => a.top - b.top)
        .map(({ text }) => text),
    );
    return lines.join('\n').replaceAll('\u00a0', ' ');
  }

  /** Waits until `read` gives something true, and says what was waited for if it never does. */
  async until<T>(what: string, read: () => Promise<T>): Promise<NonNullable<T>> {
    const end = Date.now() + 60_000;
    for (;;) {
      const value = await read();
      if (value) {
        return value;
      }
      if (Date.now() > end) {
        throw new Error(`waited in vain for this: ${what}`);
      }
      await this.page.waitForTimeout(SHORT_PAUSE_MS);
    }
  }
}

/** Whether something comes to be seen, or ceases to be there, while a person would still wait for it. */
export function becomes(state: 'visible' | 'detached', what: Locator): Promise<boolean> {
  return what
    .first()
    .waitFor({ state, timeout: ANSWER_MS })
    .then(
      () => true,
      () => false,
    );
}
