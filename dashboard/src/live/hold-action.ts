import type { Row } from './board'
import type { Hold } from './hold.svelte'

/** Attach a hold to an element: it holds while a mouse or the focus is inside. A finger scrolls, and holds nothing. */
export function holding(hold: Hold, latest: () => readonly Row[]): (element: HTMLElement) => () => void {
  return (element) => {
    const listen = new AbortController()
    const on = (name: string, act: (event: Event) => void): void =>
      element.addEventListener(name, act, { signal: listen.signal })
    on('pointerenter', (event) => {
      if ((event as PointerEvent).pointerType === 'mouse') hold.set({ pointer: true }, latest)
    })
    on('pointerleave', () => hold.set({ pointer: false }, latest))
    on('focusin', () => hold.set({ focus: true }, latest))
    // A card that is taken away loses the focus in the middle of drawing, when nothing may change.
    on('focusout', (event) => {
      const goes = (event as FocusEvent).relatedTarget as Node | null
      if (!element.contains(goes)) queueMicrotask(() => hold.set({ focus: false }, latest))
    })
    return () => {
      listen.abort()
      queueMicrotask(() => hold.release())
    }
  }
}
