import type { Words } from '../shared/i18n/en'
import type { Screen } from '../shared/paths'

export interface Entry {
  to: Screen
  word: Exclude<keyof Words['nav'], 'menuOf'>
  /** The screens that lie under it. */
  screens: readonly Screen[]
}

export const NAVIGATION: readonly Entry[] = [
  { to: 'live', word: 'live', screens: ['live', 'login'] },
  { to: 'orders', word: 'orders', screens: ['orders', 'order'] },
  { to: 'receipts', word: 'receipts', screens: ['receipts', 'receipt'] },
  { to: 'quarantine', word: 'quarantine', screens: ['quarantine', 'quarantined'] },
  { to: 'sources', word: 'sources', screens: ['sources', 'newSource', 'source'] },
  { to: 'notifications', word: 'notifications', screens: ['notifications', 'handlers'] },
]
