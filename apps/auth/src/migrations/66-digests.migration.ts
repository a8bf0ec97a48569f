import { MigrationInterface, QueryRunner } from 'typeorm';

/** How often a person hears of an app's messages together. Rows are rebuilt from the log. */
export class Digests1796500000066 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate auth.bindings');
    await runner.query('alter table auth.bindings add digest jsonb');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table auth.bindings drop digest');
  }
}
