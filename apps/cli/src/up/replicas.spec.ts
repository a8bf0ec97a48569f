import { HarkError } from '@hark/kernel';
import { oneOfEach, processesOf } from './replicas';

describe('the processes of a hub', () => {
  it('are none of their own, one per service, or as many as are asked for', () => {
    expect(processesOf(false, undefined)).toBeUndefined();
    expect(processesOf(true, undefined)).toEqual(oneOfEach);
    expect(processesOf(true, 'intake=2, delivery=3')).toEqual({ ...oneOfEach, intake: 2, delivery: 3 });
  });

  it.each([
    [false, 'intake=2', '--replicas goes with --split, a process per service'],
    [true, '', '--replicas takes a list such as intake=2,delivery=2, not nothing'],
    [true, 'intake', '--replicas takes a list such as intake=2,delivery=2, not intake'],
    [true, 'intake=-1', '--replicas takes a list such as intake=2,delivery=2, not intake=-1'],
    [true, 'intak=2', '--replicas knows no service intak; did you mean intake?'],
    [true, 'x=2', '--replicas knows no service x; there are auth, intake, moderation, delivery, complaints, gateway'],
    [true, 'gateway=2', '--replicas cannot give the gateway replicas: it listens on the one port, HARK_PORT'],
    [true, 'intake=0', '--replicas gives intake 0: from 1 to 16'],
    [true, 'intake=2,intake=3', '--replicas has intake twice'],
  ])('split %s, replicas %j is refused', (split, list, message) => {
    const error = new HarkError('invalid', 'command.invalid', `hark up: ${message}`);
    expect(() => processesOf(split, list)).toThrow(error);
  });
});
