import { startEventStore } from '.';

// A store in a process of its own that a test can kill. Says its address in one line; ends when its input ends.
const [dataDir = ''] = process.argv.slice(1);
void startEventStore({ dataDir }).then(({ url }) => process.stdout.write(`${url}\n`));
process.stdin.resume().on('end', () => process.exit());
