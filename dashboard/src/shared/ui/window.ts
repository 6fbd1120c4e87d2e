/** Which rows of a long list of equal rows are worth drawing. */

export interface Slice {
  /** First row to draw. */
  start: number
  /** One past the last row to draw. */
  end: number
  /** Rows wholly or partly below what can be seen. */
  below: number
}

export interface View {
  /** Pixels scrolled off above. */
  top: number
  /** Pixels that can be seen. */
  height: number
}

/** Tell the slice for a view. `row` is a row's height with its gap; `spare` rows are drawn beyond each edge. */
export function slice(view: View, list: { count: number; row: number; spare?: number }): Slice {
  const spare = list.spare ?? 6
  const top = Math.min(Math.max(view.top, 0), Math.max(list.count * list.row - view.height, 0))
  const first = Math.floor(top / list.row)
  const last = Math.ceil((top + view.height) / list.row)
  const whole = Math.floor((top + view.height) / list.row)
  return {
    start: Math.max(first - spare, 0),
    end: Math.min(last + spare, list.count),
    below: Math.max(list.count - whole, 0),
  }
}
