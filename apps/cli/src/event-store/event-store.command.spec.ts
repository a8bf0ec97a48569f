import { HarkError } from '@hark/kernel';
import { readOptions } from './event-store.command';

const needed = ['--port', '2113', '--data', '/srv/events'];

describe('the options of hark event-store', () => {
  it('are all read', () => {
    expect(readOptions(needed)).toEqual({ port: 2113, dataDir: '/srv/events', advertise: {} });
    const all = ['--advertise-host', 'h', '--advertise-port', '443', '--auth', 'u:p:q', '--max-append', '500'];
    expect(readOptions([...needed, ...all])).toEqual({
      port: 2113,
      dataDir: '/srv/events',
      advertise: { host: 'h', port: 443 },
      auth: { user: 'u', password: 'p:q' },
      maxAppendBytes: 500,
    });
  });

  it('advertise host and port independently', () => {
    expect(readOptions([...needed, '--advertise-host', 'h']).advertise).toEqual({ host: 'h' });
    expect(readOptions([...needed, '--advertise-port', '443']).advertise).toEqual({ port: 443 });
  });

  it.each([
    [['--data', 'd'], 'hark event-store needs --port'],
    [['--port', '2113'], 'hark event-store needs --data'],
    [['--port', '2113', '--data', ''], 'hark event-store needs --data'],
    [['--port', '70000', '--data', 'd'], '--port must be a whole number from 0 to 65535, not 70000'],
    [['--port', '', '--data', 'd'], 'hark event-store needs --port'],
    [['--port', '1e3', '--data', 'd'], '--port must be a whole number from 0 to 65535, not 1e3'],
    [[...needed, '--advertise-port', '0'], '--advertise-port must be a whole number from 1 to 65535, not 0'],
    [[...needed, '--max-append', '0'], '--max-append must be a whole number from 1 to 16767216, not 0'],
    [[...needed, '--max-append', '16767217'], '--max-append must be a whole number from 1 to 16767216, not 16767217'],
    [[...needed, '--auth', 'secret'], '--auth must be USER:PASS'],
    [[...needed, '--auth', 'hark:'], '--auth must be USER:PASS'],
    [[...needed, '--auth', 'u:p', '--private', 'f'], '--private makes a login of its own'],
    [[...needed, '--private', ''], 'hark event-store needs --private'],
  ])('%j: refused', (args, message) => {
    expect(() => readOptions(args)).toThrow(new HarkError('invalid', 'command.invalid', message));
  });

  it('that nobody knows are refused', () => {
    expect(() => readOptions([...needed, '--cluster'])).toThrow(/--cluster/);
    expect(() => readOptions([...needed, 'more'])).toThrow(/more/);
  });
});
