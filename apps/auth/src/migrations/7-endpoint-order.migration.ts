import { MigrationInterface, QueryRunner } from 'typeorm';

/** Names, order and troubles of endpoints, and the caps of bindings. The rows are rebuilt from the log. */
export class EndpointOrder1796400000046 implements MigrationInterface {
  async up(runner: QueryRunner): Promise<void> {
    await runner.query('truncate auth.endpoints, auth.bindings');
    await runner.query('alter table auth.endpoints add name text, add rank int, add trouble jsonb');
    await runner.query('alter table auth.bindings add daily_cap int');
  }

  async down(runner: QueryRunner): Promise<void> {
    await runner.query('alter table auth.endpoints drop name, drop rank, drop trouble');
    await runner.query('alter table auth.bindings drop daily_cap');
  }
}
