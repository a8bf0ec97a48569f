import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * The threads of messages, what is kept, and an index for each list that a large inbox has few rows of. The one of what
 * is unread has the app, so that counting reads no row; the others have no entry for most messages.
 */
export class ThreadsOfItems1796100000030 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'alter table delivery.inbox add thread_id uuid, add step_index int, add step_of int, add kept_at text',
    );
    await runner.query('drop index delivery.inbox_unread');
    await runner.query(`
      create index inbox_unread on delivery.inbox (person_id, place desc, item_id desc) include (app_id)
        where filed_at is not null and read_at is null and archived_at is null`);
    await runner.query(`
      create index inbox_by_thread on delivery.inbox (thread_id, app_id, step_index, place, item_id)
        where filed_at is not null and thread_id is not null`);
    await runner.query(`
      create index inbox_archived on delivery.inbox (person_id, place desc, item_id desc)
        where filed_at is not null and archived_at is not null`);
    await runner.query(`
      create index inbox_kept on delivery.inbox (person_id, place desc, item_id desc)
        where filed_at is not null and kept_at is not null`);
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const name of ['kept', 'archived', 'by_thread', 'unread']) {
      await runner.query(`drop index delivery.inbox_${name}`);
    }
    await runner.query(
      'create index inbox_unread on delivery.inbox (person_id) where filed_at is not null and read_at is null',
    );
    await runner.query('alter table delivery.inbox drop thread_id, drop step_index, drop step_of, drop kept_at');
  }
}
