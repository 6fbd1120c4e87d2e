import type { Language } from './time/duration'

/** Decimal text with its currency, as people write it; digits beyond a double's are kept as they came. */
export function money(amount: string, currency: string | null, language: Language): string {
  const number = Number(amount)
  if (!Number.isFinite(number) || amount.replace(/\D/g, '').length > 15) return [amount, currency].filter(Boolean).join(' ')
  try {
    const options = currency ? ({ style: 'currency', currency, currencyDisplay: 'narrowSymbol' } as const) : {}
    return new Intl.NumberFormat(language === 'ko' ? 'ko-KR' : 'en-GB', options).format(number)
  } catch {
    // Not a currency that is known: say it as it came.
    return `${amount} ${currency}`
  }
}
