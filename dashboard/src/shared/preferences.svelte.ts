import type { Language } from './time/duration'

export type Theme = 'system' | 'light' | 'dark'

interface Kept {
  theme?: Theme
  language?: Language
  sound?: boolean
  keys?: boolean
}

const PLACE = 'orderwatch.preferences'

function read(): Kept {
  try {
    return JSON.parse(localStorage.getItem(PLACE) ?? '{}') as Kept
  } catch {
    return {}
  }
}

const spoken = (): Language => (navigator.language.startsWith('ko') ? 'ko' : 'en')

/** What the viewer chose, kept in this browser. What was never chosen follows the system. */
class Preferences {
  #kept = $state<Kept>(read())

  get theme(): Theme {
    return this.#kept.theme ?? 'system'
  }

  set theme(theme: Theme) {
    this.#keep({ theme })
  }

  get language(): Language {
    return this.#kept.language ?? spoken()
  }

  set language(language: Language) {
    this.#keep({ language })
  }

  /** Whether sound is wanted; whether the browser lets it be is another thing. */
  get sound(): boolean {
    return this.#kept.sound ?? true
  }

  set sound(sound: boolean) {
    this.#keep({ sound })
  }

  /** Whether single letters do something (WCAG 2.1.4). */
  get keys(): boolean {
    return this.#kept.keys ?? true
  }

  set keys(keys: boolean) {
    this.#keep({ keys })
  }

  /** Show theme and language on the document; call it in an effect. */
  show(): void {
    const root = document.documentElement
    root.lang = this.language
    if (this.theme === 'system') delete root.dataset['theme']
    else root.dataset['theme'] = this.theme
  }

  #keep(change: Kept): void {
    this.#kept = { ...this.#kept, ...change }
    try {
      localStorage.setItem(PLACE, JSON.stringify(this.#kept))
    } catch {
      // Without storage the choice holds for this visit.
    }
  }
}

export const preferences = new Preferences()
