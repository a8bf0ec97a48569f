import { HarkError } from '@hark/kernel';
import { assertNoKeyNeeded, InstallationFound, judgeInstallation } from './installation-identity';

const identity = { vaultId: 'v-1', keyCheck: 'right' };
const another = { vaultId: 'v-2', keyCheck: 'right' };
const found = (
  log: Partial<InstallationFound['log']>,
  vault: Partial<InstallationFound['vault']>,
): InstallationFound => ({
  log: { identity: undefined, hasEvents: log.identity !== undefined, ...log },
  vault: { identity: undefined, hasKeys: false, ...vault },
});
const judged = (what: InstallationFound, key: string): string => {
  try {
    return judgeInstallation(what, key);
  } catch (error) {
    return (error as HarkError).code;
  }
};

describe('log, vault and master key', () => {
  it.each<[string, InstallationFound, string, string]>([
    ['nothing anywhere', found({}, {}), 'any', 'new'],
    ['all three of one', found({ identity }, { identity, hasKeys: true }), 'right', 'known'],
    ['all three of one, with nobody in it yet', found({ identity }, { identity }), 'right', 'known'],
    ['another key', found({ identity }, { identity, hasKeys: true }), 'wrong', 'config.master-key-mismatch'],
    ['another key, vault lost as well', found({ identity }, {}), 'wrong', 'config.master-key-mismatch'],
    ['a vault that was lost', found({ identity }, {}), 'right', 'vault.missing'],
    ['another vault', found({ identity }, { identity: another, hasKeys: true }), 'right', 'vault.mismatch'],
    ['another vault, still empty', found({ identity }, { identity: another }), 'right', 'vault.mismatch'],
    ['a log that was lost', found({}, { identity, hasKeys: true }), 'right', 'eventstore.missing'],
    ['a log that was lost, vault from before', found({}, { hasKeys: true }), 'right', 'eventstore.missing'],
    ['a log that was lost, another key', found({}, { identity, hasKeys: true }), 'wrong', 'config.master-key-mismatch'],
    ['a start that was killed while founding', found({}, { identity }), 'right', 'new'],
    ['the same with another key', found({}, { identity }), 'wrong', 'config.master-key-mismatch'],
    ['both from before', found({ hasEvents: true }, { hasKeys: true }), 'right', 'unproven'],
    ['both from before, vault lost', found({ hasEvents: true }, {}), 'right', 'unproven'],
    ['a vault restored from before', found({ identity }, { hasKeys: true }), 'right', 'unproven'],
    ['a log restored from before', found({ hasEvents: true }, { identity, hasKeys: true }), 'right', 'unproven'],
  ])('%s: %#', (_, what, key, verdict) => expect(judged(what, key)).toBe(verdict));

  it('need a key wherever one of them holds anything', () => {
    expect(() => assertNoKeyNeeded(found({}, {}))).not.toThrow();
    const missing = expect.objectContaining({ code: 'config.master-key-missing' }) as Error;
    const notNew = [
      found({ identity }, {}),
      found({ hasEvents: true }, {}),
      found({}, { identity }),
      found({}, { hasKeys: true }),
    ];
    for (const what of notNew) expect(() => assertNoKeyNeeded(what)).toThrow(missing);
  });
});
