import { durationText } from './duration-text';

describe('how long something takes', () => {
  it.each([
    [0, '0 sec', '0秒'],
    [0.25, '0.3 sec', '0.3秒'],
    [119, '119 sec', '119秒'],
    [387.6, '6 min', '6分钟'],
    [7_199, '120 min', '120分钟'],
    [10_900, '3 hr', '3小时'],
    [200_000, '2 days', '2天'],
    [8_640_000, '100 days', '100天'],
  ])('%d seconds: %s, %s', (seconds, english, chinese) =>
    expect([durationText(seconds, 'en'), durationText(seconds, 'zh-CN')]).toEqual([english, chinese]),
  );
});
