// A page of Chromium with the real workbench in it.

import { chromium, type Browser, type Page } from 'playwright-core';

export interface Workbench {
  browser: Browser;
  page: Page;
}

/** Opens a browser without opening a workspace yet. */
export async function openBrowser(): Promise<Workbench> {
  const executablePath = need('CHROMIUM');
  const browser = await chromium.launch({
    executablePath,
    headless: true,
    args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
  });
  const page = await browser.newPage({ viewport: { width: 1280, height: 800 } });
  // On a busy machine the workbench takes its time to load.
  page.setDefaultNavigationTimeout(180_000);
  return { browser, page };
}

/** The hosts other than this machine that a page asks for anything, filled as it happens. */
export function outsideHosts(page: Page): Set<string> {
  const hosts = new Set<string>();
  page.on('request', (request) => {
    const { hostname } = new URL(request.url());
    if (hostname !== '' && hostname !== '127.0.0.1') {
      hosts.add(hostname);
    }
  });
  return hosts;
}

/** The address of a workspace folder in the server of this run, with parameters for the workbench. */
export function address(folder: string, payload: [string, string][] = []): string {
  const query = payload.length === 0 ? '' : `&payload=${encodeURIComponent(JSON.stringify(payload))}`;
  return `http://${host()}/?folder=${encodeURIComponent(folder)}${query}`;
}

/** A file of this machine, as the workbench names it. */
export function remoteUri(path: string): string {
  return `vscode-remote://${host()}${path}`;
}

export function need(variable: string): string {
  const value = process.env[variable];
  if (value === undefined || value === '') {
    throw new Error(`${variable} is not set; start this by the script "run"`);
  }
  return value;
}

function host(): string {
  return `127.0.0.1:${need('VSCODE_PORT')}`;
}
