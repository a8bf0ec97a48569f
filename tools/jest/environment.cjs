const { ModernFakeTimers } = require('@jest/fake-timers');
const { ModuleMocker } = require('jest-mock');

const property = (key) => Object.getOwnPropertyDescriptor(globalThis, key);

/**
 * Lets go of what the tests and hooks below a `describe` reach. A timer keeps the asynchronous context it was made in, which is a
 * test or a hook, and the timers of packages outlive the file: each would keep all of the file's modules.
 */
function forget(block) {
  for (const hook of block.hooks) Object.assign(hook, { fn: undefined, asyncError: undefined, parent: undefined });
  for (const child of block.children) {
    if (child.type === 'describeBlock') forget(child);
    else Object.assign(child, { fn: undefined, asyncError: undefined, parent: undefined });
  }
}

/**
 * Runs a test file in the realm of Node itself, not in a `vm` context of its own. There packages can be loaded once for a
 * whole run (runtime.cjs), and an error is an Error whoever made it. What a file leaves on the global object, in the
 * environment variables or among the listeners of the process is taken back when it ends.
 */
module.exports = class HostEnvironment {
  constructor({ projectConfig }) {
    this.global = globalThis;
    this.before = new Map(Reflect.ownKeys(globalThis).map((key) => [key, property(key)]));
    this.env = { ...process.env };
    this.exit = process.exit;
    this.prepareStackTrace = Error.prepareStackTrace;
    this.listeners = new Map(process.eventNames().map((name) => [name, new Set(process.rawListeners(name))]));
    this.conditions = projectConfig.testEnvironmentOptions.customExportConditions;
    this.moduleMocker = new ModuleMocker(globalThis);
    this.fakeTimers = null;
    this.fakeTimersModern = new ModernFakeTimers({ config: projectConfig, global: globalThis });
    globalThis.global = globalThis;
  }

  /** What a package adds to the global object when it is loaded stays: it is loaded but once. */
  keeping(load) {
    const before = new Set(Reflect.ownKeys(globalThis));
    const loaded = load();
    for (const key of Reflect.ownKeys(globalThis)) if (!before.has(key)) this.before.set(key, property(key));
    return loaded;
  }

  async setup() {}

  /** The last event comes when the results have been taken. */
  handleTestEvent({ name }, { rootDescribeBlock }) {
    if (name === 'teardown') forget(rootDescribeBlock);
  }

  async teardown() {
    this.fakeTimersModern.dispose();
    for (const key of Reflect.ownKeys(globalThis)) {
      const before = this.before.get(key);
      if (!before) Reflect.deleteProperty(globalThis, key);
      else if (before.configurable) Object.defineProperty(globalThis, key, before);
      else if (before.writable) globalThis[key] = before.value;
    }
    for (const name of Object.keys(process.env)) if (!(name in this.env)) delete process.env[name];
    Object.assign(process.env, this.env);
    process.exit = this.exit;
    Error.prepareStackTrace = this.prepareStackTrace;
    for (const name of process.eventNames()) {
      const kept = this.listeners.get(name);
      for (const listener of process.rawListeners(name))
        if (!kept?.has(listener)) process.removeListener(name, listener);
    }
  }

  exportConditions() {
    return this.conditions;
  }

  /** Jest wants one; runtime.cjs compiles without it. */
  getVmContext() {
    return globalThis;
  }
};
