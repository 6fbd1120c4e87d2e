import { expect, test } from 'vitest'
import { orderPath, PATHS } from '../src/shared/paths'
import { match } from '../src/shared/router/match'

test('every id finds its way through an address and back', () => {
  for (const order_id of ['A-1', 'a/b', '?x=1#y', '100 %', '주문 1', '..', '𐐷', 'a%2Fb']) {
    const found = match(PATHS, orderPath({ source: 'default', order_id }))
    expect(found).toEqual({ name: 'order', params: { source: 'default', id: order_id } })
  }
})

test('every screen answers to its own path', () => {
  for (const [name, path] of Object.entries(PATHS)) {
    if (!path.includes(':')) expect(match(PATHS, path)?.name).toBe(name)
  }
})

test('a slash at the end changes nothing', () => {
  expect(match(PATHS, '/orders/')?.name).toBe('orders')
})

test('an unknown path is no screen', () => {
  expect(match(PATHS, '/nowhere')).toBeNull()
  expect(match(PATHS, '/orders/a/b/c')).toBeNull()
})

test('a stray per cent sign is no reason to fail', () => {
  expect(match(PATHS, '/receipts/100%')?.params['position']).toBe('100%')
})
