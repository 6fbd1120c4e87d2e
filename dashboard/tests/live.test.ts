import { describe, expect, test } from 'vitest'
import { applyAll, EMPTY, isUntouched, keyOf, type Live, type Message } from '../src/api/live'
import { card, notification, snapshot, stats } from './samples'

const open = (live: Live): string[] => [...live.open.keys()]
const start = (...orders: string[]): Live =>
  applyAll(EMPTY, [{ event: 'snapshot', data: snapshot({ open: orders.map((order_id) => card({ order_id })) }) }], 1)

test('a snapshot replaces all that was known', () => {
  const before = start('A', 'B')

  const after = applyAll(before, [{ event: 'snapshot', data: snapshot({ open: [card({ order_id: 'C' })] }) }], 2)

  expect(open(after)).toEqual(['default C'])
})

test('a change is the order as it is now', () => {
  const after = applyAll(start('A'), [{ event: 'order', data: card({ order_id: 'A', status: 'ready' }) }], 2)

  expect(after.open.get('default A')?.card.status).toBe('ready')
  expect(after.open.get('default A')?.touched).toBe(2)
})

test('of several changes in one batch the last one counts', () => {
  const messages: Message[] = [
    { event: 'order', data: card({ order_id: 'A', status: 'ready' }) },
    { event: 'order', data: card({ order_id: 'A', status: 'picked_up' }) },
  ]

  expect(applyAll(start('A'), messages, 2).open.get('default A')?.card.status).toBe('picked_up')
})

test('a change before a snapshot in the same batch is part of it already', () => {
  const messages: Message[] = [
    { event: 'order', data: card({ order_id: 'old' }) },
    { event: 'snapshot', data: snapshot({ open: [card({ order_id: 'new' })] }) },
  ]

  expect(open(applyAll(EMPTY, messages, 1))).toEqual(['default new'])
})

test('an order that ends moves to the done ones, and comes back if it opens again', () => {
  const ended = applyAll(start('A'), [{ event: 'order', data: card({ order_id: 'A', status: 'delivered', open: false }) }], 2)
  const again = applyAll(ended, [{ event: 'order', data: card({ order_id: 'A', status: 'picked_up' }) }], 3)

  expect(open(ended)).toEqual([])
  expect(ended.done.map((entry) => entry.key)).toEqual(['default A'])
  expect(open(again)).toEqual(['default A'])
  expect(again.done).toEqual([])
})

test('done orders are the latest first, and bounded', () => {
  const messages: Message[] = Array.from({ length: 400 }, (_, index) => ({
    event: 'order',
    data: card({ order_id: `D${index}`, open: false, status: 'delivered', status_since: new Date(index * 1000).toISOString() }),
  }))

  const { done } = applyAll(start(), messages, 2)

  expect(done).toHaveLength(300)
  expect(done[0]?.card.order_id).toBe('D399')
})

test('the same change twice changes nothing more', () => {
  const message: Message = { event: 'order', data: card({ order_id: 'A', status: 'delivered', open: false }) }
  const once = applyAll(start('A'), [message], 2)

  expect(applyAll(once, [message], 2)).toEqual(once)
})

test('an order that is gone leaves the board, wherever it stood', () => {
  const done = card({ order_id: 'D', status: 'delivered', open: false })
  const before = applyAll(start('A', 'B'), [{ event: 'order', data: done }], 2)
  const gone = (order_id: string): Message => ({ event: 'gone', data: { source: 'default', order_id } })

  const after = applyAll(before, [gone('A'), gone('D'), gone('unknown')], 3)

  expect(open(after)).toEqual(['default B'])
  expect(after.done).toEqual([])
  expect(open(applyAll(after, [gone('B'), { event: 'order', data: card({ order_id: 'B' }) }], 4))).toEqual(['default B'])
})

test('what was known is left as it was', () => {
  const before = start('A')

  applyAll(before, [{ event: 'order', data: card({ order_id: 'B' }) }], 2)

  expect(open(before)).toEqual(['default A'])
})

test('a notification that changes takes its own place', () => {
  const before = applyAll(EMPTY, [{ event: 'snapshot', data: snapshot({ notifications: [notification({ id: 1 }), notification({ id: 2 })] }) }], 1)

  const after = applyAll(before, [{ event: 'notification', data: notification({ id: 1, status: 'failed' }) }], 2)

  expect(after.notifications.map((one) => [one.id, one.status])).toEqual([
    [2, 'sent'],
    [1, 'failed'],
  ])
})

test('orders of two sources with the same id are two', () => {
  expect(keyOf({ source: 'a', order_id: '1' })).not.toBe(keyOf({ source: 'b', order_id: '1' }))
})

describe('the first run', () => {
  test('is not known before the server has said anything', () => {
    expect(isUntouched(EMPTY)).toBe(false)
  })

  test('lasts until the first order', () => {
    const nothing = start()

    expect(isUntouched(nothing)).toBe(true)
    expect(isUntouched(applyAll(nothing, [{ event: 'order', data: card({}) }], 2))).toBe(false)
  })

  test('is over where events came that were no orders, or could not be understood', () => {
    const source = { source: 'default', enabled: true, last_received_at: null, per_minute: 0, events: 0, unreadable: 1 }

    expect(isUntouched(applyAll(start(), [{ event: 'stats', data: stats({ sources: [source] }) }], 2))).toBe(false)
  })
})
