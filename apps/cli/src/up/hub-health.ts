import { type Health, serveHealth } from '@hark/service';

/** A service whose health the hub asks. */
export interface AskedService {
  readonly name: string;
  /** Its address; undefined while it is being started again. */
  healthUrl(): string | undefined;
  /** What tells its metrics from those of the service's other processes, where there are some. */
  readonly replica?: string;
}

const answerTimeoutMs = 3_000;

/**
 * One health address for the services of a hub, on HARK_HEALTH_HOST and HARK_HEALTH_PORT: `/livez` fails when one of
 * theirs does, `/readyz` also when a service is away; `/metrics` has the metrics of all, told apart by the labels
 * `service` and, where a service has several processes, `replica`. Throws as `listenAt`.
 */
export function startHubHealth(host: string, port: number, services: readonly AskedService[]): Promise<Health> {
  const ask = (path: string) => Promise.all(services.map((service) => replyOf(service, path)));
  return serveHealth(
    { host, port },
    {
      // A service that is away is being started again by the hub: no reason to restart the hub.
      live: async () => (await ask('/livez')).every((answer) => answer === undefined || answer.ok),
      missing: async () =>
        (await ask('/readyz')).flatMap((answer, index) => {
          if (answer?.ok) return [];
          return [`${services[index]!.name} (${answer ? answer.text.replace(/^missing: /, '') : 'does not answer'})`];
        }),
      // Stores that a service is missing; it reports them and is ready all the same.
      away: async () => {
        const told = (await ask('/readyz')).flatMap(
          (answer) => /^ok, without: (.*)$/.exec(answer?.text ?? '')?.[1] ?? [],
        );
        return [...new Set(told.flatMap((names) => names.split(', ')))];
      },
      metrics: async () =>
        mergedMetrics(
          (await ask('/metrics')).map((answer, index) => labelled(answer?.text ?? '', services[index]!.replica)),
        ),
    },
  );
}

async function replyOf(service: AskedService, path: string): Promise<{ ok: boolean; text: string } | undefined> {
  const url = service.healthUrl();
  if (url === undefined) return undefined;
  try {
    const response = await fetch(url + path, { signal: AbortSignal.timeout(answerTimeoutMs) });
    return { ok: response.ok, text: await response.text() };
  } catch {
    return undefined;
  }
}

/** A Prometheus text with the label `replica` on every sample. */
function labelled(text: string, replica: string | undefined): string {
  if (replica === undefined) return text;
  return text.replace(/^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? /gm, (_, name: string, labels = '') => {
    return `${name}{${labels ? `${labels},` : ''}replica="${replica}"} `;
  });
}

/** Joins several Prometheus texts; each metric may be described only once, and its lines must stand together. */
export function mergedMetrics(texts: readonly string[]): string {
  const families = new Map<string, { readonly about: Map<string, string>; readonly samples: string[] }>();
  for (const text of texts) {
    let family: { readonly about: Map<string, string>; readonly samples: string[] } | undefined;
    for (const line of text.split('\n')) {
      const [, kind, name] = /^# (HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (kind !== undefined && name !== undefined) {
        family = families.get(name) ?? { about: new Map(), samples: [] };
        families.set(name, family);
        if (!family.about.has(kind)) family.about.set(kind, line);
      } else if (line !== '' && !line.startsWith('#')) {
        family?.samples.push(line);
      }
    }
  }
  return [...families.values()].flatMap(({ about, samples }) => [...about.values(), ...samples, '']).join('\n');
}
