import { randomBytes } from 'node:crypto';
import { Actors, Stage } from './actors';
import { expecting, Json, same, Unexpected } from './http';
import { seen } from './wait';

/** One step. `play` returns what it saw, or throws. */
export interface Step {
  readonly name: string;
  play(): Promise<string>;
}

/** A text that the local rules forbid. */
const forbiddenText = '代开发票,加微信 fapiao888';

/**
 * The main use, from log-in to unbinding, as steps to be played in order. Every call is public HTTP; the sandbox
 * provides what happens outside Hark (WeChat's login code, the phone, the mailbox).
 */
export function story(stage: Stage): readonly Step[] {
  const actors = new Actors(stage);
  const told = {
    user: '',
    personOpenid: actors.newOpenid(),
    owner: '',
    operator: '',
    secondOperator: '',
    suspendedUntil: '',
    phone: '',
    mail: `reader-${randomBytes(4).toString('hex')}@example.com`,
    appId: '',
    secret: '',
    senderOpenid: `hacker-${randomBytes(4).toString('hex')}`,
    key: '',
    bindingId: '',
    pushes: [] as string[],
  };
  let onPhone = 0;

  const push = async (body: string): Promise<string> => {
    const answer = expecting(
      await actors.hub('POST', '/v1/pushes', {
        // Once with its secret beside the key, so that the hub knows that the app was given it, and whom it means.
        ...(told.pushes.length === 0 && { token: told.secret }),
        body: { key: told.key, openid: told.senderOpenid, title: 'Hacker密码', body },
      }),
      202,
    );
    const id = String(answer.body.id);
    told.pushes.push(id);
    return id;
  };

  const addEndpoint = async (fields: object, codeFrom: () => Promise<Json[]>): Promise<string> => {
    const added = expecting(await actors.hub('POST', '/v1/endpoints', { token: told.user, body: fields }), 201);
    same('status', added.body.status, 'unverified');
    const arrivals = await codeFrom();
    const code = /\b\d{6}\b/.exec(JSON.stringify(arrivals.at(-1)))?.[0];
    if (!code) throw new Unexpected('a six-digit code', JSON.stringify(arrivals.at(-1)).slice(0, 300));
    const verified = expecting(
      await actors.hub('POST', `/v1/endpoints/${added.body.id}/verify`, { token: told.user, body: { code } }),
      200,
    );
    same('status', verified.body.status, 'verified');
    return code;
  };

  const complainAndUphold = async (pushId: string, points: number, status: string): Promise<string> => {
    const complaint = expecting(
      await actors.hub('POST', '/v1/complaints', { token: told.user, body: { inboxItemId: pushId, reason: 'spam' } }),
      201,
    );
    const upheld = expecting(
      await actors.hub('POST', `/v1/ops/complaints/${complaint.body.id}/uphold`, {
        token: told.operator,
        body: { severity: 'major' },
      }),
      200,
    );
    same('points', upheld.body.standing?.points, points);
    const shown = await standing();
    same('standing', [shown.points, shown.status], [points, status]);
    return `${points} points, ${status}${shown.until ? ` until ${shown.until}` : ''}`;
  };

  const standing = async (): Promise<Json> =>
    expecting(await actors.hub('GET', `/v1/apps/${told.appId}/standing`, { token: told.owner }), 200).body;

  const filed = async (pushId: string): Promise<Json> => actors.inboxItem(told.user, pushId);

  return [
    {
      name: 'A person logs in through WeChat',
      async play() {
        const { token, userId, roles } = await actors.logIn(told.personOpenid);
        told.user = token;
        same('roles', roles, ['user']);
        return `user ${userId}`;
      },
    },
    {
      name: 'adds a Bark device and verifies it with the code on the phone',
      async play() {
        told.phone = await actors.newPhone();
        const code = await addEndpoint({ kind: 'bark', deviceKey: told.phone }, () => actors.phone(told.phone, 1));
        onPhone = 1;
        return `code ${code} on the phone`;
      },
    },
    {
      name: 'adds an e-mail address and verifies it with the code in the mailbox',
      async play() {
        const code = await addEndpoint({ kind: 'email', address: told.mail }, () => actors.mailbox(told.mail, 1));
        return `code ${code} in the mailbox`;
      },
    },
    {
      name: 'Another person registers the app Hacker密码',
      async play() {
        told.owner = (await actors.logIn(actors.newOpenid())).token;
        const { body } = expecting(
          await actors.hub('POST', '/v1/apps', {
            token: told.owner,
            body: { name: 'Hacker密码' },
          }),
          201,
        );
        told.appId = String(body.app?.id);
        told.secret = String(body.secret);
        if (!/^has_/.test(told.secret)) throw new Unexpected('a secret has_…', 'none');
        return `app ${told.appId}`;
      },
    },
    {
      name: 'The person binds it from its mini program',
      async play() {
        const { body } = expecting(
          await actors.hub('POST', '/v1/bindings', {
            token: told.user,
            body: { appId: told.appId, openid: told.senderOpenid },
          }),
          201,
        );
        same('bind and errMsg', [body.bind, body.errMsg], [true, '']);
        told.key = String(body.key);
        told.bindingId = String(body.binding?.id);
        if (!/^hk_/.test(told.key)) throw new Unexpected('a key hk_…', told.key.slice(0, 3));
        return `{key: hk_…, bind: true, errMsg: ""}`;
      },
    },
    {
      name: 'The app pushes with {key, openid, title, body}; it is moderated, filed and delivered',
      async play() {
        const id = await push('您的密码将在三天后过期');
        const item = await filed(id);
        same('inbox body', item.body, '您的密码将在三天后过期');
        const phone = await actors.phone(told.phone, ++onPhone);
        if (!JSON.stringify(phone.at(-1)).includes('三天后过期'))
          throw new Unexpected('the text on the phone', JSON.stringify(phone.at(-1)).slice(0, 300));
        const mails = await actors.mailbox(told.mail, 2);
        if (!JSON.stringify(mails.at(-1)).includes('三天后过期'))
          throw new Unexpected('the text in the mailbox', JSON.stringify(mails.at(-1)).slice(0, 300));
        await actors.pushWithStatus(told.key, id, ['delivered']);
        return 'in the inbox, on the phone and in the mailbox; the sender sees delivered';
      },
    },
    {
      name: 'A push with a forbidden text is blocked and its sender is told why',
      async play() {
        const id = await push(forbiddenText);
        const seen = await actors.pushWithStatus(told.key, id, ['blocked']);
        const inbox = await actors.hub('GET', `/v1/inbox/${id}`, { token: told.user });
        same('status of the message in the inbox', inbox.status, 404);
        same('arrivals on the phone', await actors.phoneNow(told.phone), onPhone);
        return `status blocked, reason ${seen.reason}`;
      },
    },
    {
      name: 'The person mutes the app: the next push fills the inbox and Bark stays silent (免打扰)',
      async play() {
        const muted = expecting(
          await actors.hub('PATCH', `/v1/bindings/${told.bindingId}`, { token: told.user, body: { muted: true } }),
          200,
        );
        same('muted', muted.body.muted, true);
        const id = await push('静音时的消息');
        await filed(id);
        const seen = await actors.pushWithStatus(told.key, id, ['inbox-only']);
        same('reason', seen.reason, 'muted');
        same('arrivals on the phone', await actors.phoneNow(told.phone), onPhone);
        return `in the inbox only (${seen.reason})`;
      },
    },
    {
      name: 'unmutes it: the next push rings again',
      async play() {
        // As wx.request must do it, which has no PATCH (WeChat docs: wx.request).
        const headers = { 'x-http-method-override': 'PATCH' };
        const unmuted = expecting(
          await actors.hub('POST', `/v1/bindings/${told.bindingId}`, {
            token: told.user,
            headers,
            body: { muted: false },
          }),
          200,
        );
        same('muted', unmuted.body.muted, false);
        await filed(await push('解除静音后的消息'));
        await actors.phone(told.phone, ++onPhone);
        await filed(await push('再一条消息'));
        return 'on the phone';
      },
    },
    {
      name: 'complains; an operator upholds it (major)',
      async play() {
        told.operator = (await actors.logIn(stage.operatorOpenid)).token;
        return complainAndUphold(told.pushes[0]!, 9, 'good');
      },
    },
    {
      name: 'complains again, upheld (major): throttled',
      play: () => complainAndUphold(told.pushes[2]!, 6, 'throttled'),
    },
    {
      name: 'complains a third time, upheld (major): suspended',
      play: () => complainAndUphold(told.pushes[3]!, 3, 'suspended'),
    },
    {
      name: 'The next push is refused with the date',
      async play() {
        const answer = expecting(
          await actors.hub('POST', '/v1/pushes', { token: told.key, body: { body: '还能推送吗' } }),
          403,
          'app.suspended',
        );
        const until = String(answer.body.until);
        if (!(Date.parse(until) > Date.now())) throw new Unexpected('a date in the future', until);
        told.suspendedUntil = until;
        return `403 app.suspended until ${until}`;
      },
    },
    {
      name: 'complains a fourth time, upheld (major): no point is left, and a second operator confirms the ban',
      async play() {
        await complainAndUphold(told.pushes[4]!, 0, 'suspended');
        const openid = actors.newOpenid();
        const { userId } = await actors.logIn(openid);
        const roles = { token: told.operator, body: { role: 'operator' } };
        expecting(await actors.hub('POST', `/v1/ops/users/${userId}/roles`, roles), 200);
        told.secondOperator = (await actors.logIn(openid)).token;
        const confirmed = { token: told.secondOperator, body: {} };
        expecting(await actors.hub('POST', `/v1/ops/apps/${told.appId}/ban`, confirmed), 200);
        const next = { token: told.key, body: { body: '被封禁了吗' } };
        expecting(await actors.hub('POST', '/v1/pushes', next), 403, 'app.banned');
        return '403 app.banned';
      },
    },
    {
      name: 'The owner appeals, another operator grants it: the standing is what it was before that penalty',
      async play() {
        const history = (await standing()).history as unknown as Json[];
        // The latest first: the ban, its proposal, the penalty that led to it.
        const penaltyId = history.find(({ event }) => String(event) === 'standing.penalized')?.penaltyId;
        const path = `/v1/apps/${told.appId}/appeals`;
        const note = '这条消息是用户自己订阅的';
        expecting(await actors.hub('POST', path, { token: told.owner, body: { penaltyId, note } }), 201);
        const { items } = await seen('the appeal in the queue', async () => {
          const { body } = expecting(
            await actors.hub('GET', '/v1/ops/appeals?status=open', { token: told.secondOperator }),
            200,
          );
          return (body.items as unknown as Json[]).length > 0 ? body : undefined;
        });
        const { id } = (items as unknown as Json[])[0]!;
        const decide = (token: string) =>
          actors.hub('POST', `/v1/ops/appeals/${id}/grant`, { token, body: { note: '属实' } });
        expecting(await decide(told.operator), 403, 'appeal.second-operator');
        expecting(await decide(told.secondOperator), 200);
        const { points, status, until } = await standing();
        same('standing', [points, status, until], [3, 'suspended', told.suspendedUntil]);
        return `${points} points, ${status} until ${until}, as before`;
      },
    },
    {
      name: 'The person unbinds: the next push is refused for good',
      async play() {
        expecting(await actors.hub('DELETE', `/v1/bindings/${told.bindingId}`, { token: told.user }), 204);
        expecting(
          await actors.hub('POST', '/v1/pushes', { token: told.key, body: { body: '再见' } }),
          410,
          'binding.ended',
        );
        return '410 binding.ended';
      },
    },
  ];
}
