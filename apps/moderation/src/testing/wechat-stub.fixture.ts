import { createServer, IncomingMessage, Server } from 'node:http';
import { AddressInfo } from 'node:net';

/** A question as WeChat got it. */
export interface Question {
  readonly content: string;
  readonly openid: string;
}

/** Stands in for WeChat's text check: a real socket on this machine that answers as told. */
export class WechatStub {
  readonly questions: Question[] = [];
  /** Who is in the mini program; everybody else gets 61010. */
  readonly active = new Set<string>();
  /** What a text comes to; pass unless told. */
  judge: (content: string) => { suggest: 'pass' | 'review' | 'risky'; label: number } = () => ({
    suggest: 'pass',
    label: 100,
  });
  /** While set, every call is answered with this status and nothing else. */
  status: number | undefined;

  private constructor(private readonly http: Server) {}

  static async start(): Promise<WechatStub> {
    const http = createServer((request, response) => {
      void stub.answer(request).then((body) => {
        response.writeHead(stub.status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
      });
    });
    const stub: WechatStub = new WechatStub(http);
    await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve));
    return stub;
  }

  get url(): string {
    return `http://127.0.0.1:${(this.http.address() as AddressInfo).port}`;
  }

  async close(): Promise<void> {
    this.http.closeAllConnections();
    await new Promise((resolve) => this.http.close(resolve));
  }

  private async answer(request: IncomingMessage): Promise<object> {
    const chunks: Buffer[] = [];
    for await (const chunk of request) chunks.push(chunk as Buffer);
    const { pathname } = new URL(request.url ?? '/', this.url);
    if (pathname === '/cgi-bin/stable_token') return { access_token: 'token', expires_in: 7200 };
    const question = JSON.parse(Buffer.concat(chunks).toString()) as Question;
    this.questions.push({ content: question.content, openid: question.openid });
    if (!this.active.has(question.openid)) return { errcode: 61010, errmsg: 'code is expired' };
    const result = this.judge(question.content);
    return { errcode: 0, errmsg: 'ok', result, trace_id: `trace-${this.questions.length}` };
  }
}
