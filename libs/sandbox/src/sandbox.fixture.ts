import type { SandboxOptions } from './sandbox-options';
import { type RunningSandbox, startSandbox } from './start-sandbox';

/** One thing of a list; which fields it has depends on the list. */
export interface Item {
  seq: number;
  id: string;
  receivedAtMs: number;
  provider: string;
  method: string;
  path: string;
  answered: number | string;
  body: string;
  state: string;
  subject: string;
  msgId: string;
}

/** The fields that tests look into; each answer has some of them. */
export interface Fields {
  code: string;
  items: Item[];
  dropped: number;
  count: number;
  now: string;
  deviceKey: string;
  data: { key: string };
  errors: { path: string }[];
  errcode: number;
  errmsg: string;
  openid: string;
  session_key: string;
  access_token: string;
  expires_in: number;
  result: object;
  detail: { keyword?: string }[];
  trace_id: string;
}

/** One answer, body parsed when it is JSON (whatever its label says). */
export interface Got {
  status: number;
  type: string;
  text: string;
  body: Fields;
}

/** A sandbox on free ports for one spec file, reset before each test. */
export function sandboxFixture(overrides: Partial<SandboxOptions> = {}) {
  let running: RunningSandbox;
  beforeAll(async () => {
    running = await startSandbox({ slowMs: 50, hangMaxMs: 5_000, ...overrides });
  });
  afterAll(() => running.close());
  beforeEach(() => post('/control/reset'));

  async function call(path: string, init: RequestInit = {}): Promise<Got> {
    const response = await fetch(running.url + path, { signal: AbortSignal.timeout(20_000), ...init });
    const text = await response.text();
    return { status: response.status, type: response.headers.get('content-type') ?? '', text, body: parse(text) };
  }
  const get = (path: string) => call(path);
  const post = (path: string, body?: unknown, headers?: Record<string, string>) =>
    call(path, {
      method: 'POST',
      ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      headers: { 'content-type': 'application/json', ...headers },
    });

  return {
    call,
    get,
    post,
    url: () => running.url,
    smtpUrl: () => running.smtpUrl,
    mail: () => running.standIns.mail,
    items: async (path: string): Promise<Item[]> => (await get(path)).body.items,
  };
}

function parse(text: string): Fields {
  try {
    return JSON.parse(text) as Fields;
  } catch {
    // Not every answer is JSON; a test that looks into this one fails on the missing field.
    return {} as Fields;
  }
}
