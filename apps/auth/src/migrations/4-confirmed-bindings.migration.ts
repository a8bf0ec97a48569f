import { MigrationInterface, QueryRunner } from 'typeorm';

/** Which bindings their app has confirmed, and the names of apps. The rows are rebuilt from the log. */
export class ConfirmedBindings1796000000000 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate auth.apps, auth.bindings');
    await runner.query('alter table auth.bindings add confirmed boolean not null, add app_name text');
    await runner.query('create index bindings_of_app on auth.bindings (app_id, place desc, binding_id desc)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index auth.bindings_of_app');
    await runner.query('alter table auth.bindings drop confirmed, drop app_name');
  }
}
