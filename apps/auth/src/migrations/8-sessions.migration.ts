import { MigrationInterface, QueryRunner } from 'typeorm';

/** Where people are logged in. Rows are rebuilt from the log. */
export class Sessions1796400000060 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table auth.sessions (
        session_id uuid primary key,
        person_id uuid not null,
        provider text not null,
        client text,
        started_at timestamptz not null,
        used_at timestamptz not null,
        expires_at timestamptz not null,
        place bigint not null
      )`);
    await runner.query('create index sessions_of_person on auth.sessions (person_id, place desc, session_id desc)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table auth.sessions');
  }
}
