import { MigrationInterface, QueryRunner } from 'typeorm';

/** Where in the log a message was filed and last changed, and what that change was. */
export class ChangesOfItems1796200000057 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table delivery.inbox add filed_position bigint, add changed_position bigint, add change text',
    );
    await runner.query(`
      create index inbox_by_filing on delivery.inbox (person_id, filed_position) where filed_position is not null`);
    await runner.query(`
      create index inbox_by_change on delivery.inbox (person_id, changed_position) where change is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index delivery.inbox_by_change');
    await runner.query('drop index delivery.inbox_by_filing');
    await runner.query('alter table delivery.inbox drop filed_position, drop changed_position, drop change');
  }
}
