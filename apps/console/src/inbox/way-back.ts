let left: string | undefined;

/** Remembers the message that one looks at: whoever comes back to the list is there again. */
export function leaveFor(inboxItemId: string): void {
  left = inboxItemId;
}

/** The message that one comes back from, until `arrived`. */
export const cameFrom = (): string | undefined => left;

/** One is back: whoever comes another time comes from elsewhere. */
export function arrived(): void {
  left = undefined;
}
