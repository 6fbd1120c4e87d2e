import { describe, expect, test } from 'vitest'
import { clockLength, fineLength, roughLength, spokenLength } from '../src/shared/time/duration'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE

describe('the length on a clock', () => {
  test.each([
    [0, '0:00'],
    [9 * SECOND, '0:09'],
    [5 * MINUTE + 12 * SECOND, '5:12'],
    [59 * MINUTE + 59 * SECOND, '59:59'],
    [HOUR, '1 h 00'],
    [HOUR + 5 * MINUTE, '1 h 05'],
    [99 * HOUR, '99 h 00'],
    [100 * HOUR, '4 d'],
  ])('%i ms reads %s', (length, text) => {
    expect(clockLength(length, 'en')).toBe(text)
  })

  test('what is past reads like what is ahead', () => {
    expect(clockLength(-4 * MINUTE - 10 * SECOND, 'en')).toBe('4:10')
  })

  test('Korean names the units from an hour on', () => {
    expect(clockLength(HOUR + 5 * MINUTE, 'ko')).toBe('1시간 05분')
    expect(clockLength(5 * MINUTE, 'ko')).toBe('5:00')
  })
})

test('a Korean sentence spells minutes and seconds, an English one does not', () => {
  expect(spokenLength(5 * MINUTE + 12 * SECOND, 'ko')).toBe('5분 12초')
  expect(spokenLength(12 * SECOND, 'ko')).toBe('12초')
  expect(spokenLength(5 * MINUTE + 12 * SECOND, 'en')).toBe('5:12')
})

test('a rough length has its largest unit alone', () => {
  expect(roughLength(59 * SECOND, 'en')).toBe('59 s')
  expect(roughLength(14 * MINUTE + 59 * SECOND, 'en')).toBe('14 min')
  expect(roughLength(26 * HOUR, 'en')).toBe('26 h')
  expect(roughLength(72 * HOUR, 'ko')).toBe('3일')
})

test('a short length goes down to milliseconds', () => {
  expect(fineLength(12, 'en')).toBe('12 ms')
  expect(fineLength(400, 'en')).toBe('0.4 s')
  expect(fineLength(400, 'ko')).toBe('0.4초')
  expect(fineLength(0, 'en')).toBe('0.0 s')
})
