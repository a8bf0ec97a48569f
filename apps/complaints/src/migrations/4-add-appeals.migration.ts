import { MigrationInterface, QueryRunner } from 'typeorm';

/** Says of each complaint what became of the appeal. The rows are rebuilt from the log. */
export class AddAppeals1796500000073 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate complaints.complaints');
    await runner.query(`
      alter table complaints.complaints
        add column appeal text,
        add column appealed_at text,
        add column appeal_decided_at text,
        add column appeal_place bigint`);
    await runner.query(
      `create index complaints_by_appeal on complaints.complaints (appeal, appeal_place desc, complaint_id desc)
       where appeal is not null`,
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query(`
      alter table complaints.complaints
        drop column appeal, drop column appealed_at, drop column appeal_decided_at, drop column appeal_place`);
  }
}
