// Runs before the first paint, so that a chosen theme and language do not flash in after the system's own.
try {
  const kept = JSON.parse(localStorage.getItem('orderwatch.preferences') ?? '{}')
  if (kept.theme === 'light' || kept.theme === 'dark') document.documentElement.dataset.theme = kept.theme
  document.documentElement.lang = kept.language ?? (navigator.language.startsWith('ko') ? 'ko' : 'en')
} catch {
  // Storage may be blocked; the system's theme and language then hold.
}
