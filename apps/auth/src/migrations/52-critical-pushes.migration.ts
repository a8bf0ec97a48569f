import { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a person lets an app ring in their quiet hours. Rows are rebuilt from the log. */
export class CriticalPushes1796400000059 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate auth.bindings');
    await runner.query('alter table auth.bindings add critical boolean not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table auth.bindings drop critical');
  }
}
