import { DataSource, MigrationInterface, QueryRunner } from 'typeorm';
import type { PostgresDataSourceOptions } from 'typeorm/driver/postgres/PostgresDataSourceOptions';
import { quoted } from './sql';

/** What a service's database access is made of. */
export interface DataSourceParts {
  /** `postgres://…` */
  readonly url: string;
  /** The service's name, which is its schema's. */
  readonly service: string;
  /** Classes of `MigrationInterface`, oldest first. */
  readonly migrations: readonly (new () => MigrationInterface)[];
}

const poolMax = 6;
const statementTimeoutMs = 5_000;
const connectTimeoutMs = 5_000;
const migrationTimeout = '5min';

/**
 * Makes the service's schema, runs its missing migrations (each in a transaction, one process at a time) and opens the
 * pool: at most 6 connections, 5 s per statement, the service's schema first on the search path.
 */
export async function createDataSource(parts: DataSourceParts): Promise<DataSource> {
  await migrate(parts);
  const dataSource = new DataSource({
    ...common(parts),
    poolSize: poolMax,
    extra: { ...commonExtra(parts.service), statement_timeout: statementTimeoutMs },
  });
  return dataSource.initialize();
}

// Uses its own pool, because a migration may take longer than a statement of the running service.
async function migrate(parts: DataSourceParts): Promise<void> {
  const dataSource = await new DataSource({
    ...common(parts),
    poolSize: 2,
    extra: commonExtra(parts.service),
  }).initialize();
  try {
    const runner = dataSource.createQueryRunner();
    try {
      await runner.query(`set statement_timeout = '${migrationTimeout}'`);
      await lockFor(runner, parts.service, async () => {
        await runner.query(`create schema if not exists ${quoted(parts.service)}`);
        await dataSource.runMigrations({ transaction: 'each' });
      });
    } finally {
      await runner.release();
    }
  } finally {
    await dataSource.destroy();
  }
}

async function lockFor(runner: QueryRunner, service: string, work: () => Promise<void>): Promise<void> {
  const lock = [`migrate:${service}`];
  await runner.query('select pg_advisory_lock(hashtextextended($1, 0))', lock);
  try {
    await work();
  } finally {
    await runner.query('select pg_advisory_unlock(hashtextextended($1, 0))', lock);
  }
}

const common = ({ url, service, migrations }: DataSourceParts) =>
  ({
    type: 'postgres',
    url,
    schema: service,
    applicationName: `hark-${service}`,
    connectTimeoutMS: connectTimeoutMs,
    migrations: [...migrations],
    migrationsTableName: 'migrations',
    synchronize: false,
    logging: false,
    installExtensions: false,
    // Otherwise TypeORM would take `where: { id: undefined }` for any row.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
  }) satisfies PostgresDataSourceOptions;

const commonExtra = (service: string) => ({
  keepAlive: true,
  options: `-c search_path=${quoted(service)},public`,
});
