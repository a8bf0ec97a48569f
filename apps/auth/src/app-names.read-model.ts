import { Injectable } from '@nestjs/common';
import { DataSource } from 'typeorm';
import { checkedAppName, confusable } from './domain/app-name';
import { skeletonOf } from './domain/name-skeleton';

/**
 * Which names are free. Reads the read model on purpose: unique names are a help to readers, not an invariant, and a
 * verified app's name is in the table long before anybody imitates it.
 */
@Injectable()
export class AppNames {
  constructor(private readonly database: DataSource) {}

  /**
   * The name as it is stored; throws `app.name-confusable` when it can be taken for the hub or another, verified app.
   * An app's own name, `ownAppId`, is not in its own way.
   */
  async checked(name: string, path?: string, ownAppId: string | null = null): Promise<string> {
    const stored = checkedAppName(name, path);
    const alike: unknown[] = await this.database.query(
      'select 1 from auth.apps where verified and not deleted and name_skeleton = $1 and app_id is distinct from $2 limit 1',
      [skeletonOf(stored), ownAppId],
    );
    if (alike.length > 0) throw confusable();
    return stored;
  }
}
