import { fill } from './router/match'

/** Where each screen is. */
export const PATHS = {
  live: '/',
  orders: '/orders',
  order: '/orders/:source/:id',
  receipts: '/receipts',
  receipt: '/receipts/:position',
  quarantine: '/quarantine',
  quarantined: '/quarantine/:id',
  notifications: '/notifications',
  sources: '/sources',
  newSource: '/sources/new',
  source: '/sources/edit/:name',
  handlers: '/handlers',
  settings: '/settings',
  login: '/login',
} as const

export type Screen = keyof typeof PATHS

export const orderPath = (order: { source: string; order_id: string }): string =>
  fill(PATHS.order, { source: order.source, id: order.order_id })

export const receiptPath = (position: number): string => fill(PATHS.receipt, { position })
export const quarantinePath = (id: string): string => fill(PATHS.quarantined, { id })
export const sourcePath = (name: string): string => fill(PATHS.source, { name })
