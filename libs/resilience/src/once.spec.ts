import { once } from './once';

it('makes it once for all who ask, and again after a failure', async () => {
  const answers = [Promise.reject(new Error('away')), Promise.resolve('here'), Promise.resolve('never asked for')];
  let made = 0;
  const get = once(() => answers[made++]!);
  const first = await Promise.allSettled([get(), get()]);
  expect(first.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  expect(await Promise.all([get(), get()])).toEqual(['here', 'here']);
  expect(await get()).toBe('here');
  expect(made).toBe(2);
});
