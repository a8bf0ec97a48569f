import { MigrationInterface, QueryRunner } from 'typeorm';
import { createDueTable } from '@hark/readmodel';

export class CreateDue1795800000001 implements MigrationInterface {
  up(runner: QueryRunner): Promise<void> {
    return createDueTable(runner, 'delivery.due');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.due');
  }
}
