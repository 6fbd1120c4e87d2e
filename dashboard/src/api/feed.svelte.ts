import { clock } from '../shared/time/clock.svelte'
import type { ServerEvent } from './event-stream'
import { applyAll, EMPTY, isUntouched, type Live, type Message } from './live'
import { type Standing, Stream } from './stream'
import type { Notification } from './types'
import { browser } from './world'

/** Changes are shown at most this often, in milliseconds. */
export const PACE = 250

const KINDS = new Set(['snapshot', 'order', 'gone', 'notification', 'stats'])

/** What the server tells live, for every screen. Messages are gathered and applied together at most every 250 ms. */
export class Feed {
  live = $state.raw<Live>(EMPTY)
  standing = $state.raw<Standing>({ is: 'connecting' })
  /** The server's time when it was last heard of. */
  asOf = $state(clock.read())
  readonly hasBegun = $derived(this.live.stats !== null)
  readonly isUntouched = $derived(isUntouched(this.live))
  readonly isAway = $derived(this.standing.is === 'away')

  #stream: Stream | undefined
  #waiting: Message[] = []
  #timer: ReturnType<typeof setTimeout> | undefined
  #appliedAt = Number.NEGATIVE_INFINITY
  #told = new Set<(notification: Notification) => void>()

  /** Connect, and stay connected; returns how to end it. */
  start(): () => void {
    const stream = new Stream(browser, {
      event: (event) => this.take(event),
      alive: () => this.#alive(),
      standing: (standing) => {
        this.standing = standing
      },
    })
    this.#stream = stream
    void stream.run()
    const back = (): void => this.hurry()
    addEventListener('online', back)
    return () => {
      removeEventListener('online', back)
      stream.stop()
      clearTimeout(this.#timer)
      this.#waiting = []
      this.live = EMPTY
    }
  }

  hurry(): void {
    this.#stream?.hurry()
  }

  /** Hear of every notification that comes while one looks; not of those that were there before. */
  onNotification(listener: (notification: Notification) => void): () => void {
    this.#told.add(listener)
    return () => this.#told.delete(listener)
  }

  /** Take a message of the stream; it is shown with the next batch. */
  take(event: ServerEvent): void {
    if (!KINDS.has(event.event)) return
    const message = { event: event.event, data: JSON.parse(event.data) } as Message
    if (message.event === 'stats' || message.event === 'snapshot') clock.follow(Date.parse(message.data.at))
    this.#waiting.push(message)
    if (this.#timer !== undefined) return
    const rest = Math.max(this.#appliedAt + PACE - performance.now(), 0)
    this.#timer = setTimeout(() => this.#apply(), rest)
  }

  #apply(): void {
    this.#timer = undefined
    this.#appliedAt = performance.now()
    const messages = this.#waiting
    this.#waiting = []
    this.live = applyAll(this.live, messages, this.#appliedAt)
    for (const message of messages) {
      if (message.event === 'notification') for (const listener of this.#told) listener(message.data)
    }
  }

  #alive(): void {
    this.asOf = clock.read()
  }
}

export const feed = new Feed()
