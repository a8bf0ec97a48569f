import { Sql } from './sql';

interface Queries {
  query(text: string, values?: unknown[]): Promise<unknown>;
}

/** TypeORM's `query` in the shape of the driver's. It returns rows, but after an update rows and a count. */
export const sqlOf = (source: Queries): Sql => ({
  async query(text, values) {
    const answer = await source.query(text, values);
    if (!Array.isArray(answer)) return { rows: [], rowCount: null };
    if (answer.length === 2 && Array.isArray(answer[0]) && typeof answer[1] === 'number') {
      return { rows: answer[0] as unknown[], rowCount: answer[1] };
    }
    return { rows: answer as unknown[], rowCount: answer.length };
  },
});
