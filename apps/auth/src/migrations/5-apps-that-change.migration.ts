import { MigrationInterface, QueryRunner } from 'typeorm';

/** Apps that change hands, settings and end, and why bindings ended. The rows are rebuilt from the log. */
export class AppsThatChange1796000000010 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate auth.apps, auth.bindings');
    await runner.query(`
      alter table auth.apps
        drop description, drop homepage, drop wechat_app_id, drop redirect_uris, drop callback_url,
        add deleted boolean not null, add facts jsonb not null`);
    await runner.query('alter table auth.bindings add end_reason text');
    await runner.query(
      `create index bindings_active_of_app on auth.bindings (app_id, binding_id) where status = 'active'`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('truncate auth.apps');
    await runner.query('drop index auth.bindings_active_of_app');
    await runner.query('alter table auth.bindings drop end_reason');
    await runner.query(`
      alter table auth.apps drop facts, drop deleted,
        add description text, add homepage text, add wechat_app_id text, add redirect_uris jsonb not null,
        add callback_url text`);
  }
}
