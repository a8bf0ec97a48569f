import { renameSync, writeFileSync } from 'node:fs';

/** Replaces `file` in one step by `text` that only its owner can read, whatever was there with whatever modes. */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
