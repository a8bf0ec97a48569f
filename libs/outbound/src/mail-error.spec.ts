import { classifySmtp } from './mail-error';

/** As nodemailer reports a reply to a command. */
const reply = (response: string, command = 'RCPT TO') => {
  const code = command === 'AUTH PLAIN' ? 'EAUTH' : 'EENVELOPE';
  return classifySmtp({ code, responseCode: Number(response.slice(0, 3)), response, command }, false);
};

describe("a mail server's refusal", () => {
  it.each([
    // A code that says it passes outranks any text.
    ['450 4.2.0 greylisted', 'TRANSIENT', 5],
    ['451 4.7.1 try again later', 'TRANSIENT', 5],
    ['451 user unknown, mailbox unavailable', 'TRANSIENT', 5],
    ['421 4.3.2 service shutting down', 'TRANSIENT', 5],
    ['452 4.5.3 too many recipients', 'THROTTLED', 30],
    ['451 4.7.1 frequency limited', 'THROTTLED', 30],
    // A code that says it lasts outranks it too.
    ['550 5.1.1 no such user, too many failures', 'RECIPIENT_GONE', undefined],
    ['550 5.7.17 mailbox owner has changed', 'RECIPIENT_GONE', undefined],
    ['550 5.7.18 domain owner has changed', 'RECIPIENT_GONE', undefined],
    ['550 frequency limited', 'THROTTLED', 30],
    ['550 Mail rejected: connection frequency limited', 'THROTTLED', 30],
    ['550 user unknown', 'RECIPIENT_REFUSED', undefined],
    ['552 5.2.2 mailbox full', 'RECIPIENT_REFUSED', undefined],
    ['550 5.7.1 looks like spam', 'CONFIG', undefined],
  ])('%s is %s', (text, expected, minutes) => {
    const { providerClass, retryAfterMs, refusesHub } = reply(text);
    expect([providerClass, retryAfterMs === undefined ? undefined : retryAfterMs / 60_000]).toEqual([
      expected,
      minutes,
    ]);
    expect(refusesHub).toBe(false);
  });

  it.each([
    ['535 5.7.8 authentication failed', 'AUTH PLAIN'],
    ['535 5.7.8 too many failed log-ins', 'AUTH PLAIN'],
    ['530 5.7.0 authentication required', 'MAIL FROM'],
    ['550 5.7.1 sender not allowed', 'MAIL FROM'],
    ['501 Mail from address must be same as authorization user', 'MAIL FROM'],
    ['553 5.7.1 <hark@x>: Sender address rejected: not owned by user', 'RCPT TO'],
    ['554 5.7.1 Relay access denied', 'RCPT TO'],
    ['554 no service for you', 'CONN'],
  ])('%s to %s is against the hub itself, whoever the mail is for', (text, command) =>
    expect(reply(text, command)).toMatchObject({ providerClass: 'CONFIG', refusesHub: true }),
  );

  it('without a reply, but with a wrong credential, is against the hub too', () =>
    expect(classifySmtp({ code: 'ENOAUTH' }, false)).toMatchObject({ providerClass: 'CONFIG', refusesHub: true }));
});
