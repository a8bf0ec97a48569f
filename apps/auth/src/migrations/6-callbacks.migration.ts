import { MigrationInterface, QueryRunner } from 'typeorm';

/** The calls to apps' servers. */
export class Callbacks1796000000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table auth.callbacks (
        callback_id uuid primary key,
        app_id uuid not null,
        type text not null,
        status text not null,
        tries jsonb not null,
        retry_at timestamptz,
        place bigint not null,
        happened_at timestamptz not null
      )`);
    await runner.query('create index callbacks_of_app on auth.callbacks (app_id, place desc, callback_id desc)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table auth.callbacks');
  }
}
