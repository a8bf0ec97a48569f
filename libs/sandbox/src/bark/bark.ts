import { EventEmitter } from 'node:events';
import { type Arrival, Arrivals } from '../control/arrivals';
import type { Fault } from '../control/faults';
import { isObject, json, parseJson, type Reply, text } from '../http/exchange';
import { type Received } from '../http/received';
import { asShown, refusalOf, type ShownPush } from './apns';
import { BarkDevices, type Device, newDeviceKey } from './bark-devices';
import { type BarkParameters, BarkRefusal, type PushSource, readParameters } from './bark-parameters';

const tokenMax = 160;

/** A push that the Bark server accepted for one device. */
export interface BarkPush extends Arrival, ShownPush {
  readonly deviceKey: string;
  /** `shown` on the phone · `replaced` by a later one with its id · `deleted` · `silent`: itself a deletion. */
  state: 'shown' | 'replaced' | 'deleted' | 'silent';
}

/** Stands in for a bark-server and the phones behind it. */
export class Bark {
  readonly pushes: Arrivals<BarkPush>;
  /** Emits `push` with a BarkPush for every accepted push, as it comes. */
  readonly stream = new EventEmitter<{ push: [BarkPush] }>().setMaxListeners(0);
  /** What stands on a phone under an id: `<device key> <id>`. */
  private readonly standing = new Map<string, BarkPush>();

  constructor(
    readonly devices: BarkDevices,
    arrivalsMax: number,
    private readonly anyDevice: boolean,
  ) {
    this.pushes = new Arrivals(arrivalsMax, (dropped) => this.forget(dropped));
  }

  /** Answers a request; `path` is what follows the prefix, still percent-encoded. Never throws for bad input. */
  handle(request: Received, path: string): Reply {
    try {
      return this.route(request, path);
    } catch (error) {
      if (error instanceof BarkRefusal) return envelope(error.code, error.message);
      throw error;
    }
  }

  /** The server's own way to fail. A throttled device answers 500, as APNs's refusals all do. */
  fail(fault: Fault): Reply {
    if (fault.mode === 'rate-limit') return envelope(500, 'push failed: TooManyRequests');
    return envelope(fault.status ?? 500, fault.message ?? 'push failed: InternalServerError');
  }

  reset(): void {
    this.pushes.reset();
    this.devices.reset();
    this.standing.clear();
  }

  private route(request: Received, path: string): Reply {
    const { method } = request;
    if (!['GET', 'HEAD', 'POST'].includes(method)) throw new BarkRefusal('Method Not Allowed', 405);
    const read = method !== 'POST';
    const segments = path.split('/').filter((segment) => segment !== '');
    const [first] = segments;
    if (segments.length === 0 && read) return text(200, 'ok');
    if (segments.length === 1 && first === 'push' && !read) return this.push(request, {});
    if (segments.length === 1 && read) {
      if (first === 'ping') return envelope(200, 'pong');
      if (first === 'healthz') return text(200, 'ok');
      if (first === 'info') return this.info();
    }
    if (first === 'register') {
      if (segments.length === 1) return this.register(request);
      if (segments.length === 2 && read) return this.registered(segments[1]!);
    }
    if (segments.length === 0 || segments.length > 4) throw new BarkRefusal(`Cannot ${method} ${request.path}`, 404);
    return this.push(request, fromPath(segments));
  }

  private push(request: Received, path: PushSource['path']): Reply {
    const { mediaType, query } = request;
    const contentType = request.headers['content-type'] ?? '';
    const parameters = readParameters({ mediaType, contentType, body: request.text, query, path });
    if (parameters.deviceKeys !== undefined) return this.pushToMany(request, parameters);
    this.deliver(request, parameters, parameters.device_key);
    return envelope(200, 'success');
  }

  private pushToMany(request: Received, parameters: BarkParameters): Reply {
    const { deviceKeys } = parameters;
    const keys = typeof deviceKeys === 'string' ? deviceKeys.split(',').map((key) => key.trim()) : deviceKeys;
    if (!Array.isArray(keys)) throw new BarkRefusal('invalid type for device_keys');
    const data = keys.map((key: unknown) => {
      try {
        this.deliver(request, parameters, typeof key === 'string' ? key : undefined);
        return { code: 200, device_key: key };
      } catch (error) {
        if (error instanceof BarkRefusal) return { code: error.code, device_key: key, message: error.message };
        throw error;
      }
    });
    return envelope(200, 'success', data);
  }

  private deliver(request: Received, parameters: BarkParameters, deviceKey: string | undefined): void {
    if (!deviceKey) throw new BarkRefusal('device key is empty');
    const device = this.devices.get(deviceKey) ?? (this.anyDevice ? stranger : undefined);
    if (!device) throw new BarkRefusal(`failed to get device token: ${unknownKey(deviceKey)}`);
    if (isDead(device.token)) throw new BarkRefusal('failed to get device token: device token invalid');
    if (device.state === 'bad' || device.state === 'unregistered') {
      this.devices.clearToken(deviceKey, device);
      throw new BarkRefusal(`push failed: ${device.state === 'bad' ? 'BadDeviceToken' : 'Unregistered'}`, 500);
    }
    if (device.state === 'throttled') throw new BarkRefusal('push failed: TooManyRequests', 500);
    if (device.state === 'down') throw new BarkRefusal('push failed: ServiceUnavailable', 500);
    const shown = asShown(parameters);
    const refusal = refusalOf(shown);
    if (refusal) throw new BarkRefusal(`push failed: ${refusal}`, 500);
    this.show(deviceKey, shown, request);
  }

  private show(deviceKey: string, shown: ShownPush, { seq, receivedAtMs }: Received): void {
    const deletes = shown.params.delete === '1';
    const push: BarkPush = { seq, deviceKey, ...shown, state: deletes ? 'silent' : 'shown', receivedAtMs };
    if (push.id) {
      const slot = `${deviceKey} ${push.id}`;
      const before = this.standing.get(slot);
      if (before) before.state = deletes ? 'deleted' : 'replaced';
      if (deletes) this.standing.delete(slot);
      else this.standing.set(slot, push);
    }
    this.pushes.add(push, deviceKey);
    this.stream.emit('push', push);
  }

  private forget(push: BarkPush): void {
    const slot = `${push.deviceKey} ${push.id ?? ''}`;
    if (this.standing.get(slot) === push) this.standing.delete(slot);
  }

  private register(request: Received): Reply {
    const sent = fieldsOf(request);
    const token = sent.get('device_token') ?? sent.get('devicetoken') ?? '';
    if (token === '') throw new BarkRefusal('device token is empty');
    if (token.length > tokenMax) throw new BarkRefusal('device token is invalid');
    const asked = sent.get('device_key') ?? sent.get('key') ?? '';
    const key = this.devices.get(asked) ? asked : newDeviceKey();
    if (!this.devices.put(key, { token, state: 'ok' })) {
      throw new BarkRefusal('device registration failed: database is full', 500);
    }
    return envelope(200, 'success', { key, device_key: key, device_token: token });
  }

  private registered(key: string): Reply {
    const device = this.devices.get(key);
    if (!device) throw new BarkRefusal(unknownKey(key));
    if (isDead(device.token)) throw new BarkRefusal('device token invalid');
    return envelope(200, 'success');
  }

  private info(): Reply {
    const devices = this.devices.size;
    return json(200, { version: 'v2.2.5-sandbox', build: '', arch: 'linux/amd64', commit: '', devices });
  }
}

const stranger: Device = { token: 'any', state: 'ok' };
const unknownKey = (key: string): string => `failed to get [${key}] device token from database`;
const isDead = (token: string): boolean => token === '' || token === 'deleted';

function envelope(code: number, message: string, data?: unknown): Reply {
  return json(code, { code, message, data, timestamp: Math.floor(Date.now() / 1000) });
}

function fromPath(segments: string[]): PushSource['path'] {
  const [deviceKey, ...texts] = segments;
  const values = texts.map(unescapeQuery);
  const names = [['body'], ['title', 'body'], ['title', 'subtitle', 'body']][values.length - 1] ?? [];
  return { device_key: deviceKey, ...Object.fromEntries(names.map((name, index) => [name, values[index]])) };
}

function unescapeQuery(segment: string): string {
  try {
    return decodeURIComponent(segment.replaceAll('+', ' '));
  } catch {
    throw new BarkRefusal(`url path parse failed: invalid URL escape in "${segment}"`);
  }
}

function fieldsOf(request: Received): Map<string, string> {
  const fields = new Map(request.query);
  if (request.method !== 'POST') return fields;
  if (request.mediaType !== 'application/json') return new Map(new URLSearchParams(request.text));
  const body = parseJson(request.text);
  if (!isObject(body)) throw new BarkRefusal('request bind failed2: the body is no JSON object');
  for (const [name, value] of Object.entries(body)) if (typeof value === 'string') fields.set(name, value);
  return fields;
}
