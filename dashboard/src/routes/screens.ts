/** Which component shows which screen: the one place that knows them all. */

import type { Component } from 'svelte'
import Handlers from '../notifications/Handlers.svelte'
import Live from '../live/Live.svelte'
import Notifications from '../notifications/Notifications.svelte'
import OrderList from '../orders/OrderList.svelte'
import OrderScreen from '../orders/OrderScreen.svelte'
import Quarantine from '../quarantine/Quarantine.svelte'
import Quarantined from '../quarantine/Quarantined.svelte'
import ReceiptScreen from '../receipts/ReceiptScreen.svelte'
import Receipts from '../receipts/Receipts.svelte'
import Settings from '../settings/Settings.svelte'
import { PATHS, type Screen } from '../shared/paths'
import { match } from '../shared/router/match'
import SourceForm from '../sources/SourceForm.svelte'
import Sources from '../sources/Sources.svelte'
import NotFound from './NotFound.svelte'

type Shown = Component<{ params: Record<string, string> }>
// A screen without parts in its path takes no parameters, and passes over them.
type Plain = Component<Record<string, never>>

const SCREENS: Record<Screen, Shown | Plain> = {
  live: Live,
  orders: OrderList,
  order: OrderScreen,
  receipts: Receipts,
  receipt: ReceiptScreen,
  quarantine: Quarantine,
  quarantined: Quarantined,
  notifications: Notifications,
  sources: Sources,
  newSource: SourceForm,
  source: SourceForm,
  handlers: Handlers,
  settings: Settings,
  // Whoever is signed in has no use for the login; its address shows the board.
  login: Live,
}

export interface Found {
  name: Screen | null
  screen: Shown
  params: Record<string, string>
}

export function screenAt(path: string): Found {
  const found = match(PATHS, path)
  if (!found) return { name: null, screen: NotFound as unknown as Shown, params: {} }
  const name = found.name as Screen
  return { name, screen: SCREENS[name] as Shown, params: found.params }
}
