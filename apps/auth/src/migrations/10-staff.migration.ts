import { MigrationInterface, QueryRunner } from 'typeorm';

/** Who is or was operator or admin. Filled from the log. */
export class Staff1796400000480 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table auth.staff (
        user_id uuid primary key,
        grants jsonb not null,
        second_factor boolean not null,
        place bigint not null
      )`);
    await runner.query('create index staff_by_place on auth.staff (place desc, user_id desc)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table auth.staff');
  }
}
