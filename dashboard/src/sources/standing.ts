/** A source's health in the list: the light of the board, and what its signatures say. */

import { healthOf, type Health } from '../shared/health'
import type { Source } from '../api/types'
import type { MarkKind } from '../shared/ui/Mark.svelte'

export type Standing = Health | 'failing' | 'stopped'

export const MARKS: Record<Standing, MarkKind> = {
  ok: 'ok',
  quiet: 'stale',
  silent: 'warn',
  lost: 'crit',
  new: 'stale',
  off: 'idle',
  failing: 'warn',
  stopped: 'crit',
}

/** `stopped`: nothing passes its signature any more, though it had; `failing`: some of it does not, or never did. */
export function standingOf(source: Source, openOrders: number, now: number): Standing {
  if (!source.enabled) return 'off'
  const { failing_since, worked_until, failures } = source.health.signatures
  if (failing_since !== null && worked_until !== null) return 'stopped'
  if (failures > 0 || failing_since !== null) return 'failing'
  return healthOf({ enabled: true, last_received_at: source.activity.last_received_at }, openOrders, now)
}

const BAD: readonly Standing[] = ['lost', 'silent', 'stopped']

/** How many are silent or stopped, and how many need a look beside those. */
export function troubleOf(standings: readonly { standing: Standing; source: Source }[]): { bad: number; look: number } {
  const bad = standings.filter(({ standing }) => BAD.includes(standing)).length
  const look = standings.filter(
    ({ standing, source }) => !BAD.includes(standing) && (standing === 'failing' || source.health.news > 0),
  ).length
  return { bad, look }
}

/** How many of some orders each source has. */
export function countBySource(entries: Iterable<{ card: { source: string } }>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { card } of entries) counts.set(card.source, (counts.get(card.source) ?? 0) + 1)
  return counts
}
