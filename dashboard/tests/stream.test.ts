import { expect, test } from 'vitest'
import type { ServerEvent } from '../src/api/event-stream'
import { type Standing, Stream, type World } from '../src/api/stream'

/** A server under the test's hand: every connection waits for the test to answer it. */
class Server implements World {
  readonly asked: (string | null)[] = []
  readonly waits: number[] = []
  #lines: ((response: Response) => void)[] = []
  #asking: (() => void)[] = []
  #resting: (() => void)[] = []

  open(lastId: string | null): Promise<Response> {
    this.asked.push(lastId)
    this.#asking.splice(0).forEach((go) => go())
    return new Promise((resolve) => this.#lines.push(resolve))
  }

  now(): number {
    return 0
  }

  chance(): number {
    return 1
  }

  // The watch over a silent line never ends in these tests; a rest ends when the test says so.
  wait(milliseconds: number, signal: AbortSignal): Promise<void> {
    if (milliseconds > 20_000) return new Promise(() => undefined)
    this.waits.push(milliseconds)
    return new Promise((resolve) => {
      this.#resting.push(resolve)
      signal.addEventListener('abort', () => resolve())
    })
  }

  rested(): void {
    this.#resting.splice(0).forEach((go) => go())
  }

  async connection(count: number): Promise<void> {
    while (this.asked.length < count) await new Promise<void>((resolve) => this.#asking.push(resolve))
  }

  answer(status: number, text: string): void {
    this.#lines.shift()?.(new Response(text, { status }))
  }
}

class Ears {
  readonly events: ServerEvent[] = []
  readonly standings: Standing['is'][] = []
  #changed: (() => void)[] = []

  event(event: ServerEvent): void {
    this.events.push(event)
  }

  alive(): void {}

  standing(standing: Standing): void {
    this.standings.push(standing.is)
    this.#changed.splice(0).forEach((go) => go())
  }

  async until(count: number): Promise<void> {
    while (this.standings.length < count) await new Promise<void>((resolve) => this.#changed.push(resolve))
  }
}

const order = (id: number): string => `id: ${id}\nevent: order\ndata: {"n":${id}}\n\n`

test('after a loss it resumes from the last id and misses nothing', async () => {
  const [server, ears] = [new Server(), new Ears()]
  const stream = new Stream(server, ears)

  void stream.run()
  await server.connection(1)
  server.answer(200, order(1) + order(2))
  await ears.until(3)
  server.rested()
  await server.connection(2)
  server.answer(200, order(3))
  await ears.until(5)
  stream.stop()

  expect(server.asked).toEqual([null, '2'])
  expect(ears.events.map((event) => event.data)).toEqual(['{"n":1}', '{"n":2}', '{"n":3}'])
  expect(ears.standings).toEqual(['connecting', 'live', 'away', 'live', 'away'])
})

test('it waits longer after every failure, and starts anew after a success', async () => {
  const [server, ears] = [new Server(), new Ears()]
  const stream = new Stream(server, ears)

  void stream.run()
  for (const [index, status] of [503, 502, 200, 503].entries()) {
    await server.connection(index + 1)
    server.answer(status, status === 200 ? order(1) : '')
    await ears.until(index + (status === 200 || index > 2 ? 3 : 2))
    server.rested()
  }
  await server.connection(5)
  stream.stop()

  expect(server.waits).toEqual([500, 1000, 500, 1000])
})

test('an impatient viewer need not wait', async () => {
  const [server, ears] = [new Server(), new Ears()]
  const stream = new Stream(server, ears)

  void stream.run()
  await server.connection(1)
  server.answer(503, '')
  await ears.until(2)
  stream.hurry()
  await server.connection(2)
  stream.stop()

  expect(server.asked).toHaveLength(2)
})

test('it does not come back when the session has ended', async () => {
  for (const answer of [{ status: 401, text: '' }, { status: 200, text: 'event: bye\ndata: {"reason": "signed_out"}\n\n' }]) {
    const [server, ears] = [new Server(), new Ears()]
    const running = new Stream(server, ears).run()

    await server.connection(1)
    server.answer(answer.status, answer.text)
    await running

    expect(ears.standings.at(-1)).toBe('signed_out')
    expect(server.asked).toHaveLength(1)
  }
})

test('it comes back when the server only goes down for a while', async () => {
  const [server, ears] = [new Server(), new Ears()]
  const stream = new Stream(server, ears)

  void stream.run()
  await server.connection(1)
  server.answer(200, `${order(9)}event: bye\ndata: {"reason": "shutdown"}\n\n`)
  await ears.until(3)
  server.rested()
  await server.connection(2)
  stream.stop()

  expect(server.asked).toEqual([null, '9'])
})
