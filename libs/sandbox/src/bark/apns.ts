import type { BarkParameters } from './bark-parameters';

/**
 * The limits of APNs: 4 096 bytes of JSON payload (Apple: "Generating a remote notification") and 64 of the collapse id
 * (Apple: "Sending notification requests to APNs").
 */
export const payloadMax = 4_096;
export const collapseIdMax = 64;

/** What the phone shows, with defaults filled in. */
export interface ShownPush {
  readonly id?: string;
  readonly title?: string;
  readonly subtitle?: string;
  readonly body: string;
  readonly sound: string;
  /** Every other parameter, names in lower case: level, group, url, icon, badge, ciphertext, iv … */
  readonly params: Readonly<Record<string, string>>;
}

/** Fills in what bark-server fills in (its source): a body for an empty push, the suffix of the sound. */
export function asShown({ id, title, subtitle, body, sound, params }: BarkParameters): ShownPush {
  const empty = !title && !subtitle && !body;
  return {
    ...(id && { id }),
    ...(title && { title }),
    ...(subtitle && { subtitle }),
    body: empty && params.delete !== '1' ? 'Empty Message' : (body ?? ''),
    sound: !sound ? '1107' : sound.endsWith('.caf') ? sound : `${sound}.caf`,
    params,
  };
}

/** The reason for which APNs would refuse the push's content; undefined when it would not. */
export function refusalOf(push: ShownPush): 'PayloadTooLarge' | 'BadCollapseId' | undefined {
  if (push.id && Buffer.byteLength(push.id) > collapseIdMax) return 'BadCollapseId';
  return payloadBytes(push) > payloadMax ? 'PayloadTooLarge' : undefined;
}

/** Size of the JSON that the server would hand to APNs. */
export function payloadBytes({ id, title, subtitle, body, sound, params }: ShownPush): number {
  const aps =
    params.delete === '1'
      ? { 'content-available': 1 }
      : {
          alert: { title, subtitle, body },
          sound,
          'thread-id': params.group,
          category: 'myNotificationCategory',
          'mutable-content': 1,
        };
  const json = JSON.stringify({ ...params, id, aps });
  // Go's encoding/json writes each of these five as six characters.
  const escaped = json.match(/[<>&\u2028\u2029]/g);
  const growth = escaped?.reduce((bytes, character) => bytes + 6 - Buffer.byteLength(character), 0) ?? 0;
  return Buffer.byteLength(json) + growth;
}
