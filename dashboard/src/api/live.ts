/** What the live stream has told so far: an immutable value, and how messages change it. */

import { type Times, timesOf } from '../shared/risk/times'
import type { Card, Notification, Snapshot, Stats } from './types'

/** An order on the board. */
export interface Entry {
  key: string
  card: Card
  times: Times
  /** When it last changed before the viewer's eyes, by the browser's own clock; 0 for what was there at the start. */
  touched: number
}

export interface Live {
  stats: Stats | null
  open: ReadonlyMap<string, Entry>
  /** What ended, the latest first. */
  done: readonly Entry[]
  /** The latest first. */
  notifications: readonly Notification[]
  /** The server holds more open orders than it sent. */
  truncated: boolean
}

export type Message =
  | { event: 'snapshot'; data: Snapshot }
  | { event: 'order'; data: Card }
  /** The order is there no more: what it came from was understood otherwise. */
  | { event: 'gone'; data: { source: string; order_id: string } }
  | { event: 'notification'; data: Notification }
  | { event: 'stats'; data: Stats }

export const EMPTY: Live = { stats: null, open: new Map(), done: [], notifications: [], truncated: false }

const DONE_KEPT = 300
const NOTIFICATIONS_KEPT = 200

// A source is a slug and holds no space, so that this is one to one.
export const keyOf = (order: { source: string; order_id: string }): string => `${order.source} ${order.order_id}`

/** Apply a batch of messages at once; `now` marks what changed. */
export function applyAll(live: Live, messages: readonly Message[], now: number): Live {
  let { stats, open, done, notifications, truncated } = live
  const changed = new Map<string, Entry | null>()
  const told = new Map<number, Notification>()
  for (const message of messages) {
    if (message.event === 'snapshot') {
      changed.clear()
      told.clear()
      const base = begin(message.data)
      stats = base.stats
      open = base.open
      done = base.done
      notifications = base.notifications
      truncated = base.truncated
    } else if (message.event === 'stats') stats = message.data
    else if (message.event === 'gone') changed.set(keyOf(message.data), null)
    else if (message.event === 'notification') told.set(message.data.id, message.data)
    else changed.set(keyOf(message.data), entryOf(message.data, now))
  }
  if (changed.size > 0) {
    open = withOpen(open, changed)
    done = withDone(done, changed)
  }
  return { stats, open, done, notifications: withNotifications(notifications, told), truncated }
}

function begin(snapshot: Snapshot): Live {
  return {
    stats: snapshot.stats,
    open: new Map(snapshot.open.map((card) => [keyOf(card), entryOf(card, 0)])),
    done: snapshot.done.map((card) => entryOf(card, 0)).sort(latestFirst),
    notifications: [...snapshot.notifications].sort((a, b) => b.id - a.id),
    truncated: snapshot.open_truncated,
  }
}

const entryOf = (card: Card, touched: number): Entry => ({
  key: keyOf(card),
  card,
  times: timesOf({ ...card, milestones: {} }),
  touched,
})

const latestFirst = (a: Entry, b: Entry): number => b.times.since - a.times.since

function withOpen(open: Live['open'], changed: ReadonlyMap<string, Entry | null>): Live['open'] {
  const next = new Map(open)
  for (const [key, entry] of changed) {
    if (entry?.card.open) next.set(key, entry)
    else next.delete(key)
  }
  return next
}

function withDone(done: Live['done'], changed: ReadonlyMap<string, Entry | null>): Live['done'] {
  const ended = [...changed.values()].filter((entry): entry is Entry => entry !== null && !entry.card.open)
  const kept = done.filter((entry) => !changed.has(entry.key))
  if (ended.length === 0 && kept.length === done.length) return done
  return [...ended, ...kept].sort(latestFirst).slice(0, DONE_KEPT)
}

function withNotifications(known: Live['notifications'], told: ReadonlyMap<number, Notification>): Live['notifications'] {
  if (told.size === 0) return known
  const rest = known.filter((one) => !told.has(one.id))
  return [...told.values(), ...rest].sort((a, b) => b.id - a.id).slice(0, NOTIFICATIONS_KEPT)
}

/** Say whether no webhook has ever come. */
export function isUntouched(live: Live): boolean {
  if (live.stats === null || live.open.size > 0 || live.done.length > 0) return false
  const statuses = Object.values(live.stats.by_status).some((count) => count > 0)
  return !statuses && live.stats.sources.every((source) => source.events === 0 && source.unreadable === 0)
}
