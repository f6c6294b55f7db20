// Hands out what the page's first script has asked for already.

/** By address. */
export type EarlyAnswers = Map<string, Promise<Response>>
declare global {
  var mainstayEarly: EarlyAnswers | undefined
}

// From here on it is too late to ask early.
globalThis.mainstayEarly ??= new Map()

// Whoever takes an answer later than this after the page began asks again: it is of another moment.
const freshMs = 10_000

/** As `fetch`: gives the answer asked for early when there is one that nobody has taken, and asks otherwise. */
export const earlyFetch: typeof fetch = (input, init) => {
  const early =
    typeof input === 'string' && (init?.method ?? 'GET') === 'GET' ? globalThis.mainstayEarly?.get(input) : undefined
  if (early === undefined || typeof input !== 'string') return fetch(input, init)
  globalThis.mainstayEarly?.delete(input)
  performance.mark('early.taken', { detail: input })
  if (performance.now() > freshMs) return fetch(input, init)
  // A connection lost that early is worth a second try, and a refusal may be of a session that has been renewed since.
  return early.then((answer) => (answer.ok ? answer : fetch(input, init))).catch(() => fetch(input, init))
}
