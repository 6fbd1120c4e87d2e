import type { Words } from '../shared/i18n/en'
import type { Screen } from '../shared/paths'

export interface Hint {
  keys: readonly string[]
  word: keyof Words['keys'] & string
}

const MOVE: Hint = { keys: ['j', 'k'], word: 'move' }
const OPEN: Hint = { keys: ['↵'], word: 'open' }
const SEARCH: Hint = { keys: ['/'], word: 'search' }
const ALL: Hint = { keys: ['?'], word: 'all' }

/** The keys that the foot shows, by screen. */
export const HINTS: Partial<Record<Screen | 'first', readonly Hint[]>> & { other: readonly Hint[] } = {
  live: [MOVE, OPEN, SEARCH, ALL],
  first: [{ keys: ['c'], word: 'copy' }, { keys: ['n'], word: 'addSource' }, ALL],
  order: [
    { keys: ['[', ']'], word: 'neighbours' },
    { keys: ['r'], word: 'raw' },
    { keys: ['c'], word: 'copyLink' },
    ALL,
  ],
  notifications: [MOVE, { keys: ['↵'], word: 'attempts' }, { keys: ['n'], word: 'addRoute' }, ALL],
  sources: [MOVE, OPEN, { keys: ['n'], word: 'addSource' }, ALL],
  other: [MOVE, OPEN, SEARCH, ALL],
}
