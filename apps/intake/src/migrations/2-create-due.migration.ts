import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDueTable } from '@hark/readmodel';

/** What pushes wait for. Rows are rebuilt from the log. */
export class CreateDue1796100000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await createDueTable(runner, 'intake.due');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table intake.due');
  }
}
