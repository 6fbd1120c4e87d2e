/** Small valid values of the API for tests. */

import type { Card, Notification, Snapshot, SourceHealth, Stats } from '../src/api/types'

export const card = (change: Partial<Card>): Card => ({
  source: 'default',
  order_id: 'A-1',
  status: 'created',
  status_since: '2026-11-24T19:00:00Z',
  open: true,
  store_id: 's1',
  region: null,
  placed_at: '2026-11-24T19:00:00Z',
  promised_at: null,
  eta: null,
  courier: null,
  courier_seen_at: null,
  total: null,
  currency: null,
  reason: null,
  flags: [],
  last_event_at: '2026-11-24T19:00:00Z',
  first_receipt: 1,
  ...change,
})

export const notification = (change: Partial<Notification>): Notification => ({
  id: 1,
  cause: 'c',
  channel: 'log',
  kind: 'log',
  route: 'new-orders',
  source: 'default',
  order_id: 'A-1',
  title: 'New order A-1',
  text: 'A-1',
  severity: 'info',
  link: null,
  status: 'sent',
  tries: 1,
  created_at: '2026-11-24T19:00:00Z',
  due_at: '2026-11-24T19:00:00Z',
  finished_at: '2026-11-24T19:00:00Z',
  ...change,
})

export const stats = (change: Partial<Stats> = {}): Stats => ({
  at: '2026-11-24T19:00:00Z',
  open: 0,
  by_status: {},
  events_per_minute: { last: 0, series: [] },
  ended_60_min: 0,
  cancelled_30_min: { cancelled: 0, ended: 0, share: null },
  time_to_accept: { p50_seconds: null, p90_seconds: null, orders: 0 },
  on_time_60_min: { on_time: 0, delivered: 0, share: null },
  sources: [],
  pipeline: { lag_seconds: 0, behind: 0, worker_seen_at: null },
  readers: 1,
  ...change,
})

export const snapshot = (change: Partial<Snapshot>): Snapshot => ({
  at: '2026-11-24T19:00:00Z',
  stats: stats(),
  open: [],
  open_total: change.open?.length ?? 0,
  open_truncated: false,
  done: [],
  notifications: [],
  ...change,
})

export const health = (change: Partial<SourceHealth>): SourceHealth => ({
  last_received_at: null,
  per_minute: 0,
  usual_per_minute: null,
  usual_days: 0,
  lag: { p50_seconds: null, p95_seconds: null, events: 0 },
  signatures: { failures: 0, of: 0, last_at: null, failing_since: null, failures_since: 0, worked_until: null },
  events: 0,
  duplicates: 0,
  conflicts: 0,
  unreadable: 0,
  unknown: 0,
  rejected: 0,
  news: 0,
  ...change,
})
