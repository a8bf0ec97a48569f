import { type NatsBrokerOptions, startNatsBroker } from '@hark/embedded-nats';
import { runAsThread } from './run-as-thread';

runAsThread(async (options: NatsBrokerOptions) => {
  const broker = await startNatsBroker(options);
  return { said: { url: broker.url }, close: () => broker.close() };
});
