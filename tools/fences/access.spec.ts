import { globSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Type } from '@nestjs/common';
import { MODULE_METADATA } from '@nestjs/common/constants';
import { z } from 'zod';
import { authSubjects, complaintsSubjects, moderationSubjects, replySchemas } from '@hark/contracts';
import { servedBy } from '@hark/service';

const apps = join(__dirname, '../../apps');
/** Loaded at run time: nothing imports an app. */
// eslint-disable-next-line @typescript-eslint/no-require-imports -- see above
const load = (file: string) => require(join(apps, file)) as Record<string, unknown>;

interface Row {
  readonly method: string;
  readonly path: string;
  readonly access: string;
  readonly subject: string | ((input: object) => string);
  readonly instead?: readonly { readonly subject: string }[];
}
const { allRoutes } = load('gateway/src/routes/all-routes.ts') as unknown as { allRoutes: readonly Row[] };
const { mailLinkTable } = load('gateway/src/mail-links/mail-link-table.ts') as unknown as {
  mailLinkTable: Readonly<Record<string, { readonly access: string; readonly acts: string; readonly shows?: string }>>;
};
/** Each route with the subject that it asks; one that chooses by its query or body stands there for each. */
const ofRoutes = allRoutes.flatMap(({ method, path, access, subject, instead = [] }) => {
  const subjects =
    typeof subject === 'string' ? [subject] : ['true', 'false'].map((block) => subject({ query: { block } }));
  return [...subjects, ...instead.map((other) => other.subject)].map((one) => [`${method} ${path}`, one, access] as const);
});

const ofMailLinks = Object.entries(mailLinkTable).flatMap(([purpose, { access, acts, shows }]) =>
  [acts, shows].flatMap((one) => (one === undefined ? [] : [[`/mail/${purpose}`, one, access] as const])),
);
const asked = [...ofRoutes, ...ofMailLinks];

const modules = globSync('*/src/*.module.ts', { cwd: apps }).flatMap((file) => Object.values(load(file)) as Type[]);
const served = modules
  .flatMap((module) => (Reflect.getMetadata(MODULE_METADATA.CONTROLLERS, module) ?? []) as Type[])
  .flatMap(servedBy);
const accessOf = new Map(served.map(({ subject, access }) => [subject, access]));

describe('who may call, at the gateway and at the service that answers', () => {
  it.each(asked)('%s asks %s: %s', (_, subject, access) => {
    expect(accessOf.get(subject)).toBe(access);
  });

  it('is said of every subject, and each has one handler', () => {
    expect(served.filter(({ access }) => access === undefined)).toEqual([]);
    expect(accessOf.size).toBe(served.length);
  });

  it('is for services where no route leads', () => {
    const routed = new Set(asked.map(([, subject]) => subject));
    expect(Object.fromEntries([...accessOf].filter(([subject]) => !routed.has(subject)))).toEqual({
      'auth.check-session': 'gateway',
      // Intake hands on what an app showed it; the app's secret is proved once more.
      'auth.present-key': 'app',
      // `./hark keys rotate`, on the hub's own machine.
      'auth.rotate-receipt-key': 'service',
      // For the page of an app that operators see.
      'auth.tell-app': 'service',
      'intake.tell-pushes': 'service',
      // The export of a person's data asks in their name.
      'complaints.list-own-appeals': 'user',
      'moderation.judge-content': 'service',
      'moderation.judge-texts': 'service',
    });
  });
});

/** What an operator's or admin's request shows of somebody's text, and how that is kept. */
const shows: Readonly<Record<string, 'looks' | 'decides' | 'no text'>> = {
  'moderation.list-held': 'looks',
  'moderation.try-rules': 'looks',
  'moderation.get-rules': 'no text',
  'moderation.change-rules': 'no text',
  'complaints.list-queue': 'looks',
  'moderation.count-held': 'no text',
  'complaints.count-cases': 'no text',
  'complaints.get-complaint': 'looks',
  'moderation.approve': 'decides',
  'moderation.reject': 'decides',
  'complaints.uphold': 'decides',
  'complaints.dismiss': 'decides',
  'complaints.list-appeals': 'looks',
  'complaints.grant-appeal': 'decides',
  'complaints.refuse-appeal': 'decides',
  'auth.find-apps': 'no text',
  'complaints.read-app': 'no text',
  'complaints.reinstate': 'no text',
  'complaints.list-bans': 'no text',
  'complaints.confirm-ban': 'no text',
  'complaints.reject-ban': 'no text',
  'complaints.list-audit': 'no text',
  'complaints.read-state': 'no text',
  'complaints.get-health': 'no text',
  'complaints.list-parked': 'no text',
  'complaints.replay-parked': 'no text',
  'auth.list-staff': 'no text',
  'auth.find-user': 'no text',
  'auth.grant-role': 'no text',
  'auth.revoke-role': 'no text',
  'auth.reset-totp': 'no text',
};
const sources = globSync('*/src/*/*.handler.ts', { cwd: apps }).map((file) => readFileSync(join(apps, file), 'utf8'));
const handlerOf = (subject: string): string => {
  const key = `${subject.split('.')[0]}Subjects`;
  return sources.filter((source) => source.includes(`@MessagePattern(${key}.`)).find((source) => named(source, subject))!;
};
const named = (source: string, subject: string): boolean =>
  Object.entries(subjectsOf(subject)).some(([name, one]) => one === subject && source.includes(`Subjects.${name})`));
const contracts: Readonly<Record<string, unknown>> = { authSubjects, complaintsSubjects, moderationSubjects };
const subjectsOf = (subject: string) => contracts[`${subject.split('.')[0]}Subjects`] as Readonly<Record<string, string>>;

describe('an operator’s look at somebody’s text (A17)', () => {
  const staffs = [...accessOf].filter(([, access]) => access === 'operator' || access === 'admin');

  it('is thought of for everything that operators and admins may ask', () => {
    expect(staffs.map(([subject]) => subject).sort()).toEqual(Object.keys(shows).sort());
  });

  it.each(Object.entries(shows))('%s: %s', (subject, how) => {
    // An event before anything is shown, or the decision itself, which says whose it is.
    expect(/looks\.record\(/.test(handlerOf(subject))).toBe(how === 'looks');
    if (how !== 'no text') return;
    expect(JSON.stringify(z.toJSONSchema(replySchemas[subject]!, { unrepresentable: 'any' }))).not.toMatch(
      /"(evidence|body|text|title|markdown|note)":/,
    );
  });
});
