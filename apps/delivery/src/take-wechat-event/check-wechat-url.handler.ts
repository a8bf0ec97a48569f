import { Controller } from '@nestjs/common';
import { MessagePattern } from '@nestjs/microservices';
import { z } from 'zod';
import { checkWechatUrlRequest, deliverySubjects, Reply } from '@hark/contracts';
import { Input, Requires } from '@hark/service';
import { WechatSignatures } from '../wechat-signatures.service';

/** Answers WeChat when the operator sets this hub as the receiver of its events. */
@Controller()
@Requires('anyone')
export class CheckWechatUrlHandler {
  constructor(private readonly signatures: WechatSignatures) {}

  @MessagePattern(deliverySubjects.checkWechatUrl)
  async handle(
    @Input(checkWechatUrlRequest) { echostr, ...signed }: z.infer<typeof checkWechatUrlRequest>,
  ): Promise<Reply<string>> {
    this.signatures.assert(this.signatures.receiver(), signed);
    return { body: echostr };
  }
}
