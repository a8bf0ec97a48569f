import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Names under which systems install it. */
const names = ['chromium', 'chromium-browser', 'google-chrome'];

/** The Chromium of this machine, found on PATH; `undefined` when there is none. */
export function findChromium(env: NodeJS.ProcessEnv): string | undefined {
  const folders = (env.PATH ?? '').split(delimiter);
  return folders.flatMap((folder) => names.map((name) => join(folder, name))).find(isProgram);
}

/** How to get it, for whoever runs the tests without. */
export const howToGetChromium =
  'no Chromium here, so the flows of the console are skipped: apt-get install chromium (Debian), or any Chromium on PATH';

function isProgram(file: string): boolean {
  try {
    accessSync(file, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
