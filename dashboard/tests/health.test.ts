import { expect, test } from 'vitest'
import { applyAll, EMPTY } from '../src/api/live'
import { lightsOf, silentOnes } from '../src/live/lights'
import { healthOf } from '../src/shared/health'
import { card, snapshot, stats } from './samples'

const NOW = Date.parse('2026-11-24T19:30:00Z')
const heard = (minutes: number) => ({ enabled: true, last_received_at: new Date(NOW - minutes * 60_000).toISOString() })

test('a source without open orders may be quiet', () => {
  expect(healthOf(heard(3), 0, NOW)).toBe('ok')
  expect(healthOf(heard(600), 0, NOW)).toBe('quiet')
})

test('the more orders are open, the sooner silence is remarkable', () => {
  expect(healthOf(heard(14), 1, NOW)).toBe('ok')
  expect(healthOf(heard(14), 3, NOW)).toBe('silent')
  expect(healthOf(heard(14), 6, NOW)).toBe('lost')
  expect(healthOf(heard(4), 5000, NOW)).toBe('ok')
})

test('what never sent and what is switched off are not silent', () => {
  expect(healthOf({ enabled: true, last_received_at: null }, 0, NOW)).toBe('new')
  expect(healthOf({ enabled: false, last_received_at: null }, 9, NOW)).toBe('off')
})

test('the lights count open orders by source', () => {
  const source = { source: 'default', per_minute: 3, events: 9, unreadable: 0, ...heard(20) }
  const data = snapshot({ open: ['A', 'B', 'C'].map((order_id) => card({ order_id })), stats: stats({ sources: [source] }) })
  const lights = lightsOf(applyAll(EMPTY, [{ event: 'snapshot', data }], 1), NOW)

  expect(lights[0]).toMatchObject({ openOrders: 3, health: 'silent' })
  expect([...silentOnes(lights)]).toEqual(['default'])
})
