/** What an event changed, in a few words. */

import type { Item, Order, TimelineEntry } from '../api/types'
import type { Words } from '../shared/i18n/en'
import { money } from '../shared/money'
import type { Language } from '../shared/time/duration'
import { minuteOf } from '../shared/time/format'
import type { Status } from '../shared/risk/times'

interface Told {
  words: Words
  language: Language
  currency: string | null
}

/** One phrase per field; the status is left out, since the event's own name says it. */
export function sayChanges(entry: TimelineEntry, told: Told): string[] {
  return Object.entries(entry.changes)
    .filter(([field]) => field !== 'status' && field !== 'currency' && field !== 'placed_at')
    .flatMap(([field, change]) => phrase(field, change, told) ?? [])
}

function phrase(field: string, change: unknown, told: Told): string | null {
  if (field === 'items') return itemsPhrase(change, told)
  if (!Array.isArray(change)) return null
  const [before, after] = change.map((value) => show(field, value, told))
  if (after === null || after === undefined) return null
  const name = (told.words.order.field as Record<string, string>)[field] ?? field
  return before === null || before === undefined || field === 'courier' ? `${name} ${after}` : `${name} ${before} → ${after}`
}

type Show = (value: unknown, told: Told) => string | null

const SHOW: Record<string, Show> = {
  eta: (value) => minuteOf(Date.parse(String(value))),
  promised_at: (value) => minuteOf(Date.parse(String(value))),
  total: (value, told) => money(String(value), told.currency, told.language),
  status: (value, told) => told.words.status[value as Status] ?? String(value),
  courier: (value) => person(value),
  customer: (value) => person(value),
}

function show(field: string, value: unknown, told: Told): string | null {
  if (value === null || value === undefined) return null
  const known = SHOW[field]
  if (known) return known(value, told)
  return typeof value === 'object' ? null : String(value)
}

function person(value: unknown): string | null {
  const { name, id, lat, lon } = value as { name?: string; id?: string; lat?: number; lon?: number }
  const place = typeof lat === 'number' && typeof lon === 'number' ? `${lat.toFixed(4)}, ${lon.toFixed(4)}` : null
  return [name ?? id, place].filter(Boolean).join(' · ') || null
}

function itemsPhrase(change: unknown, told: Told): string | null {
  const { added = [], removed = [], changed = [] } = change as { added?: Item[]; removed?: Item[]; changed?: unknown[] }
  const t = told.words.order
  const parts = [
    ...listed(added).map((text) => `+ ${text}`),
    ...listed(removed).map((text) => `− ${text}`),
    ...listed(changed.map(latter)).map((text) => `${t.changes}: ${text}`),
  ]
  return parts.length > 0 ? parts.join(', ') : null
}

const latter = (change: unknown): Item => (Array.isArray(change) ? (change.at(-1) as Item) : (change as Item))
const listed = (items: readonly Item[]): string[] => items.filter((item) => item?.name).slice(0, 12).map(sayItem)

/** `2 × Bibim bowl` */
export const sayItem = (item: Item): string => `${item.quantity ?? '1'} × ${item.name}`

export const sayItems = (order: Pick<Order, 'items'>): string =>
  order.items.slice(0, 30).map(sayItem).join(', ') + (order.items.length > 30 ? ` +${order.items.length - 30}` : '')
