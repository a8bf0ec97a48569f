import { valueFault } from './template-values';

describe('values of template keywords', () => {
  it.each([
    ['thing1', '字'.repeat(20)],
    ['thing1', '😀'.repeat(20)],
    ['number2', '-12.50'],
    ['number2', '1'.repeat(32)],
    ['letter3', 'abcXYZ'],
    ['symbol4', '★☆!'],
    ['character_string05', 'NO-2026/11#1'],
    ['time6', '15:01'],
    ['time6', '2019年10月1日 15:01'],
    ['time6', '9:00~10:30'],
    ['date7', '2019年10月1日'],
    ['date7', '2019-10-01 15:01'],
    ['date7', '2019年10月1日~2019年10月3日'],
    ['amount8', '¥100.50'],
    ['amount8', '100元'],
    ['phone_number9', '+86-0766-66888866'],
    ['car_number10', '粤A8Z888挂'],
    ['name11', '张三'],
    ['name11', 'John Smith'],
    ['phrase12', '配送中'],
    ['enum13', 'anything'],
  ])('%s takes %s', (name, value) => expect(valueFault(name, value)).toBeUndefined());

  it.each([
    ['thing1', '字'.repeat(21)],
    ['thing1', 'two\nlines'],
    ['thing', 'no number'],
    ['number2', '12a'],
    ['number2', '1'.repeat(33)],
    ['letter3', 'a1'],
    ['symbol4', '!!!!!!'],
    ['symbol4', 'a'],
    ['character_string05', '工单1'],
    ['character_string05', 'x'.repeat(33)],
    ['time6', '25:00'],
    ['time6', '2019年10月1日'],
    ['time6', '1:00~2:00~3:00'],
    ['date7', '15:01'],
    ['date7', '2019-10/01'],
    ['amount8', '12345678901'],
    ['amount8', '$$1'],
    ['phone_number9', '1'.repeat(18)],
    ['car_number10', '粤A8Z8888挂'],
    ['name11', '一二三四五六七八九十一'],
    ['name11', 'x'.repeat(21)],
    ['phrase12', '一二三四五六'],
    ['phrase12', 'ok'],
    ['unknown1', 'x'],
    ['constructor1', 'x'],
    ['thing1', 7],
  ])('%s refuses %s', (name, value) => expect(valueFault(name, value)).toBe(`data.${name}.value invalid`));

  it.each([undefined, null, ''])('an absent value is empty: %s', (value) =>
    expect(valueFault('thing1', value)).toBe('data.thing1.value is empty'),
  );
});
