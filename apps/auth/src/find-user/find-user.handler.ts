import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import { ChannelRegistry } from '@hark/channels';
import { authSubjects, findUserRequest, FoundUsers, Reply, UserLookEvent } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { EventStore } from '@hark/eventstore';
import { isErased } from '@hark/gate';
import { Clock, uuid7 } from '@hark/kernel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { maskedAddress } from '../domain/masked-address';
import { rolesView } from '../domain/views';
import { Identities } from '../identities.service';
import { UserStore } from '../user.store';

/** A mailbox that more have proven is shared by so many that it names nobody. */
const foundMax = 20;

/**
 * Who proved this address or openid, for an admin who means to give them a role: exactly this one, never a part of it. The look
 * is recorded with whom it showed, before it is answered.
 */
@Controller()
@Requires('admin')
export class FindUserHandler {
  constructor(
    private readonly identities: Identities,
    private readonly users: UserStore,
    private readonly channels: ChannelRegistry,
    private readonly database: DataSource,
    private readonly vault: Vault,
    private readonly store: EventStore,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.findUser)
  async handle(
    @Input(findUserRequest) { email, openid }: z.infer<typeof findUserRequest>,
    @UserId() adminId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<FoundUsers>> {
    const userIds = email === undefined ? await this.byOpenid(openid!) : await this.byEmail(email.trim());
    const found = await Promise.all(userIds.map(async (id) => ({ id, user: (await this.users.load(id)).state })));
    const living = found.filter(({ user }) => user.registered && !isErased(user));
    await this.record(context, {
      adminId,
      by: email === undefined ? 'openid' : 'email',
      userIds: living.map(({ id }) => id),
      at: this.clock.now(),
    });
    const by = maskedAddress(email ?? openid!);
    return { body: { items: living.map(({ id, user }) => ({ ...rolesView(id, user), by })) } };
  }

  private async byOpenid(openid: string): Promise<string[]> {
    const userId = await this.identities.known({ provider: 'wechat', subject: openid });
    return userId === undefined ? [] : [userId];
  }

  /** Who logs in with it, and who proved to receive there. */
  private async byEmail(address: string): Promise<string[]> {
    const mailbox = this.mailboxOf(address);
    if (mailbox === undefined) return [];
    const [userId, rows] = await Promise.all([
      this.identities.known({ provider: 'email', subject: mailbox }),
      this.database.query<{ person_id: string }[]>(
        `select distinct person_id from auth.endpoints where address_hash = $1 and kind = 'email' and verified limit ${foundMax}`,
        [this.vault.lookupHash('address:email', mailbox)],
      ),
    ]);
    const all = new Set([...(userId === undefined ? [] : [userId]), ...rows.map(({ person_id }) => person_id)]);
    return [...all].slice(0, foundMax);
  }

  /** The address as it is compared; undefined for what is none. */
  private mailboxOf(address: string): string | undefined {
    try {
      return this.channels.get('email')?.identify({ address });
    } catch (error) {
      if (error instanceof z.ZodError) return undefined;
      throw error;
    }
  }

  private async record(context: CommandContext, data: UserLookEvent['data']): Promise<void> {
    const look: UserLookEvent = { type: 'user_look.taken', data };
    await this.store.append('user_look', uuid7(), 'no-stream', [look], context);
  }
}
