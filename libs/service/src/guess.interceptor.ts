import {
  CallHandler,
  ExecutionContext,
  Injectable,
  NestInterceptor,
  OnModuleDestroy,
  OnModuleInit,
} from '@nestjs/common';
import { Reflector } from '@nestjs/core';
import { from, lastValueFrom, Observable } from 'rxjs';
import { HarkError, Logger } from '@hark/kernel';
import { HarkContext, requestContextOf } from '@hark/nats';
import { Access, Requires } from './access';
import { Guess, GuessLimits } from './guess-limits';
import { credentialRule, guesserOf, GuessRule, LimitGuesses } from './limit-guesses';

const sweepMs = 60_000;

/** Holds up whoever tries wrong secrets: at handlers that have `@LimitGuesses`, and at those that take a key or secret. */
@Injectable()
export class GuessInterceptor implements NestInterceptor, OnModuleInit, OnModuleDestroy {
  private sweeping: NodeJS.Timeout | undefined;

  constructor(
    private readonly reflector: Reflector,
    private readonly limits: GuessLimits,
    private readonly log: Logger,
  ) {}

  onModuleInit(): void {
    const sweep = () =>
      this.limits.sweep().catch((err: unknown) => this.log.warn({ err }, 'old tries were not deleted'));
    // Nest asks a global interceptor twice, as a provider and as an interceptor.
    this.sweeping ??= setInterval(() => void sweep(), sweepMs).unref();
  }

  onModuleDestroy(): void {
    clearInterval(this.sweeping);
  }

  intercept(context: ExecutionContext, next: CallHandler): Observable<unknown> {
    const rule = this.ruleOf(context);
    const rpc = context.switchToRpc();
    const by = rule && guesserOf(requestContextOf(rpc.getContext<HarkContext>()));
    if (!rule || by === undefined) return next.handle();
    const account = accountOf(rule, rpc.getData());
    const guess = { kind: rule.kind, by, account, free: rule.free };
    const handle = () => lastValueFrom(next.handle(), { defaultValue: null });
    return from(
      isUnguessable(rule, rpc.getData()) ? this.counted(rule, guess, handle) : this.limited(rule, guess, handle),
    );
  }

  private ruleOf(context: ExecutionContext): GuessRule | undefined {
    const places = [context.getHandler(), context.getClass()];
    const rule = this.reflector.getAllAndOverride<GuessRule | undefined>(LimitGuesses.KEY, places);
    const access = this.reflector.getAllAndOverride<Access | undefined>(Requires.KEY, places);
    return rule ?? (access !== undefined && withCredential.includes(access) ? credentialRule : undefined);
  }

  /** Takes the try first, so that as many at once as one likes are no more than the limit. */
  private async limited(rule: GuessRule, guess: Guess, handle: () => Promise<unknown>): Promise<unknown> {
    await this.limits.take(guess);
    try {
      const answer = await handle();
      await this.noted(this.limits.giveBack(guess));
      return answer;
    } catch (error) {
      await this.noted(isWrong(rule, error) ? this.limits.wasWrong(guess) : this.limits.giveBack(guess));
      throw error;
    }
  }

  /** Counts a wrong try and says so only while there may be one. */
  private async counted(rule: GuessRule, guess: Guess, handle: () => Promise<unknown>): Promise<unknown> {
    try {
      return await handle();
    } catch (error) {
      if (isWrong(rule, error)) await this.limits.take(guess).catch(onlyTooMany);
      throw error;
    }
  }

  /** What could not be noted fades: it is no reason to answer something else. */
  private async noted(note: Promise<void>): Promise<void> {
    await note.catch((err: unknown) => this.log.warn({ err }, 'the outcome of a try was not noted'));
  }
}

const withCredential: readonly Access[] = ['app', 'credential', 'owner-or-app'];

const isWrong = ({ wrong }: GuessRule, error: unknown): boolean =>
  error instanceof HarkError && wrong.includes(error.code);

// Without the database the wrong secret is refused all the same.
function onlyTooMany(error: unknown): void {
  if (error instanceof HarkError && error.code === 'request.too-many-guesses') throw error;
}

function isUnguessable({ unguessable }: GuessRule, data: unknown): boolean {
  return typeof unguessable === 'function' ? unguessable(fieldsOf(data)) : unguessable === true;
}

function accountOf(rule: GuessRule, data: unknown): string | undefined {
  const account = rule.account?.(fieldsOf(data));
  return typeof account === 'string' ? account : undefined;
}

/** What came is not checked yet. */
const fieldsOf = (data: unknown): Readonly<Record<string, unknown>> =>
  typeof data === 'object' && data !== null ? (data as Readonly<Record<string, unknown>>) : {};
