import { describe, expect, test } from 'vitest'
import { waitBefore } from '../src/api/backoff'
import { address, part } from '../src/api/client'
import type { Source } from '../src/api/types'
import { sentenceOf } from '../src/notifications/sentence'
import { sayResubmission } from '../src/quarantine/resubmit'
import { en } from '../src/shared/i18n/en'
import { ko } from '../src/shared/i18n/ko'
import { money } from '../src/shared/money'
import { makeSecret } from '../src/shared/secret'
import { split } from '../src/shared/split'
import { pretty } from '../src/shared/ui/pretty'
import { health } from './samples'
import { draftOf, hasNoRoom, newDraft, readStatuses, specOf, withNew, writeStatuses } from '../src/sources/draft'

describe('a source in its form', () => {
  const kept: Source = {
    ...specOf({ ...newDraft(), name: 'own-shop', secrets: ['•••• 9f2c'] }, null),
    mapping: { event_type: 'state', order_id: 'no', event_id: null, fields: { total: 'amount.value' }, statuses: { NEW: 'order.created' }, events: 'lines' },
    success_status: 202,
    allow_compressed: true,
    public_url: 'https://hooks.shop.example/in/own-shop',
    settings: { branch: '7' },
    created_at: '2026-11-24T19:00:00Z',
    updated_at: '2026-11-24T19:00:00Z',
    address: '/in/own-shop',
    activity: { last_received_at: null, events: 0, duplicates: 0, conflicts: 0, unreadable: 0, rejected: 0, per_minute: 0 },
    health: health({}),
  }

  test('comes back as it was, with what the form does not show', () => {
    const { address: _a, activity: _b, health: _h, created_at: _c, updated_at: _d, ...spec } = kept

    expect(specOf(draftOf(kept), kept)).toEqual(spec)
  })

  test('an open source keeps no secret', () => {
    expect(specOf({ ...draftOf(kept), verification: 'open' }, kept).secrets).toEqual([])
  })

  test('a new secret takes its place before the one that is kept, and never drops one that may be in use', () => {
    expect(withNew(['•••• old'], ['•••• old'], 'new')).toEqual(['new', '•••• old'])
    expect(withNew(['made', '•••• old'], ['•••• old'], 'again')).toEqual(['again', '•••• old'])
    expect(hasNoRoom(['•••• old'], ['•••• old'])).toBe(false)
    expect(hasNoRoom(['•••• new', '•••• old'], ['•••• new', '•••• old'])).toBe(true)
    expect(hasNoRoom(['•••• new'], ['•••• new', '•••• old'])).toBe(false)
  })

  test('empty fields keep their own name', () => {
    expect(specOf({ ...newDraft(), fields: { total: ' ', eta: 'x.y' } }, null).mapping.fields).toEqual({ eta: 'x.y' })
  })

  test('words and their meanings are lines', () => {
    const statuses = { NEW: 'order.created', '배달완료': 'order.delivered' }

    expect(readStatuses(`${writeStatuses(statuses)}\n\nnonsense\n= x`)).toEqual(statuses)
  })

  test('a secret is spelt as the sender expects', () => {
    const bytes = new Uint8Array(32).fill(255)

    expect(makeSecret('hex', bytes)).toBe('ff'.repeat(32))
    expect(atob(makeSecret('standard', bytes).replace('whsec_', ''))).toHaveLength(32)
  })
})

test('a route reads as a sentence in both languages', () => {
  const route = { name: 'r', event_types: ['order.created'], sources: [], stores: ['s1'], channels: ['log'], enabled: true }
  const say = (words: typeof en) => sentenceOf(route, words).map((part) => part.text).join('')

  expect(say(en)).toBe('When an order is placed from any source at s1 → tell log')
  expect(say(ko)).toBe('모든 연동의 s1에서 주문이 들어오면 → log에 알림')
})

test('a resubmission says how it went', () => {
  const base = { id: 'q-1', receipt: null, code: null, reason: null }

  expect(sayResubmission({ ...base, outcome: 'accepted', receipt: 99 }, en)).toBe('Accepted as receipt 99.')
  expect(sayResubmission({ ...base, outcome: 'refused', reason: 'no order id' }, en)).toBe('Refused again: no order id')
})

describe('addresses', () => {
  test('leave out what is not asked, and say a list several times', () => {
    expect(address('orders', { q: '', status: ['ready', 'nearby'], cursor: null, limit: 5 })).toBe(
      '/api/v1/orders?status=ready&status=nearby&limit=5',
    )
  })

  test('encode every part whole', () => {
    expect(part`orders/${'a'}/${'x/1?#'}`).toBe('orders/a/x%2F1%3F%23')
  })
})

describe('money', () => {
  test('has its currency and its own decimals', () => {
    expect(money('27.40', 'GBP', 'en')).toBe('£27.40')
    expect(money('27400', 'KRW', 'ko')).toBe('₩27,400')
  })

  test('without a currency, or with an unknown one, is said as it came', () => {
    expect(money('12.5', null, 'en')).toBe('12.5')
    expect(money('12.5', 'beans', 'en')).toBe('12.5 beans')
  })

  test('loses no digit', () => {
    expect(money('12345678901234567.89', 'USD', 'en')).toBe('12345678901234567.89 USD')
  })
})

describe('a raw body', () => {
  test('is laid out with every token as it was sent', () => {
    expect(pretty('{"n":12345678901234567890,"f":1.0,"n":1,"s":"a, {b}: \\"c\\"","e":[],"o":{}}')).toBe(
      '{\n  "n": 12345678901234567890,\n  "f": 1.0,\n  "n": 1,\n  "s": "a, {b}: \\"c\\"",\n  "e": [],\n  "o": {}\n}',
    )
  })

  test('that is no JSON stays as it is', () => {
    expect(pretty('a=1&b=2')).toBe('a=1&b=2')
  })
})

test('the wait before a try doubles up to fifteen seconds', () => {
  expect([1, 2, 3, 4, 5, 6, 60].map((attempt) => waitBefore(attempt, () => 1))).toEqual([500, 1000, 2000, 4000, 8000, 15_000, 15_000])
  expect(waitBefore(1, () => 0)).toBe(400)
})

test('words between commas lose their blanks', () => {
  expect(split(' a, b ,,c ')).toEqual(['a', 'b', 'c'])
})
