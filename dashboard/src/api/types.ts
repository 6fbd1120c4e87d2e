/**
 * The API's values by the names that the page uses. Those of the endpoints come from the server's own description
 * (`npm run api` writes it anew); those of the stream, which OpenAPI cannot tell, stand here as docs/api.md tells them.
 * Times are RFC 3339 in UTC; money is decimal text.
 */

import type { components } from './schema'

type Schemas = components['schemas']

/** `T` with some keys left out where they say nothing; the description cannot tell that. */
type Sparse<T, K extends keyof T> = Omit<T, K> & Partial<Pick<T, K>>

export interface Page<Item> {
  items: Item[]
  next: string | null
}

export type Role = Schemas['Role']
export type Me = Schemas['Me']
export type SessionState = Schemas['SessionState']

export type Courier = Partial<Schemas['Courier']>
export type Customer = Partial<Schemas['Customer']>
export type Item = Sparse<Schemas['Item'], 'quantity' | 'price' | 'id'>

/** What may be known of where somebody is, in degrees. */
export interface Place {
  lat?: number | null
  lon?: number | null
}

interface Inside {
  courier: Courier | null
  customer: Customer | null
  items: Item[]
  masked?: boolean
}

export type Order = Omit<Schemas['ListedOrder'], keyof Inside> & Inside

export type TimelineEntry = Sparse<Omit<Schemas['TimelineEntry'], 'changes' | 'data' | 'type'>, 'conflict' | 'faults'> & {
  /** One of the canonical types; a newer server may know more of them. */
  type: string
  changes: Record<string, unknown>
  data?: Record<string, unknown>
}

/** On the stream, notifications come without their attempts. */
export type Notification = Omit<Schemas['Notification'], 'attempts'> & { attempts?: Attempt[] }
export type NotificationStatus = Schemas['NotificationStatus']
export type Attempt = Sparse<Schemas['Attempt'], 'detail' | 'took_ms'>

type Shown = Inside & { timeline: TimelineEntry[]; conflicts?: TimelineEntry[]; timeline_truncated?: boolean; told: Notification[] }
export type OrderDetail = Omit<Schemas['OrderDetail'], keyof Shown> & Shown

export type Receipt = Schemas['ReceiptEntry']
export type ReceiptKind = Schemas['ReceiptKind']
export type ReceiptDetail = Sparse<Schemas['ReceiptDetail'], 'masked'>
export type Replayed = Schemas['Replayed']

export type QuarantineItem = Schemas['Quarantined']
export type QuarantineDetail = Sparse<Schemas['QuarantinedDetail'], 'masked'>
export type QuarantinePage = Schemas['QuarantinePage']
export type Resubmission = Schemas['Resubmitted']
export type ResubmissionCounts = Schemas['ResubmittedAll']

export type Verification = Schemas['Verification']
/** A source as one writes it. */
export type SourceSpec = Schemas['Source']
export type Source = Schemas['SourceShape']
export type SourceHealth = Schemas['SourceHealth']
export type SeenWord = Schemas['SeenWord']
export type Platform = Schemas['Platform']
export type Mapping = Schemas['Mapping']
export type Proposal = Schemas['Proposal']
export type ProposedField = Schemas['ProposedField']
export type SampleField = Schemas['SampleField']
export type Preview = Omit<Schemas['Previewed'], 'events'> & { events: Record<string, unknown>[] }
export type Channel = Omit<Schemas['Channel'], 'settings'> & { settings: Record<string, unknown> }
export type Route = Schemas['Route']
export type CommandAccepted = Schemas['CommandAccepted']
export type DeadLetter = Schemas['DeadRun']

export type User = Schemas['User']
export type UserChange = Partial<Schemas['UserChange']>
export type Invite = Schemas['InviteShape']
export type ApiToken = Schemas['AccessToken']
export type NewApiToken = Schemas['NewTokenShape']
export type AuditEntry = Schemas['AuditEntry']

export type Stats = Schemas['Stats']
export type SourceStats = Schemas['SourceLight']

/** An order as the board gets it, without personal data. */
export type Card = Omit<Schemas['ListedOrder'], keyof Inside | 'milestones' | 'duplicates'> & {
  open: boolean
  courier: ({ id?: string | null } & Place) | null
  /** The position of its first receipt, which sorts cards by age. */
  first_receipt: number
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
