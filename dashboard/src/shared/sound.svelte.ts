import { preferences } from './preferences.svelte'

const REST = 10_000

/** Short tones. A browser lets none be heard before the viewer's first click or key, and `on` says so truly. */
class Sound {
  #allowed = $state(false)
  #context: AudioContext | undefined
  #last = Number.NEGATIVE_INFINITY

  /** Whether a tone would be heard now. */
  get on(): boolean {
    return this.#allowed && preferences.sound
  }

  /** Wait for the first gesture; returns how to stop. */
  start(): () => void {
    const wake = (): void => void this.#wake()
    addEventListener('pointerdown', wake)
    addEventListener('keydown', wake)
    return () => {
      removeEventListener('pointerdown', wake)
      removeEventListener('keydown', wake)
    }
  }

  async toggle(): Promise<void> {
    const wanted = !this.on
    preferences.sound = wanted
    if (!wanted) return
    await this.#wake()
    this.#tone(0)
  }

  /** Sound one tone, or several; at most once in 10 s. */
  play(tones = 1): void {
    const now = performance.now()
    if (!this.on || now - this.#last < REST) return
    this.#last = now
    for (let index = 0; index < tones; index += 1) this.#tone(index * 0.28)
  }

  async #wake(): Promise<void> {
    if (this.#allowed || !preferences.sound) return
    this.#context ??= new AudioContext()
    await this.#context.resume()
    this.#allowed = this.#context.state === 'running'
  }

  #tone(delay: number): void {
    const context = this.#context
    if (!context) return
    const [oscillator, gain] = [context.createOscillator(), context.createGain()]
    const start = context.currentTime + delay
    oscillator.frequency.value = 880
    gain.gain.setValueAtTime(0, start)
    gain.gain.linearRampToValueAtTime(0.2, start + 0.015)
    gain.gain.exponentialRampToValueAtTime(0.001, start + 0.22)
    oscillator.connect(gain).connect(context.destination)
    oscillator.start(start)
    oscillator.stop(start + 0.24)
  }
}

export const sound = new Sound()
