import { MigrationInterface, QueryRunner } from 'typeorm';

/** What a person did with a message beside reading it. */
export class MarksOfItems1796100000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table delivery.inbox add acknowledged_at text, add archived_at text, add actions_taken jsonb',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table delivery.inbox drop acknowledged_at, drop archived_at, drop actions_taken');
  }
}
