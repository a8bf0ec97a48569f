import { MigrationInterface, QueryRunner } from 'typeorm';

/** When a message left the inbox, after which its row is kept for a while. */
export class GoneItems1796500000086 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('alter table delivery.inbox add gone_at text');
    await runner.query('create index inbox_by_leaving on delivery.inbox (gone_at) where gone_at is not null');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index delivery.inbox_by_leaving');
    await runner.query('alter table delivery.inbox drop gone_at');
  }
}
