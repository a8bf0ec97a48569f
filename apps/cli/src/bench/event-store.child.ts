import { startEventStore } from '@hark/embedded-eventstore';
import { runAsChild } from './child-main';

runAsChild(async (dataDir) => {
  const store = await startEventStore({ dataDir });
  return { url: store.url, close: () => store.close() };
});
