import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDueTable } from '@hark/readmodel';

/** The due table, and the reasons why endpoints do not work. Rows are rebuilt from the log. */
export class DueAndTroubles1795800000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createDueTable(runner, 'auth.due');
    await runner.query('truncate auth.endpoints');
    await runner.query(`
      alter table auth.endpoints
        add column challenge_retry_at timestamptz,
        add column challenge_failure text,
        add column disabled_reason text`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table auth.endpoints
        drop column challenge_retry_at, drop column challenge_failure, drop column disabled_reason`);
    await runner.query('drop table auth.due');
  }
}
