/** A source as a form holds it, and the way there and back. */

import type { Mapping, Platform, Source, SourceSpec, Verification } from '../api/types'
import { OWN } from './platforms'

export interface Draft {
  name: string
  provider: string
  settings: Record<string, string>
  public_url: string
  verification: Verification
  secrets: string[]
  hmac: SourceSpec['hmac']
  token: SourceSpec['token']
  mapping: { event_type: string; order_id: string; event_id: string; events: string }
  fields: Record<string, string>
  statuses: string
  time_zone: string
  currency: string
  enabled: boolean
}

export const FIELDS = [
  'occurred_at',
  'store_id',
  'region',
  'promised_at',
  'eta',
  'total',
  'currency',
  'items',
  'reason',
  'courier.id',
  'courier.name',
  'courier.phone',
  'courier.lat',
  'courier.lon',
  'customer.name',
  'customer.phone',
  'customer.address',
  'customer.lat',
  'customer.lon',
] as const

const HMAC: SourceSpec['hmac'] = {
  header: 'x-signature',
  algorithm: 'sha256',
  encoding: 'hex',
  prefix: '',
  content: '{body}',
  timestamp_header: null,
  id_header: null,
  tolerance_seconds: 300,
}

/** What the form does not show, in a new source. */
const UNSAID = { success_status: null, allow_compressed: false } as const

const specAlone = ({ address: _, activity: _1, health: _4, created_at: _2, updated_at: _3, ...spec }: Source): SourceSpec => spec

export function newDraft(): Draft {
  return {
    name: '',
    provider: OWN,
    settings: {},
    public_url: '',
    verification: 'standard_webhooks',
    secrets: [],
    hmac: { ...HMAC },
    token: { header: 'authorization', prefix: 'Bearer ' },
    mapping: { event_type: 'event_type || type', order_id: 'order_id', event_id: 'event_id || id', events: '' },
    fields: {},
    statuses: '',
    time_zone: '',
    currency: '',
    enabled: true,
  }
}

export function draftOf(source: Source): Draft {
  const { event_type, order_id, event_id, events, fields, statuses } = source.mapping
  return {
    name: source.name,
    provider: source.provider,
    settings: { ...source.settings },
    public_url: source.public_url ?? '',
    verification: source.verification,
    secrets: [...source.secrets],
    hmac: { ...source.hmac },
    token: { ...source.token },
    mapping: { event_type, order_id, event_id: event_id ?? '', events: events ?? '' },
    fields: { ...fields },
    statuses: writeStatuses(statuses),
    time_zone: source.time_zone ?? '',
    currency: source.currency ?? '',
    enabled: source.enabled,
  }
}

/** The specification of a draft; what the form does not show stays as `old` has it. */
export function specOf(draft: Draft, old: Source | null): SourceSpec {
  return {
    ...(old ? specAlone(old) : UNSAID),
    name: draft.name,
    provider: draft.provider,
    settings: Object.fromEntries(Object.entries(draft.settings).filter(([, value]) => value !== '')),
    public_url: draft.public_url.trim() || null,
    verification: draft.verification,
    secrets: draft.verification === 'open' ? [] : draft.secrets.filter((secret) => secret !== ''),
    hmac: draft.hmac,
    token: draft.token,
    mapping: mappingOf(draft),
    time_zone: draft.time_zone || null,
    currency: draft.currency || null,
    enabled: draft.enabled,
  }
}

export function mappingOf(draft: Draft): Mapping {
  const { event_type, order_id, event_id, events } = draft.mapping
  return {
    events: events.trim() || null,
    event_type,
    order_id,
    event_id: event_id || null,
    fields: Object.fromEntries(Object.entries(draft.fields).filter(([, path]) => path.trim() !== '')),
    statuses: readStatuses(draft.statuses),
  }
}

/** Lay a proposed mapping over a draft; words that were given a meaning keep it. */
export function withMapping(draft: Draft, mapping: Mapping): Draft {
  const { event_type, order_id, event_id, events, fields, statuses } = mapping
  return {
    ...draft,
    mapping: { event_type, order_id, event_id: event_id ?? '', events: events ?? '' },
    fields: { ...fields },
    statuses: writeStatuses({ ...statuses, ...readStatuses(draft.statuses) }),
  }
}

/** Make a draft one of a platform's, or with null one of an own service. */
export function ofPlatform(draft: Draft, platform: Platform | null): Draft {
  if (platform === null) return { ...draft, provider: OWN, settings: {}, verification: 'standard_webhooks', secrets: [] }
  const settings = Object.fromEntries(platform.settings.map((one) => [one.name, one.default ?? '']))
  return { ...draft, provider: platform.name, settings, verification: platform.proof ? 'provider' : 'open', secrets: platform.proof ? [''] : [] }
}

/** Say whether both places are taken by secrets that the sender may use: then one must be removed first. */
export const hasNoRoom = (secrets: readonly string[], kept: readonly string[]): boolean =>
  secrets.filter((secret) => kept.includes(secret)).length > 1

/** Put a secret that was made before the one that is kept; both hold while the sender changes over. */
export const withNew = (secrets: readonly string[], kept: readonly string[], made: string): string[] => [
  made,
  ...secrets.filter((secret) => kept.includes(secret)),
]

/** `NEW = order.created` a line. */
export function readStatuses(text: string): Record<string, string> {
  const pairs = text.split('\n').map((line) => line.split('=').map((word) => word.trim()))
  return Object.fromEntries(pairs.filter(([word, type]) => word && type).map(([word, type]) => [word, type] as [string, string]))
}

export const writeStatuses = (statuses: Record<string, string>): string =>
  Object.entries(statuses)
    .map(([word, type]) => `${word} = ${type}`)
    .join('\n')
