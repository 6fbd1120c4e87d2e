// Invented orders behind the real API's shapes, to work on the page without a server: npm run dev:fake
// PORT, OPEN (how many orders are open), EMPTY=1 (nothing ever came; POST /webhook brings the first), SEED.
import { createServer } from 'node:http'
import { existsSync, readFileSync } from 'node:fs'
import { extname, join } from 'node:path'

const { PORT = '8010', OPEN = '184', EMPTY = '', SEED = '7' } = process.env
const PAGE = process.env.PAGE ?? new URL('../../src/orderwatch/web/page/', import.meta.url).pathname
const TYPES = { '.html': 'text/html; charset=utf-8', '.js': 'text/javascript', '.css': 'text/css', '.svg': 'image/svg+xml' }
const CSP =
  "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; connect-src 'self'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'"

let seed = Number(SEED)
const random = () => ((seed = (seed * 1103515245 + 12345) % 2147483648), seed / 2147483648)
const pick = (list) => list[Math.floor(random() * list.length)]
const iso = (ms) => new Date(ms).toISOString()

const SOURCES = ['city-eats', 'fast-bites', 'lunchbox', 'north-food', 'own-shop', 'parcel-desk']
const STORES = ['Maple Kitchen Camden', 'Noodle Yard Soho', 'Green Bowl Shoreditch', 'Maple Kitchen Hackney', 'Bao Corner Brixton', 'Pide House Dalston', 'Green Bowl Angel']
const WAY = ['created', 'accepted', 'preparing', 'ready', 'picked_up', 'nearby', 'delivered']
const AGES = { created: 2, accepted: 4, preparing: 19, ready: 9, picked_up: 30, nearby: 32 }
const orders = new Map()
const notifications = []
const streams = new Set()
let number = 1000
let transaction = 1
let events = EMPTY ? 0 : 70211

function makeOrder(status = 'created', source = pick(SOURCES.slice(0, 5))) {
  const now = Date.now()
  const since = now - random() ** 3 * (AGES[status] ?? 50) * 1.25 * 60000
  const placed = since - WAY.indexOf(status) * 5 * 60000
  number += 1
  const order = {
    source,
    order_id: pick(['7F2K', '83-', 'W-', '11-', 'C19']) + number,
    status,
    status_since: iso(since),
    open: true,
    store_id: pick(STORES),
    region: pick(['London', 'Kent']),
    placed_at: iso(placed),
    promised_at: iso(placed + (44 + random() * 12) * 60000),
    eta: random() < 0.1 ? iso(placed + 58 * 60000) : null,
    courier: WAY.indexOf(status) > 3 ? { id: 'c9', lat: 51.529, lon: -0.0771 } : null,
    courier_seen_at: WAY.indexOf(status) > 3 ? iso(now - random() * 240000) : null,
    total: (10 + random() * 40).toFixed(2),
    currency: 'GBP',
    reason: null,
    flags: random() < 0.05 ? ['late_event'] : [],
    last_event_at: iso(since),
    first_receipt: number,
  }
  orders.set(`${source} ${order.order_id}`, order)
  return order
}

function notify(order) {
  const at = iso(Date.now())
  const one = { id: notifications.length + 1, cause: `c${notifications.length}`, channel: 'browser', kind: 'browser', route: 'new-orders', source: order.source, order_id: order.order_id, title: `New order ${order.order_id}`, text: `${order.source}: ${order.order_id}`, severity: 'info', link: null, status: 'sent', tries: 1, created_at: at, due_at: at, finished_at: at }
  notifications.unshift({ ...one, attempts: [{ at, outcome: 'sent', detail: 'shown', took_ms: 12 }] })
  return one
}

function step(order) {
  const at = WAY.indexOf(order.status) + 1
  order.status = random() < 0.03 ? 'cancelled' : WAY[at]
  order.open = !['delivered', 'cancelled'].includes(order.status)
  order.status_since = order.last_event_at = iso(Date.now())
  if (order.status === 'cancelled') order.reason = 'store closed'
}

const open = () => [...orders.values()].filter((order) => order.open)
const done = () => [...orders.values()].filter((order) => !order.open).sort((a, b) => b.status_since.localeCompare(a.status_since))
function stats() {
  const by_status = {}
  for (const order of orders.values()) by_status[order.status] = (by_status[order.status] ?? 0) + 1
  const now = Date.now()
  const sources = (EMPTY ? ['default'] : SOURCES).map((source, index) => ({ source, enabled: true, last_received_at: events === 0 ? null : iso(now - (source === 'fast-bites' ? 14 * 60000 : source === 'parcel-desk' ? 3600000 : index * 2000)), per_minute: source === 'fast-bites' ? 0 : 58 - index * 9, events, unreadable: 0 }))
  return { at: iso(now), open: open().length, by_status, events_per_minute: { last: 118, series: Array.from({ length: 60 }, (_, i) => Math.round(120 + 30 * Math.sin(i / 5) + 20 * random())) }, ended_60_min: done().length, cancelled_30_min: { cancelled: 4, ended: 188, share: 0.0213 }, time_to_accept: { p50_seconds: 72, p90_seconds: 220, orders: 941 }, on_time_60_min: { on_time: 285, delivered: 305, share: 0.934 }, sources, pipeline: { lag_seconds: 0.2, behind: 3, worker_seen_at: iso(now) }, readers: streams.size }
}

const send = (response, event, data, id) => response.write(`${id ? `id: ${id}\n` : ''}event: ${event}\ndata: ${JSON.stringify(data)}\n\n`)
function tell(batch) {
  transaction += 1
  for (const response of streams) batch.forEach(([event, data], i) => send(response, event, data, i === batch.length - 1 ? transaction : 0))
}

function detail(order) {
  const start = Date.parse(order.placed_at)
  const steps = WAY.slice(0, WAY.indexOf(order.status) + 1)
  const milestones = Object.fromEntries(steps.map((name, i) => [name, iso(start + i * 5 * 60000)]))
  const timeline = steps.map((name, i) => ({ type: `order.${name}`, raw_type: `order_${name}`, occurred_at: milestones[name], received_at: iso(Date.parse(milestones[name]) + 1200), receipt: order.first_receipt + i, changes: i ? { status: [steps[i - 1], name] } : { status: [null, name], total: [null, order.total] } }))
  for (let i = 0; order.courier && i < 9; i += 1) timeline.push({ type: 'courier.location', raw_type: 'courier_location', occurred_at: iso(Date.now() - (9 - i) * 50000), received_at: iso(Date.now() - (9 - i) * 50000 + 900), receipt: order.first_receipt + 90 + i, changes: { courier: [null, { id: 'c9', lat: 51.521 + i * 0.001, lon: -0.09 + i * 0.0014 + 0.002 * Math.sin(i) }] } })
  return { ...order, customer: { name: 'K… P…', phone: '…12', address: '…', lat: 51.5335, lon: -0.07 }, courier: order.courier && { ...order.courier, name: 'L…' }, items: [{ name: 'Bibim bowl', quantity: '2', price: '11.20' }, { name: 'Barley tea' }], milestones, duplicates: 1, masked: true, timeline, told: notifications.filter((one) => one.order_id === order.order_id), receipts: [] }
}

const ME = { name: 'kim', role: 'admin', via: 'session', expires_at: null, server: { version: '0.1.0', base_url: `http://127.0.0.1:${PORT}`, open_webhook: true, language: 'auto' } }
const list = (items) => ({ items, next: null })
const named = (name) => ({ name, provider: 'generic', verification: 'standard_webhooks', secrets: ['•••• 9f2c'], hmac: { header: 'x-signature', algorithm: 'sha256', encoding: 'hex', prefix: '', content: '{body}', timestamp_header: null, id_header: null, tolerance_seconds: 300 }, token: { header: 'authorization', prefix: '' }, mapping: { event_type: 'event_type', order_id: 'order_id', event_id: null, fields: {}, statuses: {}, events: null }, time_zone: null, currency: null, success_status: 200, allow_compressed: false, enabled: true, address: `/in/${name}`, activity: { last_received_at: iso(Date.now() - 3000), events: 4000, duplicates: 212, conflicts: 0, unreadable: 1, rejected: 4, per_minute: 58.2 }, public_url: null, settings: {}, health: healthOf(name) })
const healthOf = (name) => {
  const silent = name === 'fast-bites'
  const failing = name === 'own-shop' ? { failures: 4, of: 61, last_at: iso(Date.now() - 60000), failing_since: null, failures_since: 0, worked_until: null } : { failures: 0, of: 0, last_at: null, failing_since: null, failures_since: 0, worked_until: null }
  return { last_received_at: iso(Date.now() - (silent ? 14 * 60000 : 3000)), per_minute: silent ? 0 : 58.2, usual_per_minute: 55, usual_days: 14, lag: silent ? { p50_seconds: null, p95_seconds: null, events: 0 } : { p50_seconds: 0.4, p95_seconds: 1.9, events: 200 }, signatures: failing, events: 4000, duplicates: 212, conflicts: 0, unreadable: 0, unknown: 1, rejected: 4, news: name === 'own-shop' ? 3 : 0 }
}
const receipt = (position) => ({ position, kind: 'event', of: null, source: 'own-shop', event_id: `ev-${position}`, method: 'POST', path: '/webhook', content_type: 'application/json', received_at: iso(Date.now()), size: 71 })
const held = { id: 'q-12', kind: 'rejected', received_at: iso(Date.now()), source: 'own-shop', code: 'wrong_signature', reason: 'The signature does not fit the body.', status: 401, method: 'POST', path: '/in/own-shop', content_type: 'application/json', size: 31, truncated: false, receipt: null, resubmitted_at: null, resubmitted_as: null }
const raw = { headers: { 'content-type': 'application/json', 'x-signature': '9f2c…e1' }, body: '{"event_type": "order_created", "order_id": "A-1", "n": 12345678901234567890}', encoding: 'utf-8' }

const ANSWERS = [
  [/^GET session$/, () => ({ authenticated: true, has_users: true })],
  [/^GET me$/, () => ME],
  [/^GET orders$/, () => list([...orders.values()].slice(-100).map(detail))],
  [/^(?:GET|POST) orders\/([^/]+)\/([^/]+)(?:\/reveal)?$/, (source, id) => orders.has(`${source} ${id}`) && detail(orders.get(`${source} ${id}`))],
  [/^GET receipts$/, () => list(Array.from({ length: 40 }, (_, i) => receipt(4000 - i)))],
  [/^(?:GET|POST) receipts\/(\d+)(?:\/reveal)?$/, (position) => ({ ...receipt(Number(position)), ...raw })],
  [/^GET quarantine$/, () => ({ ...list([held]), dropped: {} })],
  [/^GET quarantine\/q-12$/, () => ({ ...held, ...raw })],
  [/^POST quarantine\/q-12\/resubmit$/, () => ({ id: 'q-12', outcome: 'accepted', receipt: 4001, code: null, reason: null })],
  [/^GET providers$/, () => list([])],
  [/^GET sources\/[^/]+\/words$/, () => list([{ kind: 'field', word: 'tip', meaning: null, first_at: iso(Date.now()), receipt: 3, is_new: true }])],
  [/^GET sources$/, () => list(SOURCES.map(named))],
  [/^GET sources\/(.+)$/, named],
  [/^GET channels$/, () => list(['browser', 'log'].map((kind) => ({ name: kind, kind, settings: {}, enabled: true, fallback: null })))],
  [/^GET routes$/, () => list([{ name: 'new-orders', event_types: ['order.created'], sources: [], stores: [], channels: ['log', 'browser'], enabled: true }, { name: 'done', event_types: ['order.delivered'], sources: ['own-shop'], stores: [], channels: ['log'], enabled: false }])],
  [/^GET notifications$/, () => list(notifications.slice(0, 100))],
  [/^GET (?:handlers\/dead-letters|users|tokens|audit)$/, () => list([])],
]

function answer(request, response) {
  const path = decodeURIComponent(new URL(request.url, 'http://x').pathname.slice('/api/v1/'.length))
  for (const [pattern, make] of ANSWERS) {
    const found = pattern.exec(`${request.method} ${path}`)
    const body = found && make(...found.slice(1))
    if (body) return json(response, 200, body)
  }
  return json(response, 404, { title: 'Not found', status: 404, code: 'not_found', detail: `nothing at ${path}` })
}

const json = (response, status, body) => response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))

function stream(request, response) {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' })
  const first = { at: iso(Date.now()), stats: stats(), open: open().slice(-5000), open_total: open().length, open_truncated: false, done: done().slice(0, 50), notifications: notifications.slice(0, 50) }
  send(response, 'snapshot', first, transaction)
  streams.add(response)
  request.on('close', () => streams.delete(response))
}

function page(request, response) {
  const path = new URL(request.url, 'http://x').pathname
  const file = extname(path) && existsSync(join(PAGE, path)) ? join(PAGE, path) : join(PAGE, 'index.html')
  response.writeHead(200, { 'content-type': TYPES[extname(file)] ?? 'text/plain', 'content-security-policy': CSP }).end(readFileSync(file))
}

if (!EMPTY) {
  const shares = ['created', 'accepted', 'preparing', 'preparing', 'preparing', 'ready', 'picked_up', 'picked_up', 'picked_up', 'nearby']
  for (let i = 0; i < Number(OPEN); i += 1) makeOrder(shares[i % shares.length])
  for (let i = 0; i < 40; i += 1) step(makeOrder('nearby'))
  for (let i = 0; i < 12; i += 1) notify(pick(open()))
  setInterval(() => {
    const order = random() < 0.3 ? makeOrder() : pick(open())
    if (order.status !== 'created' || random() < 0.5) step(order)
    tell([['order', order], ...(order.status === 'created' ? [['notification', notify(order)]] : [])])
  }, 900)
}
setInterval(() => tell([['stats', stats()]]), 2000)

createServer((request, response) => {
  if (request.url.startsWith('/api/v1/stream')) return stream(request, response)
  if (request.url.startsWith('/api/')) return answer(request, response)
  if (request.method === 'POST') {
    events += 1
    tell([['order', { ...makeOrder('created', 'default'), status_since: iso(Date.now()) }], ['stats', stats()]])
    return json(response, 200, { status: 'success' })
  }
  return page(request, response)
}).listen(Number(PORT), '127.0.0.1', () => process.stdout.write(`http://127.0.0.1:${PORT}\n`))
