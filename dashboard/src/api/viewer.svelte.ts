import { onSignedOut } from './client'
import { session } from './resources'
import type { Me, Role } from './types'

const RANK: Record<Role, number> = { viewer: 0, operator: 1, admin: 2 }

/** Who looks. */
class Viewer {
  me = $state.raw<Me | null>(null)
  /** Whether it is known yet who looks. */
  isKnown = $state(false)
  /** Whether anybody can sign in at all. */
  hasUsers = $state(true)
  /** The session ended by itself, while one was looking. */
  hasEnded = $state(false)
  /** Asking failed, so that nothing is known. */
  error = $state.raw<unknown>(null)

  constructor() {
    onSignedOut(() => this.lost())
  }

  can(role: Role): boolean {
    return this.me !== null && RANK[this.me.role] >= RANK[role]
  }

  async find(): Promise<void> {
    this.error = null
    try {
      const state = await session.state()
      this.hasUsers = state.has_users
      this.me = state.authenticated ? await session.me() : null
      this.isKnown = true
    } catch (error) {
      this.error = error
    }
  }

  entered(me: Me): void {
    this.me = me
    this.isKnown = true
    this.hasEnded = false
  }

  async leave(): Promise<void> {
    await session.signOut()
    this.me = null
  }

  lost(): void {
    this.hasEnded = this.me !== null
    this.me = null
  }
}

export const viewer = new Viewer()
