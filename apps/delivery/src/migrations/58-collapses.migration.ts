import { MigrationInterface, QueryRunner } from 'typeorm';

/** What later pushes replace on phones. */
export class Collapses1796200000058 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table delivery.collapses (
        endpoint_id uuid not null,
        collapse_key uuid not null,
        push_id uuid not null,
        primary key (endpoint_id, collapse_key)
      )`);
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.collapses');
  }
}
