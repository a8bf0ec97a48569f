import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { aadOf, authSubjects, Page, pageRequest, Reply, SessionView } from '@hark/contracts';
import { Clock, optional, plusMs } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { Pages } from '@hark/readmodel';
import { Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { deviceOf } from '../domain/client-facts';
import { idleMs } from '../domain/session.decider';
import { SessionRow } from './session-rows.projection';

type Listed = Omit<SessionRow, 'started_at' | 'used_at' | 'expires_at' | 'provider'> & {
  provider: SessionView['provider'];
  started_at: Date;
  used_at: Date;
  expires_at: Date;
};

const liveSessions = {
  select: 'select * from auth.sessions where person_id = $1 and expires_at > $2 and used_at > $3',
  id: 'session_id',
};

const keptFacts = z.object({ userAgent: z.string().optional(), network: z.string().optional() });

/** Where the caller is logged in. */
@Controller()
@Requires('user')
export class ListSessionsHandler {
  constructor(
    private readonly pages: Pages,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.listSessions)
  async handle(
    @Input(pageRequest) asked: z.infer<typeof pageRequest>,
    @UserId() personId: string,
    @Ctx() { request: { position, caller } }: HarkContext,
  ): Promise<Reply<Page<SessionView>>> {
    const now = this.clock.now();
    const values = [personId, now, plusMs(now, -idleMs)];
    const { items: rows, nextCursor } = await this.pages.read<Listed>(liveSessions, values, { ...asked, position });
    const known = rows.filter((row) => row.client !== null);
    const opened = await this.vault.openMany(
      known.map((row) => ({ sealed: row.client!, aad: aadOf.sessionClient(row.session_id) })),
    );
    const facts = new Map(known.map((row, index) => [row.session_id, opened[index]]));
    const items = rows.map((row): SessionView => {
      const { userAgent, network } = keptFacts.parse(JSON.parse(facts.get(row.session_id) ?? '{}'));
      return {
        id: row.session_id,
        current: row.session_id === caller.sessionId,
        provider: row.provider,
        ...optional('device', deviceOf(userAgent)),
        ...optional('place', network),
        startedAt: row.started_at.toISOString(),
        lastUsedAt: row.used_at.toISOString(),
        expiresAt: row.expires_at.toISOString(),
      };
    });
    return { body: { items, nextCursor } };
  }
}
