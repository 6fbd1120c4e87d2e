/** The calls, by resource: what docs/api.md tells, and nothing more. */

import { get, part, patch, post, put, type Query, remove } from './client'
import type * as T from './types'

export const session = {
  state: () => get<T.SessionState>('session'),
  me: () => get<T.Me>('me'),
  signIn: (name: string, password: string) => post<T.Me>('session', { name, password }),
  accept: (invite: string, name: string, password: string) => post<T.Me>('session/invite', { invite, name, password }),
  signOut: () => remove('session'),
  changePassword: (current: string, next: string) => post<void>('me/password', { current, new: next }),
}

export const orders = {
  list: (query: Query) => get<T.Page<T.Order>>('orders', query),
  one: (source: string, id: string) => get<T.OrderDetail>(part`orders/${source}/${id}`),
  reveal: (source: string, id: string) => post<T.OrderDetail>(part`orders/${source}/${id}/reveal`),
}

export const receipts = {
  list: (query: Query) => get<T.Page<T.Receipt>>('receipts', query),
  one: (position: number) => get<T.ReceiptDetail>(part`receipts/${position}`),
  reveal: (position: number) => post<T.ReceiptDetail>(part`receipts/${position}/reveal`),
  replay: (position: number) => post<T.Replayed>(part`receipts/${position}/replay`),
}

export const quarantine = {
  list: (query: Query) => get<T.QuarantinePage>('quarantine', query),
  one: (id: string) => get<T.QuarantineDetail>(part`quarantine/${id}`),
  reveal: (id: string) => post<T.QuarantineDetail>(part`quarantine/${id}/reveal`),
  resubmit: (id: string, trust: boolean) => post<T.Resubmission>(part`quarantine/${id}/resubmit`, { trust }),
  resubmitAll: (filter: { source?: string; trust: boolean; cursor?: string }) =>
    post<T.ResubmissionCounts>('quarantine/resubmit', filter),
}

/** Sources, channels and routes are kept in the same way. */
const kept = <Read, Write extends { name: string }>(kind: string) => ({
  list: () => get<T.Page<Read>>(kind),
  one: (name: string) => get<Read>(part`${kind}/${name}`),
  create: (value: Write) => post<Read>(kind, value),
  replace: (value: Write) => put<Read>(part`${kind}/${value.name}`, value),
  remove: (name: string) => remove(part`${kind}/${name}`),
  restore: (name: string) => post<Read>(part`${kind}/${name}/restore`),
})

export const sources = {
  ...kept<T.Source, T.SourceSpec>('sources'),
  words: (name: string) => get<T.Page<T.SeenWord>>(part`sources/${name}/words`),
  platforms: () => get<T.Page<T.Platform>>('providers'),
}
export const mapping = {
  propose: (sample: string) => post<T.Proposal>('mapping/proposal', { sample }),
  preview: (sample: string, mapping: T.Mapping, time_zone: string | null, currency: string | null) =>
    post<T.Preview>('mapping/preview', { sample, mapping, time_zone, currency }),
}
export const routes = kept<T.Route, T.Route>('routes')
export const channels = {
  ...kept<T.Channel, T.Channel>('channels'),
  test: (name: string) => post<T.CommandAccepted>(part`channels/${name}/test`),
}

export const notifications = {
  list: (query: Query) => get<T.Page<T.Notification>>('notifications', query),
  resend: (id: number) => post<T.CommandAccepted>(part`notifications/${id}/resend`),
}

export const handlers = {
  deadLetters: (query: Query) => get<T.Page<T.DeadLetter>>('handlers/dead-letters', query),
  retry: (id: number) => post<T.CommandAccepted>(part`handlers/dead-letters/${id}/retry`),
  dismiss: (id: number) => post<T.CommandAccepted>(part`handlers/dead-letters/${id}/dismiss`),
  retryAll: () => post<T.CommandAccepted>('handlers/dead-letters/retry', { handler: null }),
}

export const people = {
  users: () => get<T.Page<T.User>>('users'),
  change: (name: string, change: T.UserChange) => patch<T.User>(part`users/${name}`, change),
  removeUser: (name: string) => remove(part`users/${name}`),
  invite: (role: T.Role) => post<T.Invite>('invites', { role }),
  tokens: () => get<T.Page<T.ApiToken>>('tokens'),
  makeToken: (name: string, role: T.Role) => post<T.NewApiToken>('tokens', { name, role }),
  revoke: (id: number) => remove(part`tokens/${id}`),
  audit: () => get<T.Page<T.AuditEntry>>('audit'),
}
