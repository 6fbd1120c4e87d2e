/** Where the viewer is: the path and the query of the address, kept in step with the browser's history. */
class Router {
  path = $state('/')
  query = $state.raw(new URLSearchParams())

  /** Follow the browser's history and every plain click on a link of ours; returns how to stop. */
  start(): () => void {
    this.#read()
    const back = (): void => this.#read()
    const click = (event: MouseEvent): void => this.#clicked(event)
    addEventListener('popstate', back)
    document.addEventListener('click', click)
    return () => {
      removeEventListener('popstate', back)
      document.removeEventListener('click', click)
    }
  }

  go(address: string): void {
    history.pushState(null, '', address)
    this.#read()
    scrollTo(0, 0)
  }

  /** Set parts of the query; an empty value takes its part out. The step leaves no entry in the history. */
  ask(parts: Record<string, string | null>): void {
    const query = new URLSearchParams(this.query)
    for (const [name, value] of Object.entries(parts)) {
      if (value === null || value === '') query.delete(name)
      else query.set(name, value)
    }
    const text = query.toString()
    history.replaceState(null, '', text ? `${this.path}?${text}` : this.path)
    this.#read()
  }

  #read(): void {
    this.path = location.pathname
    this.query = new URLSearchParams(location.search)
  }

  #clicked(event: MouseEvent): void {
    if (event.defaultPrevented || event.button !== 0) return
    if (event.metaKey || event.ctrlKey || event.shiftKey || event.altKey) return
    const link = (event.target as Element | null)?.closest('a')
    if (!link || link.target !== '' || link.hasAttribute('download') || link.dataset['outside'] !== undefined) return
    if (link.origin !== location.origin) return
    if (link.hash !== '' && link.pathname === location.pathname) return
    event.preventDefault()
    this.go(link.pathname + link.search + link.hash)
  }
}

export const router = new Router()
