import type { Page } from './types'

/** A list that comes page by page: the first page can be asked for anew, further ones are added below. */
export class Pages<Item> {
  items = $state.raw<readonly Item[]>([])
  next = $state<string | null>(null)
  error = $state.raw<unknown>(null)
  /** Whether anything came yet. */
  hasCome = $state(false)
  #turn = 0

  /** Ask for the first page; what was there stays until it comes. */
  async load(ask: (cursor: string | null) => Promise<Page<Item>>): Promise<void> {
    await this.#take(ask, null)
  }

  async more(ask: (cursor: string | null) => Promise<Page<Item>>): Promise<void> {
    if (this.next !== null) await this.#take(ask, this.next)
  }

  /** Whether only the first page is shown, which may be refreshed without losing the viewer's place. */
  get isShort(): boolean {
    return !this.#hasMore
  }

  #hasMore = false

  async #take(ask: (cursor: string | null) => Promise<Page<Item>>, cursor: string | null): Promise<void> {
    this.#turn += 1
    const turn = this.#turn
    try {
      const found = await this.#filled(ask, cursor, turn)
      if (turn !== this.#turn) return
      this.items = cursor === null ? found.items : [...this.items, ...found.items]
      this.next = found.next
      this.#hasMore = cursor !== null
      this.error = null
      this.hasCome = true
    } catch (error) {
      if (turn === this.#turn) this.error = error
    }
  }

  // A filter that seldom matches answers with short pages, even empty ones, and a cursor to go on.
  async #filled(ask: (cursor: string | null) => Promise<Page<Item>>, from: string | null, turn: number): Promise<Page<Item>> {
    let page = await ask(from)
    const items = [...page.items]
    for (let asked = 1; items.length < 25 && page.next !== null && asked < 10 && turn === this.#turn; asked += 1) {
      page = await ask(page.next)
      items.push(...page.items)
    }
    return { items, next: page.next }
  }
}
