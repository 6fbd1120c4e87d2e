import { expect, test } from 'vitest'
import { dayOf, minuteOf, secondOf, utcOf, whenOf, zoneName } from '../src/shared/time/format'

const AT = Date.parse('2026-11-24T19:32:08Z')

test('times have 24 hours and follow the zone', () => {
  expect(secondOf(AT, 'Europe/London')).toBe('19:32:08')
  expect(minuteOf(AT, 'Asia/Seoul')).toBe('04:32')
})

test('midnight is 00, not 24', () => {
  expect(minuteOf(Date.parse('2026-11-24T00:05:00Z'), 'UTC')).toBe('00:05')
})

test('UTC stands behind every time', () => {
  expect(utcOf(AT)).toBe('2026-11-24 19:32:08 UTC')
})

test('another day is named, today is not', () => {
  expect(whenOf(AT, AT + 60_000, 'en', 'UTC')).toBe('19:32:08')
  expect(whenOf(AT, AT + 86_400_000, 'en', 'UTC')).toBe('Tue 24 Nov 19:32')
})

test('a day is written as its language does', () => {
  expect(dayOf(AT, 'en', 'UTC')).toBe('Tue 24 Nov')
  expect(dayOf(AT, 'ko', 'UTC')).toContain('11월 24일')
})

test('Seoul is KST in both languages', () => {
  expect(zoneName(AT, 'ko', 'Asia/Seoul')).toBe('KST')
  expect(zoneName(AT, 'en', 'Asia/Seoul')).toBe('KST')
  expect(zoneName(AT, 'en', 'Europe/London')).toBe('GMT')
})
