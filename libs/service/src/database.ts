import { DataSource, DataSourceOptions, QueryRunner } from 'typeorm';
import { reach } from './start-deadline';

/** What a service keeps in Postgres: its own schema, made and changed by its migrations. */
export interface DatabaseOptions {
  /** Also the name of the schema. */
  readonly service: string;
  readonly url: string;
  readonly migrations: NonNullable<DataSourceOptions['migrations']>;
  readonly entities: NonNullable<DataSourceOptions['entities']>;
  /** Hears of connections lost while idle; the pool replaces them by itself. */
  readonly onError: (error: unknown) => void;
}

const connectionsMax = 10;
const connectTimeoutMs = 5_000;
const statementTimeoutMs = 60_000;
const migrationLockTimeoutMs = 60_000;
// The server is there but will not have us: waiting does not mend a wrong password or a missing database.
const lastingCodes = ['28P01', '28000', '3D000'];

/** Opens the pool. Throws `unavailable` `start.unreachable` naming DATABASE_URL when Postgres does not answer within 20 s. */
export function openDatabase(options: DatabaseOptions): Promise<DataSource> {
  const lasting = (error: unknown): boolean =>
    error instanceof Error && 'code' in error && lastingCodes.includes(String(error.code));
  return reach('DATABASE_URL', () => new DataSource(dataSourceOptions(options)).initialize(), lasting);
}

/** Makes the schema and runs the migrations that have not run; replicas starting at once take turns. */
export async function migrate(database: DataSource, service: string): Promise<void> {
  const session = database.createQueryRunner();
  try {
    await session.query(`set lock_timeout = ${migrationLockTimeoutMs}`);
    await session.query('select pg_advisory_lock(hashtextextended($1, 0))', [`hark.migrate.${service}`]);
    await session.query(`create schema if not exists "${service}"`);
    await database.runMigrations({ transaction: 'each' });
  } finally {
    await unlock(session, service);
  }
}

async function unlock(session: QueryRunner, service: string): Promise<void> {
  try {
    await session.query('select pg_advisory_unlock(hashtextextended($1, 0))', [`hark.migrate.${service}`]);
    await session.query('reset lock_timeout');
  } finally {
    await session.release();
  }
}

function dataSourceOptions({ service, url, migrations, entities, onError }: DatabaseOptions): DataSourceOptions {
  return {
    type: 'postgres',
    url,
    schema: service,
    applicationName: `hark-${service}`,
    migrations,
    entities,
    migrationsTableName: 'migrations',
    poolErrorHandler: onError,
    // Otherwise a condition that was left out by mistake matches every row.
    invalidWhereValuesBehavior: { null: 'throw', undefined: 'throw' },
    extra: { max: connectionsMax, connectionTimeoutMillis: connectTimeoutMs, statement_timeout: statementTimeoutMs },
  };
}
