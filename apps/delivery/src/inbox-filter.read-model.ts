/** Which of a person's messages: all, unless something is said. */
export interface InboxFilter {
  readonly personId: string;
  readonly appId?: string | undefined;
  /** As `Threads.idOf` has it. */
  readonly threadId?: string | undefined;
  readonly unread?: boolean | undefined;
  readonly archived?: boolean | undefined;
  readonly kept?: boolean | undefined;
  readonly acknowledged?: boolean | undefined;
  readonly ids?: readonly string[] | undefined;
}

/** The filter as SQL. */
export interface FilterSql {
  /** The condition on the rows of `delivery.inbox` under that name. */
  readonly where: (row: string) => string;
  /** The same but for whose it is, for rows that something else ties to the person. */
  readonly whereOwn: (row: string) => string;
  /** Its parameters, from `$1` on. */
  readonly values: readonly unknown[];
}

/** Only conditions that were asked for stand in it, so that the planner sees which of the partial indexes serves. */
export function filterSql({
  personId,
  appId,
  threadId,
  unread,
  archived,
  kept,
  acknowledged,
  ids,
}: InboxFilter): FilterSql {
  const is = (column: string, wanted: boolean | undefined) =>
    wanted === undefined ? [] : [`${column} is ${wanted ? 'not null' : 'null'}`];
  const values: unknown[] = [personId];
  const equal = (column: string, value: string | undefined) =>
    value === undefined ? [] : [`${column} = $${values.push(value)}::uuid`];
  const conditions = [
    'filed_at is not null',
    ...equal('app_id', appId),
    ...equal('thread_id', threadId),
    ...is('read_at', unread === undefined ? undefined : !unread),
    ...is('archived_at', archived),
    ...is('kept_at', kept),
    ...is('acknowledged_at', acknowledged),
    ...(ids === undefined ? [] : [`item_id = any($${values.push(ids)}::uuid[])`]),
  ];
  const whereOwn = (row: string) => conditions.map((condition) => `${row}.${condition}`).join(' and ');
  return { where: (row) => `${row}.person_id = $1::uuid and ${whereOwn(row)}`, whereOwn, values };
}
