import { readFileSync } from 'node:fs';
import { join, posix } from 'node:path';
import { createContext, runInContext, Script } from 'node:vm';

type Listener = (message: unknown) => void;

/** A worker, seen from the program (WeChat docs: Worker). */
export interface PhoneWorker {
  onMessage(listener: Listener): void;
  onError(listener: Listener): void;
  postMessage(message: object): void;
  terminate(): void;
}

/**
 * A worker of a mini program: its files in a world that has the language and `worker`, without `wx`; they load each other
 * alone. Messages go through JSON, each in a turn of its own. `done` is called when it is ended.
 */
export function startWorker(folder: string, workers: string, path: string, done: () => void): PhoneWorker {
  if (!path.startsWith(`${workers}/`)) throw new Error(`createWorker:fail ${path} is not in ${workers}`);
  const listeners: Record<'inside' | 'outside' | 'error', Listener | undefined> = {
    inside: undefined,
    outside: undefined,
    error: undefined,
  };
  let isOver = false;
  const carry = (message: unknown, to: () => Listener | undefined) => {
    const carried = JSON.parse(JSON.stringify(message)) as unknown;
    setImmediate(() => {
      if (isOver) return;
      try {
        to()?.(carried);
      } catch (error) {
        listeners.error?.({ message: String(error) });
      }
    });
  };
  const worker = {
    onMessage: (listener: Listener) => (listeners.inside = listener),
    postMessage: (message: object) => carry(message, () => listeners.outside),
  };
  const world = createContext({ worker, console });
  runInContext('delete globalThis.Intl; delete globalThis.WebAssembly', world);
  const modules = new Map<string, { exports: object }>();
  const load = (file: string): object => {
    const known = modules.get(file);
    if (known) return known.exports;
    const module = { exports: {} };
    modules.set(file, module);
    const require = (name: string): object => {
      const target = posix.join(posix.dirname(file), name);
      if (!/^\.{1,2}\//.test(name) || !target.startsWith(`${workers}/`))
        throw new Error(`${file}: a worker loads files of its folder, not ${name}`);
      return load(`${target}.js`);
    };
    const code = readFileSync(join(folder, file), 'utf8');
    const run = new Script(`(function (require, module, exports) {${code}\n})`, { filename: join(folder, file) });
    (run.runInContext(world) as (...given: unknown[]) => void)(require, module, module.exports);
    return module.exports;
  };
  load(path);
  return {
    onMessage: (listener) => (listeners.outside = listener),
    onError: (listener) => (listeners.error = listener),
    postMessage: (message) => carry(message, () => listeners.inside),
    terminate: () => {
      if (isOver) return;
      isOver = true;
      done();
    },
  };
}
