import { preferences } from '../preferences.svelte'
import { isField, meaning } from './keymap'

type Action = (event: KeyboardEvent) => void

/** The keys that mean something now. Each screen binds its own while it is shown; the latest binding wins. */
class Keys {
  #bound: Record<string, Action>[] = []
  #waiting = false

  start(): () => void {
    const press = (event: KeyboardEvent): void => this.#press(event)
    addEventListener('keydown', press)
    return () => removeEventListener('keydown', press)
  }

  /** Bind keys until the returned function is called. Call it in an effect. */
  bind(actions: Record<string, Action>): () => void {
    this.#bound.push(actions)
    return () => {
      this.#bound = this.#bound.filter((kept) => kept !== actions)
    }
  }

  #press(event: KeyboardEvent): void {
    const target = event.target as HTMLElement | null
    if (event.defaultPrevented || target?.closest('dialog[open]')) return
    const inField = isField(target as HTMLInputElement | null)
    const found = meaning(event, { waiting: this.#waiting, inField, letters: preferences.keys })
    this.#waiting = found.waiting
    if (found.key === null) return
    const action = this.#bound.findLast((actions) => found.key !== null && actions[found.key])?.[found.key]
    if (!action) return
    // Enter and the arrows keep their own meaning on what can be pressed.
    if (found.key === 'Enter' && target?.closest('a, button, summary, [role="button"]')) return
    event.preventDefault()
    action(event)
  }
}

export const keys = new Keys()
