import { clientErrorCodes } from '@hark/contracts';
import { HarkError } from '@hark/kernel';
import { problemOf } from './problem';

const id = '018f0000-0000-7000-8000-000000000000';

describe('a problem', () => {
  it('says what happened, what to do and which request it was', () => {
    const error = new HarkError('refused', 'role.required', 'for operators only', { extra: { role: 'operator' } });
    expect(problemOf(error, id, 'en')).toEqual({
      type: 'urn:hark:problem:role.required',
      title: 'Not allowed',
      status: 403,
      detail: 'This needs the role operator. An admin of this hub can give it.',
      code: 'role.required',
      requestId: id,
      role: 'operator',
    });
    expect(problemOf(error, id, 'zh-CN')).toMatchObject({
      title: '没有权限',
      detail: '需要角色 operator，请联系本站管理员授予。',
    });
  });

  it('names the wrong fields', () => {
    const errors = [{ path: 'body', message: 'is missing' }];
    expect(problemOf(new HarkError('invalid', 'request.invalid', 'm', { errors }), id, 'en').errors).toEqual(errors);
  });

  it('says that a deleted stream is gone, not that we are at fault', () => {
    const error = new HarkError('refused', 'eventstore.stream-deleted', 'm');
    expect(problemOf(error, id, 'en')).toMatchObject({ status: 410, title: 'Gone' });
  });

  it('cannot be spoofed by what an error carries', () => {
    const extra = { status: 200, code: 'ok', title: 'x', detail: 'x', type: 'x', requestId: 'x' };
    const told = problemOf(new HarkError('not-found', 'push.unknown', 'm', { extra }), id, 'en');
    expect(told).toMatchObject({ status: 404, code: 'push.unknown', title: 'No such push', requestId: id });
  });

  it.each([
    [new Error('password=1'), 500, 'hark.internal'],
    [null, 500, 'hark.internal'],
    ['text', 500, 'hark.internal'],
    [new HarkError('invalid', 'event.invalid', 'password=1'), 500, 'hark.internal'],
    [new HarkError('refused', 'toString.call', 'password=1'), 500, 'hark.internal'],
    [new HarkError('unavailable', 'vault.unavailable', 'password=1'), 503, 'service.unavailable'],
  ])('says nothing of what is not for clients (%#)', (error, status, code) => {
    const told = problemOf(error, id, 'en');
    expect(told).toMatchObject({ status, code });
    expect(JSON.stringify(told)).not.toContain('password');
  });

  it('calls it our fault, to be tried again, where services do not accept each other', () => {
    const extra = { retryAfter: 1 };
    const error = new HarkError('unavailable', 'caller.unsigned', 'no valid caller token', { extra });
    expect(problemOf(error, id, 'zh-CN')).toMatchObject({ status: 503, code: 'caller.unsigned', retryAfter: 1 });
  });

  it.each(clientErrorCodes)('%s can be told in both languages', (code) => {
    for (const locale of ['en', 'zh-CN'] as const) {
      const { status, title, detail } = problemOf(new HarkError('refused', code, 'm'), id, locale);
      expect(status).toBeGreaterThanOrEqual(400);
      expect(title).not.toBe('');
      expect(detail).not.toMatch(/[{}]|undefined/);
    }
  });
});
