// Starts the mocha tests inside the extension host, through the workbench's own way of running
// extension tests, and ends with their result.

import { address, need, openBrowser, remoteUri } from './workbench.ts';

const LIMIT_MS = 600_000;

const { browser, page } = await openBrowser();
const done = new Promise<number>((resolve) => {
  void page.exposeFunction('codeAutomationLog', (_type: string, args: unknown[]) => console.log(args.join(' ')));
  void page.exposeFunction('codeAutomationExit', (code: number) => resolve(code));
});
const timeout = new Promise<number>((resolve) => setTimeout(() => resolve(3), LIMIT_MS).unref());

await page.goto(
  address(need('WORKSPACE'), [
    ['extensionDevelopmentPath', remoteUri(need('TEST_EXTENSION'))],
    ['extensionTestsPath', remoteUri(need('TEST_BUNDLE'))],
    ['skipWelcome', 'true'],
  ]),
);
const code = await Promise.race([done, timeout]);
if (code !== 0) {
  await page.screenshot({ path: `${need('SCREENSHOTS')}/host-failed.png` });
}
await browser.close();
if (code === 3) {
  console.log(`the tests in the extension host did not end within ${LIMIT_MS / 1000} seconds`);
}
process.exitCode = code;
