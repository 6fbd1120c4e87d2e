/** An order's times as numbers, read once when it arrives: a board looks at thousands of them every second. */

export type Status =
  | 'created'
  | 'accepted'
  | 'preparing'
  | 'ready'
  | 'picked_up'
  | 'nearby'
  | 'delivered'
  | 'cancelled'
  | 'rejected'
  | 'failed'
  | 'returned'

/** What {@link timesOf} reads of an order; times are RFC 3339. */
export interface TimedOrder {
  status: Status
  status_since: string
  last_event_at: string
  placed_at?: string | null | undefined
  promised_at?: string | null | undefined
  eta?: string | null | undefined
  courier?: object | null | undefined
  courier_seen_at?: string | null | undefined
  milestones: Record<string, string>
}

export interface Times {
  status: Status
  since: number
  lastEvent: number
  placed: number | null
  accepted: number | null
  pickedUp: number | null
  promised: number | null
  eta: number | null
  courierSeen: number | null
  hasCourier: boolean
}

export function timesOf(order: TimedOrder): Times {
  return {
    status: order.status,
    since: Date.parse(order.status_since),
    lastEvent: Date.parse(order.last_event_at),
    placed: parse(order.placed_at),
    accepted: parse(order.milestones['accepted']),
    pickedUp: parse(order.milestones['picked_up']),
    promised: parse(order.promised_at),
    eta: parse(order.eta),
    courierSeen: parse(order.courier_seen_at),
    hasCourier: order.courier != null,
  }
}

const parse = (text: string | null | undefined): number | null => (text == null ? null : Date.parse(text))

export type Column = 'unaccepted' | 'preparing' | 'ready' | 'way' | 'done'

export const COLUMNS: readonly Column[] = ['unaccepted', 'preparing', 'ready', 'way', 'done']

const COLUMN_OF: Record<Status, Column> = {
  created: 'unaccepted',
  accepted: 'preparing',
  preparing: 'preparing',
  ready: 'ready',
  picked_up: 'way',
  nearby: 'way',
  delivered: 'done',
  cancelled: 'done',
  rejected: 'done',
  failed: 'done',
  returned: 'done',
}

export const columnOf = (status: Status): Column => COLUMN_OF[status]

export const isOpen = (status: Status): boolean => COLUMN_OF[status] !== 'done'
