import { differences, type Row } from './board'

/** A list that stands still while the viewer reads in it. */
export class Hold {
  /** What is shown meanwhile; null while nothing is held. */
  frozen = $state.raw<readonly Row[] | null>(null)
  #pointer = false
  #focus = false

  /** How many changes wait. */
  waiting(latest: readonly Row[]): number {
    return this.frozen === null ? 0 : differences(this.frozen, latest)
  }

  /** The pointer or the focus came in, or went. */
  set(by: { pointer?: boolean; focus?: boolean }, latest: () => readonly Row[]): void {
    this.#pointer = by.pointer ?? this.#pointer
    this.#focus = by.focus ?? this.#focus
    const isHeld = this.#pointer || this.#focus
    if (!isHeld) this.frozen = null
    else this.frozen ??= latest()
  }

  release(): void {
    this.#pointer = false
    this.#focus = false
    this.frozen = null
  }

  /** Let in what waits, and go on holding. */
  apply(latest: readonly Row[]): void {
    if (this.frozen !== null) this.frozen = latest
  }
}

export type Held = 'unaccepted' | 'preparing' | 'ready' | 'way' | 'table'

export const makeHolds = (): Record<Held, Hold> => ({
  unaccepted: new Hold(),
  preparing: new Hold(),
  ready: new Hold(),
  way: new Hold(),
  table: new Hold(),
})
