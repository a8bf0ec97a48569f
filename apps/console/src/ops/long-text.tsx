import type { ReactNode } from 'react';

/** What somebody wrote, however long it is: the page stays short, and keys scroll through it. */
export function LongText({ label, children }: { label: string; children: ReactNode }) {
  return (
    <div className="long" tabIndex={0} role="group" aria-label={label}>
      {children}
    </div>
  );
}
