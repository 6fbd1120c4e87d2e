/** An order's way as steps in a row: what is past, what is late, what is still to come. */

import type { Order } from '../api/types'
import { isOpen, type Status } from '../shared/risk/times'
import type { MarkKind } from '../shared/ui/Mark.svelte'

export type StepName = 'created' | 'accepted' | 'ready' | 'picked_up' | 'nearby' | 'delivered' | EndName
export type EndName = 'cancelled' | 'rejected' | 'failed' | 'returned'

export interface Step {
  name: StepName
  mark: MarkKind
  /** When it happened. */
  at: number | null
  /** When it is expected or was promised, where that is known. */
  promised: number | null
  eta: number | null
  /** Milliseconds after the promise, 0 when in time. */
  late: number
  /** It happened, and a later step too: the line to the next one is drawn through. */
  isPast: boolean
}

const WAY: readonly StepName[] = ['created', 'accepted', 'ready', 'picked_up', 'nearby', 'delivered']
const ENDS: ReadonlySet<Status> = new Set(['cancelled', 'rejected', 'failed', 'returned'])
const MINUTE = 60_000

type Known = Pick<Order, 'status' | 'status_since' | 'placed_at' | 'promised_at' | 'eta' | 'milestones'>

export function trackOf(order: Known): Step[] {
  const names = ENDS.has(order.status) ? [...WAY.filter((name) => reached(order, name)), order.status as EndName] : WAY
  const times = names.map((name) => reached(order, name))
  return names.map((name, index) => {
    const at = times[index] ?? null
    const goesOn = times.slice(index + 1).some((time) => time !== null)
    return stepOf(order, { name, at, goesOn })
  })
}

const parse = (text: string | null | undefined): number | null => (text == null ? null : Date.parse(text))

function reached(order: Known, name: StepName): number | null {
  const told = parse(order.milestones[name])
  if (told !== null) return told
  if (name === 'created') return parse(order.placed_at)
  return order.status === name ? parse(order.status_since) : null
}

function stepOf(order: Known, step: { name: StepName; at: number | null; goesOn: boolean }): Step {
  const isLast = step.name === 'delivered'
  const promised = isLast ? parse(order.promised_at) : null
  const eta = isLast && step.at === null && isOpen(order.status) ? parse(order.eta) : null
  const end = step.at ?? eta
  const late = promised !== null && end !== null && end - promised >= MINUTE ? end - promised : 0
  return { name: step.name, mark: markOf(step, late), at: step.at, promised, eta, late, isPast: step.goesOn && step.at !== null }
}

function markOf(step: { name: StepName; at: number | null }, late: number): MarkKind {
  if (ENDS.has(step.name as Status)) return 'crit'
  if (late > 0) return 'warn'
  return step.at === null ? 'idle' : 'ok'
}
