import { MigrationInterface, QueryRunner } from 'typeorm';

/** After how many days somebody's messages are cleared away. */
export class Retention1796100000056 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table delivery.retention (person_id uuid primary key, days int not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.retention');
  }
}
