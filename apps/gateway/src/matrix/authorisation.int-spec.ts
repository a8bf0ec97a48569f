import { randomBytes } from 'node:crypto';
import type { Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants';
import { headers, NatsConnection } from 'nats';
import { z } from 'zod';
import { mailLinkPath, MailLinkPurpose, mailLinkPurposes, MailLinkRight, signMailLink } from '@hark/credentials';
import { HarkError, uuid7 } from '@hark/kernel';
import { Caller, RpcClient } from '@hark/nats';
import { servedBy } from '@hark/service';
import { until } from '@hark/testing';
import { allRoutes } from '../routes/all-routes';
import { Access, Route } from '../routes/route';
import { routeExamples } from './route-examples.fixture';
import { Answer, Sent, serviceModules, Side, WholeHub } from './whole-hub.fixture';

const nameOf = ({ method, path }: Route): string => `${method} ${path}`;
const exampleOf = (row: Route) => routeExamples[nameOf(row)] ?? {};
const parametersOf = ({ path }: Route): string[] => [...path.matchAll(/:(\w+)/g)].map(([, name]) => name!);

/** The kinds of bearer token, and how each kind of row answers what it does not take. */
type Token = 'none' | 'malformed' | 'session' | 'ended' | 'unproved' | 'operator' | 'admin' | 'key' | 'secret';
const session401 = { none: '401 session.required', malformed: '401 session.invalid', ended: '401 session.invalid' };
const noCredential = { key: '403 credential.not-enough', secret: '403 credential.not-enough' };
const noSession = Object.fromEntries(
  ['malformed', 'session', 'ended', 'unproved', 'operator', 'admin'].map((kind) => [kind, '401 key.invalid']),
);
const refusals: Readonly<Record<Access, Partial<Record<Token, string>>>> = {
  anyone: {},
  user: { ...session401, ...noCredential },
  operator: { ...session401, ...noCredential, unproved: '403 role.second-factor', session: '403 role.required' },
  admin: {
    ...session401,
    ...noCredential,
    session: '403 role.required',
    operator: '403 role.required',
    unproved: '403 role.second-factor',
  },
  app: { ...noSession, none: '401 credential.required', key: '403 credential.app-needed' },
  credential: { ...noSession, none: '401 credential.required' },
  'owner-or-app': { ...session401, key: '403 credential.not-enough' },
};

interface Who {
  readonly name: string;
  readonly token: Token;
  readonly bearer: string | undefined;
  /** Whose things are this caller's. */
  readonly side?: Side;
  /** How it is answered beside 404: it is no longer good for anything, or not for everything. */
  readonly also?: 401 | 403;
}

/** Runs `checks` eight at a time, and gives back what went wrong. */
async function allOf<Check>(checks: readonly Check[], run: (check: Check) => Promise<string | undefined>) {
  const wrong: string[] = [];
  const queue = checks.values();
  const work = async () => {
    for (const check of queue) {
      const told = await run(check);
      if (told !== undefined) wrong.push(told);
    }
  };
  await Promise.all(Array.from({ length: 8 }, work));
  return wrong;
}

/** What cannot be an id, as it stands in a path. */
const malformed = [
  'x',
  '0',
  '%5B%5D',
  '%7B%7D',
  '%00',
  'null',
  '-1',
  '%27',
  '..%2f..',
  'a,b',
  '%5Bobject%20Object%5D',
  `${'0'.repeat(8)}-0000-0000-0000-${'0'.repeat(12)}`,
];

const said = ({ status, body }: Answer): string => `${status}${body?.code ? ` ${body.code}` : ''}`;
/** An answer without what differs between any two. */
const comparable = ({ status, body }: Answer): string => JSON.stringify([status, { ...body, requestId: '' }]);

describe('who may do what, by the route table', () => {
  let hub: WholeHub;
  let a: Side;
  let b: Side;
  let callers: Who[];
  let before: unknown;
  let checks = 0;
  beforeAll(async () => {
    hub = await WholeHub.start();
    [a, b] = await Promise.all([hub.side('ann'), hub.side('bob')]);
    const [admin, operator, gone, carol, erased] = await Promise.all(
      ['chief', 'olga', 'gone', 'carol', 'erased'].map((name) => hub.logIn(name)),
    );
    const chief = admin!.session;
    await hub.secondFactor(chief);
    await hub.done('POST', `/v1/ops/users/${operator!.userId}/roles`, { token: chief, body: { role: 'operator' } });
    const [olga, unproved] = [await hub.logIn('olga'), await hub.logIn('olga')];
    await hub.secondFactor(olga.session);
    await hub.done('DELETE', '/v1/sessions/current', { token: gone!.session });
    await hub.done('DELETE', '/v1/me', { token: erased!.session });
    const other = await hub.done('POST', '/v1/apps', { token: carol!.session, body: { name: 'Gone' } });
    const bound = await hub.done('POST', '/v1/bindings', {
      token: carol!.session,
      body: { appId: other.app.id, openid: 'c' },
    });
    await hub.done('DELETE', `/v1/apps/${other.app.id}`, { token: carol!.session });
    const [suspended, banned] = await Promise.all([
      hub.sanctioned('sue', olga.session),
      hub.sanctioned('ted', olga.session, chief),
    ]);
    // What was said of a session counts for three seconds.
    const hasEnded = async () => {
      const asked = await Promise.all(
        [gone!, erased!].map(({ session }) => hub.call('GET', '/v1/me', { token: session })),
      );
      return asked.every(({ status }) => status === 401);
    };
    await until(hasEnded, { what: 'a session that was ended is refused' });
    before = await bobs();
    callers = [
      { name: 'nobody', token: 'none', bearer: undefined },
      { name: 'a malformed token', token: 'malformed', bearer: 'garbage' },
      {
        name: 'a token without a signature',
        token: 'malformed',
        bearer: `${a.session.slice(0, a.session.lastIndexOf('.'))}.`,
      },
      { name: 'ann', token: 'session', bearer: a.session, side: a },
      { name: 'bob', token: 'session', bearer: b.session, side: b },
      { name: "ann's app", token: 'secret', bearer: a.secret, side: a },
      { name: "bob's app", token: 'secret', bearer: b.secret, side: b },
      { name: "the key of ann's binding", token: 'key', bearer: a.key, side: a },
      { name: "the key of bob's binding", token: 'key', bearer: b.key, side: b },
      { name: 'an operator', token: 'operator', bearer: olga.session },
      { name: 'an operator without a second factor', token: 'unproved', bearer: unproved.session },
      { name: 'an admin', token: 'admin', bearer: chief },
      { name: 'an ended session', token: 'ended', bearer: gone!.session },
      { name: 'somebody who erased themselves', token: 'ended', bearer: erased!.session },
      { name: 'a deleted app', token: 'secret', bearer: other.secret, also: 401 },
      { name: 'a key of a deleted app', token: 'key', bearer: bound.key, also: 401 },
      { name: 'a suspended app', token: 'secret', bearer: suspended.secret, also: 403 },
      { name: 'a key of a suspended app', token: 'key', bearer: suspended.key, also: 403 },
      { name: 'a banned app', token: 'secret', bearer: banned.secret, also: 403 },
      { name: 'a key of a banned app', token: 'key', bearer: banned.key, also: 403 },
      { name: 'a made up secret', token: 'secret', bearer: `has_${'4'.repeat(32)}_${'s'.repeat(43)}`, also: 401 },
      { name: 'a made up key', token: 'key', bearer: `hk_${'4'.repeat(32)}_${'k'.repeat(43)}`, also: 401 },
    ];
  });
  afterAll(() => hub.close());

  const pathOf = (row: Route, ids: Readonly<Record<string, string>>) =>
    row.path.replace(/:(\w+)/g, (_, name: string) => ids[name]!);
  const bodyOf = (row: Route, side: Side) => (row.body ? { body: exampleOf(row).body?.(side) ?? {} } : {});
  const call = (row: Route, path: string, who: Who, sent: Sent = {}) => {
    checks += 1;
    return hub.call(row.method, path, { token: who.bearer, ...sent });
  };
  /** Whether the row's ids name something, in its path or its body. */
  const isAbout = (row: Route) =>
    parametersOf(row).length > 0 || JSON.stringify(bodyOf(row, a).body) !== JSON.stringify(bodyOf(row, b).body);
  const by = (name: string) => callers.find((who) => who.name === name)!;
  /** Those who may call the row about their own things. */
  const owners = ({ access }: Route): Who[] => {
    if (access === 'operator' || access === 'admin') return [by('an admin')];
    return callers.filter((who) => who.side === a && !refusals[access][who.token]);
  };

  /** What bob has, as he reads it. */
  const bobs = async () =>
    Promise.all(
      [
        '/v1/me',
        `/v1/apps/${b.ids.appId}`,
        `/v1/apps/${b.ids.appId}/standing`,
        `/v1/bindings/${b.ids.bindingId}`,
        `/v1/inbox/${b.ids.inboxItemId}`,
      ].map(async (path): Promise<unknown> => hub.done('GET', path, { token: b.session })),
    );

  it('knows every row of the table, and its ids', () => {
    // To mend it: a line in route-examples.fixture.ts for each row that is missing there.
    expect(allRoutes.map(nameOf).filter((name) => !(name in routeExamples))).toEqual([]);
    expect(Object.keys(routeExamples).filter((name) => !allRoutes.map(nameOf).includes(name))).toEqual([]);
    expect(allRoutes.flatMap(parametersOf).filter((name) => !(name in a.ids))).toEqual([]);
  });

  it('refuses each kind of caller that a row does not take, whatever the ids', async () => {
    const unknown = (row: Route) => Object.fromEntries(parametersOf(row).map((name) => [name, uuid7()]));
    const rows = allRoutes.flatMap((row) => {
      const forms = [
        a.ids,
        b.ids,
        unknown(row),
        ...malformed.slice(0, 2).map((id) => Object.fromEntries(parametersOf(row).map((name) => [name, id]))),
      ];
      const paths = new Set(forms.map((ids) => pathOf(row, ids)));
      const refused = callers.filter(({ token }) => refusals[row.access][token]);
      return [...paths].flatMap((path) => refused.map((who) => ({ row, path, who })));
    });
    const wrong = await allOf(rows, async ({ row, path, who }) => {
      const told = said(await call(row, path, who, bodyOf(row, a)));
      const expected = refusals[row.access][who.token];
      return told === expected ? undefined : `${who.name}: ${row.method} ${path}: ${told}, not ${expected}`;
    });
    expect(wrong).toEqual([]);
    expect(rows.length).toBeGreaterThan(2_000);
  });

  it('answers a foreign id exactly like one that nobody has, and like one that cannot be', async () => {
    const rows = allRoutes
      .filter((row) => isAbout(row) && !exampleOf(row).open)
      .flatMap((row) => callers.filter((who) => !refusals[row.access][who.token]).map((who) => ({ row, who })));
    const wrong = await allOf(rows, async ({ row, who }) => {
      const isStaffs = row.access === 'operator' || row.access === 'admin';
      const mine = isStaffs ? undefined : who.side;
      const seesAll = isStaffs || (exampleOf(row).staff && ['operator', 'admin'].includes(who.token));
      const names = parametersOf(row);
      const told = (ids: Side['ids'], of: Side) => call(row, pathOf(row, ids), who, bodyOf(row, { ...of, ids }));
      const nobodys = Object.fromEntries(Object.keys(a.ids).map((name) => [name, uuid7()]));
      const unknown = await told(nobodys, mine ?? a);
      const refused = [404, who.also];
      if (!refused.includes(unknown.status)) return `${who.name}: ${nameOf(row)}: unknown: ${said(unknown)}`;
      const tries: { is: string; ids: Side['ids']; like?: Answer }[] = [];
      for (const foreign of seesAll ? [] : [a, b].filter((side) => side !== mine)) {
        tries.push({ is: 'foreign', ids: foreign.ids, ...(who.also !== 401 && { like: unknown }) });
        // Each id alone may be foreign, too.
        for (const name of mine && names.length > 1 ? names : []) {
          const like = await told({ ...mine!.ids, [name]: nobodys[name]! }, mine!);
          tries.push({ is: `foreign ${name}`, ids: { ...mine!.ids, [name]: foreign.ids[name]! }, like });
        }
      }
      for (const id of names.length > 0 ? malformed : [])
        tries.push({ is: id, ids: { ...a.ids, ...Object.fromEntries(names.map((name) => [name, id])) } });
      for (const { is, ids, like } of tries) {
        const answer = await told(ids, mine ?? a);
        const same = refused.includes(answer.status) && (!like || comparable(answer) === comparable(like));
        if (!same) return `${who.name}: ${nameOf(row)}: ${is}: ${answer.text}, not ${(like ?? unknown).text}`;
      }
      return undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('takes each of fifteen other ways to write a path as the path, or as none', async () => {
    const forms: [
      string,
      (path: string) => { method?: string; path: string; headers?: Record<string, string>; body?: unknown },
    ][] = [
      ['a slash behind', (path) => ({ path: `${path}/` })],
      ['two slashes', (path) => ({ path: `/${path}` })],
      ['two slashes inside', (path) => ({ path: path.replace('/v1/', '/v1//') })],
      ['an escaped letter', (path) => ({ path: path.replace('/v1/', '/%761/') })],
      ['an escaped slash', (path) => ({ path: path.replace('/v1/', '/v1%2f') })],
      ['a parameter', (path) => ({ path: `${path};a=1` })],
      ['capitals', (path) => ({ path: path.toUpperCase() })],
      ['an extension', (path) => ({ path: `${path}.json` })],
      ['dots', (path) => ({ path: `/v1/x/../../${path.slice(1)}` })],
      ['a method in the query', (path) => ({ path: `${path}?_method=GET` })],
      ['an absolute address', (path) => ({ path: `http://localhost${path}` })],
      [
        'another address in a header',
        (path) => ({ path, headers: { 'x-original-url': '/docs', 'x-rewrite-url': '/docs' } }),
      ],
      ['HEAD', (path) => ({ method: 'HEAD', path })],
      ['OPTIONS', (path) => ({ method: 'OPTIONS', path })],
      [
        'another method in a header',
        (path) => ({ method: 'POST', path, headers: { 'x-http-method-override': 'GET' } }),
      ],
    ];
    /** They may be refused for another reason, but not carried out. */
    const otherCalls = new Set(['HEAD', 'OPTIONS', 'another method in a header', 'a method in the query']);
    // Nobody; and bob about ann's things, so that a path that is read otherwise would be carried out.
    const isBobs = (row: Route) => isAbout(row) && !exampleOf(row).open && !refusals[row.access].session;
    const rows = allRoutes
      .filter(({ access }) => access !== 'anyone')
      .flatMap((row) => (isBobs(row) ? ['nobody', 'bob'] : ['nobody']).map((name) => ({ row, who: by(name) })));
    const wrong = await allOf(rows, async ({ row, who }) => {
      const path = pathOf(row, a.ids);
      const right = { token: who.bearer, ...bodyOf(row, a) };
      const canonical = said(await call(row, path, who, right));
      for (const [is, form] of forms) {
        const { method = row.method, path: target, ...more } = form(path);
        checks += 1;
        const answer = await hub.call(method, target, { ...right, ...more });
        const told = said(answer);
        // A HEAD of what may be read is that call, though its answer has no body that names a code.
        const isHeadOfRow = is === 'HEAD' && row.method === 'GET';
        const isAnotherCall = otherCalls.has(is) && !isHeadOfRow && answer.status >= 400;
        const isSame = isHeadOfRow ? canonical.startsWith(told) : told === canonical;
        if (!isSame && ![404, 405].includes(answer.status) && !isAnotherCall)
          return `${who.name}: ${nameOf(row)}, ${is}: ${told}, not ${canonical}`;
      }
      return undefined;
    });
    expect(wrong).toEqual([]);
  });

  it('takes no column of any table from a body or a query that does not name it', async () => {
    const columns = await hub.columns();
    expect(columns.length).toBeGreaterThan(40);
    const always = [
      'role',
      'roles',
      'ownerId',
      'status',
      'penaltyPoints',
      'points',
      'verified',
      'createdAt',
      'userId',
      'id',
    ];
    const fields = [...new Set([...columns, ...always])];
    const rows = allRoutes.flatMap((row) => {
      const schema = row.batch?.body ?? row.body;
      const takes = schema ? JSON.stringify(z.toJSONSchema(schema, { unrepresentable: 'any', io: 'input' })) : '';
      const body =
        row.body && !exampleOf(row).anyFields ? fields.filter((field) => !takes.includes(`"${field}":`)) : [];
      // A push may come as query parameters; a key in an address is refused for itself.
      const query = row.plain ? [] : fields.filter((field) => !(field in (row.query?.shape ?? {})) && field !== 'key');
      return Object.entries({ body, query }).flatMap(([place, all]) =>
        Array.from({ length: Math.ceil(all.length / 8) }, (_, part) => ({
          row,
          place,
          some: all.slice(part * 8, part * 8 + 8),
        })),
      );
    });
    let named = 0;
    const wrong = await allOf(rows, async ({ row, place, some }) => {
      const path = pathOf(row, a.ids);
      const right = bodyOf(row, a);
      const more = Object.fromEntries(some.map((field) => [field, 'x']));
      const sent = place === 'body' ? { body: { ...right.body, ...more } } : right;
      const target = place === 'query' ? `${path}?${new URLSearchParams(more)}` : path;
      const told = await call(row, target, owners(row)[0] ?? by('ann'), sent);
      const paths = new Set((told.body?.errors as { path: string }[] | undefined)?.map((error) => error.path));
      const missing = some.filter((field) => !paths.has(field));
      named += some.length;
      if (said(told) === '400 request.invalid' && missing.length === 0) return undefined;
      return `${nameOf(row)}: ${missing.join(', ')} in the ${place}: ${said(told)}`;
    });
    expect(named).toBeGreaterThan(2_500);
    expect(wrong).toEqual([]);
  });

  it('takes no operator, list or object where a filter or an id is one text', async () => {
    const odd = (name: string) => [
      `${name}[$ne]=x`,
      `${name}[]=x`,
      `${name}[not]=1`,
      `${name}[$gt]=`,
      `${name}=1&${name}=2`,
      `${name}.$ne=1`,
    ];
    const queries = allRoutes
      .filter(({ plain }) => !plain)
      .flatMap((row) =>
        ['id', ...Object.keys(row.query?.shape ?? {})].flatMap((name) =>
          odd(name).map((text) => ({ row, text, body: undefined })),
        ),
      );
    const wrongs = [{ $ne: null }, { not: 1 }, { $gt: '' }, [['x']], [{ $ne: 1 }]];
    const bodies = allRoutes.flatMap((row) => {
      if (!row.body) return [];
      const right = exampleOf(row).body?.(a) ?? {};
      const own = Object.keys(right).filter((name) => !['deviceKey', 'pushes', 'results'].includes(name));
      return own.flatMap((name) => wrongs.map((value) => ({ row, text: '', body: { ...right, [name]: value } })));
    });
    const wrong = await allOf([...queries, ...bodies], async ({ row, text, body }) => {
      const path = pathOf(row, a.ids);
      const sent = body === undefined ? bodyOf(row, a) : { body };
      const told = await call(row, text ? `${path}?${text}` : path, owners(row)[0] ?? by('ann'), sent);
      return said(told) === '400 request.invalid'
        ? undefined
        : `${nameOf(row)} ${text} ${JSON.stringify(body)}: ${said(told)}`;
    });
    expect(wrong).toEqual([]);
  });

  it.each(['suspended', 'banned'])('takes no push by the key of an app that is %s', async (is) => {
    const body = { body: 'b' };
    const one = await hub.call('POST', '/v1/pushes', { token: by(`a key of a ${is} app`).bearer, body });
    expect(said(one)).toBe(`403 app.${is}`);
  });

  /** A link of a mail, as the hub signs it; `as`: the path under which it is followed. */
  const linkOf = (right: MailLinkRight, lifeMs = 60_000, key = hub.keys.mailLinks) =>
    signMailLink({ ...right, expiresAtMs: Date.now() + lifeMs }, key);
  const rightOf = (purpose: MailLinkPurpose, { userId, ids }: Side, consentId: string): MailLinkRight => ({
    purpose,
    personId: userId,
    bindingId: ids.bindingId!,
    consentId,
    pushId: ids.pushId!,
  });
  const consentOf = async ({ ids }: Side): Promise<string> => {
    const [bound] = await hub.store.read('binding', ids.bindingId!);
    return (bound!.event.data as { consentId: string }).consentId;
  };
  const follow = (method: string, purpose: MailLinkPurpose, token: string) => {
    checks += 1;
    const headers = { 'content-type': 'application/x-www-form-urlencoded' };
    return hub.call(method, mailLinkPath(purpose, token), method === 'POST' ? { headers, text: 'reason=spam' } : {});
  };

  it('lets a link of a mail do one thing to one binding or push, and nothing when it is not wholly right', async () => {
    const [consentOfA, consentOfB] = [await consentOf(a), await consentOf(b)];
    const rows = mailLinkPurposes.flatMap((purpose) => {
      const own = rightOf(purpose, b, consentOfB);
      const token = linkOf(own);
      const tampered = `${token.slice(0, 40)}${token[40] === 'A' ? 'B' : 'A'}${token.slice(41)}`;
      // Signed as no mail has it: whose binding or push it is, the services look up themselves.
      const foreign = [
        { ...own, personId: a.userId },
        { ...own, ...(purpose === 'complain' ? { pushId: a.ids.pushId! } : { bindingId: a.ids.bindingId! }) },
        { ...own, ...(purpose === 'complain' ? { bindingId: a.ids.bindingId! } : { consentId: consentOfA }) },
        { ...own, bindingId: uuid7(), pushId: uuid7() },
      ].map((right): [string, string, number] => [`foreign ${JSON.stringify(right)}`, linkOf(right), 200]);
      const others = mailLinkPurposes.filter((one) => one !== purpose);
      const refused: [string, string, number][] = [
        ['random', randomBytes(90).toString('base64url'), 404],
        ...[...malformed, `${token}A`, token.slice(1)].map((one): [string, string, number] => ['malformed', one, 404]),
        ['tampered', tampered, 404],
        ['of another key', linkOf(own, 60_000, hub.keys.session), 404],
        ['expired', linkOf(own, -1_000), 410],
        ...others.map((one): [string, string, number] => [`to ${one}`, linkOf({ ...own, purpose: one }), 404]),
      ];
      return [...foreign, ...refused].flatMap(([is, one, status]) =>
        ['GET', 'HEAD', 'POST'].map((method) => ({ purpose, is, one, status, method })),
      );
    });
    const wrong = await allOf(rows, async ({ purpose, is, one, status, method }) => {
      const told = await follow(method, purpose, one);
      const done = /已设为免打扰|已解绑|已收到/.test(told.text);
      return told.status === status && !done ? undefined : `${method} ${purpose}, ${is}: ${told.status} ${told.text}`;
    });
    expect(wrong).toEqual([]);
  });

  it('has changed nothing by all that it refused', async () => expect(await bobs()).toEqual(before));

  it('lets whoever has a mail do what its links say, also when that is done already', async () => {
    const consentId = await consentOf(b);
    const followed = async (purpose: MailLinkPurpose) => {
      const { status, text } = await follow('POST', purpose, linkOf(rightOf(purpose, b, consentId)));
      return [status, /<p>(.{4})/.exec(text)![1]];
    };
    for (let times = 0; times < 2; times++) {
      // What bob complained about while the hub was filled, for the same reason.
      expect(await followed('complain')).toEqual([200, '已收到你']);
      expect(await followed('mute')).toEqual([200, '已设为免']);
    }
    expect(await hub.done('GET', `/v1/bindings/${b.ids.bindingId}`, { token: b.session })).toMatchObject({
      muted: true,
    });
  });

  // Last, because it takes ann's things away: that what was refused above was there to be had.
  it('lets everybody do with their own what the row says', async () => {
    const order = ['GET', 'PATCH', 'POST', 'DELETE'];
    const last = [
      'POST /v1/apps/:appId/bindings/:bindingId/refuse',
      'DELETE /v1/bindings/:bindingId',
      'DELETE /v1/apps/:appId',
    ];
    const endings = ['DELETE /v1/sessions/current', 'DELETE /v1/me'];
    // A role that is granted or taken back ends the access tokens of before.
    const rank = (row: Route) =>
      (nameOf(row) === 'DELETE /v1/me' ? 2_000 : row.path.startsWith('/v1/ops/users') ? 1_000 : 0) +
      (last.indexOf(nameOf(row)) + 1) * 10 +
      order.indexOf(row.method);
    const wrong: string[] = [];
    for (const row of allRoutes.toSorted((one, other) => rank(one) - rank(other))) {
      for (const who of row.access === 'anyone'
        ? [by('nobody')]
        : row.method === 'GET'
          ? owners(row)
          : owners(row).slice(0, 1)) {
        // A session of its own to end, so that the others have theirs.
        const as = endings.includes(nameOf(row)) ? { ...who, bearer: (await hub.logIn('ann')).session } : who;
        const told = await call(row, pathOf(row, a.ids), as, bodyOf(row, a));
        const expected = exampleOf(row).own ?? row.status;
        if (told.status !== expected)
          wrong.push(`${who.name}: ${nameOf(row)}: ${told.status} ${told.text}, not ${expected}`);
      }
    }
    expect(wrong).toEqual([]);
  });

  it('has made five thousand checks', () => expect(checks).toBeGreaterThan(5_000));

  describe('at the services themselves, over NATS', () => {
    let requests: RpcClient;
    let forger: RpcClient;
    beforeAll(async () => {
      const options = { url: hub.env.NATS_URL!, name: 'matrix', service: 'matrix' };
      requests = await RpcClient.connect({ ...options, callerKey: hub.keys.caller });
      forger = await RpcClient.connect({ ...options, callerKey: Buffer.alloc(32, 8) });
    });
    afterAll(() => Promise.all([requests.close(), forger.close()]));

    const linkTo = (purpose: MailLinkPurpose): Caller => ({
      kind: 'mail-link',
      roles: [],
      link: { purpose, personId: b.userId, bindingId: b.ids.bindingId!, consentId: uuid7(), pushId: b.ids.pushId! },
    });
    const person = (...roles: string[]): Caller => ({ kind: 'user', userId: b.userId, roles: ['user', ...roles] });
    const served = serviceModules()
      .flatMap((module) => (Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, module) ?? []) as Type[])
      .flatMap(servedBy);
    /** By kind of caller, what each access answers; undefined where the handler is reached. */
    const session = 'session.required';
    const role = 'role.required';
    const nats: Record<string, { caller: () => Caller; refused: Record<string, string> }> = {
      anonymous: {
        caller: () => ({ kind: 'anonymous', roles: [] }),
        refused: { user: session, operator: session, admin: session, service: role, gateway: session },
      },
      app: {
        caller: () => ({ kind: 'app', roles: [] }),
        refused: { user: session, operator: session, admin: session, service: role, gateway: session },
      },
      key: {
        caller: () => ({ kind: 'key', roles: [] }),
        refused: { user: session, operator: session, admin: session, service: role, gateway: session },
      },
      user: { caller: () => person(), refused: { operator: role, admin: role, service: role, gateway: session } },
      operator: { caller: () => person('operator'), refused: { admin: role, service: role, gateway: session } },
      admin: { caller: () => person('admin'), refused: { operator: role, service: role, gateway: session } },
      service: {
        caller: () => ({ kind: 'service', service: 'intake', roles: [] }),
        refused: { user: session, operator: session, admin: session, gateway: session },
      },
      gateway: {
        caller: () => ({ kind: 'service', service: 'gateway', roles: [] }),
        refused: { user: session, operator: session, admin: session },
      },
    };
    const noLink = Object.fromEntries(
      mailLinkPurposes.map((purpose) => [`mail-link:${purpose}`, 'credential.not-enough']),
    );
    for (const one of Object.values(nats)) one.refused = { ...noLink, ...one.refused };
    for (const purpose of mailLinkPurposes) {
      const { [`mail-link:${purpose}`]: _, ...others } = { ...nats.anonymous!.refused };
      nats[`a link to ${purpose}`] = { caller: () => linkTo(purpose), refused: others };
    }
    const codeOf = (asked: Promise<unknown>): Promise<string> =>
      asked.then(
        () => 'carried out',
        (error: HarkError) => error.code,
      );

    it('every subject refuses whoever is none of those who may ask it, before it looks at what is asked', async () => {
      const rows = served.flatMap(({ subject, access }) =>
        Object.entries(nats).map(([name, { caller, refused }]) => ({
          subject,
          name,
          caller,
          expected: refused[access!],
        })),
      );
      const wrong = await allOf(rows, async ({ subject, name, caller, expected }) => {
        // Not what any handler takes: whoever is let in is told so, and nothing is done.
        const told = await codeOf(requests.request(subject, { $matrix: true }, { caller: caller() }));
        const right = expected ? told === expected : ![session, role, 'credential.not-enough'].includes(told);
        return right ? undefined : `${name} asks ${subject}: ${told}, not ${expected ?? 'let in'}`;
      });
      expect(wrong).toEqual([]);
      expect(rows.length).toBeGreaterThan(300);
    });

    it('every subject refuses a caller that nobody signed, another key signed, or that was signed for another subject', async () => {
      const connection: NatsConnection = requests.connection;
      const token = await tokenFor(requests, 'auth.nothing');
      const wrong = await allOf(served, async ({ subject }) => {
        const raw = async (caller?: string) => {
          const sent = headers();
          if (caller !== undefined) sent.set('hark-caller', caller);
          // What a gateway would forward if it believed the body.
          const data = {
            pattern: subject,
            id: uuid7(),
            data: { userId: a.userId, caller: { kind: 'service', service: 'gateway' } },
          };
          const { data: answer } = await connection.request(subject, JSON.stringify(data), {
            headers: sent,
            timeout: 5_000,
          });
          return (JSON.parse(Buffer.from(answer).toString()) as { err?: { code: string } }).err?.code;
        };
        const told = [await raw(), await raw(token), await raw('a.b.c'), await codeOf(forger.request(subject, {}))];
        return told.every((code) => code === 'caller.unsigned') ? undefined : `${subject}: ${told.join(', ')}`;
      });
      expect(wrong).toEqual([]);
    });
  });
});

/** A token as services sign it, for another subject than it will be shown to. */
async function tokenFor(requests: RpcClient, subject: string): Promise<string> {
  const watched = requests.connection.subscribe(subject, { max: 1 });
  const asked = requests
    .request(subject, {}, { caller: { kind: 'service', service: 'gateway', roles: [] }, timeoutMs: 300 })
    .catch(() => undefined);
  for await (const message of watched) {
    await asked;
    return message.headers!.get('hark-caller');
  }
  throw new Error('nothing was sent');
}
