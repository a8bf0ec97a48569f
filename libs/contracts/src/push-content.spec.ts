import { pushBody } from './intake.requests';
import { contentFor, PushContent } from './push-content';

const whole: PushContent = {
  title: '工单 1024',
  body: '工程师已出发',
  markdown: '**工程师**已出发',
  summary: '已出发',
  url: 'https://example.com/1024',
  icon: 'https://example.com/icon.png',
  image: 'https://example.com/map.png',
  tags: ['ticket'],
  thread: 'ticket-1024',
  collapseId: 'ticket-1024-eta',
  step: { index: 2, of: 6, label: '已出发' },
  actions: [
    { id: 'ok', label: '知道了' },
    { id: 'call', label: '联系', url: 'tel:+861012345678' },
  ],
  variants: { en: { title: 'Ticket 1024', body: 'On the way' } },
  data: { eta: 15, stops: ['A', 'B'] },
};

describe('the body of a push', () => {
  it('takes everything that a push may say', () => {
    expect(pushBody.parse({ ...whole, priority: 'high' })).toEqual({ ...whole, priority: 'high' });
  });

  it.each<[string, object]>([
    ['a step beyond the last', { step: { index: 7, of: 6 } }],
    ['a step of none', { step: { index: 1, of: 0 } }],
    ['a fourth action', { actions: ['a', 'b', 'c', 'd'].map((id) => ({ id, label: id })) }],
    ['two actions under one id', { actions: ['a', 'a'].map((id) => ({ id, label: id })) }],
    ['an action that runs code', { actions: [{ id: 'a', label: 'a', url: 'javascript:alert(1)' }] }],
    ['an action that shows data', { actions: [{ id: 'a', label: 'a', url: 'data:text/html,x' }] }],
    ['an action without a label', { actions: [{ id: 'a', label: '' }] }],
    ['a picture that is no web address', { image: 'file:///etc/passwd' }],
    ['a variant in a language Hark does not speak', { variants: { fr: { body: 'En route' } } }],
    ['a variant with a field that is the same for all', { variants: { en: { url: 'https://example.com' } } }],
    ['data that is no object', { data: ['x'] }],
    ['a field nobody knows', { priorities: 'high' }],
  ])('refuses %s', (_, change) => {
    expect(pushBody.safeParse({ body: 'x', ...change }).success).toBe(false);
  });

  it('is shown in the words for its reader, and what a variant leaves out stays', () => {
    const { variants: _, ...said } = whole;
    expect(contentFor('zh-CN', whole)).toEqual(said);
    expect(contentFor('en', whole)).toEqual({ ...said, title: 'Ticket 1024', body: 'On the way' });
  });
});
