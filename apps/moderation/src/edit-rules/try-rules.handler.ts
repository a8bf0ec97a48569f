import { setImmediate } from 'node:timers/promises';
import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import {
  aadOf,
  decodePlace,
  EditedEvent,
  encodeCursor,
  moderationSubjects,
  PushContent,
  PushedEvent,
  Reply,
  RulesTrial,
  tryRulesRequest,
} from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { EventStore } from '@hark/eventstore';
import { HarkError } from '@hark/kernel';
import { CommandCtx, Input, Requires, UserId } from '@hark/service';
import { Vault } from '@hark/vault';
import type { LocalRules } from '../domain/local-rules';
import { messageText } from '../domain/message-text';
import { RulesChange, rulesChange } from '../domain/rules-change';
import { worded } from '../domain/worded';
import { ModerationLooks } from '../moderation-looks.store';
import { made, rulesId, RulesInForce } from '../rules-in-force.store';
import { assertFit } from './assert-fit';

/** How many texts are tried in all, in one part, and between two rests for whoever else wants the process. */
const textsMax = 10_000;
const partMax = 500;
const stepMax = 25;
/** How many changed texts of a part are shown. */
const shownMax = 50;
/** How much of a text is shown on each side of what was found, in UTF-16 units. */
const around = 16;

/** A text as it was pushed or changed. */
interface Written {
  readonly pushId: string;
  readonly appId?: string;
  readonly edition: number;
  readonly at: string;
  readonly content: string;
}

type Shown = RulesTrial['items'][number];

/**
 * What would become of the latest texts under other rules than those in force, for operators: by the local rules alone, without
 * asking anybody or changing anything. One part of them a call. The texts that are shown are recorded first, and no more of
 * them is shown than what the rules find.
 */
@Controller()
@Requires('operator')
export class TryRulesHandler {
  constructor(
    private readonly inForce: RulesInForce,
    private readonly store: EventStore,
    private readonly vault: Vault,
    private readonly looks: ModerationLooks,
  ) {}

  @MessagePattern(moderationSubjects.tryRules)
  async handle(
    @Input(tryRulesRequest) { cursor, ...edits }: z.infer<typeof tryRulesRequest>,
    @UserId() operatorId: string,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<RulesTrial>> {
    assertFit(edits);
    const { seen, before } = placeOf(cursor);
    const count = Math.min(partMax, textsMax - seen);
    const events = await this.store.latest(['message.pushed', 'message.edited'], before, count);
    const written = events.flatMap((event) => writtenIn(event.read()?.event as PushedEvent | EditedEvent, event.id));
    const { together = (await this.inForce.load(rulesId)).state.together } = edits;
    const [now, then] = [await this.inForce.current(), made({ ...edits, ...(together && { together }) })];
    const { changed, shown } = await this.compare(written, now, then);
    await this.looks.record(context, operatorId, [...new Set(shown.map(({ pushId }) => pushId))]);
    const total = seen + events.length;
    const last = events.at(-1);
    const isOver = !last || events.length < count || total >= textsMax;
    const body = { version: then.version, texts: written.length, seen: total, changed, items: shown };
    return {
      body: { ...body, nextCursor: isOver ? null : `${total}.${encodeCursor([String(last.position), last.id])}` },
    };
  }

  private async compare(written: readonly Written[], now: LocalRules, then: LocalRules) {
    const changed: Record<RulesChange, number> = { blocked: 0, held: 0, eased: 0, released: 0 };
    const shown: Shown[] = [];
    for (let from = 0; from < written.length; from += stepMax) {
      const step = written.slice(from, from + stepMax);
      const texts = await this.vault.openMany(
        step.map(({ pushId, content }) => ({ sealed: content, aad: aadOf.content(pushId) })),
      );
      step.forEach(({ content: _, ...its }, index) => {
        const text = texts[index];
        if (text === undefined) return; // its person was erased
        const words = messageText(JSON.parse(text) as PushContent);
        const [was, is] = [now.judge(words), then.judge(words)];
        const how = rulesChange(was, is);
        if (!how) return;
        changed[how] += 1;
        if (shown.length >= shownMax) return;
        const found = how === 'released' ? now : then;
        const excerpts = found.excerpts(words, around).map((part) => part.replaceAll(/\p{Nd}/gu, '•'));
        shown.push({ ...its, before: worded(was), after: worded(is), excerpts });
      });
      await setImmediate();
    }
    return { changed, shown };
  }
}

function writtenIn(event: PushedEvent | EditedEvent | undefined, pushId: string): Written[] {
  if (event?.data.content === undefined) return [];
  const { content, at } = event.data;
  return event.type === 'message.pushed'
    ? [{ pushId, appId: event.data.appId, edition: 0, at, content }]
    : [{ pushId, edition: event.data.edition ?? 0, at, content }];
}

/** How many texts were seen before, and the place in the log to go on from. */
function placeOf(cursor: string | undefined): { readonly seen: number; readonly before: bigint | undefined } {
  if (cursor === undefined) return { seen: 0, before: undefined };
  const [, seen, rest] = /^(\d{1,5})\.(.+)$/.exec(cursor) ?? [];
  const [place] = decodePlace(rest ?? '');
  if (Number(seen) >= textsMax) throw new HarkError('invalid', 'request.invalid', 'that was all');
  return { seen: Number(seen), before: BigInt(place!) };
}
