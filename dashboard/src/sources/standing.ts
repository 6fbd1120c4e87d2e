/** A source's health in the list: the light of the board, and what its signatures say. */

import { healthOf, type Health } from '../shared/health'
import type { Source, SourceHealth } from '../api/types'
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

/** From how many failures on it is the source's own signature, and not somebody who tried the address. */
const OFTEN = 3

/** Say whether nothing passes any more, though it had. */
export const hasStopped = ({ signatures }: SourceHealth): boolean =>
  signatures.worked_until !== null && signatures.failures_since >= OFTEN

/** Say whether some requests do not pass, or none ever did. */
export const isFailing = ({ signatures }: SourceHealth): boolean =>
  signatures.failures > 0 || (signatures.failing_since !== null && signatures.worked_until === null)

/** Say whether requests came, none was taken, and their signature was not why. */
export const isRefused = (health: SourceHealth): boolean =>
  health.last_received_at === null && health.rejected > 0 && !isFailing(health)

export function standingOf(source: Source, openOrders: number, now: number): Standing {
  if (!source.enabled) return 'off'
  if (hasStopped(source.health)) return 'stopped'
  if (isFailing(source.health)) return 'failing'
  return healthOf({ enabled: true, last_received_at: source.activity.last_received_at }, openOrders, now)
}

const BAD: readonly Standing[] = ['lost', 'silent', 'stopped']

/** How many are silent or stopped, and how many need a look beside those. */
export function troubleOf(standings: readonly { standing: Standing; source: Source }[]): { bad: number; look: number } {
  const bad = standings.filter(({ standing }) => BAD.includes(standing)).length
  const look = standings.filter(
    ({ standing, source }) => !BAD.includes(standing) && (standing === 'failing' || source.health.news > 0 || isRefused(source.health)),
  ).length
  return { bad, look }
}

/** How many of some orders each source has. */
export function countBySource(entries: Iterable<{ card: { source: string } }>): Map<string, number> {
  const counts = new Map<string, number>()
  for (const { card } of entries) counts.set(card.source, (counts.get(card.source) ?? 0) + 1)
  return counts
}
