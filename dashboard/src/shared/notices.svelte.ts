import type { MarkKind } from './ui/Mark.svelte'

export interface Notice {
  id: number
  text: string
  mark: MarkKind
  undo?: (() => void) | undefined
}

const LASTS = 8000

/** Short words about what was just done, read out and gone by themselves. */
class Notices {
  all = $state<Notice[]>([])
  #next = 1

  say(text: string, options: { mark?: MarkKind; undo?: () => void } = {}): void {
    const notice = { id: this.#next, text, mark: options.mark ?? 'ok', undo: options.undo }
    this.#next += 1
    this.all = [...this.all.slice(-2), notice]
    setTimeout(() => this.drop(notice), LASTS)
  }

  drop(notice: Notice): void {
    this.all = this.all.filter((kept) => kept.id !== notice.id)
  }

  undo(notice: Notice): void {
    notice.undo?.()
    this.drop(notice)
  }
}

export const notices = new Notices()
