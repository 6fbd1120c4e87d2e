/** How an ended order ended, against what was promised. */

import type { Times } from '../shared/risk/times'

const MINUTE = 60_000

export type Outcome =
  | { how: 'on_time' | 'delivered'; mark: 'ok' }
  | { how: 'early'; mark: 'ok'; by: number }
  | { how: 'late'; mark: 'warn'; by: number }
  | { how: 'cancelled' | 'rejected' | 'failed' | 'returned'; mark: 'crit' }

export function outcomeOf(times: Times): Outcome {
  const status = times.status
  if (status === 'cancelled' || status === 'rejected' || status === 'failed' || status === 'returned') {
    return { how: status, mark: 'crit' }
  }
  if (times.promised === null) return { how: 'delivered', mark: 'ok' }
  const late = times.since - times.promised
  if (late >= MINUTE) return { how: 'late', mark: 'warn', by: late }
  return late <= -2 * MINUTE ? { how: 'early', mark: 'ok', by: -late } : { how: 'on_time', mark: 'ok' }
}
