/** What a view of the board shows; it lives in the address, so that a view can be shared. */

import type { Card } from '../api/types'

export type View = 'board' | 'table' | 'stores'
export type SortKey = 'due' | 'order' | 'source' | 'store' | 'status' | 'since' | 'promised' | 'total'

export interface Filters {
  view: View
  source: string
  store: string
  region: string
  risk: boolean
  sort: SortKey
  descending: boolean
}

const VIEWS: readonly View[] = ['board', 'table', 'stores']
const SORTS: readonly SortKey[] = ['due', 'order', 'source', 'store', 'status', 'since', 'promised', 'total']

export function readFilters(query: URLSearchParams): Filters {
  const sort = query.get('sort') ?? ''
  return {
    view: VIEWS.find((view) => view === query.get('view')) ?? 'board',
    source: query.get('source') ?? '',
    store: query.get('store') ?? '',
    region: query.get('region') ?? '',
    risk: query.get('risk') === '1',
    sort: SORTS.find((key) => key === sort.replace(/^-/, '')) ?? 'due',
    descending: sort.startsWith('-'),
  }
}

/** The query for filters, without what is so by default. */
export function writeFilters(filters: Partial<Filters>): string {
  const query = new URLSearchParams()
  if (filters.view && filters.view !== 'board') query.set('view', filters.view)
  if (filters.source) query.set('source', filters.source)
  if (filters.store) query.set('store', filters.store)
  if (filters.region) query.set('region', filters.region)
  if (filters.risk) query.set('risk', '1')
  const sort = `${filters.descending ? '-' : ''}${filters.sort ?? 'due'}`
  if (sort !== 'due') query.set('sort', sort)
  const text = query.toString()
  return text ? `?${text}` : ''
}

export const passes = (card: Card, filters: Pick<Filters, 'source' | 'store' | 'region'>): boolean =>
  (filters.source === '' || card.source === filters.source) &&
  (filters.store === '' || card.store_id === filters.store) &&
  (filters.region === '' || card.region === filters.region)

export interface Choices {
  sources: string[]
  stores: string[]
  regions: string[]
}

/** What there is to choose from among the orders, sorted. */
export function choicesOf(cards: Iterable<Card>): Choices {
  const [sources, stores, regions] = [new Set<string>(), new Set<string>(), new Set<string>()]
  for (const card of cards) {
    sources.add(card.source)
    if (card.store_id) stores.add(card.store_id)
    if (card.region) regions.add(card.region)
  }
  return { sources: sorted(sources), stores: sorted(stores), regions: sorted(regions) }
}

const sorted = (words: Set<string>): string[] => [...words].sort((a, b) => a.localeCompare(b))
