import type { Schemas } from '../api/client';
import type { en } from '../texts/en';

/** What a channel is called: by its person, else by its kind and the part of its address that may be shown. */
export function endpointName({ kind, name, fields }: Schemas['Endpoint'], t: typeof en): string {
  if (name !== undefined && name !== '') return name;
  const kindName = t.channels.kinds[kind as keyof typeof t.channels.kinds] ?? kind;
  const [address] = Object.values(fields);
  return address === undefined ? kindName : `${kindName} ${address}`;
}
