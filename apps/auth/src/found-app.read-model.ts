import { FoundApp } from '@hark/contracts';
import { AppRow } from './app-rows.projection';

/** A row as operators see it. */
export const foundAppOf = (row: Omit<AppRow, 'created_at'> & { readonly created_at: string | Date }): FoundApp => ({
  id: row.app_id,
  name: row.name,
  ownerId: row.owner_id,
  verified: row.verified,
  deleted: row.deleted,
  registeredAt: new Date(row.created_at).toISOString(),
});
