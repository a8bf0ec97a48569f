import { MigrationInterface, QueryRunner } from 'typeorm';

/** What senders list their pushes by. Rows are rebuilt from the log. */
export class ListsOfPushes1796200000058 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate intake.pushes');
    await runner.query('drop index intake.pushes_by_app');
    await runner.query('alter table intake.pushes add place bigint not null, add thread_hash text, add send_at text');
    const newest = 'place desc, push_id desc';
    await runner.query(`create index pushes_of_app on intake.pushes (app_id, ${newest})`);
    await runner.query(`create index pushes_of_binding on intake.pushes (binding_id, ${newest})`);
    await runner.query(`create index pushes_in_status on intake.pushes (app_id, status, ${newest})`);
    await runner.query(
      `create index pushes_of_thread on intake.pushes (thread_hash, ${newest}) where thread_hash is not null`,
    );
    // So that few recent ones are found without passing all of the app's.
    await runner.query('create index pushes_since on intake.pushes (app_id, pushed_at)');
    await runner.query('create table intake.openids (binding_id uuid primary key, openid text not null)');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('drop table intake.openids');
    await runner.query('drop index intake.pushes_since, intake.pushes_of_binding');
    await runner.query('alter table intake.pushes drop place, drop thread_hash, drop send_at'); // drops their indexes too
    await runner.query('create index pushes_by_app on intake.pushes (app_id, push_id desc)');
  }
}
