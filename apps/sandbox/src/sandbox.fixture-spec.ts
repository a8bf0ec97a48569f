import { start, type RunningSandbox } from './main';
import type { SandboxConfig } from './sandbox.config';

/** One answer, body parsed when it is JSON (whatever its label says). */
export interface Got {
  status: number;
  type: string;
  text: string;
  body: any;
}

/** A sandbox on free ports for one spec file, reset before each test. */
export function sandboxFixture(overrides: Partial<SandboxConfig> = {}) {
  let running: RunningSandbox;
  const env = { HARK_SANDBOX_PORT: '0', HARK_SANDBOX_SMTP_PORT: '0' };
  beforeAll(async () => {
    running = await start(env, { slowMs: 50, hangMaxMs: 5_000, ...overrides });
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
    items: async (path: string): Promise<any[]> => (await get(path)).body.items as any[],
  };
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
