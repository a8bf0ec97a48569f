import { ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { Phone, PhoneOptions, until } from '@hark/testing';
import { Actors, Stage } from '../demo/actors';

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

/** The mini program of examples/hacker-password and its server, started by the line that its README shows. */
export class HackerPassword {
  static readonly appId = 'wx5a1d80a2c1e4f607';
  private constructor(
    private readonly folder: string,
    private readonly server: ChildProcess,
    private readonly serverUrl: string,
  ) {}

  static async start({ hubUrl, sandboxUrl }: Stage): Promise<HackerPassword> {
    const example = join(root, 'examples/hacker-password');
    const readme = readFileSync(join(example, 'README.md'), 'utf8');
    const [, command] = /<!-- tested: run -->\n```\n.\/hark up\nnode (\S+)\n```/.exec(readme) ?? [];
    if (command === undefined) throw new Error('examples/hacker-password/README.md does not say how to run it');
    const folder = mkdtempSync(join(tmpdir(), 'hark-example-'));
    const env = {
      ...process.env,
      PORT: '0',
      HUB_URL: hubUrl,
      WECHAT_BASE_URL: `${sandboxUrl}/wechat`,
      KEYS_FILE: join(folder, 'keys.json'),
    };
    const server = spawn(process.execPath, [join(root, command)], { env, stdio: ['ignore', 'pipe', 'inherit'] });
    let said = '';
    server.stdout.on('data', (chunk) => (said += String(chunk)));
    const listens = () => / listens on (http:\S+)\n/.exec(said)?.[1];
    const serverUrl = await until(listens, { what: "the example's server listens" });
    const program = join(folder, 'program');
    cpSync(join(example, 'mini-program'), program, { recursive: true });
    // What its developer would change.
    const config = join(program, 'config.ts');
    writeFileSync(config, readFileSync(config, 'utf8').replace('http://localhost:3200', serverUrl));
    return new HackerPassword(folder, server, serverUrl);
  }

  /** For the phone of somebody whom that program knows by this openid. */
  installed(openid: string): PhoneOptions['programs'] {
    return { [HackerPassword.appId]: { folder: join(this.folder, 'program'), openid, domains: [this.serverUrl] } };
  }

  async stop(): Promise<void> {
    const exited = once(this.server, 'exit');
    this.server.kill();
    await exited;
    rmSync(this.folder, { recursive: true, force: true });
  }
}
