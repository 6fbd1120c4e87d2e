import { describe, expect, test } from 'vitest'
import type { TimelineEntry } from '../src/api/types'
import { sayChanges, sayItems } from '../src/orders/changes'
import { lagsOf } from '../src/orders/lags'
import { distance, pathOf, projection, sayDistance } from '../src/orders/positions'
import { trackOf } from '../src/orders/track'
import { en } from '../src/shared/i18n/en'
import { outcomeOf } from '../src/live/outcome'
import { timesOf } from '../src/shared/risk/times'

const at = (minute: number): string => `2026-11-24T19:${String(minute).padStart(2, '0')}:00Z`
const known = { status_since: at(20), placed_at: at(0), promised_at: at(30), eta: null, milestones: {} }

function entry(change: Partial<TimelineEntry>): TimelineEntry {
  return { type: 'order.modified', raw_type: 'x', occurred_at: at(1), received_at: at(1), receipt: 1, changes: {}, ...change }
}

describe('the track', () => {
  test('shows what is past, what is missing and what is to come', () => {
    const milestones = { created: at(0), accepted: at(1), picked_up: at(20) }
    const steps = trackOf({ ...known, status: 'picked_up', milestones })

    expect(steps.map((step) => [step.name, step.mark, step.isPast])).toEqual([
      ['created', 'ok', true],
      ['accepted', 'ok', true],
      ['ready', 'idle', false],
      ['picked_up', 'ok', false],
      ['nearby', 'idle', false],
      ['delivered', 'idle', false],
    ])
  })

  test('warns of an estimate after the promise, and of a late delivery', () => {
    const coming = trackOf({ ...known, status: 'picked_up', eta: at(38) }).at(-1)
    const late = trackOf({ ...known, status: 'delivered', milestones: { delivered: at(42) } }).at(-1)

    expect(coming).toMatchObject({ mark: 'warn', late: 8 * 60_000 })
    expect(late).toMatchObject({ mark: 'warn', late: 12 * 60_000 })
  })

  test('of a cancelled order ends there', () => {
    const steps = trackOf({ ...known, status: 'cancelled', milestones: { created: at(0), cancelled: at(20) } })

    expect(steps.map((step) => step.name)).toEqual(['created', 'cancelled'])
    expect(steps.at(-1)?.mark).toBe('crit')
  })
})

describe('how an order ended', () => {
  const ended = (minute: number, promised: string | null = at(30)) =>
    outcomeOf(timesOf({ ...known, status: 'delivered', status_since: at(minute), promised_at: promised, last_event_at: at(minute) }))

  test('is measured against the promise', () => {
    expect(ended(30)).toEqual({ how: 'on_time', mark: 'ok' })
    expect(ended(29)).toEqual({ how: 'on_time', mark: 'ok' })
    expect(ended(28)).toEqual({ how: 'early', mark: 'ok', by: 120_000 })
    expect(ended(36)).toEqual({ how: 'late', mark: 'warn', by: 360_000 })
  })

  test('without a promise is neither early nor late', () => {
    expect(ended(36, null)).toEqual({ how: 'delivered', mark: 'ok' })
  })
})

describe('what an event changed', () => {
  const told = { words: en, language: 'en' as const, currency: 'GBP' }

  test('reads as before and after', () => {
    expect(sayChanges(entry({ changes: { eta: [at(28), at(37)], status: ['a', 'b'] } }), told)).toEqual(['ETA 19:28 → 19:37'])
    expect(sayChanges(entry({ changes: { total: [null, '27.40'] } }), told)).toEqual(['total £27.40'])
  })

  test('names the items that came and went', () => {
    const changes = { items: { added: [{ name: 'Tea' }], removed: [{ name: 'Bowl', quantity: '2' }], changed: [] } }

    expect(sayChanges(entry({ changes }), told)).toEqual(['+ 1 × Tea, − 2 × Bowl'])
  })

  test('a shape that nobody knows breaks nothing', () => {
    expect(sayChanges(entry({ changes: { wonder: 3, more: [null, { deep: 1 }], items: { changed: [null] } } }), told)).toEqual([])
  })

  test('a long list of items is cut', () => {
    expect(sayItems({ items: Array.from({ length: 32 }, () => ({ name: 'Tea' })) })).toMatch(/ \+2$/)
  })
})

describe('the map', () => {
  test('follows the courier by time, and ends where the order says', () => {
    const seen = (minute: number, lat: number) =>
      entry({ type: 'courier.location', occurred_at: at(minute), changes: { courier: [null, { lat, lon: 1 }] } })
    const order = { courier: { lat: 9, lon: 1 }, courier_seen_at: at(9) }

    expect(pathOf([seen(5, 2), seen(3, 1)], order).map((point) => point.lat)).toEqual([1, 2, 9])
  })

  test('keeps all points inside its frame', () => {
    const points = [{ lat: 37.5, lon: 127 }, { lat: 37.56, lon: 126.9 }, { lat: 37.4, lon: 127.1 }]
    const place = projection(points, { width: 438, height: 268, margin: 46 })

    for (const { x, y } of points.map(place)) {
      expect(x).toBeGreaterThanOrEqual(45.9)
      expect(x).toBeLessThanOrEqual(392.1)
      expect(y).toBeGreaterThanOrEqual(45.9)
      expect(y).toBeLessThanOrEqual(222.1)
    }
  })

  test('measures along the ground', () => {
    const metres = distance({ lat: 51.5, lon: 0 }, { lat: 51.51, lon: 0 })

    expect(metres).toBeCloseTo(1112, -1)
    expect(sayDistance(metres)).toBe('1.1 km')
    expect(sayDistance(847)).toBe('850 m')
  })
})

test('the lag of events is told by its middle and its worst', () => {
  const late = (seconds: number) => entry({ received_at: new Date(Date.parse(at(1)) + seconds * 1000).toISOString() })

  expect(lagsOf([late(1), late(3), late(2)])).toEqual({ median: 2000, worst: 3000 })
  expect(lagsOf([])).toBeNull()
})
