import { Bark } from './bark/bark';
import { BarkDevices, type DeviceState, deviceStates } from './bark/bark-devices';
import { Faults } from './control/faults';
import { Journal } from './control/journal';
import { MovingClock } from './control/moving-clock';
import { pause } from './control/pause';
import { StateFile, type StateRecord } from './control/state-file';
import { Webhooks } from './hooks/webhooks';
import { MailServer } from './mail/mail-server';
import type { SandboxOptions } from './sandbox-options';
import { PushService } from './web-push/push-service';
import { ContentCheck } from './wechat/content-check';
import { StableTokens } from './wechat/stable-tokens';
import { SubscribeMessages } from './wechat/subscribe-messages';
import { WeChat } from './wechat/wechat';
import { WeChatUsers } from './wechat/wechat-users';

/** The hub that this sandbox stands in for, as its page shows it. */
export interface ShownHub {
  readonly url: string;
  /** A line for the shell that pushes to one of the phones below. */
  readonly pushLine?: string;
}

/** All stand-ins with what they share: clock, journal, faults. */
export class Sandbox {
  readonly clock = new MovingClock();
  readonly faults = new Faults();
  readonly journal: Journal;
  readonly bark: Bark;
  readonly wechat: WeChat;
  readonly webhooks: Webhooks;
  readonly pushService: PushService;
  readonly mail: MailServer;
  /** The hub it stands in for, once it is known. */
  hub: ShownHub | undefined;
  private readonly file: StateFile;
  private epoch = new AbortController();

  constructor(readonly config: SandboxOptions) {
    const { arrivalsMax } = config;
    this.file = new StateFile(config.stateFile, () => this.remembered());
    this.journal = new Journal(config.journalMax);
    this.bark = new Bark(new BarkDevices(this.file), arrivalsMax, config.anyDevice);
    const users = new WeChatUsers(this.clock, this.file);
    const messages = new SubscribeMessages(users, arrivalsMax, () => pause(config.subscribeSendMs));
    this.wechat = new WeChat(config, users, new StableTokens(this.clock), new ContentCheck(), messages);
    this.webhooks = new Webhooks(arrivalsMax);
    this.pushService = new PushService(arrivalsMax);
    this.mail = new MailServer(this.journal, this.faults, config);
    this.restore();
  }

  /** Aborts when everything is next made as after a fresh start. */
  get untilReset(): AbortSignal {
    return this.epoch.signal;
  }

  /** Everything as after a fresh start, except that sequence numbers go on. Open long polls and hangs end. */
  reset(): void {
    this.epoch.abort();
    this.epoch = new AbortController();
    this.clock.reset();
    this.faults.reset();
    this.journal.reset();
    this.bark.reset();
    this.wechat.reset();
    this.webhooks.reset();
    this.pushService.reset();
    this.mail.reset();
    this.file.rewrite();
  }

  private *remembered(): Iterable<StateRecord> {
    for (const [deviceKey, device] of this.bark.devices.entries()) yield { kind: 'device', deviceKey, ...device };
    for (const user of this.wechat.users.values()) yield { kind: 'user', ...user };
  }

  private restore(): void {
    for (const record of this.file.load()) {
      if (record.kind === 'user') {
        const { kind: _, ...user } = record;
        this.wechat.users.restore(user);
        continue;
      }
      const { deviceKey, token, state } = record;
      if (isState(state)) this.bark.devices.restore(deviceKey, { token, state });
    }
    this.file.rewrite();
  }
}

const isState = (state: string): state is DeviceState => (deviceStates as readonly string[]).includes(state);
