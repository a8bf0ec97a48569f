import { MigrationInterface, QueryRunner } from 'typeorm';

/**
 * Whether an app's name is proven, and each person's own name for an app without an owner. Rows are rebuilt from the
 * log.
 */
export class NamesOfApps1796000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate delivery.app_names');
    await runner.query('alter table delivery.app_names add verified boolean not null, add owned boolean not null');
    await runner.query('create table delivery.binding_names (binding_id uuid primary key, name text not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table delivery.binding_names');
    await runner.query('alter table delivery.app_names drop verified, drop owned');
  }
}
