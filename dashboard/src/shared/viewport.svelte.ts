/** Whether the page is as narrow as a phone; CSS alone cannot choose another layout of the same orders. */
class Viewport {
  isPhone = $state(false)

  start(): () => void {
    const query = matchMedia('(max-width: 720px)')
    const read = (): void => {
      this.isPhone = query.matches
    }
    read()
    query.addEventListener('change', read)
    return () => query.removeEventListener('change', read)
  }
}

export const viewport = new Viewport()
