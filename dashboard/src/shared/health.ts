/** How a source stands, by the clock: who owes news and gives none is silent. */

const MINUTE = 60_000

export type Health = 'ok' | 'quiet' | 'silent' | 'lost' | 'new' | 'off'

/**
 * A source with open orders owes news of them: one order some in half an hour, six or more in five minutes. Twice that
 * long without a word means `lost`. Without open orders silence is normal.
 */
export function healthOf(source: { enabled: boolean; last_received_at: string | null }, openOrders: number, now: number): Health {
  if (!source.enabled) return 'off'
  if (source.last_received_at === null) return 'new'
  const silence = now - Date.parse(source.last_received_at)
  if (openOrders === 0) return silence > 10 * MINUTE ? 'quiet' : 'ok'
  const patience = Math.max((30 * MINUTE) / openOrders, 5 * MINUTE)
  if (silence <= patience) return 'ok'
  return silence <= 2 * patience ? 'silent' : 'lost'
}
