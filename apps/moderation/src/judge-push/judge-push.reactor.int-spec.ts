import { until } from '@hark/testing';
import { hashOf, ModerationWorld } from '../testing/moderation-world.fixture';
import { JudgeEditedReactor } from './judge-edited.reactor';
import { JudgePushReactor } from './judge-push.reactor';
import { WechatJudge } from './wechat-judge';

describe('judging a push by the local rules alone', () => {
  let world: ModerationWorld;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: false });
  });
  afterAll(() => world.close());

  it('passes an ordinary text, naming its hash and the rules', async () => {
    const pushId = await world.push({
      title: '工单 1024',
      body: '工程师已出发',
      tags: ['ticket'],
      thread: 'ticket-1024',
    });
    const { data } = await world
      .recorded(pushId)
      .then(({ event }) => event as { data: { contentHash?: string } } & object);
    expect(await world.verdict(pushId)).toMatchObject({
      type: 'moderation.passed',
      data: {
        contentHash: data.contentHash,
        wechat: 'off',
        ruleVersion: expect.stringMatching(/^local-[0-9a-f]{12}$/) as string,
      },
    });
  });

  it('blocks a forbidden text with a label and none of its words', async () => {
    const verdict = await world.verdict(await world.push({ body: '代开发票,加微信 fapiao888' }));
    expect(verdict).toMatchObject({ type: 'moderation.blocked', data: { label: 'illegal', wechat: 'off' } });
    expect(JSON.stringify(verdict)).not.toContain('发票');
  });

  it('takes the verdict of the push that it came of, an operator’s too, on exactly that text and no other', async () => {
    const plain = await world.push({ body: '工程师已出发' });
    const { data: first } = (await world.verdict(plain)) as { data: { ruleVersion: string; at: string } };
    const again = await world.verdict(await world.push({ body: '工程师已出发' }, { escalatedFrom: plain }));
    const taken = { takenFrom: plain, wechat: 'not-judged', ruleVersion: first.ruleVersion };
    expect(again).toMatchObject({ type: 'moderation.passed', data: taken });

    const content = { body: '代开发票' };
    const blocked = await world.push(content);
    await world.verdict(blocked);
    for (const [text, from] of [
      [content, plain],
      [content, blocked],
    ] as const) {
      const verdict = await world.verdict(await world.push(text, { escalatedFrom: from }));
      expect(verdict).toMatchObject({ type: 'moderation.blocked' });
    }
    const { contentHash } = (await world.verdict(blocked)).data;
    const decision = { contentHash, operatorId: world.operatorId, decisionId: world.operatorId, at: first.at };
    await world.append('moderation', blocked, { type: 'moderation.approved', data: decision });
    const approved = await world.verdict(await world.push(content, { escalatedFrom: blocked }));
    expect(approved).toMatchObject({ type: 'moderation.passed', data: { takenFrom: blocked } });
  });

  it.each([
    ['title and body', { title: '低价代开', body: '发票' }],
    ['body and tags', { body: '代', tags: ['开', '发', '票'] }],
    ['body and thread', { body: '代开', thread: '发票' }],
    ['an encoded title', { title: `=?UTF-8?B?${Buffer.from('代开发票').toString('base64')}?=`, body: 'hello' }],
    ['an encoded link', { body: 'hello', url: 'https://example.com/?q=%E4%BB%A3%E5%BC%80%E5%8F%91%E7%A5%A8' }],
  ])('reads a text together that is split over %s', async (_, content) => {
    expect(await world.verdict(await world.push(content))).toMatchObject({ type: 'moderation.blocked' });
  });

  it('judges the text that takes the place of one, by its own hash, and none that was replaced before its turn', async () => {
    const pushId = await world.push({ body: '工程师已出发' });
    await world.verdict(pushId);
    await world.edit(pushId, 1, { body: '代开发票' });
    const verdicts = () => world.verdicts(pushId);
    await until(async () => (await verdicts()).length === 2, { what: 'the new text is judged' });
    expect((await verdicts())[1]).toMatchObject({
      type: 'moderation.blocked',
      data: { edition: 1, contentHash: hashOf(1) },
    });
    await world.edit(pushId, 2, { body: '五点到' });
    await until(async () => (await verdicts()).length === 3, { what: 'and the one after it' });
    expect((await verdicts())[2]).toMatchObject({ type: 'moderation.passed', data: { edition: 2 } });
    const [, late] = await world.store.read('message', pushId);
    await world.service.app.get(JudgeEditedReactor).react(late as never);
    expect(await verdicts()).toHaveLength(3);
  });

  it('holds what a person has to judge', async () => {
    expect(await world.verdict(await world.push({ body: '武装推翻政府' }))).toMatchObject({
      type: 'moderation.held',
      data: { label: 'politics' },
    });
  });

  it('blocks what was pushed to somebody who was erased meanwhile', async () => {
    const user = await world.user('erased');
    await world.vault.erase(user.id);
    const erased = await world.push({ body: '你好' });
    const { event } = await world.recorded(erased);
    const recorded = await world.recorded(erased);
    await world.verdict(erased);
    const sealedForErased = {
      ...event,
      data: { ...event.data, content: `v1.${user.id}.AAAAAAAAAAAAAAAA.AAAAAAAAAAAAAAAAAAAAAAAA` },
    };
    const pushId = '00000000-0000-7000-8000-0000000000ee';
    await world.service.app.get(JudgePushReactor).react({ ...recorded, id: pushId, event: sealedForErased } as never);
    expect(await world.verdict(pushId)).toMatchObject({ type: 'moderation.blocked', data: { label: 'person-erased' } });
  });
});

describe('judging a push with WeChat', () => {
  let world: ModerationWorld;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: true });
    world.visits('owner', 'reader');
    world.wechatJudges('risky', 'risky', 20002);
    world.wechatJudges('review', 'review', 20001);
  });
  afterAll(() => world.close());

  const asked = (text: string) => world.questions(text);

  it('asks in the name of the owner first', async () => {
    const [owner, reader] = [await world.user('owner'), await world.user('reader')];
    const pushId = await world.push({ body: 'text 1' }, { ownerId: owner.id, personId: reader.id });
    expect(await world.verdict(pushId)).toMatchObject({
      type: 'moderation.passed',
      data: { wechat: 'pass', traceId: expect.stringMatching(/./) as string },
    });
    expect(asked('text 1')).toEqual(['owner']);
    const riskyId = await world.push({ body: 'risky 1' }, { ownerId: owner.id });
    expect(await world.verdict(riskyId)).toMatchObject({
      type: 'moderation.blocked',
      data: { wechat: 'risky', label: 'porn' },
    });
    const reviewId = await world.push({ body: 'review 1' }, { ownerId: owner.id });
    expect(await world.verdict(reviewId)).toMatchObject({
      type: 'moderation.held',
      data: { wechat: 'review', label: 'politics' },
    });
  });

  it('asks in the name of the recipient when the owner is away, and remembers that', async () => {
    const [owner, reader] = [await world.user('owner-away'), await world.user('reader-2')];
    world.visits('reader-2');
    await world.verdict(await world.push({ body: 'text 2' }, { ownerId: owner.id, personId: reader.id }));
    expect(asked('text 2')).toEqual(['owner-away', 'reader-2']);
    await world.verdict(await world.push({ body: 'text 3' }, { ownerId: owner.id, personId: reader.id }));
    expect(asked('text 3')).toEqual(['reader-2']);
  });

  it('goes by the local rules when neither is there', async () => {
    const [owner, reader] = [await world.user('gone-1'), await world.user('gone-2')];
    const pushId = await world.push({ body: 'text 4' }, { ownerId: owner.id, personId: reader.id });
    expect(await world.verdict(pushId)).toMatchObject({ type: 'moderation.passed', data: { wechat: 'not-judged' } });
    expect(asked('text 4')).toEqual(['gone-1', 'gone-2']);
    const strangers = await world.push({ body: 'text 5' });
    expect(await world.verdict(strangers)).toMatchObject({ type: 'moderation.passed', data: { wechat: 'not-judged' } });
    expect(asked('text 5')).toEqual([]);
  });

  it('asks about whoever comes back, within seconds', async () => {
    const owner = await world.user('comes-back');
    const push = () => world.push({ body: 'risky 9' }, { ownerId: owner.id });
    expect(await world.verdict(await push())).toMatchObject({ data: { wechat: 'not-judged' } });
    world.visits('comes-back');
    const isBlocked = async () => (await world.verdict(await push())).type === 'moderation.blocked';
    await until(isBlocked, { what: 'the text is judged by WeChat' });
  });

  it('shows WeChat what the reader’s programs decode, beside what was sent', async () => {
    const owner = await world.user('owner-8');
    world.visits('owner-8');
    const title = `=?UTF-8?B?${Buffer.from('risky 10').toString('base64')}?=`;
    const pushId = await world.push({ title, body: 'text 10' }, { ownerId: owner.id });
    expect(await world.verdict(pushId)).toMatchObject({ type: 'moderation.blocked', data: { wechat: 'risky' } });
    expect(asked(title)).toEqual(['owner-8']);
  });

  it('does not show WeChat what the local rules block', async () => {
    const owner = await world.user('owner-3');
    const pushId = await world.push({ body: 'text 6 代开发票' }, { ownerId: owner.id });
    expect(await world.verdict(pushId)).toMatchObject({ type: 'moderation.blocked', data: { wechat: 'not-judged' } });
    expect(asked('text 6')).toEqual([]);
  });

  it('asks once about equal texts, however many there are', async () => {
    const owner = await world.user('owner-4');
    world.visits('owner-4');
    const pushIds = await Promise.all(
      Array.from({ length: 60 }, () => world.push({ body: 'risky 7' }, { ownerId: owner.id })),
    );
    for (const pushId of pushIds) expect(await world.verdict(pushId)).toMatchObject({ data: { label: 'porn' } });
    expect(asked('risky 7')).toEqual(['owner-4']);
  });

  it('changes nothing and asks nothing when a push comes again, also after a restart', async () => {
    const owner = await world.user('owner-5');
    world.visits('owner-5');
    const pushId = await world.push({ body: 'text 8' }, { ownerId: owner.id });
    await world.verdict(pushId);
    // As old as what comes again is.
    const recorded = { ...(await world.recorded(pushId)), recordedAt: '2020-01-01T00:00:00.000Z' } as never;
    await world.service.app.get(JudgePushReactor).react(recorded);
    await world.harness.restart();
    const reactor = world.service.app.get(JudgePushReactor);
    await Promise.all([reactor.react(recorded), reactor.react(recorded)]);
    expect(await world.verdicts(pushId)).toHaveLength(1);
    expect(asked('text 8')).toEqual(['owner-5']);
  });
});

describe('judging a push while WeChat is down', () => {
  let world: ModerationWorld;
  beforeAll(async () => {
    world = await ModerationWorld.start({ wechat: true });
  });
  afterAll(() => world.close());

  it('waits for it to come back, holds what it cannot wait for, and never passes it', async () => {
    world.visits('owner');
    const owner = await world.user('owner');
    const judge = world.service.app.get(WechatJudge);
    world.wechatIs('down');
    const waiting = await world.push({ body: 'text 1' }, { ownerId: owner.id });
    await until(() => judge.asked >= 2, { what: 'WeChat was asked again' });
    expect(await world.verdicts(waiting)).toEqual([]);
    world.wechatIs('up');
    expect(await world.verdict(waiting)).toMatchObject({ type: 'moderation.passed', data: { wechat: 'pass' } });

    judge.waitAtMost(1_000);
    world.wechatIs('down');
    const held = await world.push({ body: 'text 2' }, { ownerId: owner.id });
    expect(await world.verdict(held)).toMatchObject({
      type: 'moderation.held',
      data: { wechat: 'unavailable', label: 'unavailable' },
    });

    // The outage is known by now: further ones do not wait for it once more, nor does each of them ask.
    const askedBefore = judge.asked;
    const pushIds = await Promise.all(
      Array.from({ length: 40 }, (_, n) => world.push({ body: `text ${n + 3}` }, { ownerId: owner.id })),
    );
    for (const pushId of pushIds) expect(await world.verdict(pushId)).toMatchObject({ type: 'moderation.held' });
    expect(judge.asked - askedBefore).toBeLessThan(pushIds.length);
  });
});
