import { EndpointTestReply, Locale } from '@hark/contracts';

/** What a test message says, and what its outcome means. Fixed words: they tell nothing of what a server answered. */
interface TestWords {
  readonly title: string;
  readonly body: string;
  readonly outcomes: Readonly<Record<EndpointTestReply['outcome'], string>>;
}

export const testWords: Readonly<Record<Locale, TestWords>> = {
  'zh-CN': {
    title: '测试消息',
    body: '看到这条消息，说明该通道可以收到 Hark 的推送。',
    outcomes: {
      ok: '已被接收：请到该通道查看。',
      refused: '未被接收，重试也无济于事。请检查该通道的设置，或重新添加并验证。',
      unreachable: '未能及时送达。请确认对方服务器运行正常，稍后再试。',
    },
  },
  en: {
    title: 'Test message',
    body: 'If you can read this, pushes reach you here.',
    outcomes: {
      ok: 'It took the message: look there now.',
      refused:
        'It did not take the message, and another try would not help. Check its settings, or add and verify it again.',
      unreachable: 'It could not be reached in time. Check that its server is up, then try again later.',
    },
  },
};
