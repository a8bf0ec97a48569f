import { authSubjects, complaintsSubjects } from '@hark/contracts';
import type { MailLinkPurpose } from '@hark/credentials';
import type { Access } from '@hark/service';

/** What a mail's link opens. Its caller may ask these subjects and no other. */
export interface MailLinkRow {
  readonly access: Access & `mail-link:${string}`;
  /** What the button does. */
  readonly acts: string;
  /** What the page shows before it. */
  readonly shows?: string;
}

/**
 * The table of routes for links in mails. What such a caller may ask is said here, and once more by the handlers; which
 * binding or push it is about stands in the link, never in what is sent.
 */
export const mailLinkTable: Readonly<Record<MailLinkPurpose, MailLinkRow>> = {
  mute: { access: 'mail-link:mute', acts: authSubjects.muteByLink },
  unbind: { access: 'mail-link:unbind', acts: authSubjects.unbindByLink },
  complain: {
    access: 'mail-link:complain',
    shows: complaintsSubjects.getByLink,
    acts: complaintsSubjects.complainByLink,
  },
};
