import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { authSubjects, noFields, ReceiptJwks, Reply } from '@hark/contracts';
import { Input, Requires } from '@hark/service';
import { receiptKeysId, ReceiptKeyStore } from '../receipt-key.store';
import { ReceiptSigning } from '../receipt-signing.service';

/** What anybody checks receipts by (RFC 7517), former keys too. */
@Controller()
@Requires('anyone')
export class ListReceiptKeysHandler {
  constructor(
    private readonly store: ReceiptKeyStore,
    private readonly signing: ReceiptSigning,
  ) {}

  @MessagePattern(authSubjects.listReceiptKeys)
  async handle(@Input(noFields) _: z.infer<typeof noFields>): Promise<Reply<ReceiptJwks>> {
    return { body: this.signing.published((await this.store.load(receiptKeysId)).state.number) };
  }
}
