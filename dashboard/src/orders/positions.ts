/** Where the courier was, from the timeline; and what a plain map of it looks like. */

import type { Order, Place, TimelineEntry } from '../api/types'

export interface Point {
  lat: number
  lon: number
}

export interface Seen extends Point {
  at: number
}

export const pointOf = (place: Place | null | undefined): Point | null =>
  typeof place?.lat === 'number' && typeof place.lon === 'number' ? { lat: place.lat, lon: place.lon } : null

/** The courier's positions, the earliest first. */
export function pathOf(timeline: readonly TimelineEntry[], order: Pick<Order, 'courier' | 'courier_seen_at'>): Seen[] {
  const path: Seen[] = []
  for (const entry of timeline) {
    const point = pointOf(after(entry.changes['courier']))
    if (point) path.push({ ...point, at: Date.parse(entry.occurred_at) })
  }
  path.sort((a, b) => a.at - b.at)
  const last = pointOf(order.courier)
  if (last && order.courier_seen_at) {
    const at = Date.parse(order.courier_seen_at)
    if ((path.at(-1)?.at ?? 0) < at) path.push({ ...last, at })
  }
  return path
}

const after = (change: unknown): Place | null =>
  Array.isArray(change) && typeof change[1] === 'object' ? (change[1] as Place | null) : null

/** Metres along the sphere. */
export function distance(from: Point, to: Point): number {
  const radians = (degrees: number): number => (degrees * Math.PI) / 180
  const [a, b] = [radians(from.lat), radians(to.lat)]
  const half =
    Math.sin((b - a) / 2) ** 2 + Math.cos(a) * Math.cos(b) * Math.sin(radians(to.lon - from.lon) / 2) ** 2
  return 2 * 6_371_000 * Math.asin(Math.min(Math.sqrt(half), 1))
}

/** `850 m`, `1.2 km` */
export function sayDistance(metres: number): string {
  return metres < 1000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`
}

export interface Size {
  width: number
  height: number
  margin: number
}

/** A projection that shows all points: equirectangular, true in shape at their middle. */
export function projection(points: readonly Point[], size: Size): (point: Point) => { x: number; y: number } {
  const lats = points.map((point) => point.lat)
  const lons = points.map((point) => point.lon)
  const middle = { lat: (Math.min(...lats) + Math.max(...lats)) / 2, lon: (Math.min(...lons) + Math.max(...lons)) / 2 }
  const squeeze = Math.cos((middle.lat * Math.PI) / 180)
  // At least some 300 m across, so that a courier who stands still does not seem to race about.
  const width = Math.max((Math.max(...lons) - Math.min(...lons)) * squeeze, 0.003)
  const height = Math.max(Math.max(...lats) - Math.min(...lats), 0.003)
  const scale = Math.min((size.width - 2 * size.margin) / width, (size.height - 2 * size.margin) / height)
  return (point) => ({
    x: size.width / 2 + (point.lon - middle.lon) * squeeze * scale,
    y: size.height / 2 - (point.lat - middle.lat) * scale,
  })
}
