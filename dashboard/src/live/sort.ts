/** Orders of the table: by any column; ties, and the time left itself, worst first. */

import { COLUMNS, columnOf } from '../shared/risk/times'
import type { Row } from './board'
import type { SortKey } from './filters'

type Value = string | number | null

const VALUES: Record<SortKey, (row: Row) => Value> = {
  due: (row) => row.assessment.due.at,
  order: (row) => row.entry.card.order_id,
  source: (row) => row.entry.card.source,
  store: (row) => row.entry.card.store_id,
  status: (row) => COLUMNS.indexOf(columnOf(row.entry.times.status)),
  since: (row) => row.entry.times.since,
  promised: (row) => row.entry.times.promised,
  total: (row) => (row.entry.card.total === null ? null : Number(row.entry.card.total)),
}

/** Sort rows that already lie worst first. What has no value comes last either way. */
export function sortRows(rows: readonly Row[], sort: SortKey, descending: boolean): readonly Row[] {
  if (sort === 'due') return descending ? rows.toReversed() : rows
  const value = VALUES[sort]
  const sign = descending ? -1 : 1
  return rows.toSorted((a, b) => compare(value(a), value(b), sign))
}

function compare(a: Value, b: Value, sign: number): number {
  if (a === null || b === null) return Number(a === null) - Number(b === null)
  if (typeof a === 'string' && typeof b === 'string') return sign * a.localeCompare(b, undefined, { numeric: true })
  return sign * (Number(a) - Number(b))
}
