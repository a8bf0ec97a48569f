const { compileFunction } = require('node:vm');
const { sep } = require('node:path');
const { default: Runtime } = require('jest-runtime');

const packages = `${sep}node_modules${sep}`;

/** What each file was compiled to. A function without state of its own: what it declares is made anew at each call. */
const compiled = new Map();
/** The runtime of the test file that runs now, whom an `import()` asks. */
let present;

/** Outside of the class: V8 keeps the closure for `import()` as long as the function, and with it all that it can reach. */
function compile(source, filename, parameters) {
  const known = compiled.get(filename);
  if (known?.source === source) return known.run;
  const run = compileFunction(source, parameters, {
    filename,
    importModuleDynamically: (specifier) => present.requireModule(filename, specifier),
  });
  compiled.set(filename, { source, run });
  return run;
}

/**
 * Jest's module loading, with three differences that save more than a second of each test file. Packages are loaded by Node, once
 * for all files that a worker runs: Jest would compile and run them anew for every file. Our own modules, and Jest's own, are
 * still run anew for each file, so that none sees what another left in them, but compiled once: what V8 has made of a function
 * serves the next file too. And everything is compiled in Node's own realm (environment.cjs).
 */
module.exports = class HostRuntime extends Runtime {
  constructor(...given) {
    super(...given);
    present = this;
    const parameters = this.executor.injectedModuleParameters;
    this.executor.compile = (source, filename) => compile(source, filename, parameters);
  }

  requireModule(from, name, options, isRequireActual) {
    if (name && !options?.isInternalModule && !this._resolution.isCoreModule(name)) {
      const path = this._resolution.resolveCjs(from, name);
      if (path.includes(packages))
        return path in require.cache ? require(path) : this._environment.keeping(() => require(path));
    }
    return super.requireModule(from, name, options, isRequireActual);
  }

  /** The process is the real one: nothing of it is replaced. */
  installGetBuiltinModule() {}
};
