import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, noFields, ReceiptJwks, Reply } from '@hark/contracts';
import type { CommandContext } from '@hark/eventstore';
import { Clock } from '@hark/kernel';
import { CommandCtx, Input, replyTo, Requires } from '@hark/service';
import { receiptKeysId, ReceiptKeyStore } from '../receipt-key.store';
import { ReceiptSigning } from '../receipt-signing.service';

/** Receipts are signed by the next key from now on; `hark keys rotate` asks this. */
@Controller()
@Requires('service')
export class RotateReceiptKeyHandler {
  constructor(
    private readonly store: ReceiptKeyStore,
    private readonly signing: ReceiptSigning,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(authSubjects.rotateReceiptKey)
  async handle(
    @Input(noFields) _: z.infer<typeof noFields>,
    @CommandCtx() context: CommandContext,
  ): Promise<Reply<ReceiptJwks>> {
    const { state } = await this.store.load(receiptKeysId);
    const rotate = { type: 'Rotate', after: state.number, at: this.clock.now() } as const;
    const executed = await this.store.execute(receiptKeysId, rotate, context);
    return replyTo(executed, this.signing.published(executed.state.number));
  }
}
