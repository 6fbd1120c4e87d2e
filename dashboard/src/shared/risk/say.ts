/** Reasons and deadlines in words. */

import type { Words } from '../i18n/en'
import { clockLength, type Language, roughLength, spokenLength } from '../time/duration'
import { minuteOf } from '../time/format'
import type { Assessment, Cause, Due, Reason } from './risk'
import type { Times } from './times'

export interface Speech {
  words: Words
  language: Language
  now: number
}

const ROUGH: ReadonlySet<Cause> = new Set(['no_courier', 'not_collected', 'eta_late', 'kitchen_over', 'ride_over'])

export function sayReason(reason: Reason, speech: Speech): string {
  const length = reason.by ?? speech.now - reason.since
  const say = ROUGH.has(reason.cause) ? roughLength : spokenLength
  return speech.words.reason[reason.cause](say(length, speech.language))
}

export const sayDetail = (reason: Reason, speech: Speech): string =>
  speech.words.reasonDetail[reason.cause](minuteOf(reason.since))

/** What a card says at its lower right. */
export function sayDue(assessment: Assessment, times: Times, speech: Speech): string {
  const { word, at } = assessment.due
  const length = word === 'eta_late' ? (times.eta ?? at) - at : at - speech.now
  return speech.words.due[shown(word, length)](clockLength(length, speech.language))
}

// A moment ago it was ahead; the next look at the order says the same.
const shown = (word: Due['word'], length: number): Due['word'] => (length < 0 && word !== 'eta_late' ? 'over' : word)

/** What the at-risk lane says below the reason: the other half of the story. */
export function sayMore(assessment: Assessment, times: Times, speech: Speech): string {
  const { words, language, now } = speech
  const worst = assessment.reasons[0]
  if (worst?.cause === 'eta_late') return words.due.promised(minuteOf(worst.since))
  if (worst?.cause === 'courier_silent') return words.due.seen(clockLength(now - worst.since, language))
  if (times.promised !== null && times.promised < now && worst?.cause !== 'past_promise') {
    return words.due.pastPromise(clockLength(now - times.promised, language))
  }
  if (worst?.cause === 'past_promise' && times.promised !== null) return words.due.promised(minuteOf(times.promised))
  return sayDue(assessment, times, speech)
}
