import { FoundApp } from '@hark/contracts';
import { AppFacts } from '@hark/gate';

/** A row of `auth.apps`, as far as operators see it. */
export interface FoundAppRow {
  readonly app_id: string;
  readonly owner_id: string | null;
  readonly name: string;
  readonly verified: boolean;
  readonly deleted: boolean;
  readonly facts: Pick<AppFacts, 'homepage' | 'wechatAppId'>;
  /** By which the list is ordered. */
  readonly place: string | number;
  readonly created_at: string | Date;
}

/** A row as operators see it. */
export const foundAppOf = (row: FoundAppRow): FoundApp => ({
  id: row.app_id,
  name: row.name,
  ownerId: row.owner_id,
  verified: row.verified,
  deleted: row.deleted,
  registeredAt: new Date(row.created_at).toISOString(),
});
