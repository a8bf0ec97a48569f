import { Controller } from '@nestjs/common';
import { Ctx, MessagePattern } from '@nestjs/microservices';
import { DataSource } from 'typeorm';
import { z } from 'zod';
import {
  AppCase,
  authSubjects,
  complaintsSubjects,
  intakeSubjects,
  readAppRequest,
  Reply,
  ToldApp,
  ToldPushes,
} from '@hark/contracts';
import { standingOwnerOf } from '@hark/gate';
import { Clock, plusMs } from '@hark/kernel';
import { HarkContext, RpcClient } from '@hark/nats';
import { Input, Requires } from '@hark/service';
import { AppsStore } from '../apps.store';
import { wilson } from '../domain/wilson';
import { StandingViews } from '../standing-views.service';

/** What of the past is counted. */
const windowMs = 30 * 86_400_000;
const latestMax = 20;

type Latest = AppCase['complaints'][number];
interface Row {
  readonly complaint_id: string;
  readonly push_id: string;
  readonly reason: Latest['reason'];
  readonly status: Latest['status'];
  readonly severity: Latest['severity'] | null;
  readonly appeal: Latest['appeal'] | null;
  readonly complained_at: string;
}

/**
 * An app for operators: whose it is and what else they have, how they stand and came to it, how it is complained about, what it
 * pushed last. Nobody's words are in it, and not who complained. Throws `not-found` `app.unknown`.
 */
@Controller()
@Requires('operator')
export class ReadAppHandler {
  constructor(
    private readonly apps: AppsStore,
    private readonly views: StandingViews,
    private readonly requests: RpcClient,
    private readonly database: DataSource,
    private readonly clock: Clock,
  ) {}

  @MessagePattern(complaintsSubjects.readApp)
  async handle(
    @Input(readAppRequest, { appId: 'app.unknown' }) { appId }: z.infer<typeof readAppRequest>,
    @Ctx() { request: { locale } }: HarkContext,
  ): Promise<Reply<AppCase>> {
    const app = await this.apps.registered(appId);
    const since = plusMs(this.clock.now(), -windowMs);
    const [standing, { body: told }, { body: pushed }, made, complaints] = await Promise.all([
      this.views.of(standingOwnerOf(appId, app)),
      this.requests.request<ToldApp>(authSubjects.tellApp, { appId }),
      this.requests.request<ToldPushes>(intakeSubjects.tellPushes, { appId, since }, { locale }),
      this.madeSince(appId, since),
      this.latest(appId),
    ]);
    const { pushes, recipients, latest } = pushed;
    const rate = wilson(made.complainants, recipients);
    const window = { since, pushes, recipients, ...made, ...(rate && { rate }) };
    return { body: { ...told, standing, window, complaints, pushes: latest } };
  }

  private async madeSince(appId: string, since: string): Promise<{ complaints: number; complainants: number }> {
    const [row] = await this.database.query<{ complaints: number; complainants: number }[]>(
      `select count(*)::int as complaints, count(distinct person_id)::int as complainants
       from complaints.complaints where app_id = $1 and complained_at >= $2`,
      [appId, since],
    );
    return row!;
  }

  private async latest(appId: string): Promise<Latest[]> {
    const rows = await this.database.query<Row[]>(
      `select complaint_id, push_id, reason, status, severity, appeal, complained_at
       from complaints.complaints where app_id = $1 order by place desc, complaint_id desc limit ${latestMax}`,
      [appId],
    );
    return rows.map(({ complaint_id: id, push_id: pushId, reason, status, severity, appeal, complained_at }) => ({
      id,
      pushId,
      reason,
      status,
      ...(severity !== null && severity !== undefined && { severity }),
      ...(appeal !== null && appeal !== undefined && { appeal }),
      complainedAt: complained_at,
    }));
  }
}
