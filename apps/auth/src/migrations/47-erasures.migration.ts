import { MigrationInterface, QueryRunner } from 'typeorm';

/** Who had everything about them erased, by id alone. */
export class Erasures1796000000047 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table auth.erasures (person_id uuid primary key, erased_at timestamptz not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table auth.erasures');
  }
}
