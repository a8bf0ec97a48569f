/** How often the inbox is read anew while it is looked at. */
export const inboxEveryMs = 4_000;
