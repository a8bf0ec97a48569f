import { FailureClass } from '@hark/outbound';
import { classOfErrcode, errcodes } from './wechat-codes';

/** By class, what WeChat documents (全局返回码 and each call's page). Written down once more, so that no edit of the table goes unseen. */
const documented: Partial<Record<FailureClass, readonly number[]>> = {
  TRANSIENT: [-1],
  AUTH_REFRESH: [40001, 40014, 42001],
  BAD_REQUEST: [40029, 40097, 40129, 40163, 41008, 41030, 43002, 44002, 45168, 47001, 47003, 87009],
  RECIPIENT_GONE: [40003, 43104],
  RECIPIENT_REFUSED: [40226, 43101, 61010],
  CONFIG: [
    40002, 40013, 40037, 40125, 40164, 40243, 41001, 41002, 41004, 43107, 48001, 48006, 50004, 50007, 89503, 89506,
    89507,
  ],
  THROTTLED: [43108, 44991, 45011],
  QUOTA_DAY: [45009],
};
const rows = Object.entries(documented).flatMap(([is, codes]) => codes.map((code) => [code, is] as const));

describe('an errcode of WeChat', () => {
  it.each(rows)('%i is %s', (code, is) => expect(classOfErrcode(code)).toBe(is));

  it('that the table names is documented here, and no other', () =>
    expect([...errcodes].sort((one, other) => one - other)).toEqual(
      rows.map(([code]) => code).sort((one, other) => one - other),
    ));

  it('that nobody knows is not tried again', () => expect(classOfErrcode(99_999)).toBe('BAD_REQUEST'));
});
