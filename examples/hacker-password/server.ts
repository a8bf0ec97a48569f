// The server of the example: who its people are (WeChat says), the key that each of them granted (Hark's page gave it), and
// a push when somebody looked at a password. Node.js alone, no packages.
import { randomBytes } from 'node:crypto';
import { readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';

const {
  PORT = '3200',
  HUB_URL = 'http://localhost:3000',
  WECHAT_BASE_URL = 'http://127.0.0.1:3100/wechat',
  WECHAT_APP_ID = 'wx5a1d80a2c1e4f607',
  WECHAT_APP_SECRET = 'third-party-secret',
  KEYS_FILE = 'hacker-password.keys.json',
} = process.env;
const bodyBytesMax = 10_000;
const callTimeoutMs = 10_000;

/** Whose log-in it is, by its token. */
const sessions = new Map<string, string>();
/** Each person's key, the last one they granted, by their openid here. A secret: nobody else reads the file. */
const keys = new Map<string, string>(readKeys());

function readKeys(): [string, string][] {
  try {
    return JSON.parse(readFileSync(KEYS_FILE, 'utf8')) as [string, string][];
  } catch {
    return [];
  }
}

function writeKeys(): void {
  writeFileSync(`${KEYS_FILE}.new`, JSON.stringify([...keys]), { mode: 0o600 });
  renameSync(`${KEYS_FILE}.new`, KEYS_FILE);
}

interface Asked {
  readonly session?: string;
  readonly code?: string;
  readonly key?: string;
}

/** What the mini program can ask for. */
const calls: Readonly<Record<string, (asked: Asked) => Promise<object>>> = {
  /** `wx.login`'s code is good for an openid, which WeChat tells servers alone (WeChat docs: code2Session). */
  async '/log-in'({ code = '' }) {
    const query = new URLSearchParams({
      appid: WECHAT_APP_ID,
      secret: WECHAT_APP_SECRET,
      js_code: code,
      grant_type: 'authorization_code',
    });
    const answer = await fetch(`${WECHAT_BASE_URL}/sns/jscode2session?${query}`, {
      signal: AbortSignal.timeout(callTimeoutMs),
    });
    const { openid, errmsg } = (await answer.json()) as { openid?: string; errmsg?: string };
    if (openid === undefined) throw new Error(`WeChat: ${errmsg}`);
    const session = randomBytes(24).toString('base64url');
    sessions.set(session, openid);
    return { session, openid, isBound: keys.has(openid) };
  },

  /** What Hark's page handed back. */
  async '/keys'({ session, key = '' }) {
    keys.set(whose(session), key);
    writeKeys();
    return { isBound: true };
  },

  /** Somebody looked at the password: its owner is told. */
  async '/views'({ session }) {
    const openid = whose(session);
    const key = keys.get(openid);
    if (key === undefined) return { isBound: false, told: 'not bound' };
    const answer = await fetch(`${HUB_URL}/v1/pushes`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: JSON.stringify({ title: 'Hacker密码', body: '有人查看了你的密码', thread: 'views' }),
      signal: AbortSignal.timeout(callTimeoutMs),
    });
    const { id, code } = (await answer.json()) as { id?: string; code?: string };
    // The person has unbound us, or bound us anew elsewhere: the key is of no use any more.
    if (answer.status === 401 || answer.status === 410) {
      keys.delete(openid);
      writeKeys();
    }
    return { isBound: keys.has(openid), told: answer.status === 202 ? 'ok' : code, pushId: id };
  },
};

function whose(session = ''): string {
  const openid = sessions.get(session);
  if (openid === undefined) throw new Error('log in first');
  return openid;
}

const server = createServer((request, response) => {
  const answer = (status: number, body: object): void => {
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  };
  const chunks: Buffer[] = [];
  let bytes = 0;
  request.on('data', (chunk: Buffer) => {
    bytes += chunk.length;
    if (bytes <= bodyBytesMax) chunks.push(chunk);
  });
  request.on('end', () => {
    const call = request.method === 'POST' ? calls[request.url ?? ''] : undefined;
    if (!call || bytes > bodyBytesMax) return answer(404, { error: 'there is nothing here' });
    const asked = async (): Promise<object> => call(JSON.parse(Buffer.concat(chunks).toString()) as Asked);
    asked().then(
      (body) => answer(200, body),
      (error: Error) => answer(400, { error: error.message }),
    );
  });
});
server.listen(Number(PORT), '127.0.0.1', () => {
  const { port } = server.address() as { port: number };
  console.log(`hacker-password listens on http://localhost:${port}`);
});
