import { randomUUID } from 'node:crypto';
import { parseArgs } from 'node:util';
import { HarkError } from '@hark/kernel';
import { call, Json, Unexpected } from '../demo/http';
import { seen } from '../demo/wait';
import { firstPushMadeMs, readFirstPushKey } from '../first-push/first-push';
import { readRunFile } from '../up/run-file';
import { readSettings } from '../up/settings';

/** How long a push is followed. */
const followMs = 30_000;
const ends = ['delivered', 'inbox-only', 'failed', 'suppressed', 'held', 'blocked', 'recalled', 'expired'];
const failures = ['failed', 'suppressed', 'blocked'];

const words: Readonly<Record<string, string>> = {
  'message.pushed': 'accepted 已接受',
  'moderation.passed': 'the text passed moderation 内容审核通过',
  'moderation.held': 'the text is held for an operator 内容待人工审核',
  'moderation.deferred': 'no verdict was to be had; it is asked for again 暂无审核结果，稍后自动重审',
  'moderation.blocked': 'the text is blocked 内容被拦截',
  'delivery.decided': 'the gate has decided 已决定如何提醒',
  'delivery.filed': 'in the inbox 已进入收件箱',
  'delivery.attempted': 'on its way 正在发送',
  'delivery.sent': 'sent 已送达',
  'delivery.failed': 'not sent 发送失败',
  'delivery.reminded': 'reminded 再次提醒',
  'delivery.escalated': 'passed on 转给下一位',
  'message.escalation-dropped': 'not passed on 未转给下一位',
  'delivery.acknowledged': 'acknowledged 已确认',
  'delivery.finished': 'done 完成',
};

/**
 * `hark push [--key KEY] [--title TITLE] TEXT`: pushes to the hub that runs on HARK_HOME and reports each step. Without
 * a key it uses the one that `hark up` made in the sandbox. Throws when the push is refused, blocked or failed.
 */
export async function push(args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  const { key, title, text } = readArguments(args);
  const settings = readSettings(env);
  const { url, sandboxUrl } = readRunFile(settings);
  const token = key ?? (await keyOfUp(settings.home, sandboxUrl));
  const headers = { 'idempotency-key': randomUUID() };
  const body = { ...(title !== undefined && { title }), body: text };
  const answer = await call(url, 'POST', '/v1/pushes', { token, headers, body });
  if (answer.status !== 202) {
    const { title: what, detail, code } = answer.body;
    throw new HarkError('refused', 'push.refused', `${what}: ${detail} (${code})`);
  }
  say(`202  ${answer.body.id}`);
  const end = await follow(url, token, String(answer.body.id));
  say(`${end.status}${end.reason ? ` (${end.reason})` : ''}${sandboxUrl ? `  ${sandboxUrl}` : ''}`);
  if (failures.includes(String(end.status))) throw new HarkError('refused', 'push.failed', `the push is ${end.status}`);
}

/** The key that `hark up` makes in the sandbox just after it is ready: whoever types quickly waits for it here. */
async function keyOfUp(home: string, sandboxUrl: string | undefined): Promise<string> {
  const made = readFirstPushKey(home);
  if (made !== undefined) return made;
  if (sandboxUrl === undefined) throw noKey();
  say('the key for a first push is being made … 正在创建第一条推送所用的密钥…');
  try {
    return await seen('the key', async () => readFirstPushKey(home), firstPushMadeMs);
  } catch (error) {
    throw error instanceof Unexpected ? noKey() : error;
  }
}

const noKey = (): HarkError =>
  new HarkError('invalid', 'push.no-key', 'no key: name one with --key hk_… (a binding gives it to its app)');

/** Prints each line of the push's timeline as it comes; returns the push in its final state. */
function follow(url: string, token: string, id: string): Promise<Json> {
  let told = 0;
  let begunAtMs = 0;
  return seen(
    `the end of push ${id}`,
    async () => {
      const { status, body } = await call(url, 'GET', `/v1/pushes/${id}`, { token });
      if (status !== 200) return undefined;
      const timeline = (body.timeline ?? []) as unknown as Json[];
      for (const { event, at, channel, detail } of timeline.slice(told)) {
        begunAtMs ||= Date.parse(String(at));
        const afterMs = `+${Date.parse(String(at)) - begunAtMs} ms`.padStart(9);
        say([afterMs, words[String(event)] ?? event, channel, detail].filter(Boolean).join('  '));
      }
      told = timeline.length;
      return ends.includes(String(body.status)) ? body : undefined;
    },
    followMs,
  );
}

function readArguments(args: readonly string[]): { key?: string; title?: string; text: string } {
  try {
    const { values, positionals } = parseArgs({
      args: [...args],
      options: { key: { type: 'string' }, title: { type: 'string' } },
      allowPositionals: true,
    });
    if (positionals.length > 0) return { ...values, text: positionals.join(' ') };
  } catch {
    // Reported below: one sentence for whatever is wrong with them.
  }
  throw new HarkError('invalid', 'push.usage', 'usage: ./hark push [--key hk_…] [--title TITLE] TEXT');
}

const say = (line: string): void => void process.stdout.write(`${line}\n`);
