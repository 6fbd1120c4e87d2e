/** The server's time, ticking on its whole seconds. */
export class ServerClock {
  /** Milliseconds since 1970, by the server's clock, as of the last tick. */
  now = $state(Date.now())
  #ahead: number | null = null
  #timer: ReturnType<typeof setTimeout> | undefined

  /** Begin to tick; returns how to stop. */
  start(): () => void {
    this.#tick()
    return () => clearTimeout(this.#timer)
  }

  /** Follow the server: `at` is its time just now. A message can only arrive late, so the one furthest ahead is the truest. */
  follow(at: number): void {
    const ahead = at - Date.now()
    const drift = this.#ahead === null ? Infinity : ahead - this.#ahead
    if (drift <= 0 && drift > -2000) return
    this.#ahead = ahead
    this.now = this.read()
  }

  /** The time at this very moment. */
  read(): number {
    return Date.now() + (this.#ahead ?? 0)
  }

  #tick(): void {
    this.now = this.read()
    this.#timer = setTimeout(() => this.#tick(), 1000 - (this.now % 1000))
  }
}

export const clock = new ServerClock()
