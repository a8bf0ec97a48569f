import { MigrationInterface, QueryRunner } from 'typeorm';

/** What waits for a digest. */
export class Digests1796400000066 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table delivery.digests (push_id uuid primary key, until text not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.digests');
  }
}
