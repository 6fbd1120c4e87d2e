/** Lengths of time as people read them. All lengths are in milliseconds. */

export type Language = 'en' | 'ko'

const SECOND = 1000
const MINUTE = 60 * SECOND
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

const pad = (n: number): string => String(n).padStart(2, '0')

/** `m:ss` below an hour, then `1 h 05`; from 100 hours on, days. A negative length counts as its opposite. */
export function clockLength(length: number, language: Language): string {
  const whole = Math.floor(Math.abs(length) / SECOND)
  const minutes = Math.floor(whole / 60)
  if (minutes < 60) return `${minutes}:${pad(whole % 60)}`
  const hours = Math.floor(minutes / 60)
  if (hours >= 100) return days(hours, language)
  return language === 'ko' ? `${hours}시간 ${pad(minutes % 60)}분` : `${hours} h ${pad(minutes % 60)}`
}

const days = (hours: number, language: Language): string => {
  const n = Math.floor(hours / 24)
  return language === 'ko' ? `${n}일` : `${n} d`
}

/** A length within a Korean sentence, `5분 12초`; English sentences use the clock form. */
export function spokenLength(length: number, language: Language): string {
  if (language === 'en' || Math.abs(length) >= HOUR) return clockLength(length, language)
  const whole = Math.floor(Math.abs(length) / SECOND)
  const [minutes, seconds] = [Math.floor(whole / 60), whole % 60]
  return minutes === 0 ? `${seconds}초` : `${minutes}분 ${seconds}초`
}

/** The largest unit alone: `45 s`, `11 min`, `1 h`, `3 d`. */
export function roughLength(length: number, language: Language): string {
  const size = Math.abs(length)
  const [unit, en, ko] =
    size < MINUTE
      ? [SECOND, 's', '초']
      : size < HOUR
        ? [MINUTE, 'min', '분']
        : size < 2 * DAY
          ? [HOUR, 'h', '시간']
          : [DAY, 'd', '일']
  const n = Math.floor(size / (unit as number))
  return language === 'ko' ? `${n}${ko}` : `${n} ${en}`
}

/** A short length: `12 ms`, then with one decimal `0.4 s`, `0.4초`; from a minute on like {@link clockLength}. */
export function fineLength(length: number, language: Language): string {
  if (length !== 0 && Math.abs(length) < 100) return `${Math.max(Math.round(Math.abs(length)), 1)} ms`
  if (Math.abs(length) >= MINUTE) return clockLength(length, language)
  const seconds = (Math.abs(length) / SECOND).toFixed(1)
  return language === 'ko' ? `${seconds}초` : `${seconds} s`
}
