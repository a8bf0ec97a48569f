import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  aadOf,
  authSubjects,
  complaintsSubjects,
  deliverySubjects,
  ExportReply,
  exportRequest,
  MeView,
  Page,
  Reply,
} from '@hark/contracts';
import { User } from '@hark/gate';
import { Clock, HarkError } from '@hark/kernel';
import { HarkContext, RpcClient } from '@hark/nats';
import { Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import { UserStore } from '../user.store';

/** The lists of an export, who answers each, and how many items a page has: all together fit into one NATS message. */
const lists = {
  sessions: { subject: authSubjects.listSessions, limit: 50 },
  endpoints: { subject: authSubjects.listEndpoints, limit: 50 },
  bindings: { subject: authSubjects.listBindings, limit: 50 },
  apps: { subject: authSubjects.listApps, limit: 50 },
  inbox: { subject: deliverySubjects.listInbox, limit: 10 },
  complaints: { subject: complaintsSubjects.listMine, limit: 50 },
  appeals: { subject: complaintsSubjects.listOwnAppeals, limit: 50 },
} as const;
type ListName = keyof typeof lists;
const names = Object.keys(lists) as ListName[];

/** Where the lists go on. One that is missing is through. */
const cursors = z.partialRecord(z.enum(names), z.string().max(200));
type Cursors = z.infer<typeof cursors>;

/** How many characters of an openid are shown to its person. */
const shownOfOpenid = 4;

/** Everything that Hark holds on the caller, gathered from the services' own lists in the caller's name, page by page. */
@Controller()
@Requires('user')
export class ExportMeHandler {
  constructor(
    private readonly requests: RpcClient,
    private readonly users: UserStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.exportMe)
  async handle(
    @Input(exportRequest) { cursor }: z.infer<typeof exportRequest>,
    @UserId() personId: string,
    @Ctx() { request: { caller, requestId, deadlineMs, locale, position } }: HarkContext,
  ): Promise<Reply<ExportReply>> {
    const meta = { caller, requestId, deadlineMs, ...(locale && { locale }), ...(position && { position }) };
    const { state: user } = await this.users.load(personId);
    if (user.erased) throw new HarkError('refused', 'session.invalid', 'the person has been erased');
    const from = cursor === undefined ? undefined : cursorsIn(cursor);
    const ask = async (name: ListName): Promise<Page<never>> => {
      if (from && from[name] === undefined) return { items: [], nextCursor: null };
      const asked = { limit: lists[name].limit, ...(from && { cursor: from[name] }) };
      return (await this.requests.request<Page<never>>(lists[name].subject, asked, meta)).body;
    };
    const [{ body: me }, ...pages] = await Promise.all([
      this.requests.request<MeView>(authSubjects.getMe, {}, meta),
      ...names.map(ask),
    ]);
    const items: unknown = Object.fromEntries(names.map((name, index) => [name, pages[index]!.items]));
    const next: Cursors = Object.fromEntries(
      names.flatMap((name, index) => (pages[index]!.nextCursor === null ? [] : [[name, pages[index]!.nextCursor]])),
    );
    return {
      body: {
        exportedAt: this.clock.now(),
        me,
        logIn: await this.logInOf(personId, user),
        blockedApps: user.blockedApps,
        ...(items as Pick<ExportReply, ListName>),
        nextCursor: Object.keys(next).length === 0 ? null : Buffer.from(JSON.stringify(next)).toString('base64url'),
      },
    };
  }

  private async logInOf(personId: string, { provider, subject }: User): Promise<ExportReply['logIn']> {
    const opened = subject === null ? undefined : await this.vault.open(subject, aadOf.subject(personId));
    if (provider === null || opened === undefined)
      throw new HarkError('refused', 'session.invalid', 'nobody is registered under this id');
    return { provider, subject: provider === 'email' ? opened : `…${opened.slice(-shownOfOpenid)}` };
  }
}

function cursorsIn(cursor: string): Cursors {
  try {
    return cursors.parse(JSON.parse(Buffer.from(cursor, 'base64url').toString('utf8')));
  } catch (cause) {
    throw new HarkError('invalid', 'request.invalid', 'the cursor is none of an export', {}, { cause });
  }
}
