/** An event as it was read. */
export interface ReadEvent {
  readonly event: string;
  readonly id: string;
  readonly data: unknown;
}

/** A client that reads a stream as the specification says (WHATWG HTML 9.2.6). */
export class StreamReader {
  readonly events: ReadEvent[] = [];
  lastEventId = '';
  /** The response has ended, or broken off. */
  ended = false;

  private constructor(
    readonly response: Response,
    private readonly over: AbortController,
    private readonly onEvent: (event: ReadEvent, reader: StreamReader) => void,
  ) {
    void this.read()
      .catch(() => undefined)
      .then(() => (this.ended = true));
  }

  /** Rejects when there is no connection. */
  static async open(
    url: string,
    token: string,
    lastEventId = '',
    onEvent: (event: ReadEvent, reader: StreamReader) => void = () => undefined,
  ): Promise<StreamReader> {
    const over = new AbortController();
    const headers = { authorization: `Bearer ${token}`, ...(lastEventId !== '' && { 'last-event-id': lastEventId }) };
    return new StreamReader(await fetch(url, { headers, signal: over.signal }), over, onEvent);
  }

  close(): void {
    this.over.abort();
  }

  ids(): string[] {
    return this.events.map(({ id }) => id);
  }

  private async read(): Promise<void> {
    const decoder = new TextDecoder();
    let text = '';
    for await (const chunk of this.response.body!) {
      // What arrives after the client has gone, it does not have.
      if (this.over.signal.aborted) return;
      text += decoder.decode(chunk as Uint8Array, { stream: true });
      for (let end = text.indexOf('\n\n'); end >= 0; end = text.indexOf('\n\n')) {
        const lines = text.slice(0, end).split('\n');
        text = text.slice(end + 2);
        const fields = new Map(
          lines.map((line) => [line.slice(0, line.indexOf(':')), line.slice(line.indexOf(':') + 2)]),
        );
        this.lastEventId = fields.get('id') ?? this.lastEventId;
        if (!fields.has('data')) continue;
        const event = {
          event: fields.get('event')!,
          id: this.lastEventId,
          data: JSON.parse(fields.get('data')!) as unknown,
        };
        this.events.push(event);
        this.onEvent(event, this);
        if (this.over.signal.aborted) return;
      }
    }
  }
}
