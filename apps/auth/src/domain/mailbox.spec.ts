import { mailboxOf } from './mailbox';

describe('the mailbox of an address', () => {
  it.each([
    ['victim@corp.example', ['Victim@Corp.example', 'victim+tag0@corp.example', 'victim+a+b@corp.example']],
    ['victim@gmail.com', ['vic.tim@gmail.com', 'v.i.c.t.i.m+x@googlemail.com', 'VICTIM@Gmail.com']],
    ['a1b@proton.me', ['a.1-b@protonmail.com', 'a_1b+x@pm.me']],
    ['ab@yandex.com', ['a-b@ya.ru', 'a.b@yandex.ru']],
  ])('is %s for each spelling', (mailbox, spellings) => {
    for (const spelling of spellings) expect(mailboxOf(spelling).mailbox).toBe(mailbox);
  });

  it('is one for spellings beyond ASCII that look alike, and others for others', () => {
    const of = (local: string) => mailboxOf(`${local}@corp.example`).mailbox;
    const alike = ['Аlice', 'аlicé', 'аlice+tag', 'аli.ce'].map(of);
    expect(new Set(alike).size).toBe(1);
    expect(of('用户+1')).toBe(of('用户'));
    expect(new Set([of('用户'), of('客户'), of('alice')]).size).toBe(3);
  });

  it('keeps apart what other servers keep apart', () => {
    const all = [
      'a.b@corp.example',
      'ab@corp.example',
      'a-b@corp.example',
      'ab@qq.com',
      'ab@foxmail.com',
      'a.b@qq.com',
    ];
    expect(new Set(all.map((one) => mailboxOf(one).mailbox)).size).toBe(all.length);
  });

  it.each([
    ['a@mail.x.corp.example', 'corp.example', false],
    ['a@corp.com.cn', 'corp.com.cn', false],
    ['a@deep.corp.co.uk', 'corp.co.uk', false],
    ['a@x.company.cn', 'company.cn', false],
    ['a@constructor', 'constructor', false],
    ['a@vip.qq.com', 'qq.com', true],
    ['a@googlemail.com', 'googlemail.com', true],
  ])('of %s is at %s; many strangers there: %s', (address, domain, shared) => {
    expect(mailboxOf(address)).toMatchObject({ domain, shared });
  });
});
