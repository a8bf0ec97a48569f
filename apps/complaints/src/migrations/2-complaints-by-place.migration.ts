import { MigrationInterface, QueryRunner } from 'typeorm';

const indexes = { complaints_by_person: 'person_id', complaints_by_status: 'status' };

/** Orders the lists by position in the log instead of time. Their rows are rebuilt from the log. */
export class ComplaintsByPlace1795800000031 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate complaints.complaints');
    await runner.query('alter table complaints.complaints add column place bigint not null');
    for (const [index, of] of Object.entries(indexes)) {
      await runner.query(`drop index complaints.${index}`);
      await runner.query(`create index ${index} on complaints.complaints (${of}, place desc, complaint_id desc)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table complaints.complaints drop column place'); // drops the indexes too
    for (const [index, of] of Object.entries(indexes)) {
      await runner.query(
        `create index ${index} on complaints.complaints (${of}, complained_at desc, complaint_id desc)`,
      );
    }
  }
}
