import type { Live } from '../api/live'
import { healthOf, type Health } from '../shared/health'

export interface Light {
  source: string
  health: Health
  /** When it was last heard of. */
  lastAt: number | null
  perMinute: number
  openOrders: number
}

/** Every source's light, in the order of the server, which does not jump. */
export function lightsOf(live: Live, now: number): Light[] {
  const open = new Map<string, number>()
  for (const { card } of live.open.values()) open.set(card.source, (open.get(card.source) ?? 0) + 1)
  return (live.stats?.sources ?? []).map((stats) => {
    const openOrders = open.get(stats.source) ?? 0
    return {
      source: stats.source,
      health: healthOf(stats, openOrders, now),
      lastAt: stats.last_received_at === null ? null : Date.parse(stats.last_received_at),
      perMinute: stats.per_minute,
      openOrders,
    }
  })
}

/** The sources whose orders are only known as they were. */
export const silentOnes = (lights: readonly Light[]): ReadonlySet<string> =>
  new Set(lights.filter((light) => light.health === 'silent' || light.health === 'lost').map((light) => light.source))
