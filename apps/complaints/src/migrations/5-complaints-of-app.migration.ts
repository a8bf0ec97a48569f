import { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds the complaints about an app. */
export class ComplaintsOfApp1796600000077 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(
      'create index complaints_of_app on complaints.complaints (app_id, place desc, complaint_id desc)',
    );
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop index complaints.complaints_of_app');
  }
}
