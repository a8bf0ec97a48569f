import { startNatsBroker } from '@hark/embedded-nats';
import { runAsChild } from './child-main';

runAsChild(async () => {
  const broker = await startNatsBroker();
  return { url: broker.url, close: () => broker.close() };
});
