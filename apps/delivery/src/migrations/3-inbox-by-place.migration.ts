import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Orders the inbox by position in the log instead of time, and adds what was read. Its rows are rebuilt from the log.
 */
export class InboxByPlace1795800000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.inbox');
    await runner.query(`
      create table delivery.inbox (
        item_id uuid primary key,
        person_id uuid not null,
        app_id uuid not null,
        binding_id uuid not null,
        place bigint not null,
        content text,
        level text,
        reason text,
        pushed_at text not null,
        filed_at text,
        read_at text
      )`);
    await runner.query(
      'create index inbox_by_person on delivery.inbox (person_id, place desc, item_id desc) where filed_at is not null',
    );
    await runner.query(
      'create index inbox_unread on delivery.inbox (person_id) where filed_at is not null and read_at is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.inbox');
    await runner.query(`
      create table delivery.inbox (
        item_id uuid primary key,
        person_id uuid not null,
        app_id uuid not null,
        binding_id uuid not null,
        content text not null,
        level text,
        reason text,
        pushed_at text not null,
        filed_at text not null
      )`);
    await runner.query('create index inbox_by_person on delivery.inbox (person_id, pushed_at desc, item_id desc)');
  }
}
