import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDueTable } from '@hark/readmodel';

/**
 * The table also lists blocked texts, by status; a second table holds the texts that wait for a verdict. Both are
 * rebuilt from the log.
 */
export class Reviews1795900000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('drop table moderation.held');
    await runner.query(`
      create table moderation.reviews (
        push_id uuid primary key,
        status text not null,
        label text not null,
        place bigint not null,
        held_at text not null
      )`);
    await runner.query('create index reviews_by_status on moderation.reviews (status, place desc, push_id desc)');
    await createDueTable(runner, 'moderation.due');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table moderation.due');
    await runner.query('drop table moderation.reviews');
    await runner.query(`
      create table moderation.held (
        push_id uuid primary key,
        content_hash text not null,
        label text not null,
        place bigint not null,
        held_at text not null,
        decided text,
        decided_at text
      )`);
    await runner.query(
      'create index held_undecided on moderation.held (place desc, push_id desc) where decided is null',
    );
  }
}
