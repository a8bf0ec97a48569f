import { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateHeld1795000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table moderation.held (
        push_id uuid primary key,
        content_hash text not null,
        label text not null,
        held_at text not null,
        decided text,
        decided_at text
      )`);
    await runner.query(
      'create index held_undecided on moderation.held (held_at desc, push_id desc) where decided is null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table moderation.held');
  }
}
