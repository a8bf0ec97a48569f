import { MigrationInterface, QueryRunner } from 'typeorm';

/** When the sender of a message changed its text. */
export class EditedItems1796100000012 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table delivery.inbox add edited_at text');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table delivery.inbox drop edited_at');
  }
}
