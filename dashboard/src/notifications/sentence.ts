/** A route as a sentence: words, and among them the parts that can be chosen. */

import type { Route } from '../api/types'
import type { Words } from '../shared/i18n/en'

export interface Part {
  text: string
  isSlot: boolean
}

export function sentenceOf(route: Route, words: Words): Part[] {
  const t = words.notifications.say
  const events = route.event_types.map((type) => words.event[type] ?? type)
  const parts: Part[] = [
    plain(t.when),
    slot(events.join(', ') || words.common.any),
    plain(t.from),
    slot(route.sources.join(', ') || t.anySource),
    plain(t.at),
    slot(route.stores.join(', ') || t.anyStore),
    plain(t.to),
    slot(route.channels.join(', ') || t.nobody),
    plain(t.end),
  ]
  return parts.filter((part) => part.text !== '')
}

const plain = (text: string): Part => ({ text, isSlot: false })
const slot = (text: string): Part => ({ text, isSlot: true })
