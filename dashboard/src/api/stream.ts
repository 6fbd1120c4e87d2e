/** The connection to the live stream: resumes where it was, backs off while the server is away, and says how it stands. */

import { waitBefore } from './backoff'
import { EventStreamReader, type ServerEvent } from './event-stream'

export type Standing =
  | { is: 'connecting' }
  | { is: 'live' }
  /** `since` and `retryAt` are by the browser's clock. */
  | { is: 'away'; since: number; retryAt: number }
  | { is: 'signed_out' }

/** What the connection needs of the world; tests bring their own. */
export interface World {
  open(lastId: string | null, signal: AbortSignal): Promise<Response>
  now(): number
  wait(milliseconds: number, signal: AbortSignal): Promise<void>
  chance(): number
}

export interface Listener {
  event(event: ServerEvent): void
  standing(standing: Standing): void
  /** Anything came, be it only a sign of life. */
  alive(): void
}

/** A comment comes every 15 s; three of them missing mean that the line is dead. */
const SILENCE = 45_000

export class Stream {
  readonly #world: World
  readonly #listener: Listener
  #lastId: string | null = null
  #awaySince: number | null = null
  #isLive = false
  #attempt = 0
  #ended = new AbortController()
  #hurry = new AbortController()

  constructor(world: World, listener: Listener) {
    this.#world = world
    this.#listener = listener
  }

  /** Keep connected until {@link stop} is called or the session ends. */
  async run(): Promise<void> {
    this.#listener.standing({ is: 'connecting' })
    while (!this.#ended.signal.aborted) {
      const outcome = await this.#once()
      if (this.#ended.signal.aborted) return
      if (outcome === 'signed_out') return this.#listener.standing({ is: 'signed_out' })
      await this.#rest()
    }
  }

  /** Try at once rather than wait. */
  hurry(): void {
    this.#hurry.abort()
  }

  stop(): void {
    this.#ended.abort()
    this.#hurry.abort()
  }

  async #once(): Promise<'lost' | 'signed_out'> {
    const line = new AbortController()
    const end = (): void => line.abort()
    this.#ended.signal.addEventListener('abort', end)
    try {
      const response = await this.#world.open(this.#lastId, line.signal)
      if (response.status === 401 || response.status === 403) return 'signed_out'
      if (!response.ok || response.body === null) return 'lost'
      return await this.#read(response.body.getReader(), line)
    } catch {
      return 'lost'
    } finally {
      this.#ended.signal.removeEventListener('abort', end)
      line.abort()
    }
  }

  async #read(body: ReadableStreamDefaultReader<Uint8Array>, line: AbortController): Promise<'lost' | 'signed_out'> {
    const [reader, decoder] = [new EventStreamReader(this.#lastId), new TextDecoder()]
    for (;;) {
      const piece = await this.#within(body.read(), line)
      if (piece.done) return 'lost'
      this.#here()
      for (const event of reader.take(decoder.decode(piece.value, { stream: true }))) {
        if (event.event === 'bye') return event.data.includes('signed_out') ? 'signed_out' : 'lost'
        this.#lastId = event.id
        this.#listener.event(event)
      }
    }
  }

  async #within<T>(read: Promise<T>, line: AbortController): Promise<T> {
    const settled = new AbortController()
    const late = this.#world.wait(SILENCE, settled.signal).then(() => {
      if (!settled.signal.aborted) line.abort()
      throw new Error('the stream fell silent')
    })
    try {
      return await Promise.race([read, late])
    } finally {
      settled.abort()
      late.catch(() => undefined)
    }
  }

  #here(): void {
    this.#listener.alive()
    if (this.#isLive) return
    this.#isLive = true
    this.#awaySince = null
    this.#attempt = 0
    this.#listener.standing({ is: 'live' })
  }

  async #rest(): Promise<void> {
    this.#isLive = false
    this.#attempt += 1
    this.#awaySince ??= this.#world.now()
    const wait = waitBefore(this.#attempt, () => this.#world.chance())
    this.#hurry = new AbortController()
    this.#listener.standing({ is: 'away', since: this.#awaySince, retryAt: this.#world.now() + wait })
    await this.#world.wait(wait, this.#hurry.signal)
  }
}
