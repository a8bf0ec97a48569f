import { z } from 'zod';
import { outboundSettings } from '@hark/outbound';
import { channelSettings, openChannels } from './open-channels';

const settings = z.object({ ...channelSettings, ...outboundSettings });
const open = (env: object) =>
  openChannels(settings.parse({ SMTP_URL: 'smtp://mail.example:25?tls=none', ...env }), new Uint8Array(32), {
    query: () => Promise.reject(new Error('nothing is counted here')),
  });

describe('webhooks of people', () => {
  const secret = `whsec_${'a'.repeat(43)}=`;

  it('are offered only where the hub knows its own name', async () => {
    const [unnamed, named] = [open({}), open({ HARK_PUBLIC_URL: 'https://hub.example' })];
    expect(unnamed.registry.get('webhook')).toBeUndefined();
    expect(named.registry.get('webhook')).toBeDefined();
    await Promise.all([unnamed.close(), named.close()]);
  });

  it('may not call the hub itself, and bring a secret that belongs to their address', async () => {
    const { registry, close } = open({ HARK_PUBLIC_URL: 'https://Hub.example/' });
    const { schema } = registry.get('webhook')!.fields;
    expect(schema.safeParse({ url: 'https://elsewhere.example/hook', secret }).success).toBe(true);
    expect(schema.safeParse({ url: 'https://elsewhere.example/hook' }).success).toBe(false);
    for (const host of ['hub.example', 'HUB.example', 'hub.example.', '127.0.0.1', 'localhost']) {
      expect(schema.safeParse({ url: `https://${host}/v1/pushes`, secret }).success).toBe(false);
    }
    await close();
  });
});
