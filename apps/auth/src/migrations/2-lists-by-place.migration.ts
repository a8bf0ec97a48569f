import { MigrationInterface, QueryRunner } from 'typeorm';

const lists = [
  { table: 'apps', index: 'apps_of_owner', owner: 'owner_id', at: 'created_at', id: 'app_id' },
  { table: 'bindings', index: 'bindings_of_person', owner: 'person_id', at: 'bound_at', id: 'binding_id' },
  { table: 'endpoints', index: 'endpoints_of_person', owner: 'person_id', at: 'added_at', id: 'endpoint_id' },
];

/** Orders the lists by position in the log instead of time. Their rows are rebuilt from the log. */
export class ListsByPlace1795800000011 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    for (const { table, index, owner, id } of lists) {
      await runner.query(`truncate auth.${table}`);
      await runner.query(`alter table auth.${table} add column place bigint not null`);
      await runner.query(`drop index auth.${index}`);
      await runner.query(`create index ${index} on auth.${table} (${owner}, place desc, ${id} desc)`);
    }
  }

  async down(runner: QueryRunner): Promise<void> {
    for (const { table, index, owner, at, id } of lists) {
      await runner.query(`alter table auth.${table} drop column place`); // drops the index too
      await runner.query(`create index ${index} on auth.${table} (${owner}, ${at} desc, ${id} desc)`);
    }
  }
}
