/** What setup and teardown share. On the global object, because Jest loads the two apart. */
interface TestRun {
  stopPostgres?: () => Promise<void>;
}
declare global {
  var harkTestRun: TestRun | undefined;
}
export const testRun: TestRun = (globalThis.harkTestRun ??= {});
