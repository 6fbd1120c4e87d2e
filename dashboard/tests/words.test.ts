import { describe, expect, test } from 'vitest'
import { en } from '../src/shared/i18n/en'
import { ko } from '../src/shared/i18n/ko'

/** Every text with its path; functions are asked with numbers and words in turn. */
function texts(value: unknown, path = ''): [string, string][] {
  if (typeof value === 'string') return [[path, value]]
  if (typeof value === 'function') return [[path, String((value as (...all: unknown[]) => string)(...sampleOf(path)))]]
  return Object.entries(value as object).flatMap(([key, one]) => texts(one, path ? `${path}.${key}` : key))
}

const WORDY = /lag|health|banner.away|pipeline|behind|zone|menuOf|due|reason|ago|oldest|asOf|trend|acceptSub|outcome.(early|late)|order\.|found|fallback|refused|next|tested|removed|edit|session.as|silent|failed|openFor|took/
const sampleOf = (path: string): unknown[] => (WORDY.test(path) && !/banner.next|order\.(events|duplicates|tries)/.test(path) ? ['x1', 'x2', 'x3'] : [3, 4, 5])

// The README of the mock-ups, with its meanings.
const GLOSSARY: [string, string, string][] = [
  ['status.created', 'Unaccepted', '접수 대기'],
  ['status.accepted', 'Accepted', '접수 완료'],
  ['status.preparing', 'Preparing', '조리 중'],
  ['status.ready', 'Ready, waiting', '픽업 대기'],
  ['status.picked_up', 'On the way', '배달 중'],
  ['status.nearby', 'Nearby', '도착 임박'],
  ['status.delivered', 'Delivered', '배달 완료'],
  ['status.cancelled', 'Cancelled', '취소'],
  ['status.rejected', 'Rejected', '접수 거절'],
  ['status.failed', 'Failed', '배달 실패'],
  ['status.returned', 'Returned', '반송'],
  ['column.done', 'Done', '완료'],
  ['live.atRisk', 'At risk', '지연 위험'],
  ['order.courier', 'Courier', '라이더'],
  ['order.promisedEta', 'Promised', '약속 시각'],
  ['order.eventLag', 'Event lag', '수신 지연'],
  ['rail.title', 'Alerts', '경보'],
  ['sources.name', 'Source', '연동'],
  ['nav.notifications', 'Notifications', '알림'],
  ['notifications.channels', 'Channels', '알림 채널'],
  ['notifications.routes', 'Routes', '알림 규칙'],
  ['order.raw', 'Raw receipt', '수신 원문'],
  ['quarantine.title', 'Quarantine', '격리'],
]

describe('the words', () => {
  const [english, korean] = [new Map(texts(en)), new Map(texts(ko))]

  test('are the same in number in both languages, and none is empty', () => {
    expect([...korean.keys()]).toEqual([...english.keys()])
    expect([...english, ...korean].filter(([, text]) => text.trim() === '')).toEqual([])
  })

  test('that hold slots hold the same ones', () => {
    const slots = (text: string): string[] => [...text.matchAll(/\{\w+\}/g)].map(([slot]) => slot).sort()

    for (const [path, text] of english) expect(slots(korean.get(path) ?? ''), path).toEqual(slots(text))
  })

  test('say nothing as undefined', () => {
    for (const [path, text] of [...english, ...korean]) expect(text, path).not.toMatch(/undefined|NaN|\[object/)
  })

  test('are Korean where they should be', () => {
    const alike = [...english].filter(([path, text]) => korean.get(path) === text && /[a-z]{3}/i.test(text))
    const names = /^(product|language\.|order\.json|sources\.verification|notifications\.kind\.apprise|channelField\.(appriseUrl|url)|common\.utc)/

    expect(alike.map(([path]) => path).filter((path) => !names.test(path))).toEqual([])
  })

  test.each(GLOSSARY)('%s is %s, %s', (path, one, other) => {
    expect(english.get(path)).toBe(one)
    expect(korean.get(path)).toBe(other)
  })
})
