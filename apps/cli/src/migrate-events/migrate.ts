import { HarkError } from '@hark/kernel';
import { CopyStateFile } from './copy-state-file';
import { EventCopy } from './event-copy';
import { interrupted } from './interrupted';
import { migrateGroups, placesOf, sourceGroups, verifyGroups } from './migrate-groups';
import { PositionMap } from './position-map';
import { Progress } from './progress';
import { surveySource } from './source-survey';
import { StoreConnection } from './store-connection';
import { StreamDigests } from './stream-digests';
import { verifyCopy } from './verify-copy';

/** What is migrated, and how. */
export interface MigrationOptions {
  /** Connection strings. */
  readonly from: string;
  readonly to: string;
  /** The file that records how far a copy is, so that going on is faster. */
  readonly stateFile?: string;
  /** Compare only; nothing is written. */
  readonly verifyOnly?: boolean;
  /** Gets lines for people. */
  readonly report: (line: string) => void;
}

/** What is now equal on both sides. */
export interface Migrated {
  readonly events: number;
  readonly streams: number;
  readonly groups: number;
}

/**
 * Surveys the source, copies what the target lacks, verifies everything, then migrates the groups. Resolves when both
 * stores hold the same; rejects with `migrate.interrupted` when it can go on later, and with another code when it
 * cannot.
 */
export async function migrate(options: MigrationOptions): Promise<Migrated> {
  const source = StoreConnection.to(options.from);
  const target = StoreConnection.to(options.to);
  const digests = new StreamDigests();
  try {
    return await run(options, source, target, digests);
  } catch (error) {
    throw error instanceof HarkError ? error : interrupted(error);
  } finally {
    digests.close();
    await Promise.all([source.close(), target.close()]);
  }
}

async function run(
  { verifyOnly = false, stateFile, report }: MigrationOptions,
  source: StoreConnection,
  target: StoreConnection,
  digests: StreamDigests,
): Promise<Migrated> {
  const surveying = new Progress(report);
  const survey = await surveySource(source.readAll(), digests, (count) => surveying.at('surveyed', count));
  const { head, events, births } = survey;
  const streams = digests.streams('source');
  const groups = await sourceGroups(source, births);
  report(
    `source: ${events} events in ${streams} streams, ${groups.length} groups; ` +
      `${survey.systemEvents} events of the server's own are not copied`,
  );
  if (!verifyOnly) await copy({ source, target, head, events, stateFile, report });
  const positions = new PositionMap(placesOf(groups));
  const verifying = new Progress(report);
  const progress = (count: number): void => verifying.at('verified', count, events);
  await verifyCopy({ source, target, head, digests, positions, progress });
  report(`verified: ${events} events in ${streams} streams are the same, in the same order`);
  if (verifyOnly) await verifyGroups(groups, target);
  else await migrateGroups(groups, { source, target, births, positions, report });
  return { events, streams, groups: groups.length };
}

interface CopyOptions extends Pick<MigrationOptions, 'report'> {
  readonly source: StoreConnection;
  readonly target: StoreConnection;
  readonly head: Awaited<ReturnType<typeof surveySource>>['head'];
  readonly events: number;
  readonly stateFile: string | undefined;
}

async function copy({ source, target, head, events, stateFile, report }: CopyOptions): Promise<void> {
  const file = stateFile === undefined ? undefined : new CopyStateFile(stateFile);
  const copying = new Progress(report);
  let last = { found: 0, written: 0 };
  const progress = (found: number, written: number): void => {
    last = { found, written };
    copying.at(written > 0 ? 'copied' : 'found', found + written, events);
  };
  report('copying');
  await EventCopy.run({ source, target, head, stateFile: file, report, progress });
  report(`copied: ${last.written} events written, ${events - last.written} were there`);
}
