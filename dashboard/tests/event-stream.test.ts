import { expect, test } from 'vitest'
import { EventStreamReader } from '../src/api/event-stream'

const TEXT = ': hello\n\nid: 7\nevent: order\ndata: {"a":\ndata: 1}\n\nevent: stats\ndata: {}\n\n'

test('events come out whole however the text is cut', () => {
  const whole = new EventStreamReader().take(TEXT)

  for (let size = 1; size < TEXT.length; size += 1) {
    const reader = new EventStreamReader()
    const pieces = TEXT.match(new RegExp(`[^]{1,${size}}`, 'g')) ?? []
    expect(pieces.flatMap((piece) => reader.take(piece))).toEqual(whole)
  }
  expect(whole).toEqual([
    { event: 'order', data: '{"a":\n1}', id: '7' },
    { event: 'stats', data: '{}', id: '7' },
  ])
})

test('the id stays until another is said', () => {
  const reader = new EventStreamReader('3')

  expect(reader.take('data: x\n\n')[0]?.id).toBe('3')
  expect(reader.take('id: 4\ndata: y\n\n')[0]?.id).toBe('4')
})

test('comments and events without data are nothing', () => {
  expect(new EventStreamReader().take(': ping\n\nevent: order\n\n')).toEqual([])
})

test('lines may end in carriage returns', () => {
  expect(new EventStreamReader().take('event: a\r\ndata: 1\r\n\r\n')).toEqual([{ event: 'a', data: '1', id: null }])
})
