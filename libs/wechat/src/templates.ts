import { performance } from 'node:perf_hooks';
import { AccessTokens } from './access-tokens';
import { WechatHttp } from './wechat-http';

const keptMs = 10 * 60_000;
/** A mini program has at most 25 private templates (WeChat docs: 200012); more are not read. */
const templatesMax = 50;
/** `{{thing1.DATA}}` in a template's content. */
const keyword = /\{\{\s*([a-z_]+\d+)\.DATA\s*\}\}/g;

/** The keywords of the mini program's templates for subscribe messages (WeChat docs: getTemplateList). */
export class Templates {
  private kept: { readonly keywords: ReadonlyMap<string, readonly string[]>; readonly untilMs: number } | undefined;
  private asking: Promise<ReadonlyMap<string, readonly string[]>> | undefined;

  constructor(
    private readonly http: WechatHttp,
    private readonly tokens: AccessTokens,
    private readonly nowMs: () => number = () => performance.now(),
  ) {}

  /** In the template's order; undefined where the mini program has no such template. Throws `WechatError`. */
  async keywordsOf(templateId: string): Promise<readonly string[] | undefined> {
    if (this.kept && this.nowMs() < this.kept.untilMs) return this.kept.keywords.get(templateId);
    this.asking ??= this.ask().finally(() => (this.asking = undefined));
    return (await this.asking).get(templateId);
  }

  private async ask(): Promise<ReadonlyMap<string, readonly string[]>> {
    const { json } = await this.tokens.with((token) =>
      this.http.call({ method: 'GET', path: '/wxaapi/newtmpl/gettemplate', query: { access_token: token } }),
    );
    const listed: readonly unknown[] = Array.isArray(json['data']) ? json['data'] : [];
    const keywords = new Map(listed.slice(0, templatesMax).flatMap(keywordsIn));
    this.kept = { keywords, untilMs: this.nowMs() + keptMs };
    return keywords;
  }
}

function keywordsIn(template: unknown): [string, readonly string[]][] {
  const { priTmplId, content } = (template ?? {}) as { priTmplId?: unknown; content?: unknown };
  if (typeof priTmplId !== 'string' || typeof content !== 'string') return [];
  return [[priTmplId, [...content.matchAll(keyword)].map(([, name]) => name!)]];
}
