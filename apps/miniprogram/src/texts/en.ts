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
};
