/** Points in time as people read them: 24-hour, in the viewer's zone, with UTC behind. */

import type { Language } from './duration'

const locale = (language: Language): string => (language === 'ko' ? 'ko-KR' : 'en-GB')

const formats = new Map<string, Intl.DateTimeFormat>()

// Making a formatter costs far more than using one, and a board uses hundreds a second.
function formatter(key: string, language: Language, options: Intl.DateTimeFormatOptions): Intl.DateTimeFormat {
  const id = `${key} ${language} ${options.timeZone ?? ''}`
  const kept = formats.get(id)
  if (kept) return kept
  const made = new Intl.DateTimeFormat(locale(language), { hourCycle: 'h23', ...options })
  formats.set(id, made)
  return made
}

const two = '2-digit' as const

/** `19:32` */
export const minuteOf = (at: number, zone?: string): string =>
  formatter('minute', 'en', { hour: two, minute: two, ...zoned(zone) }).format(at)

/** `19:32:08` */
export const secondOf = (at: number, zone?: string): string =>
  formatter('second', 'en', { hour: two, minute: two, second: two, ...zoned(zone) }).format(at)

/** `Tue 24 Nov`, `11월 24일 화` */
export function dayOf(at: number, language: Language, zone?: string): string {
  const parts = { weekday: 'short', day: 'numeric', month: 'short', ...zoned(zone) } as const
  return formatter('day', language, parts).format(at).replace(',', '')
}

/** The time alone on the day of `now`, with the day before it otherwise. */
export function whenOf(at: number, now: number, language: Language, zone?: string): string {
  const sameDay = dayOf(at, 'en', zone) === dayOf(now, 'en', zone) && Math.abs(now - at) < 86_400_000
  return sameDay ? secondOf(at, zone) : `${dayOf(at, language, zone)} ${minuteOf(at, zone)}`
}

/** `2026-11-24 19:32:08 UTC`, for whoever compares with a log. */
export const utcOf = (at: number): string => `${new Date(at).toISOString().slice(0, 19).replace('T', ' ')} UTC`

/** The viewer's zone: `Europe/London`. */
export const viewerZone = (): string => Intl.DateTimeFormat().resolvedOptions().timeZone

/** The zone's short name at that time: `GMT`, `KST`, or `GMT+9` where there is none. */
export function zoneName(at: number, language: Language, zone?: string): string {
  if ((zone ?? viewerZone()) === 'Asia/Seoul') return 'KST'
  const made = formatter('zone', language === 'ko' ? 'en' : language, { timeZoneName: 'short', ...zoned(zone) })
  return made.formatToParts(at).find((part) => part.type === 'timeZoneName')?.value ?? ''
}

const zoned = (zone: string | undefined): { timeZone?: string } => (zone === undefined ? {} : { timeZone: zone })
