import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Up to where in the log it is forgotten which messages have gone. No read model: a rebuild finds them again, and they are
 * forgotten again.
 */
export class ForgottenItems1796600000088 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('create table delivery.forgotten (position bigint not null)');
    await runner.query('create unique index forgotten_once on delivery.forgotten ((true))');
    await runner.query('insert into delivery.forgotten values (0)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.forgotten');
  }
}
