import { MigrationInterface, QueryRunner } from 'typeorm';

/** Bans that wait for a second operator. Filled from the log. */
export class CreateBans1795900000002 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table complaints.bans (
        owner_id uuid primary key,
        app_id uuid not null,
        complaint_id uuid not null,
        severity text not null,
        points int not null,
        proposed_by uuid,
        proposed_at text,
        place bigint,
        lapses_at text
      )`);
    await runner.query(
      'create index bans_waiting on complaints.bans (place desc, owner_id desc) where lapses_at is not null',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table complaints.bans');
  }
}
