import { describe, expect, test } from 'vitest'
import { isField, meaning } from '../src/shared/keys/keymap'

const press = (key: string, with_ = {}) => ({ key, ctrlKey: false, metaKey: false, altKey: false, ...with_ })
const calm = { waiting: false, inField: false, letters: true }

test('a letter means itself', () => {
  expect(meaning(press('j'), calm)).toEqual({ key: 'j', waiting: false })
})

test('g waits for its letter', () => {
  expect(meaning(press('g'), calm)).toEqual({ key: null, waiting: true })
  expect(meaning(press('o'), { ...calm, waiting: true })).toEqual({ key: 'g o', waiting: false })
})

test('letters rest while a field has the focus', () => {
  expect(meaning(press('j'), { ...calm, inField: true }).key).toBeNull()
})

test('letters can be switched off, and named keys still work', () => {
  expect(meaning(press('j'), { ...calm, letters: false }).key).toBeNull()
  expect(meaning(press('Enter'), { ...calm, letters: false }).key).toBe('Enter')
})

test("the browser's own shortcuts are left alone", () => {
  for (const modifier of ['ctrlKey', 'metaKey', 'altKey']) {
    expect(meaning(press('a', { [modifier]: true }), calm).key).toBeNull()
  }
})

describe('a field', () => {
  test('takes letters as text', () => {
    expect(isField({ tagName: 'INPUT', type: 'search' })).toBe(true)
    expect(isField({ tagName: 'SELECT' })).toBe(true)
    expect(isField({ tagName: 'DIV', isContentEditable: true })).toBe(true)
  })

  test('is not a box to tick, a link or nothing', () => {
    expect(isField({ tagName: 'INPUT', type: 'checkbox' })).toBe(false)
    expect(isField({ tagName: 'A' })).toBe(false)
    expect(isField(null)).toBe(false)
  })
})
