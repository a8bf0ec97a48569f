import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { MailLinkPurpose, mailLinkPurposes } from '@hark/credentials';
import { HarkError } from '@hark/kernel';
import { Caller, RequestContext } from '@hark/nats';
import { Access, assertAccess, Requires, servedBy } from './access';

function linkTo(purpose: MailLinkPurpose): Caller {
  const link = { purpose, personId: 'u', bindingId: 'b', consentId: 'c', pushId: 'p' };
  return { kind: 'mail-link', userId: 'u', roles: ['user', 'operator', 'admin'], service: 'gateway', link };
}
const callers: Readonly<Record<string, Caller>> = {
  anonymous: { kind: 'anonymous', roles: ['operator', 'admin'] },
  user: { kind: 'user', userId: 'u', roles: ['user'] },
  operator: { kind: 'user', userId: 'u', roles: ['user', 'operator'] },
  admin: { kind: 'user', userId: 'u', roles: ['user', 'admin'] },
  service: { kind: 'service', service: 's', roles: ['operator', 'admin'] },
  gateway: { kind: 'service', service: 'gateway', roles: [] },
  app: { kind: 'app', roles: ['operator', 'admin'] },
  ...Object.fromEntries(mailLinkPurposes.map((purpose) => [`to ${purpose}`, linkTo(purpose)])),
};
const links = mailLinkPurposes.map((purpose) => `to ${purpose}`);

const refusedWith =
  (code: string) =>
  (...names: string[]) =>
    Object.fromEntries(names.map((name) => [name, code]));
const noLink = (purpose: MailLinkPurpose) =>
  refusedWith('credential.not-enough')(...Object.keys(callers).filter((name) => name !== `to ${purpose}`));
const noSession = refusedWith('session.required');
const noRole = refusedWith('role.required');

describe('who may ask', () => {
  it.each<[Access, Record<string, string>]>([
    ['anyone', {}],
    ['app', {}],
    ['credential', {}],
    ['owner-or-app', {}],
    ['user', noSession('anonymous', 'service', 'gateway', 'app', ...links)],
    ['gateway', noSession('anonymous', 'user', 'operator', 'admin', 'service', 'app', ...links)],
    ['operator', { ...noSession('anonymous', 'service', 'gateway', 'app', ...links), ...noRole('user', 'admin') }],
    ['admin', { ...noSession('anonymous', 'service', 'gateway', 'app', ...links), ...noRole('user', 'operator') }],
    ['service', noRole('anonymous', 'user', 'operator', 'admin', 'app', ...links)],
    ['mail-link:mute', noLink('mute')],
    ['mail-link:unbind', noLink('unbind')],
    ['mail-link:complain', noLink('complain')],
  ])('%s: refused are %j', (access, refused) => {
    const refusals = Object.entries(callers).flatMap(([name, caller]) => {
      try {
        assertAccess(access, { caller } as RequestContext);
        return [];
      } catch (error) {
        return [[name, (error as HarkError).code]];
      }
    });
    expect(Object.fromEntries(refusals)).toEqual(refused);
  });

  it('stands on the class, or nearer on the method', () => {
    @Controller()
    @Requires('user')
    class Handlers {
      @MessagePattern('x.one')
      one(): void {}
      @Requires('operator')
      @MessagePattern('x.two')
      two(): void {}
      helper(): void {}
    }
    @Controller()
    class Silent {
      @MessagePattern('x.three')
      three(): void {}
    }
    const said = [Handlers, Silent].flatMap(servedBy).map(({ subject, access }) => [subject, access]);
    expect(said).toEqual([
      ['x.one', 'user'],
      ['x.two', 'operator'],
      ['x.three', undefined],
    ]);
  });
});
