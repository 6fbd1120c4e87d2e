import type { TimelineEntry } from '../api/types'

/** How long events took to reach us, in milliseconds: the middle one and the worst; null without events. */
export function lagsOf(timeline: readonly TimelineEntry[]): { median: number; worst: number } | null {
  const lags = timeline
    .map((entry) => Math.max(Date.parse(entry.received_at) - Date.parse(entry.occurred_at), 0))
    .sort((a, b) => a - b)
  const [median, worst] = [lags[Math.floor((lags.length - 1) / 2)], lags.at(-1)]
  return median === undefined || worst === undefined ? null : { median, worst }
}
