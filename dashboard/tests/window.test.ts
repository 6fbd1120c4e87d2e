import { expect, test } from 'vitest'
import { slice } from '../src/shared/ui/window'

test('of 5,000 rows only those near the view are drawn', () => {
  const part = slice({ top: 100_000, height: 500 }, { count: 5000, row: 82 })

  expect(part.end - part.start).toBeLessThan(25)
  expect(part.start * 82).toBeLessThanOrEqual(100_000)
  expect(part.end * 82).toBeGreaterThanOrEqual(100_500)
})

test('the view is always covered, at any place', () => {
  for (let top = 0; top <= 82 * 300; top += 13) {
    const part = slice({ top, height: 437 }, { count: 300, row: 82 })
    const shown = Math.min(top, 300 * 82 - 437)
    expect(part.start * 82).toBeLessThanOrEqual(shown)
    expect(part.end * 82).toBeGreaterThanOrEqual(Math.min(shown + 437, 300 * 82))
  }
})

test('what lies below is counted without the rows that can be seen whole', () => {
  expect(slice({ top: 0, height: 500 }, { count: 61, row: 82 }).below).toBe(55)
  expect(slice({ top: 0, height: 500 }, { count: 3, row: 82 }).below).toBe(0)
})

test('a list that has shrunk under the view shows its end', () => {
  expect(slice({ top: 90_000, height: 500 }, { count: 10, row: 82 }).end).toBe(10)
})

test('an empty list draws nothing', () => {
  expect(slice({ top: 0, height: 500 }, { count: 0, row: 82 })).toEqual({ start: 0, end: 0, below: 0 })
})
