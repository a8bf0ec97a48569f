import { MigrationInterface, QueryRunner } from 'typeorm';

export class CreatePushes1795000000001 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query(`
      create table intake.pushes (
        push_id uuid primary key,
        app_id uuid not null,
        binding_id uuid not null,
        status text not null,
        reason text,
        timeline jsonb not null,
        pushed_at text not null
      )`);
    await runner.query('create index pushes_by_app on intake.pushes (app_id, push_id desc)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table intake.pushes');
  }
}
