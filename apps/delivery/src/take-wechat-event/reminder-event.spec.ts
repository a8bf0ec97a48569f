import { reminderEventIn } from './reminder-event';

const event = {
  ToUserName: 'gh_123456789abc',
  FromUserName: 'oHark0Example0000000000000001',
  CreateTime: '1763774400',
  MsgType: 'event',
  Event: 'subscribe_msg_popup_event',
  List: { TemplateId: 'T-1', SubscribeStatusString: 'accept', PopupScene: '0' },
};
const answersIn = (changed: object) => reminderEventIn({ ...event, ...changed })?.answers;

describe('an event of WeChat’s about reminders', () => {
  it('says whose it is and what they answered, one as an object and several as a list', () => {
    const accepted = { templateId: 'T-1', is: 'accepted' };
    const name = 'subscribe_msg_popup_event oHark0Example0000000000000001 1763774400';
    expect(reminderEventIn(event)).toEqual({ openid: event.FromUserName, name, answers: [accepted] });
    // Its repeat has the same name, also where the time is a number.
    expect(reminderEventIn({ ...event, CreateTime: 1_763_774_400 })?.name).toBe(name);
    const other = { TemplateId: 'T-2', SubscribeStatusString: 'accept' };
    const refused = { TemplateId: 'T-3', SubscribeStatusString: 'reject' };
    expect(answersIn({ List: [event.List, other, refused] })).toEqual([accepted, { ...accepted, templateId: 'T-2' }]);
  });

  it('takes all away only where they switched it off, and nothing for a message that was sent', () => {
    const List = { TemplateId: 'T-1', SubscribeStatusString: 'reject' };
    expect(answersIn({ Event: 'subscribe_msg_change_event', List })).toEqual([{ templateId: 'T-1', is: 'off' }]);
    const sent = { TemplateId: 'T-1', MsgID: '2097683633284153344', ErrorCode: '0', ErrorStatus: 'success' };
    expect(answersIn({ Event: 'subscribe_msg_sent_event', List: sent })).toEqual([]);
  });

  it.each([
    undefined,
    null,
    'text',
    [],
    { MsgType: 'text', Content: 'hello' },
    { ...event, List: 'T-1' },
    { ...event, List: Array.from({ length: 11 }, () => event.List) },
    { ...event, FromUserName: '' },
    { ...event, FromUserName: { toString: 'x' } },
    { ...event, CreateTime: null },
  ])('is none otherwise: %j', (other) => expect(reminderEventIn(other)).toBeUndefined());
});
