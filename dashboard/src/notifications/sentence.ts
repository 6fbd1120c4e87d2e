/** A route as a sentence: words, and among them the parts that can be chosen. */

import type { Route } from '../api/types'
import type { Words } from '../shared/i18n/en'

export interface Part {
  text: string
  isSlot: boolean
}

/** Languages put the parts in different places, so the sentence is one text with slots in braces. */
export function sentenceOf(route: Route, words: Words): Part[] {
  const t = words.notifications
  const slots: Record<string, string> = {
    event: route.event_types.map((type) => words.event[type] ?? type).join(', ') || words.common.any,
    source: route.sources.join(', ') || t.anySource,
    store: route.stores.join(', ') || t.anyStore,
    channels: route.channels.join(', ') || t.nobody,
  }
  // Splitting by a group keeps what it held, at every second place.
  return t.say
    .split(/\{(\w+)\}/)
    .map((text, index) => (index % 2 === 1 ? { text: slots[text] ?? text, isSlot: true } : { text, isSlot: false }))
    .filter((part) => part.text !== '')
}
