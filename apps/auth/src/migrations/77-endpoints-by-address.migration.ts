import { MigrationInterface, QueryRunner } from 'typeorm';

/** Finds who proved to receive at an address, by its keyed hash. The rows are rebuilt from the log. */
export class EndpointsByAddress1796600000077 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate auth.endpoints');
    await runner.query('alter table auth.endpoints add address_hash text not null');
    await runner.query('create index endpoints_by_address on auth.endpoints (address_hash) where verified');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table auth.endpoints drop address_hash'); // drops its index too
  }
}
