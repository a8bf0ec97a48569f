import { HarkError } from '@hark/kernel';
import { nearest } from '../arguments';
import { type ServiceName, serviceNames } from './services';

/** How many processes each service has. */
export type Replicas = Readonly<Record<ServiceName, number>>;

/** Of one service on one machine. */
const replicasMax = 16;

/** One process of each service. */
export const oneOfEach = Object.fromEntries(serviceNames.map((name) => [name, 1])) as Replicas;

/**
 * What `--split` and `--replicas LIST` ask for; undefined when all services share one process. Throws `command.invalid`.
 */
export function processesOf(split: boolean, list: string | undefined): Replicas | undefined {
  if (list === undefined) return split ? oneOfEach : undefined;
  if (!split) throw wrong('goes with --split, a process per service');
  return readReplicas(list);
}

/**
 * Reads `intake=2,delivery=2`; services that are not named have one. Throws `command.invalid` for anything else.
 */
function readReplicas(text: string): Replicas {
  const replicas = new Map<string, number>();
  for (const part of text.split(',')) {
    const [, name, digits] = /^([a-z]+)=(\d+)$/.exec(part.trim()) ?? [];
    if (name === undefined) throw wrong(`takes a list such as intake=2,delivery=2, not ${text || 'nothing'}`);
    if (!isService(name)) throw wrong(`knows no service ${name}; ${adviceFor(name)}`);
    if (name === 'gateway') throw wrong('cannot give the gateway replicas: it listens on the one port, HARK_PORT');
    if (replicas.has(name)) throw wrong(`has ${name} twice`);
    const count = Number(digits);
    if (count < 1 || count > replicasMax) throw wrong(`gives ${name} ${digits}: from 1 to ${replicasMax}`);
    replicas.set(name, count);
  }
  return { ...oneOfEach, ...Object.fromEntries(replicas) };
}

const isService = (name: string): name is ServiceName => (serviceNames as readonly string[]).includes(name);

function adviceFor(name: string): string {
  const near = nearest(name, serviceNames);
  return near ? `did you mean ${near}?` : `there are ${serviceNames.join(', ')}`;
}

const wrong = (what: string): HarkError => new HarkError('invalid', 'command.invalid', `hark up: --replicas ${what}`);
