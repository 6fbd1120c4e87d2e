/** What a key press means, free of the browser: single letters, and `g` followed by a letter. */

export interface Press {
  key: string
  ctrlKey: boolean
  metaKey: boolean
  altKey: boolean
}

export interface Meaning {
  /** What to carry out: a key as bound, such as `j`, `Enter` or `g l`; null for nothing. */
  key: string | null
  /** Whether a `g` now waits for its letter. */
  waiting: boolean
}

const NOTHING: Meaning = { key: null, waiting: false }

/** Tell the meaning of a press. `inField` is true while a field has the focus, where letters are text. */
export function meaning(press: Press, state: { waiting: boolean; inField: boolean; letters: boolean }): Meaning {
  if (press.ctrlKey || press.metaKey || press.altKey || state.inField) return NOTHING
  if (press.key.length > 1) return { key: press.key, waiting: false }
  if (!state.letters) return NOTHING
  if (state.waiting) return { key: `g ${press.key}`, waiting: false }
  if (press.key === 'g') return { key: null, waiting: true }
  return { key: press.key, waiting: false }
}

const FIELDS = new Set(['INPUT', 'SELECT', 'TEXTAREA'])
const PLAIN_INPUTS = new Set(['checkbox', 'radio', 'button', 'submit'])

/** Say whether an element takes letters as text. */
export function isField(element: { tagName: string; type?: string; isContentEditable?: boolean } | null): boolean {
  if (!element) return false
  if (element.isContentEditable) return true
  return FIELDS.has(element.tagName) && !PLAIN_INPUTS.has(element.type ?? '')
}
