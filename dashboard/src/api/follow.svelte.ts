import { untrack } from 'svelte'
import { feed } from './feed.svelte'

/** Ask anew whenever the server has new figures (at most once in 2 s). Call it while a component is made. */
export function followFigures(refresh: () => void): void {
  let isFirst = true
  $effect(() => {
    void feed.live.stats
    if (!isFirst) untrack(refresh)
    isFirst = false
  })
}
