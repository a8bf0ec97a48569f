import { z } from 'zod';
import { uuid } from '@hark/contracts';
import { Input } from './input';
import { InputPipe } from './input.pipe';

const schema = z.strictObject({ appId: uuid, bindingId: uuid, limit: z.coerce.number().optional() });
const appId = '0197f6a4-1d2b-7c3d-8e4f-5a6b7c8d9e0f';

describe('the data of a request', () => {
  const pipe = new InputPipe(schema, { bindingId: 'binding.unknown', appId: 'app.unknown' });

  it('is what the schema makes of it', () => {
    expect(pipe.transform({ appId, bindingId: appId, limit: '3' })).toEqual({ appId, bindingId: appId, limit: 3 });
  });

  it.each([
    [{ appId: 'x', bindingId: 'x', more: 1 }, 'not-found', 'binding.unknown'],
    [{ appId: 'x', bindingId: appId, more: 1 }, 'not-found', 'app.unknown'],
    [{}, 'not-found', 'binding.unknown'],
    [null, 'not-found', 'binding.unknown'],
    ['x', 'not-found', 'binding.unknown'],
    [{ appId, bindingId: appId, more: 1 }, 'invalid', 'request.invalid'],
  ])('%j is %s', (data, kind, code) => {
    expect(() => pipe.transform(data)).toThrow(expect.objectContaining({ kind, code }) as Error);
  });

  it('fits its parameter, or does not compile', () => {
    class Handlers {
      right(@Input(schema) _: z.infer<typeof schema>): void {}
      part(
        _: string,
        @Input(schema, { appId: 'app.unknown' }) { limit: _limit }: { limit?: number | undefined },
      ): void {}
      // @ts-expect-error -- the schema gives no text
      wrong(@Input(schema) _: string): void {}
      // @ts-expect-error -- the schema gives a number
      wrongPart(@Input(schema) _: { limit?: string }): void {}
      // @ts-expect-error -- the schema has no such id
      unknown(@Input(schema, { pushId: 'push.unknown' }) _: unknown): void {}
    }
    expect(Handlers).toBeDefined();
  });
});
