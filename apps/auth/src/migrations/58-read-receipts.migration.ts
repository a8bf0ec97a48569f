import { MigrationInterface, QueryRunner } from 'typeorm';

/** Whether a person lets an app know what they have read. Rows are rebuilt from the log. */
export class ReadReceipts1796400000058 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate auth.bindings');
    await runner.query('alter table auth.bindings add read_receipts boolean not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table auth.bindings drop read_receipts');
  }
}
