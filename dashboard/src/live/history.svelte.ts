import type { Stats } from '../api/types'

export interface Sample {
  open: number
  atRisk: number
  onTime: number | null
  accept: number | null
  cancelled: number | null
}

const EVERY = 10_000
const KEPT = 60

/** What the figures were since the page was opened, one sample in 10 s. The server keeps no such curve. */
class History {
  samples = $state.raw<readonly Sample[]>([])
  #last = Number.NEGATIVE_INFINITY

  note(stats: Stats, atRisk: number): void {
    const now = performance.now()
    if (now - this.#last < EVERY) return
    this.#last = now
    const sample: Sample = {
      open: stats.open,
      atRisk,
      onTime: stats.on_time_60_min.share,
      accept: stats.time_to_accept.p50_seconds,
      cancelled: stats.cancelled_30_min.share,
    }
    this.samples = [...this.samples.slice(1 - KEPT), sample]
  }

  /** One figure's curve, without the moments when there was nothing to count. */
  of(figure: keyof Sample): number[] {
    return this.samples.flatMap((sample) => sample[figure] ?? [])
  }
}

export const history = new History()
