import { execFile } from 'node:child_process';
import { existsSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { pathToFileURL } from 'node:url';

import { temporaryRoot } from '../temporary-root.ts';

/** Undefined where there is none. */
export const browser: string | undefined = [
  process.env['CHROME_PATH'] ?? '',
  ...(process.env['PATH'] ?? '').split(delimiter).flatMap((folder) => [join(folder, 'chromium')]),
].find((path) => path !== '' && existsSync(path));

/** For the title of a test that needs one. */
export const withoutBrowser: string = browser === undefined ? ' (skipped: no chromium in PATH, no CHROME_PATH)' : '';

/** What Chromium writes to its console when it opens a page. */
export function consoleOf(html: string): Promise<{ console: string[]; text: string }> {
  const root = temporaryRoot({});
  const file = join(root, 'page.html');
  writeFileSync(file, html);
  const flags = ['--headless', '--no-sandbox', '--disable-gpu', '--disable-dev-shm-usage', '--enable-logging=stderr'];
  const args = [...flags, `--user-data-dir=${join(root, 'profile')}`, '--dump-dom', pathToFileURL(file).href];
  return new Promise((resolve, reject) => {
    execFile(browser!, args, { timeout: 80_000 }, (error, stdout, stderr) => {
      if (error === null) {
        resolve({ console: stderr.split('\n').filter((line) => line.includes('CONSOLE')), text: stdout });
      } else reject(error);
    });
  });
}
