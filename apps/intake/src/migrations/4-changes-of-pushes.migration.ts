import { MigrationInterface, QueryRunner } from 'typeorm';

/** Where in the log a push last changed. Rows are rebuilt from the log. */
export class ChangesOfPushes1796200000059 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate intake.pushes');
    await runner.query('alter table intake.pushes add changed_position bigint not null');
    await runner.query('create index pushes_of_app_by_change on intake.pushes (app_id, changed_position)');
    await runner.query('create index pushes_of_binding_by_change on intake.pushes (binding_id, changed_position)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table intake.pushes drop changed_position'); // drops its indexes too
  }
}
