/** What a `ChangePublisher` sends. */
export interface Notice {
  /** Which publisher. */
  readonly by: string;
  /** Its number there, from 1 on, without holes. */
  readonly seq: number;
  /** Of what something changed; absent when it may be anything. */
  readonly topics?: readonly string[];
}

/** Reads a notice; undefined when it is none. */
export function noticeIn(data: Uint8Array): Notice | undefined {
  try {
    const notice = JSON.parse(Buffer.from(data).toString()) as Partial<Notice> | null;
    if (typeof notice?.by !== 'string' || typeof notice.seq !== 'number') return undefined;
    if (notice.topics !== undefined && !Array.isArray(notice.topics)) return undefined;
    return notice as Notice;
  } catch {
    return undefined;
  }
}
