/** Moves the focus among the parts of a screen that one goes through with j and k. */

/** Focus the row after (or before) the one that has the focus, or the first. Rows are marked with `data-row`. */
export function stepRow(container: Element, by: 1 | -1): void {
  const rows = [...container.querySelectorAll<HTMLElement>('[data-row]')].filter((row) => row.offsetParent !== null)
  const sorted = rows.sort((a, b) => a.getBoundingClientRect().top - b.getBoundingClientRect().top)
  const at = sorted.indexOf(document.activeElement as HTMLElement)
  const next = sorted[at === -1 ? (by === 1 ? 0 : sorted.length - 1) : at + by]
  next?.focus()
  next?.scrollIntoView({ block: 'nearest' })
}
