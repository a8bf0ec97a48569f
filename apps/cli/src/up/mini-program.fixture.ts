import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Phone, PhoneOptions } from '@hark/testing';
import { Actors } from '../demo/actors';

const root = join(__dirname, '../../../..');
/** Hark's own mini program, as the sandbox's WeChat knows it. */
export const harkAppId = 'wx74db71d8a9e3b699';

/** Hark's mini program, built for one hub into a folder of its own. */
export class BuiltMiniProgram {
  readonly folder = mkdtempSync(join(tmpdir(), 'hark-mini-'));

  constructor(private readonly actors: Actors) {}

  async build(): Promise<void> {
    const env = { ...process.env, HARK_PUBLIC_URL: this.actors.stage.hubUrl, WECHAT_APP_ID: harkAppId };
    const script = join(root, 'tools/build/mini-program.mjs');
    await promisify(execFile)(process.execPath, [script, this.folder], { env });
  }

  /** What its files come to. */
  bytes(): number {
    const names = readdirSync(this.folder, { recursive: true, withFileTypes: true }).filter((one) => one.isFile());
    return names.reduce((sum, { parentPath, name }) => sum + statSync(join(parentPath, name)).size, 0);
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Somebody's phone, with the program on it and others beside it. */
  phone(openid: string, language: PhoneOptions['language'] = 'zh_CN', others: PhoneOptions['programs'] = {}): Phone {
    const { hubUrl, sandboxUrl } = this.actors.stage;
    return new Phone({
      sandboxUrl,
      language,
      programs: { ...others, [harkAppId]: { folder: this.folder, openid, domains: [hubUrl] } },
    });
  }
}

const guide = readFileSync(join(root, 'docs/mini-programs.md'), 'utf8');

/** The code block behind `<!-- tested: name -->` of the page for developers. */
export function shownToDevelopers(name: string): string {
  const [, block] = new RegExp(`<!-- tested: ${name} -->\\n\`\`\`\\w*\\n([^]*?)\`\`\``).exec(guide) ?? [];
  if (block === undefined) throw new Error(`docs/mini-programs.md has no block ${name}`);
  return block;
}

/** A mini program of somebody else's that asks for consent as docs/mini-programs.md shows it; its screen has the answer. */
export class CallingProgram {
  readonly appId = `wx${randomBytes(8).toString('hex')}`;
  readonly folder = mkdtempSync(join(tmpdir(), 'hark-caller-'));

  /** With `extraData` in place of what the page shows. */
  constructor(extraData?: object) {
    const page = shownToDevelopers('ask');
    const files = {
      'app.json': '{"pages": ["start"]}',
      'app.js': shownToDevelopers('answer'),
      'start.js': extraData ? page.replace(/extraData: \{.*?\}/, `extraData: ${JSON.stringify(extraData)}`) : page,
      'start.wxml': '<button bind:tap="askForConsent">ask</button><view>{{answer}}</view>',
    };
    for (const [name, text] of Object.entries(files)) writeFileSync(join(this.folder, name), text);
  }

  get installed(): PhoneOptions['programs'] {
    return { [this.appId]: { folder: this.folder, openid: `t-${this.appId}`, domains: [] } };
  }

  /** What it got back: the key, else why there is none. */
  static answer(phone: Phone): string {
    return phone.words().split('\n').slice(1).join('\n');
  }

  remove(): void {
    rmSync(this.folder, { recursive: true, force: true });
  }
}
