import { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateInbox1795000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
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
    await runner.query('create table delivery.app_names (app_id uuid primary key, name text not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.app_names');
    await runner.query('drop table delivery.inbox');
  }
}
