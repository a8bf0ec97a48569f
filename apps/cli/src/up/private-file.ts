import { renameSync, writeFileSync } from 'node:fs';

/** Replaces `file` atomically by `text`, readable only by its owner, whatever its modes were before. */
export function writePrivate(file: string, text: string): void {
  const draft = `${file}.${process.pid}.new`;
  writeFileSync(draft, text, { mode: 0o600 });
  renameSync(draft, file);
}
