import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  aadOf,
  ComplainableView,
  complainByLinkRequest,
  complaintsSubjects,
  contentFor,
  noFields,
  PushContent,
  Reply,
} from '@hark/contracts';
import type { MailLinkRight } from '@hark/credentials';
import type { CommandContext } from '@hark/eventstore';
import { Clock, cutToLength, HarkError } from '@hark/kernel';
import { HarkContext } from '@hark/nats';
import { CommandCtx, Input, Link, Requires } from '@hark/service';
import { Vault } from '@hark/vault';
import { AppsStore } from '../apps.store';
import { ComplaintStore } from '../complaint.store';
import { isComplainable } from '../domain/complaint.decider';
import { Filed } from '../pushes.store';
import { complaintIdOf, ComplaintMaker } from './complaint-maker';

/** How much of a text is shown, so that whoever complains sees which message it is about. In code points. */
const shownMax = 300;

/** Whoever has the mail of a push sees which push it is of and complains about it, about that one only. */
@Controller()
@Requires('mail-link:complain')
export class ComplainByLinkHandler {
  constructor(
    private readonly maker: ComplaintMaker,
    private readonly complaints: ComplaintStore,
    private readonly apps: AppsStore,
    private readonly vault: Vault,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.getByLink)
  async get(
    @Input(noFields) _: object,
    @Link() link: MailLinkRight,
    @Ctx() { request }: HarkContext,
  ): Promise<Reply<ComplainableView>> {
    const { filed, content } = await this.received(link);
    const { state: complaint } = await this.complaints.load(complaintIdOf(link.pushId, link.personId));
    const names = await this.apps.names([filed.appId]);
    const { title, body } = contentFor(request.locale, content);
    const isOpen = isComplainable(filed.at, this.clock.now());
    return {
      body: {
        appName: names.get(filed.appId) ?? '',
        ...(title !== undefined && { title }),
        body: cutToLength(body, shownMax),
        pushedAt: filed.pushedAt,
        is: complaint.is !== 'absent' ? 'made' : isOpen ? 'open' : 'too-late',
      },
    };
  }

  @MessagePattern(complaintsSubjects.complainByLink)
  async complain(
    @Input(complainByLinkRequest) asked: z.infer<typeof complainByLinkRequest>,
    @Link() link: MailLinkRight,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<object>> {
    await this.received(link);
    const { position } = await this.maker.make({ ...asked, inboxItemId: link.pushId }, link.personId, context);
    return { body: {}, ...(position !== undefined && { position }) };
  }

  /** The message that the link is about. Once its person is erased nobody can read it, nor complain about it. */
  private async received({
    pushId,
    personId,
    bindingId,
  }: MailLinkRight): Promise<{ filed: Filed; content: PushContent }> {
    const filed = await this.maker.received(pushId, personId);
    const text =
      filed.bindingId === bindingId ? await this.vault.open(filed.content, aadOf.content(pushId)) : undefined;
    if (text === undefined) throw new HarkError('not-found', 'inbox.unknown', 'the message is no more');
    return { filed, content: JSON.parse(text) as PushContent };
  }
}
