// What a provider's HTTP answer says about the message: taken, try again, or never.

export interface ProviderReply {
  readonly status: number
  /** What the provider asks to wait; null when it asks nothing. */
  readonly retryAfterMs: number | null
  /** In the provider's own words, without anything that is ours. */
  readonly words: string
}

export type Refusal =
  | { readonly kind: 'refused'; readonly because: string; readonly retryAfterMs?: number }
  | { readonly kind: 'rejected'; readonly because: string; readonly gone?: boolean }

/** Null when it was taken. 401 and 403 are ours to mend, so the contact stays; 404 and 410 say that it is gone. */
export function judgeProvider(who: string, reply: ProviderReply): Refusal | null {
  const { status, retryAfterMs, words } = reply
  if (status >= 200 && status < 300) return null
  const because = `${who} answered ${status}${words === '' ? '.' : `: ${words}`}`.slice(0, 500)
  if (status === 408 || status === 425 || status === 429 || status >= 500)
    return { kind: 'refused', because, ...(retryAfterMs === null ? {} : { retryAfterMs }) }
  return status === 404 || status === 410 ? { kind: 'rejected', because, gone: true } : { kind: 'rejected', because }
}
