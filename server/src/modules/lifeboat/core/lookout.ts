// Whether the database is there, as one process sees it, and what follows from that for alerts and pages.
// All times are monotonic milliseconds of this process.

export type Standing =
  /** The database is there: everything goes its ordinary way. */
  | { readonly kind: 'ashore' }
  /** It did not answer. Alerts it does not take are taken aboard; nobody is paged from here yet. */
  | { readonly kind: 'doubt'; readonly since: number }
  /** It is away: alerts are taken aboard at once, pages go out from the armed plan. */
  | { readonly kind: 'afloat'; readonly since: number }
  /** It is back: what was taken aboard is written down, in order, and nothing is paged from here any more. */
  | { readonly kind: 'landing'; readonly since: number }

export const ashore: Standing = { kind: 'ashore' }

/** A restart of PostgreSQL takes less; a person paged this much later does not notice. */
export const doubtMs = 5_000

/** One look at the database. `cargo` is whether anything aboard waits to be written down. */
export function observe(standing: Standing, answers: boolean, cargo: boolean, atMs: number): Standing {
  switch (standing.kind) {
    case 'ashore':
      return answers ? (cargo ? { kind: 'landing', since: atMs } : standing) : { kind: 'doubt', since: atMs }
    case 'doubt':
      if (answers) return cargo ? { kind: 'landing', since: standing.since } : ashore
      return atMs - standing.since >= doubtMs ? { kind: 'afloat', since: standing.since } : standing
    case 'afloat':
      return answers ? { kind: 'landing', since: standing.since } : standing
    case 'landing':
      return answers ? standing : { kind: 'afloat', since: standing.since }
  }
}

/** Everything aboard is written down. */
export function landed(standing: Standing): Standing {
  return standing.kind === 'landing' ? ashore : standing
}

/** Once something is aboard, what comes after it goes aboard too: an end must not overtake its beginning. */
export function boards(standing: Standing, cargo: boolean): boolean {
  return cargo || standing.kind === 'afloat' || standing.kind === 'landing'
}
