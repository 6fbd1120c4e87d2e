import { orders } from '../api/resources'
import type { OrderDetail } from '../api/types'
import { Resource } from '../shared/resource.svelte'

/** One order as it is asked for, and the personal data that was revealed of it, which stays while the order changes. */
export class Detail {
  readonly asked = new Resource<OrderDetail>()
  #revealed = $state.raw<OrderDetail | null>(null)
  readonly #source: string
  readonly #id: string

  constructor(source: string, id: string) {
    this.#source = source
    this.#id = id
  }

  get order(): OrderDetail | null {
    const [order, revealed] = [this.asked.value, this.#revealed]
    if (!order || !revealed) return order
    const sameCourier = order.courier?.id === revealed.courier?.id
    return {
      ...order,
      customer: revealed.customer,
      courier: sameCourier && order.courier ? { ...revealed.courier, ...placeOf(order) } : order.courier,
    }
  }

  get isRevealed(): boolean {
    return this.#revealed !== null
  }

  load(): Promise<void> {
    return this.asked.load(() => orders.one(this.#source, this.#id))
  }

  async reveal(): Promise<void> {
    this.#revealed = await orders.reveal(this.#source, this.#id)
  }
}

const placeOf = (order: OrderDetail): { lat?: number | null; lon?: number | null } => {
  const { lat, lon } = order.courier ?? {}
  return { ...(lat === undefined ? {} : { lat }), ...(lon === undefined ? {} : { lon }) }
}
