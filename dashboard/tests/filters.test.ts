import { expect, test } from 'vitest'
import { choicesOf, passes, readFilters, writeFilters } from '../src/live/filters'
import { card } from './samples'

test('filters survive the way into an address and back', () => {
  for (const query of ['', '?view=table&source=own-shop&store=Noodle+Yard%2FSoho&risk=1&sort=-since', '?region=%EC%84%9C%EC%9A%B8']) {
    expect(writeFilters(readFilters(new URLSearchParams(query)))).toBe(query)
  }
})

test('what is by default does not stand in the address', () => {
  expect(writeFilters({ view: 'board', sort: 'due', descending: false })).toBe('')
})

test('nonsense in an address means the default', () => {
  expect(readFilters(new URLSearchParams('view=3d&sort=weather&risk=yes'))).toMatchObject({ view: 'board', sort: 'due', risk: false })
})

test('all filters must hold', () => {
  const one = card({ source: 'a', store_id: 's', region: null })

  expect(passes(one, { source: 'a', store: 's', region: '' })).toBe(true)
  expect(passes(one, { source: 'a', store: 't', region: '' })).toBe(false)
  expect(passes(one, { source: '', store: '', region: 'north' })).toBe(false)
})

test('one chooses among what there is', () => {
  const choices = choicesOf([card({ store_id: 'b' }), card({ store_id: 'a', region: 'x' }), card({ store_id: null })])

  expect(choices).toEqual({ sources: ['default'], stores: ['a', 'b'], regions: ['x'] })
})
