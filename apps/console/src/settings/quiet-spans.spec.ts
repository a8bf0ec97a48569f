import { quietSpans } from './quiet-spans';

const mode = 'defer' as const;

it('quiet hours that go over midnight are on two days, those of Sunday on Monday too', () => {
  expect(quietSpans([{ days: [7], from: '22:30', to: '07:00', mode }])).toEqual([
    { day: 7, from: 1350, to: 1440, mode },
    { day: 1, from: 0, to: 420, mode },
  ]);
  expect(quietSpans([{ days: [1, 2], from: '12:00', to: '13:15', mode }])).toEqual([
    { day: 1, from: 720, to: 795, mode },
    { day: 2, from: 720, to: 795, mode },
  ]);
  expect(quietSpans([{ days: [1], from: '22:00', to: '00:00', mode }])).toEqual([
    { day: 1, from: 1320, to: 1440, mode },
  ]);
  expect(quietSpans([{ days: [1], from: '', to: '00:00', mode }])).toEqual([]);
});
