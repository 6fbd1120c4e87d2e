/** A source's health in the list: the light of the board, in the list's own words. */

import { healthOf, type Health } from '../shared/health'
import type { Source } from '../api/types'
import type { MarkKind } from '../shared/ui/Mark.svelte'

export const MARKS: Record<Health, MarkKind> = {
  ok: 'ok',
  quiet: 'stale',
  silent: 'warn',
  lost: 'crit',
  new: 'stale',
  off: 'idle',
}

export function healthOfSource(source: Source, openOrders: number, now: number): Health {
  const stats = { enabled: source.enabled, last_received_at: source.activity.last_received_at }
  return healthOf(stats, openOrders, now)
}
