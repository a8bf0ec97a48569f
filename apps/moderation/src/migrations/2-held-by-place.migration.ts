import { MigrationInterface, QueryRunner } from 'typeorm';

/** Orders the queue by position in the log instead of time. The rows are rebuilt from the log. */
export class HeldByPlace1795800000021 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate moderation.held');
    await runner.query('alter table moderation.held add column place bigint not null');
    await runner.query('drop index moderation.held_undecided');
    await runner.query(
      'create index held_undecided on moderation.held (place desc, push_id desc) where decided is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table moderation.held drop column place'); // drops the index too
    await runner.query(
      'create index held_undecided on moderation.held (held_at desc, push_id desc) where decided is null',
    );
  }
}
