import { feed } from '../api/feed.svelte'
import type { Notification as Told } from '../api/types'
import { orderPath } from '../shared/paths'
import { router } from '../shared/router/router.svelte'
import { sound } from '../shared/sound.svelte'

const FRESH = 120_000

/** Sound and show what is told by the channel of kind `browser`, once each; returns how to stop. */
export function watchNotifications(): () => void {
  const known = new Set<number>()
  return feed.onNotification((told) => {
    if (told.kind !== 'browser' || known.has(told.id)) return
    known.add(told.id)
    // What was missed for minutes, say while the server was away, stands on the page but need not ring any more.
    if (Date.now() - Date.parse(told.created_at) > FRESH) return
    sound.play()
    if (document.hidden) show(told)
  })
}

function show(told: Told): void {
  if (!('Notification' in window) || Notification.permission !== 'granted') return
  const group = told.order_id === null ? told.cause : `${told.source} ${told.order_id}`
  const shown = new Notification(told.title, { body: told.text, tag: group, icon: '/icon.svg' })
  shown.onclick = () => {
    focus()
    if (told.source && told.order_id) router.go(orderPath({ source: told.source, order_id: told.order_id }))
    shown.close()
  }
}
