import { describe, expect, test } from 'vitest'
import { applyAll, EMPTY } from '../src/api/live'
import type { Card } from '../src/api/types'
import { boardOf, byStore, differences, fold, oldest } from '../src/live/board'
import { sortRows } from '../src/live/sort'
import { card, snapshot } from './samples'

const NOW = Date.parse('2026-11-24T19:30:00Z')
const ago = (minutes: number): string => new Date(NOW - minutes * 60_000).toISOString()
const ALL = { source: '', store: '', region: '', risk: false }

function board(cards: Card[], look: { filters?: Partial<typeof ALL>; silent?: string[] } = {}) {
  const live = applyAll(EMPTY, [{ event: 'snapshot', data: snapshot({ open: cards }) }], 1)
  return boardOf(live, { filters: { ...ALL, ...look.filters }, silent: new Set(look.silent), now: NOW })
}

const order = (order_id: string, minutes: number, change: Partial<Card> = {}): Card =>
  card({ order_id, status_since: ago(minutes), last_event_at: ago(minutes), ...change })
const ids = (rows: readonly { entry: { card: Card } }[]): string[] => rows.map((row) => row.entry.card.order_id)

test('every column has the worst first, and then what has the least time left', () => {
  const { columns } = board([order('young', 0.2), order('old', 5), order('soon', 1.2), order('middle', 2)])

  expect(ids(columns.unaccepted)).toEqual(['old', 'middle', 'soon', 'young'])
})

test('the lane repeats what is at risk from all columns, urgent ones first', () => {
  const { atRisk, urgent, columns } = board([
    order('slow', 12, { status: 'ready' }),
    order('urgent', 5),
    order('fine', 1, { status: 'picked_up' }),
  ])

  expect(ids(atRisk)).toEqual(['urgent', 'slow'])
  expect(urgent).toBe(1)
  expect(ids(columns.ready)).toEqual(['slow'])
})

test('orders of a silent source are not judged', () => {
  const { atRisk, columns } = board([order('A', 5)], { silent: ['default'] })

  expect(atRisk).toEqual([])
  expect(columns.unaccepted[0]?.isStale).toBe(true)
})

test('filters take out orders but change no others', () => {
  const cards = [order('A', 1, { store_id: 's1' }), order('B', 1, { store_id: 's2' }), order('C', 5, { store_id: 's2' })]

  expect(ids(board(cards, { filters: { store: 's2' } }).rows)).toEqual(['C', 'B'])
  expect(ids(board(cards, { filters: { risk: true } }).rows)).toEqual(['C'])
})

describe('a column of more than 200', () => {
  const now = NOW
  const many = (minutes: (index: number) => number): Card[] =>
    Array.from({ length: 500 }, (_, index) => order(`A${String(index).padStart(3, '0')}`, minutes(index), { status: 'preparing' }))

  test('folds what has no deadline soon', () => {
    // 20 minutes in the kitchen: those that came less than 5 minutes ago have longer than 15.
    const { shown, folded } = fold(board(many((index) => (index < 300 ? 10 : 1))).columns.preparing, now)

    expect(shown).toHaveLength(300)
    expect(folded).toBe(200)
  })

  test('shows 200 at least', () => {
    expect(fold(board(many(() => 1)).columns.preparing, now)).toMatchObject({ folded: 300 })
  })

  test('is whole below that', () => {
    expect(fold(board([order('A', 1)]).columns.unaccepted, now).folded).toBe(0)
  })
})

test('the changes that wait are those that came, went or changed', () => {
  const live = applyAll(EMPTY, [{ event: 'snapshot', data: snapshot({ open: [order('A', 1), order('B', 1), order('C', 1)] }) }], 1)
  const look = { filters: ALL, silent: new Set<string>(), now: NOW }
  const before = boardOf(live, look).columns.unaccepted
  const next = applyAll(
    live,
    [
      { event: 'order', data: order('A', 0, { status: 'accepted' }) },
      { event: 'order', data: order('B', 1, { total: '9.00' }) },
      { event: 'order', data: order('D', 0) },
    ],
    2,
  )

  expect(differences(before, boardOf(next, look).columns.unaccepted)).toBe(3)
  expect(differences(before, before)).toBe(0)
})

test('a later second alone is no change', () => {
  const live = applyAll(EMPTY, [{ event: 'snapshot', data: snapshot({ open: [order('A', 1)] }) }], 1)
  const at = (now: number) => boardOf(live, { filters: ALL, silent: new Set<string>(), now }).columns.unaccepted

  expect(differences(at(NOW), at(NOW + 1000))).toBe(0)
})

test('the oldest in its state is named', () => {
  expect(oldest(board([order('A', 1), order('B', 3)]).rows, NOW)).toBe(180_000)
  expect(oldest([], NOW)).toBeNull()
})

test('stores come with the most urgent first', () => {
  const stores = byStore(
    board([order('A', 0, { store_id: 'calm' }), order('B', 0, { store_id: 'calm' }), order('C', 5, { store_id: 'hot' })]).rows,
  )

  expect(stores.map((store) => [store.store, store.total, store.urgent])).toEqual([
    ['hot', 1, 1],
    ['calm', 2, 0],
  ])
})

test('the table sorts numbers in ids as numbers, and what has no value last', () => {
  const rows = board([order('A10', 1), order('A9', 1, { total: '5' }), order('A11', 1, { total: '20' })]).rows

  expect(ids(sortRows(rows, 'order', false))).toEqual(['A9', 'A10', 'A11'])
  expect(ids(sortRows(rows, 'total', false))).toEqual(['A9', 'A11', 'A10'])
  expect(ids(sortRows(rows, 'total', true))).toEqual(['A11', 'A9', 'A10'])
})
