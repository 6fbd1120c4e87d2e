/** What stands in a canonical event, by the paths of fields, as short text. */

import type { Words } from '../shared/i18n/en'
import { secondOf } from '../shared/time/format'

const TIMES = new Set(['occurred_at', 'promised_at', 'eta'])

export function readAs(event: Record<string, unknown> | undefined, field: string, words: Words): string {
  if (!event) return ''
  if (field === 'event_type') return `${String(event['raw_type'] ?? '')} → ${String(event['type'])}`
  const [name = '', part] = field.split('.')
  const whole = event[name]
  const value = part === undefined ? whole : (whole as Record<string, unknown> | undefined)?.[part]
  if (value === undefined || value === null) return ''
  if (Array.isArray(value)) return words.sources.wizard.items(value.length)
  return TIMES.has(field) ? secondOf(Date.parse(String(value))) : String(value)
}

/** Keys that no field has taken. */
export const keptOf = (event: Record<string, unknown> | undefined): string[] => Object.keys((event?.['data'] as object | undefined) ?? {})

export const faultsOf = (event: Record<string, unknown> | undefined): string[] => (event?.['faults'] as string[] | undefined) ?? []
