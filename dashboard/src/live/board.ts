/** From what the stream told to what the board shows. Pure; worst first everywhere. */

import type { Entry, Live } from '../api/live'
import { type Assessment, assess, isForgotten } from '../shared/risk/risk'
import { type Column, columnOf } from '../shared/risk/times'
import { type Filters, passes } from './filters'

/** An open order as it is shown. */
export interface Row {
  key: string
  entry: Entry
  assessment: Assessment
  /** Its state is a guess: its source is silent, or it was forgotten. Nothing is judged then. */
  isStale: boolean
}

export type OpenColumn = Exclude<Column, 'done'>

export interface Board {
  columns: Record<OpenColumn, Row[]>
  /** All open rows, worst first. */
  rows: Row[]
  /** Those of them that are at risk. */
  atRisk: Row[]
  urgent: number
}

export interface Look {
  filters: Pick<Filters, 'source' | 'store' | 'region' | 'risk'>
  silent: ReadonlySet<string>
  now: number
}

export function boardOf(live: Live, look: Look): Board {
  const columns: Board['columns'] = { unaccepted: [], preparing: [], ready: [], way: [] }
  const rows: Row[] = []
  for (const entry of live.open.values()) {
    if (passes(entry.card, look.filters)) rows.push(rowOf(entry, look))
  }
  rows.sort(worstFirst)
  const atRisk = rows.filter((row) => row.assessment.level !== 'none')
  const shown = look.filters.risk ? atRisk : rows
  for (const row of shown) {
    const column = columnOf(row.entry.times.status)
    if (column !== 'done') columns[column].push(row)
  }
  return { columns, rows: shown, atRisk, urgent: atRisk.filter((row) => row.assessment.level === 'crit').length }
}

function rowOf(entry: Entry, look: Look): Row {
  const isStale = look.silent.has(entry.card.source) || isForgotten(entry.times, look.now)
  const assessment = assess(entry.times, look.now)
  return { key: entry.key, entry, isStale, assessment: isStale ? { ...assessment, level: 'none', reasons: [] } : assessment }
}

const RANK = { crit: 0, warn: 1, none: 2 }

/** Urgent, then warned, then the rest; among equals by the time left. */
const worstFirst = (a: Row, b: Row): number =>
  RANK[a.assessment.level] - RANK[b.assessment.level] ||
  a.assessment.due.at - b.assessment.due.at ||
  (a.key < b.key ? -1 : 1)

const FOLD_BEYOND = 200
const SOON = 15 * 60_000

/** Beyond 200 cards a column shows those that are due within 15 min; the rest is a number until one asks. */
export function fold(rows: readonly Row[], now: number): { shown: readonly Row[]; folded: number } {
  if (rows.length <= FOLD_BEYOND) return { shown: rows, folded: 0 }
  const soon = rows.filter((row) => row.assessment.due.at <= now + SOON)
  const shown = soon.length >= FOLD_BEYOND ? soon : rows.slice(0, FOLD_BEYOND)
  return { shown, folded: rows.length - shown.length }
}

/** How many cards came, went or changed between two states of a list. */
export function differences(before: readonly Row[], after: readonly Row[]): number {
  const were = new Map(before.map((row) => [row.key, row.entry]))
  let count = 0
  for (const row of after) {
    if (were.get(row.key) !== row.entry) count += 1
    were.delete(row.key)
  }
  return count + were.size
}

/** The age in its state of the row that is oldest in it, or null. */
export function oldest(rows: readonly Row[], now: number): number | null {
  let since = Number.POSITIVE_INFINITY
  for (const row of rows) since = Math.min(since, row.entry.times.since)
  return rows.length === 0 ? null : Math.max(now - since, 0)
}

export interface StoreRow {
  store: string | null
  total: number
  counts: Record<OpenColumn, number>
  atRisk: number
  urgent: number
  oldest: number
}

/** One row per store, the most at risk first. */
export function byStore(rows: readonly Row[]): StoreRow[] {
  const stores = new Map<string | null, StoreRow>()
  for (const row of rows) {
    const store = row.entry.card.store_id
    const found = stores.get(store) ?? newStore(store)
    stores.set(store, found)
    count(found, row)
  }
  return [...stores.values()].sort(
    (a, b) => b.urgent - a.urgent || b.atRisk - a.atRisk || b.total - a.total || compare(a.store, b.store),
  )
}

const compare = (a: string | null, b: string | null): number => (a ?? '').localeCompare(b ?? '')

const newStore = (store: string | null): StoreRow => ({
  store,
  total: 0,
  counts: { unaccepted: 0, preparing: 0, ready: 0, way: 0 },
  atRisk: 0,
  urgent: 0,
  oldest: Number.POSITIVE_INFINITY,
})

function count(store: StoreRow, row: Row): void {
  const column = columnOf(row.entry.times.status)
  if (column === 'done') return
  store.total += 1
  store.counts[column] += 1
  store.oldest = Math.min(store.oldest, row.entry.times.since)
  if (row.assessment.level !== 'none') store.atRisk += 1
  if (row.assessment.level === 'crit') store.urgent += 1
}
