/** A value that is asked for: what came last, whether it is late, and what went wrong. An answer overtaken is dropped. */
export class Resource<T> {
  value = $state.raw<T | null>(null)
  error = $state.raw<unknown>(null)
  /** It takes long enough to say so (300 ms). */
  isLate = $state(false)
  #asked = 0

  async load(ask: () => Promise<T>): Promise<void> {
    this.#asked += 1
    const turn = this.#asked
    const late = setTimeout(() => (this.isLate = turn === this.#asked), 300)
    try {
      const value = await ask()
      if (turn === this.#asked) this.#settle(value, null)
    } catch (error) {
      if (turn === this.#asked) this.#settle(this.value, error)
    } finally {
      clearTimeout(late)
      if (turn === this.#asked) this.isLate = false
    }
  }

  #settle(value: T | null, error: unknown): void {
    this.value = value
    this.error = error
  }
}
