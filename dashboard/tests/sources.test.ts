import { describe, expect, test } from 'vitest'
import type { Mapping, Platform, Source } from '../src/api/types'
import { en } from '../src/shared/i18n/en'
import { ko } from '../src/shared/i18n/ko'
import { mappingOf, newDraft, ofPlatform, specOf, withMapping } from '../src/sources/draft'
import { findPlatforms, findUnpublished, hasSecretInPath, pathSecret, plainProof, titleOf, withUrl } from '../src/sources/platforms'
import { faultsOf, keptOf, readAs } from '../src/sources/reading'
import { countBySource, standingOf, troubleOf } from '../src/sources/standing'
import { legible } from '../src/sources/wizard.svelte'
import { health } from './samples'

const NOW = Date.parse('2026-11-24T19:30:00Z')
const AGO = (seconds: number): string => new Date(NOW - seconds * 1000).toISOString()

const source = (change: Partial<Source['health']>, more: Partial<Source> = {}): Source => ({
  ...specOf({ ...newDraft(), name: 'own-shop' }, null),
  created_at: AGO(9000),
  updated_at: AGO(9000),
  address: '/in/own-shop',
  activity: { last_received_at: AGO(3), events: 9, duplicates: 0, conflicts: 0, unreadable: 0, rejected: 0, per_minute: 1 },
  health: health(change),
  ...more,
})

const signatures = (change: Partial<Source['health']['signatures']>) => ({ signatures: { ...health({}).signatures, ...change } })

describe('a source stands', () => {
  test.each([
    ['ok', {}],
    ['failing', signatures({ failures: 4, of: 61 })],
    ['failing', signatures({ failing_since: AGO(9000), failures_since: 1 })],
    ['stopped', signatures({ failures: 4, of: 4, failing_since: AGO(60), failures_since: 4, worked_until: AGO(90) })],
    ['failing', signatures({ failures: 1, of: 9, failing_since: AGO(60), failures_since: 1, worked_until: AGO(90) })],
    ['ok', signatures({ failing_since: AGO(9000), failures_since: 1, worked_until: AGO(9900) })],
  ] as const)('as %s', (expected, change) => {
    expect(standingOf(source(change), 0, NOW)).toBe(expected)
  })

  test('as switched off, whatever its signatures say', () => {
    expect(standingOf(source(signatures({ failures: 9 }), { enabled: false }), 0, NOW)).toBe('off')
  })

  test('and the trouble is summed up', () => {
    const rows = [source({}), source(signatures({ failures: 1 })), source({ news: 2 }), source({ rejected: 3 })].map((one) => ({ source: one, standing: standingOf(one, 0, NOW) }))

    expect(troubleOf([...rows, { source: source({}), standing: 'lost' }])).toEqual({ bad: 1, look: 3 })
    expect(countBySource([{ card: { source: 'a' } }, { card: { source: 'b' } }, { card: { source: 'a' } }])).toEqual(new Map([['a', 2], ['b', 1]]))
  })
})

const platform = (change: Partial<Platform>): Platform => ({
  name: 'uber_eats',
  title: 'Uber Eats',
  about: '',
  confidence: 'stable',
  documentation: [],
  known_not_to_work: [],
  proof: 'HMAC',
  settings: [],
  steps: { en: [], ko: [] },
  examples: [],
  ...change,
})

describe('a platform', () => {
  const all = [platform({}), platform({ name: 'cafe24', title: 'Cafe24 · 카페24' })]

  test('is found by any part of its names, however they are spelt', () => {
    expect(findPlatforms(all, 'ubereats').map((one) => one.name)).toEqual(['uber_eats'])
    expect(findPlatforms(all, '카페').map((one) => one.name)).toEqual(['cafe24'])
    expect(findPlatforms(all, '')).toHaveLength(2)
    expect(titleOf('cafe24', all)).toBe('Cafe24 · 카페24')
    expect(titleOf('generic', all)).toBeNull()
  })

  test('without public webhooks is known by its name in either language, and none is offered', () => {
    const typed = [...en.sources.platforms.unpublished, ...ko.sources.platforms.unpublished]

    expect(typed).toHaveLength(12)
    for (const name of typed) expect(findUnpublished(name), name).not.toBeNull()
    expect(ko.sources.platforms.unpublished).toEqual(['배달의민족', '쿠팡이츠', '요기요', '바로고', '부릉', '생각대로'])
    expect(findUnpublished('uber')).toBeNull()
    expect(findUnpublished('')).toBeNull()
  })

  test('gives a draft its own way of proof, and its settings', () => {
    const drafted = ofPlatform({ ...newDraft(), name: 'x' }, platform({ settings: [{ name: 'region', about: '', needed: true, default: 'kr' }] }))

    expect(specOf({ ...drafted, secrets: ['abc', ''] }, null)).toMatchObject({ provider: 'uber_eats', verification: 'provider', secrets: ['abc'], settings: { region: 'kr' } })
    expect(ofPlatform(drafted, platform({ proof: '' }))).toMatchObject({ verification: 'open', secrets: [] })
    expect(ofPlatform(drafted, null)).toMatchObject({ provider: 'generic', settings: {} })
  })

  test('may have its secret at the end of the address, as long as it can be seen', () => {
    const inPath = platform({ steps: { en: ['Paste {url}/SECRET.'], ko: ['{url}/SECRET 를 붙여 넣습니다.'] } })

    expect([hasSecretInPath(inPath), hasSecretInPath(platform({})), hasSecretInPath(null)]).toEqual([true, false, false])
    expect(pathSecret(['a b', '•••• 9f2c'], ['•••• 9f2c'])).toBe('a%20b')
    expect(pathSecret(['•••• 9f2c'], ['•••• 9f2c'])).toBe('SECRET')
    expect(pathSecret([''], [])).toBe('SECRET')
  })

  test('tells its steps with the address in them', () => {
    expect(withUrl('Paste {url}, then {url}.', 'https://a')).toBe('Paste https://a, then https://a.')
    expect(withUrl('Paste {url}/SECRET', 'https://a', 'x')).toBe('Paste https://a/x')
    expect(plainProof('in `x` \\| y')).toBe('in x | y')
  })
})

describe('a mapping', () => {
  const found: Mapping = { event_type: 'state', order_id: '"주문번호"', event_id: null, fields: { total: 'sum' }, statuses: { NEW: 'order.created' }, events: '@' }

  test('that is proposed keeps the meanings that were given', () => {
    const draft = withMapping({ ...newDraft(), statuses: 'NEW = order.accepted\nDONE = order.delivered' }, found)

    expect(mappingOf(draft)).toEqual({ ...found, statuses: { NEW: 'order.accepted', DONE: 'order.delivered' } })
  })

  test('reads as short text', () => {
    const event = { type: 'order.created', raw_type: 'NEW', order_id: 'B-1', items: [{}, {}], courier: { lat: 37.5 }, data: { memo: '' }, faults: ['bad_eta'] }

    expect(['event_type', 'order_id', 'items', 'courier.lat', 'courier.lon', 'total'].map((field) => readAs(event, field, en))).toEqual([
      'NEW → order.created',
      'B-1',
      '2 items',
      '37.5',
      '',
      '',
    ])
    expect([keptOf(event), faultsOf(event), keptOf(undefined)]).toEqual([['memo'], ['bad_eta'], []])
  })

  test('has a sample whose letters can be read, and which means the same', () => {
    const body = String.raw`{"\uc8fc\ubb38": "a\\u0041\n\u001f\ud83d\ude00", "n": 1.0}`

    expect(legible(body)).toContain('"주문"')
    expect(JSON.parse(legible(body))).toEqual(JSON.parse(body))
    expect(legible('a=1&b=2')).toBe('a=1&b=2')
  })
})
