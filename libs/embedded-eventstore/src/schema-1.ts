/**
 * Brings a file of version 1 to the tables of version 2: there the index was one table with two keys for each event,
 * a number for its revision and a blob for its id, complete at any moment. Runs within the transaction of the opening.
 */
export const upgradeFrom1 = `
  INSERT INTO stream_index SELECT stream, key, position FROM stream_events WHERE typeof(key) = 'integer';
  UPDATE index_checkpoint SET position = (SELECT coalesce(max(position), 0) FROM events);
  DROP TABLE stream_events;`;
