import { describe, expect, test } from 'vitest'
import { en } from '../src/shared/i18n/en'
import { ko } from '../src/shared/i18n/ko'
import { assess, isForgotten, LIMITS } from '../src/shared/risk/risk'
import { sayDue, sayMore, sayReason, type Speech } from '../src/shared/risk/say'
import { type TimedOrder, timesOf } from '../src/shared/risk/times'

const NOW = Date.parse('2026-11-24T19:32:08Z')
const MINUTE = 60_000
const ago = (minutes: number): string => new Date(NOW - minutes * MINUTE).toISOString()

function order(change: Partial<TimedOrder>) {
  const since = change.status_since ?? ago(1)
  return timesOf({ status: 'created', status_since: since, last_event_at: since, milestones: {}, ...change })
}

const english: Speech = { words: en, language: 'en', now: NOW }
const korean: Speech = { words: ko, language: 'ko', now: NOW }

describe('an order that nobody accepted', () => {
  test('is no risk in its first 90 seconds, and says how long it has', () => {
    const times = order({ status_since: ago(0.85) })
    const found = assess(times, NOW)

    expect(found.level).toBe('none')
    expect(sayDue(found, times, english)).toBe('accept in 0:39')
    expect(found.share).toBe(57)
  })

  test('warns after 90 seconds and says when it becomes urgent', () => {
    const times = order({ status_since: ago(125 / 60) })
    const found = assess(times, NOW)

    expect(found.level).toBe('warn')
    expect(sayDue(found, times, english)).toBe('urgent in 1:55')
    expect(found.share).toBe(52)
  })

  test('is urgent after 4 minutes, in both languages', () => {
    const times = order({ status_since: ago(5.2) })
    const found = assess(times, NOW)
    const reason = found.reasons[0]

    expect(found.level).toBe('crit')
    expect(reason && sayReason(reason, english)).toBe('Not accepted for 5:12')
    expect(reason && sayReason(reason, korean)).toBe('5분 12초째 미접수')
    expect(sayDue(found, times, english)).toBe('1:12 over')
  })
})

describe('an order in the kitchen', () => {
  test('has 20 minutes from its acceptance', () => {
    const times = order({ status: 'preparing', status_since: ago(2), milestones: { accepted: ago(9) } })

    expect(sayDue(assess(times, NOW), times, english)).toBe('ready in 11:00')
  })

  test('warns when it takes longer', () => {
    const found = assess(order({ status: 'accepted', status_since: ago(26) }), NOW)

    expect(found.level).toBe('warn')
    expect(found.reasons[0]?.cause).toBe('kitchen_over')
    expect(found.share).toBe(100)
  })

  test('need not hurry when it was promised for much later', () => {
    const found = assess(order({ status: 'accepted', status_since: ago(40), promised_at: ago(-120) }), NOW)

    expect(found.level).toBe('none')
  })
})

describe('an order that waits for its courier', () => {
  test('warns after ten minutes and says whether a courier is assigned', () => {
    const alone = assess(order({ status: 'ready', status_since: ago(11) }), NOW)
    const assigned = assess(order({ status: 'ready', status_since: ago(11), courier: { id: 'c' } }), NOW)

    expect(alone.reasons[0] && sayReason(alone.reasons[0], english)).toBe('Ready 11 min, no courier')
    expect(assigned.reasons[0] && sayReason(assigned.reasons[0], english)).toBe('Ready 11 min, not collected')
  })
})

describe('an order on the way', () => {
  test('warns when the estimate is after the promise', () => {
    const times = order({ status: 'picked_up', status_since: ago(17), promised_at: ago(-4), eta: ago(-12) })
    const found = assess(times, NOW)

    expect(found.level).toBe('warn')
    expect(found.reasons[0] && sayReason(found.reasons[0], english)).toBe('ETA 8 min after promise')
    expect(sayDue(found, times, english)).toBe('ETA 8:00 late')
    expect(sayMore(found, times, english)).toBe('promised 19:36')
  })

  test('warns when its courier has been silent for four minutes', () => {
    const times = order({ status: 'picked_up', status_since: ago(20), promised_at: ago(-9), courier_seen_at: ago(4 + 2 / 60) })
    const found = assess(times, NOW)

    expect(found.reasons.map((reason) => reason.cause)).toEqual(['courier_silent'])
    expect(sayMore(found, times, english)).toBe('last seen 4:02 ago')
  })

  test('without a promise has forty minutes', () => {
    const late = order({ status: 'picked_up', status_since: ago(41) })

    expect(assess(order({ status: 'picked_up', status_since: ago(39) }), NOW).level).toBe('none')
    expect(assess(late, NOW).reasons[0]?.cause).toBe('ride_over')
  })
})

describe('a promise that was broken', () => {
  test('warns at once and is urgent after ten minutes, whatever the state', () => {
    for (const status of ['accepted', 'ready', 'picked_up', 'nearby'] as const) {
      expect(assess(order({ status, status_since: ago(2), promised_at: ago(4) }), NOW).level).toBe('warn')
      expect(assess(order({ status, status_since: ago(2), promised_at: ago(11) }), NOW).level).toBe('crit')
    }
  })

  test('is told once, not as a slow ride too', () => {
    const found = assess(order({ status: 'picked_up', status_since: ago(50), promised_at: ago(4) }), NOW)

    expect(found.reasons.map((reason) => reason.cause)).toEqual(['past_promise'])
  })

  test('an estimate that has gone by says nothing more', () => {
    const found = assess(order({ status: 'picked_up', status_since: ago(30), promised_at: ago(9), eta: ago(1) }), NOW)

    expect(found.reasons.map((reason) => reason.cause)).toEqual(['past_promise'])
  })
})

test('the worst reason comes first', () => {
  const found = assess(order({ status: 'ready', status_since: ago(15), promised_at: ago(12) }), NOW)

  expect(found.reasons.map((reason) => reason.level)).toEqual(['crit', 'warn'])
})

test('an order from the future is no risk and shows no negative share', () => {
  const found = assess(order({ status_since: ago(-3) }), NOW)

  expect(found.level).toBe('none')
  expect(found.share).toBe(0)
})

test('an ended order is never at risk', () => {
  expect(assess(order({ status: 'delivered', status_since: ago(300), promised_at: ago(310) }), NOW).level).toBe('none')
})

test('an order is forgotten after half a day without news, unless it was promised for later', () => {
  const old = ago(LIMITS.forgotten / MINUTE + 1)

  expect(isForgotten(order({ status_since: old }), NOW)).toBe(true)
  expect(isForgotten(order({ status_since: old, promised_at: ago(60) }), NOW)).toBe(false)
})
