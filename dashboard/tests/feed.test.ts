import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { Feed, PACE } from '../src/api/feed.svelte'
import { card, notification, snapshot } from './samples'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const message = (event: string, data: unknown) => ({ event, data: JSON.stringify(data), id: null })

test('the first change is shown at once, those after it together and at most every 250 ms', () => {
  const feed = new Feed()
  feed.take(message('snapshot', snapshot({})))
  vi.advanceTimersByTime(0)
  expect(feed.live.open.size).toBe(0)

  for (let index = 0; index < 100; index += 1) feed.take(message('order', card({ order_id: `A${index}` })))
  vi.advanceTimersByTime(PACE - 1)
  expect(feed.live.open.size).toBe(0)
  vi.advanceTimersByTime(1)

  expect(feed.live.open.size).toBe(100)
})

test('a notification is told to who listens, one that was there before is not', () => {
  const feed = new Feed()
  const heard: number[] = []
  feed.onNotification((told) => heard.push(told.id))

  feed.take(message('snapshot', snapshot({ notifications: [notification({ id: 1 })] })))
  feed.take(message('notification', notification({ id: 2 })))
  vi.advanceTimersByTime(PACE)

  expect(heard).toEqual([2])
})

test('events that nobody knows yet are passed over', () => {
  const feed = new Feed()

  feed.take(message('weather', { rain: true }))
  vi.advanceTimersByTime(PACE)

  expect(feed.hasBegun).toBe(false)
})
