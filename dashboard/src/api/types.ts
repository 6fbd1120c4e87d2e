/** The API's values, as docs/api.md tells them. Times are RFC 3339 in UTC; money is decimal text. */

import type { Status } from '../shared/risk/times'

export type Role = 'viewer' | 'operator' | 'admin'

export interface Me {
  name: string
  role: Role
  via: 'session' | 'token'
  expires_at: string | null
  server: { version: string; base_url: string; open_webhook: boolean; language: string }
}

export interface Page<Item> {
  items: Item[]
  next: string | null
}

/** An order as the board gets it, without personal data. */
export interface Card {
  source: string
  order_id: string
  status: Status
  status_since: string
  open: boolean
  store_id: string | null
  region: string | null
  placed_at: string | null
  promised_at: string | null
  eta: string | null
  courier: { id?: string | null; lat?: number | null; lon?: number | null } | null
  courier_seen_at: string | null
  total: string | null
  currency: string | null
  reason: string | null
  flags: string[]
  last_event_at: string
  first_receipt: number
}

export interface Place {
  lat?: number | null
  lon?: number | null
}

export interface Courier extends Place {
  id?: string | null
  name?: string | null
  phone?: string | null
}

export interface Customer extends Place {
  name?: string | null
  phone?: string | null
  address?: string | null
}

export interface Item {
  name: string
  quantity?: string | null
  price?: string | null
  id?: string | null
}

export interface Order {
  source: string
  order_id: string
  status: Status
  status_since: string
  store_id: string | null
  region: string | null
  placed_at: string | null
  promised_at: string | null
  eta: string | null
  courier: Courier | null
  courier_seen_at: string | null
  customer: Customer | null
  total: string | null
  currency: string | null
  items: Item[]
  reason: string | null
  milestones: Record<string, string>
  flags: string[]
  duplicates: number
  last_event_at: string
  masked?: boolean
}

export interface TimelineEntry {
  type: string
  raw_type: string
  occurred_at: string
  received_at: string
  receipt: number
  changes: Record<string, unknown>
  conflict?: boolean
  faults?: string[]
  data?: Record<string, unknown>
}

export interface OrderDetail extends Order {
  timeline: TimelineEntry[]
  timeline_truncated?: boolean
  told: Notification[]
  receipts: number[]
  open: boolean
}

export type ReceiptKind = 'event' | 'duplicate' | 'conflict' | 'replay'

export interface Receipt {
  position: number
  kind: ReceiptKind
  of: number | null
  source: string
  event_id: string | null
  method: string
  path: string
  content_type: string
  received_at: string
  size: number
}

export interface Raw {
  headers: Record<string, string>
  body: string | null
  encoding: 'utf-8' | 'base64' | null
  masked?: boolean
}

export type ReceiptDetail = Receipt & Raw

export interface QuarantineItem {
  id: string
  kind: 'rejected' | 'unreadable'
  received_at: string
  source: string
  code: string
  reason: string
  status: number | null
  method: string
  path: string
  content_type: string
  size: number
  truncated: boolean
  receipt: number | null
  resubmitted_at: string | null
  resubmitted_as: number | null
}

export type QuarantineDetail = QuarantineItem & Raw

export interface Resubmission {
  id: string
  outcome: 'accepted' | 'duplicate' | 'refused'
  receipt: number | null
  code: string | null
  reason: string | null
}

export interface ResubmissionCounts {
  accepted: number
  duplicate: number
  refused: number
  more: boolean
}

export interface Attempt {
  at: string
  outcome: 'sent' | 'retry' | 'rejected'
  detail?: string
  took_ms?: number
}

export type NotificationStatus = 'pending' | 'sent' | 'failed'

export interface Notification {
  id: number
  cause: string
  channel: string
  kind: string | null
  route: string | null
  source: string | null
  order_id: string | null
  title: string
  text: string
  severity: string
  link: string | null
  status: NotificationStatus
  tries: number
  /** Left out on the live stream. */
  attempts?: Attempt[]
  created_at: string
  due_at: string
  finished_at: string | null
}

export interface Channel {
  name: string
  kind: string
  settings: Record<string, unknown>
  enabled: boolean
  fallback: string | null
}

export interface Route {
  name: string
  event_types: string[]
  sources: string[]
  stores: string[]
  channels: string[]
  enabled: boolean
}

export type Verification = 'open' | 'standard_webhooks' | 'hmac' | 'token'

export interface Hmac {
  header: string
  algorithm: 'sha1' | 'sha256' | 'sha512'
  encoding: 'hex' | 'base64'
  prefix: string
  content: string
  timestamp_header: string | null
  id_header: string | null
  tolerance_seconds: number
}

export interface Mapping {
  event_type: string
  order_id: string
  event_id: string | null
  fields: Record<string, string>
  statuses: Record<string, string>
  events: string | null
}

/** A source as one writes it. */
export interface SourceSpec {
  name: string
  provider: string
  verification: Verification
  secrets: string[]
  hmac: Hmac
  token: { header: string; prefix: string }
  mapping: Mapping
  time_zone: string | null
  currency: string | null
  success_status: 200 | 201 | 202 | 204
  allow_compressed: boolean
  enabled: boolean
}

export interface Source extends SourceSpec {
  address: string
  activity: {
    last_received_at: string | null
    events: number
    duplicates: number
    conflicts: number
    unreadable: number
    rejected: number
    per_minute: number
  }
}

export interface DeadLetter {
  id: number
  handler: string
  receipt: number
  index: number
  source: string
  order_id: string | null
  type: string
  tries: number
  created_at: string
  last_error: string | null
}

export interface SourceStats {
  source: string
  enabled: boolean
  last_received_at: string | null
  per_minute: number
  events: number
  unreadable: number
}

export interface Stats {
  at: string
  open: number
  by_status: Partial<Record<Status, number>>
  events_per_minute: { last: number; series: number[] }
  ended_60_min: number
  cancelled_30_min: { cancelled: number; ended: number; share: number | null }
  time_to_accept: { p50_seconds: number | null; p90_seconds: number | null; orders: number }
  on_time_60_min: { on_time: number; delivered: number; share: number | null }
  sources: SourceStats[]
  pipeline: { lag_seconds: number; behind: number; worker_seen_at: string | null }
  readers: number
}

export interface Snapshot {
  at: string
  stats: Stats
  open: Card[]
  open_total: number
  open_truncated: boolean
  done: Card[]
  notifications: Notification[]
}

export interface User {
  name: string
  role: Role
  disabled: boolean
  created_at: string
}

export interface ApiToken {
  id: number
  name: string
  role: Role
  created_at: string
  revoked_at: string | null
  /** Only in the answer to its making. */
  token?: string
}

export interface AuditEntry {
  id: number
  at: string
  by: string
  action: string
  subject: string
}
