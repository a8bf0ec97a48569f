import { HarkError } from '@hark/kernel';
import { authSubjects } from './auth.requests';
import { checkReply } from './check-reply';

const me = { id: '11111111-1111-4111-8111-111111111111', roles: ['user'] };
const check = (reply: unknown) => () => checkReply(authSubjects.getMe, reply);

describe('the check of a reply', () => {
  it('takes what the contract says, with what travels beside it', () => {
    expect(check({ body: me })).not.toThrow();
    expect(check({ body: { ...me, locale: undefined }, position: '1-user', replayed: true })).not.toThrow();
  });

  it.each([
    ['a field too many', { body: { ...me, phone: '1' } }, /"phone"/],
    ['a field too few', { body: { id: me.id } }, /body\.roles/],
    ['a value of another kind', { body: { ...me, roles: ['root'] } }, /body\.roles\[0\]/],
    ['something beside the body', { body: me, note: 'x' }, /"note"/],
    ['no reply', undefined, /expected object/],
  ])('names where there is %s', (_, reply, place) => {
    expect(check(reply)).toThrow(HarkError);
    expect(check(reply)).toThrow(place);
  });

  it('knows nothing of what every service serves', () =>
    expect(() => checkReply('auth.rebuild-read-models', { body: { tables: [] } })).not.toThrow());
});
