/** How near an open order is to failing, by the clock alone. Pure: (times, now) → what to show. */

import { type Column, columnOf, isOpen, type Times } from './times'

const MINUTE = 60_000

/** Defaults for a kitchen and a ride; lengths in milliseconds. */
export const LIMITS = {
  acceptWarn: 1.5 * MINUTE,
  acceptCrit: 4 * MINUTE,
  prepare: 20 * MINUTE,
  /** A kitchen need not be done sooner than this before the promise. */
  beforePromise: 25 * MINUTE,
  collect: 10 * MINUTE,
  ride: 40 * MINUTE,
  lateCrit: 10 * MINUTE,
  courierSilent: 4 * MINUTE,
  forgotten: 12 * 60 * MINUTE,
}

export type Limits = typeof LIMITS
export type Level = 'none' | 'warn' | 'crit'

export type Cause =
  | 'not_accepted'
  | 'kitchen_over'
  | 'no_courier'
  | 'not_collected'
  | 'courier_silent'
  | 'ride_over'
  | 'eta_late'
  | 'past_promise'

/** Why an order is at risk. `since` is the moment the cause counts from; for `eta_late`, `by` is the length. */
export interface Reason {
  cause: Cause
  level: 'warn' | 'crit'
  since: number
  by?: number
}

/** What a card says of the time left. `over` and `eta_late` look back, the others ahead. */
export interface Due {
  word: 'accept' | 'urgent' | 'ready' | 'collect' | 'due' | 'over' | 'eta_late' | 'seen'
  at: number
}

export interface Assessment {
  level: Level
  /** Worst first. */
  reasons: Reason[]
  due: Due
  /** Parts of a hundred of the time that is used up. */
  share: number
}

/** Assess an open order. */
export function assess(times: Times, now: number, limits: Limits = LIMITS): Assessment {
  const stage = STAGES[columnOf(times.status)](times, now, limits)
  const reasons = [...promiseReasons(times, now, limits), ...stage.reasons].sort(bySeverity)
  const worst = reasons[0]
  const due = worst ? dueOf(worst, stage.due, times) : stage.due
  return { level: worst?.level ?? 'none', reasons, due, share: shareOf(stage, due, now) }
}

/** Say whether an order's silence makes its state a guess: nothing was heard of it for half a day. */
export function isForgotten(times: Times, now: number, limits: Limits = LIMITS): boolean {
  return now - Math.max(times.lastEvent, times.promised ?? 0, times.eta ?? 0) > limits.forgotten
}

interface Stage {
  reasons: Reason[]
  due: Due
  start: number
}

type StageRule = (times: Times, now: number, limits: Limits) => Stage

const STAGES: Record<Column, StageRule> = {
  unaccepted: unaccepted,
  preparing: preparing,
  ready: ready,
  way: onTheWay,
  done: (times) => ({ reasons: [], due: { word: 'due', at: times.since }, start: times.since }),
}

function unaccepted(times: Times, now: number, limits: Limits): Stage {
  const start = times.since
  const age = now - start
  if (age < limits.acceptWarn) return { reasons: [], due: { word: 'accept', at: start + limits.acceptWarn }, start }
  const level = age < limits.acceptCrit ? 'warn' : 'crit'
  const due: Due = { word: level === 'warn' ? 'urgent' : 'over', at: start + limits.acceptCrit }
  return { reasons: [{ cause: 'not_accepted', level, since: start }], due, start }
}

function preparing(times: Times, now: number, limits: Limits): Stage {
  const start = times.accepted ?? times.since
  const at = Math.max(start + limits.prepare, (times.promised ?? 0) - limits.beforePromise)
  return timed({ cause: 'kitchen_over', word: 'ready', since: at }, at, start, now)
}

function ready(times: Times, now: number, limits: Limits): Stage {
  const at = times.since + limits.collect
  const cause = times.hasCourier ? 'not_collected' : 'no_courier'
  return timed({ cause, word: 'collect', since: times.since }, at, times.since, now)
}

function onTheWay(times: Times, now: number, limits: Limits): Stage {
  const start = times.pickedUp ?? times.since
  const at = times.promised ?? times.eta ?? start + limits.ride
  const stage = timed({ cause: 'ride_over', word: 'due', since: at }, at, start, now)
  // Past the promise is told as that, in the same breath for every stage.
  if (times.promised !== null) stage.reasons = []
  if (times.courierSeen !== null && now - times.courierSeen > limits.courierSilent) {
    stage.reasons.push({ cause: 'courier_silent', level: 'warn', since: times.courierSeen })
  }
  return stage
}

function timed(is: { cause: Cause; word: Due['word']; since: number }, at: number, start: number, now: number): Stage {
  if (now <= at) return { reasons: [], due: { word: is.word, at }, start }
  return { reasons: [{ cause: is.cause, level: 'warn', since: is.since }], due: { word: 'over', at }, start }
}

function promiseReasons(times: Times, now: number, limits: Limits): Reason[] {
  if (times.promised === null || !isOpen(times.status)) return []
  const reasons: Reason[] = []
  const late = now - times.promised
  if (late > 0) {
    reasons.push({ cause: 'past_promise', level: late > limits.lateCrit ? 'crit' : 'warn', since: times.promised })
  }
  const by = (times.eta ?? times.promised) - times.promised
  // An estimate that has itself gone by says nothing more than the broken promise does.
  if (by > 0 && (times.eta ?? 0) > now) {
    reasons.push({ cause: 'eta_late', level: by > limits.lateCrit ? 'crit' : 'warn', since: times.promised, by })
  }
  return reasons
}

const RANK: Record<Cause, number> = {
  not_accepted: 0,
  eta_late: 1,
  past_promise: 2,
  no_courier: 3,
  not_collected: 4,
  kitchen_over: 5,
  courier_silent: 6,
  ride_over: 7,
}

const bySeverity = (a: Reason, b: Reason): number =>
  Number(b.level === 'crit') - Number(a.level === 'crit') || RANK[a.cause] - RANK[b.cause]

function dueOf(worst: Reason, due: Due, times: Times): Due {
  if (worst.cause === 'eta_late') return { word: 'eta_late', at: worst.since }
  if (worst.cause === 'past_promise') return { word: 'over', at: times.promised ?? worst.since }
  if (worst.cause === 'courier_silent') return due.word === 'over' ? due : { word: 'due', at: due.at }
  return due
}

function shareOf(stage: Stage, due: Due, now: number): number {
  if (due.word === 'over' || due.word === 'eta_late') return 100
  const whole = due.at - stage.start
  return whole <= 0 ? 100 : Math.min(Math.max(Math.round((100 * (now - stage.start)) / whole), 0), 100)
}
