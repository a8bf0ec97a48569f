import { MigrationInterface, QueryRunner } from 'typeorm';

export class CreateComplaints1795000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table complaints.complaints (
        complaint_id uuid primary key,
        person_id uuid not null,
        app_id uuid not null,
        owner_id uuid not null,
        push_id uuid not null,
        reason text not null,
        status text not null,
        severity text,
        complained_at text not null,
        decided_at text
      )`);
    await runner.query(
      'create index complaints_by_person on complaints.complaints (person_id, complained_at desc, complaint_id desc)',
    );
    await runner.query(
      'create index complaints_by_status on complaints.complaints (status, complained_at desc, complaint_id desc)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table complaints.complaints');
  }
}
