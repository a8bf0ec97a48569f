/** The texts that the mini program has beside the console's. `zh.ts` has the same ones, written for its language. */
export const en = {
  bind: {
    nobody: 'Opened by another mini program, this page asks whether that program may send you messages.',
    nobodyNext:
      'Nobody asks just now. Start in the program that wants to reach you; those you have agreed to are under Apps.',
    mayRing: 'Reach you through your channels, if you choose so here',
    asks: (app: string) => `“${app}” wants to send you messages`,
    caller: (appId: string) => `Opened by the mini program ${appId}`,
    agreed: 'Done. Taking you back …',
    declined: 'Declined. Taking you back …',
    back: 'Go back',
    stuck: 'WeChat could not take you back. Press again, or leave by the ✕ at the top.',
    wrongCall: 'The program that opened this page left something out. Its developer is told what when you go back.',
  },
  inbox: {
    empty: 'Nothing has come yet. Apps reach you only after you agree; they ask when you use them.',
  },
  apps: { unblocked: 'The app may ask you again.' },
  item: { copyLink: 'Copy the link' },
  channels: {
    reminders: 'WeChat reminders',
    remindersWhat: 'WeChat lets Hark remind you as often as you allow: one touch, one reminder.',
    left: (count: number) => (count === 1 ? '1 reminder left' : `${count} reminders left`),
    turnOn: 'Remind me in WeChat',
    allowMore: 'Allow one more',
    notAllowed: 'WeChat was not allowed to remind you. Messages are in the inbox all the same.',
  },
  settings: {
    current: 'This one',
    profile: 'Take my name from WeChat',
    profileFor: 'To show your name in Hark',
    touchAgain: 'WeChat had to log in anew. Touch once more.',
  },
  device: {
    scan: 'Log in on a browser',
    otherCode: 'That is not a log-in code of Hark. Scan the one that the browser shows.',
  },
};
