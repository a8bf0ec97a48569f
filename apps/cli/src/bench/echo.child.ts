import { connect } from 'nats';
import { runAsChild } from './child-main';

/** Where the echo answers. */
const subject = 'bench.echo';

// Answers every request with its own payload, from a process of its own, as a service would.
runAsChild(async (servers) => {
  const connection = await connect({ servers, name: 'bench-echo' });
  connection.subscribe(subject, { queue: 'bench', callback: (_error, message) => void message.respond(message.data) });
  await connection.flush();
  return { url: servers, close: () => connection.close() };
});
