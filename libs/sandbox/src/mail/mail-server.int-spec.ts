import { connect } from 'node:net';
import { createTransport, type SendMailOptions } from 'nodemailer';
import { sandboxFixture } from '../sandbox.fixture';

const sandbox = sandboxFixture();
const send = async (to: string, fields: SendMailOptions = {}) => {
  const transport = createTransport({ url: sandbox.smtpUrl(), socketTimeout: 10_000 });
  try {
    return await transport.sendMail({ from: '"Hark" <notify@hub.example>', to, subject: '工单', text: 'x', ...fields });
  } finally {
    transport.close();
  }
};
const mails = (to: string) => sandbox.items(`/control/mail?to=${encodeURIComponent(to)}`);

it('takes a message and shows its parts', async () => {
  await send('Person@Example.test', {
    text: '已派单\n',
    html: '<b>已派单</b>',
    messageId: '<d1.r1@mail.hub.example>',
    envelope: { from: 'bounce+d1@bounce.hub.example', to: ['Person@Example.test'] },
    headers: { 'List-Unsubscribe': '<https://hub.example/u/1>', 'Auto-Submitted': 'auto-generated' },
  });
  expect(await mails('person@example.test')).toEqual([
    {
      seq: expect.any(Number),
      to: ['person@example.test'],
      from: '"Hark" <notify@hub.example>',
      envelopeFrom: 'bounce+d1@bounce.hub.example',
      subject: '工单',
      text: '已派单\n',
      html: '<b>已派单</b>',
      headers: expect.objectContaining({
        'list-unsubscribe': '<https://hub.example/u/1>',
        'auto-submitted': 'auto-generated',
        subject: '=?UTF-8?B?5bel5Y2V?=',
      }),
      messageId: '<d1.r1@mail.hub.example>',
      receivedAtMs: expect.any(Number),
      receivedAt: expect.stringMatching(/Z$/),
    },
  ]);
});

it('files a message with several recipients under each, and takes any credentials', async () => {
  const transport = createTransport(sandbox.smtpUrl().replace('//', '//user:pass@'));
  await transport.sendMail({ from: 'a@x.test', to: ['b@x.test', 'c@x.test'], text: 'x' });
  transport.close();
  for (const address of ['b@x.test', 'C@x.test']) expect(await mails(address)).toHaveLength(1);
  expect(await sandbox.items('/control/mail')).toHaveLength(1);
});

it('takes an address beyond ASCII by SMTPUTF8 alone', async () => {
  await send('用户@x.test');
  expect(await mails('用户@x.test')).toHaveLength(1);
  sandbox.mail().offersUtf8 = false;
  await expect(send('用户@x.test')).rejects.toMatchObject({ responseCode: 553 });
  sandbox.mail().reset();
  await send('用户@x.test');
});

it('a long poll ends when the mail comes', async () => {
  const poll = sandbox.items('/control/mail?to=late@x.test&waitMs=10000');
  await send('late@x.test');
  expect(await poll).toHaveLength(1);
});

describe('scripted recipients', () => {
  it.each([
    ['hard@x.test', 550, '5.1.1'],
    ['hard+42@x.test', 550, '5.1.1'],
    ['soft@x.test', 451, '4.7.1'],
    ['full@x.test', 552, '5.2.2'],
  ])('%s is refused with %d %s', async (to, responseCode, enhanced) => {
    await expect(send(to)).rejects.toMatchObject({
      responseCode,
      command: 'RCPT TO',
      response: expect.stringContaining(`${responseCode} ${enhanced} `),
    });
    expect(await mails(to)).toEqual([]);
    expect(await sandbox.items('/control/journal')).toEqual([
      expect.objectContaining({ provider: 'mail', method: 'RCPT', path: to, answered: responseCode }),
    ]);
  });

  it('slow@ is taken after a while', async () => {
    const before = performance.now();
    await send('slow@x.test');
    expect(performance.now() - before).toBeGreaterThan(40);
    expect(await mails('slow@x.test')).toHaveLength(1);
  });

  it('drop-after-data@ takes the message and breaks off without saying so', async () => {
    await expect(send('drop-after-data@x.test')).rejects.toMatchObject({ code: 'ECONNECTION' });
    expect(await mails('drop-after-data@x.test')).toHaveLength(1);
    expect(await sandbox.items('/control/journal')).toEqual([
      expect.objectContaining({ method: 'DATA', answered: 'cut' }),
    ]);
  });

  it('ordinary names that begin alike are ordinary', async () => {
    await send('hardy@x.test');
    expect(await mails('hardy@x.test')).toHaveLength(1);
  });
});

describe('faults', () => {
  const fault = (fields: object) => sandbox.post('/control/faults', { provider: 'mail', times: 1, ...fields });

  it.each([
    [{ mode: 'error' }, { responseCode: 451 }, 0],
    [{ mode: 'error', status: 554 }, { responseCode: 554, command: 'RCPT TO' }, 0],
    [{ mode: 'error', status: 450, message: '4.2.1 busy' }, { response: '450 4.2.1 busy' }, 0],
    [{ mode: 'error', accepted: true }, { responseCode: 451, command: 'DATA' }, 1],
    [{ mode: 'rate-limit' }, { responseCode: 451 }, 0],
    [{ mode: 'reset' }, { code: 'ECONNECTION' }, 0],
    [{ mode: 'reset', accepted: true }, { code: 'ECONNECTION' }, 1],
    [{ mode: 'hang', delayMs: 20 }, { code: 'ECONNECTION' }, 0],
  ])('%j', async (fields, error, arrived) => {
    await fault({ ...fields, match: 'struck@' });
    await send('spared@x.test');
    await expect(send('struck@x.test')).rejects.toMatchObject(error);
    expect(await mails('struck@x.test')).toHaveLength(arrived);
    await send('struck@x.test');
    expect(await mails('struck@x.test')).toHaveLength(arrived + 1);
  });

  it('slow', async () => {
    await fault({ mode: 'slow', delayMs: 60 });
    const before = performance.now();
    await send('a@x.test');
    expect(performance.now() - before).toBeGreaterThan(50);
  });
});

it('a client that breaks off in the middle of a message leaves no mail and harms nobody', async () => {
  const { hostname, port } = new URL(sandbox.smtpUrl());
  const said = ['EHLO x', 'MAIL FROM:<a@x.test>', 'RCPT TO:<b@x.test>', 'DATA', 'Subject: half'];
  await new Promise<void>((resolve) => {
    const socket = connect(Number(port), hostname);
    socket.on('data', (data) => {
      const line = said.shift();
      if (line !== undefined) socket.write(`${line}\r\n`);
      if (data.toString().startsWith('354')) socket.destroy();
    });
    socket.on('close', () => resolve());
  });
  await send('b@x.test', { subject: 'whole' });
  expect((await mails('b@x.test')).map((mail) => mail.subject)).toEqual(['whole']);
  const answered = (await sandbox.items('/control/journal')).map((entry) => entry.answered);
  expect(answered).toEqual(['cut', 250]);
});

it('refuses a message over 1 MiB', async () => {
  await expect(send('big@x.test', { text: 'x'.repeat(1_100_000) })).rejects.toMatchObject({ responseCode: 552 });
  expect(await mails('big@x.test')).toEqual([]);
});
