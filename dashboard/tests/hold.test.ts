import { expect, test } from 'vitest'
import type { Row } from '../src/live/board'
import { Hold } from '../src/live/hold.svelte'

const row = (key: string): Row => ({ key, entry: { key } }) as Row

test('a list stands still while the pointer is in it, and follows when it has gone', () => {
  const hold = new Hold()
  const [before, after] = [[row('A')], [row('B'), row('A')]]

  hold.set({ pointer: true }, () => before)
  expect(hold.frozen).toBe(before)
  hold.set({ pointer: false }, () => after)

  expect(hold.frozen).toBeNull()
})

test('the focus holds on when the pointer goes', () => {
  const hold = new Hold()
  const rows = [row('A')]

  hold.set({ focus: true }, () => rows)
  hold.set({ pointer: true }, () => rows)
  hold.set({ pointer: false }, () => rows)

  expect(hold.frozen).toBe(rows)
})

test('what waits is counted, and let in on demand', () => {
  const hold = new Hold()
  const [same, fresh] = [row('A'), row('B')]

  hold.set({ pointer: true }, () => [same])
  expect(hold.waiting([same, fresh])).toBe(1)
  hold.apply([same, fresh])

  expect(hold.waiting([same, fresh])).toBe(0)
  expect(hold.frozen).toEqual([same, fresh])
})

test('nothing waits while nothing is held', () => {
  expect(new Hold().waiting([row('A')])).toBe(0)
})
