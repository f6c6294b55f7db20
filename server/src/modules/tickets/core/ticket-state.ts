// What a ticket can be, in no tracker's own words, and what each of two sides is able to say.

export const ticketStates = ['open', 'doing', 'done', 'dropped'] as const
export type TicketState = (typeof ticketStates)[number]

export const subjectKinds = ['incident', 'action'] as const
export type SubjectKind = (typeof subjectKinds)[number]

/** The tracker's names of each state: the first is set, every one is read. */
export type StateMapping = Readonly<Partial<Record<TicketState, readonly string[]>>>

/** What a tracker says of itself, whatever its states are called. */
export interface Speech {
  /** Its own names; empty where categories tell (Jira). */
  readonly names: StateMapping
  /** It can tell work that is under way from work that waits, without a name for it. */
  readonly doing: boolean
}

/** What both sides can say: what one of them cannot is the nearest that it can. */
export interface Vocabulary {
  readonly doing: boolean
  readonly dropped: boolean
}

/** A configured state replaces the names of that state only. */
export function mappingOf(speech: Speech, configured: StateMapping): StateMapping {
  return { ...speech.names, ...configured }
}

export function vocabularyOf(subject: SubjectKind, speech: Speech, mapping: StateMapping): Vocabulary {
  const has = (state: TicketState) => (mapping[state] ?? []).length > 0
  return {
    // An action is open until it is done; an incident knows whether somebody works on it.
    doing: subject === 'incident' && (speech.doing || has('doing')),
    dropped: subject === 'action' && has('dropped'),
  }
}

export function sayable(state: TicketState, { doing, dropped }: Vocabulary): TicketState {
  if (state === 'doing' && !doing) return 'open'
  if (state === 'dropped' && !dropped) return 'done'
  return state
}

/** Null when nobody said what this name means and the tracker has no category for it. */
export function readState(name: string, category: TicketState | null, mapping: StateMapping): TicketState | null {
  const wanted = name.trim().toLowerCase()
  const named = ticketStates.find((state) =>
    (mapping[state] ?? []).some((each) => each.trim().toLowerCase() === wanted),
  )
  return named ?? category
}

/** One name for two states could be read as either. */
export function mappingFaults(
  mapping: StateMapping,
): readonly { readonly state: TicketState; readonly detail: string }[] {
  const seen = new Map<string, TicketState>()
  const faults: { state: TicketState; detail: string }[] = []
  for (const state of ticketStates)
    for (const name of mapping[state] ?? []) {
      const key = name.trim().toLowerCase()
      const before = seen.get(key)
      if (before !== undefined && before !== state)
        faults.push({ state, detail: `"${name}" stands for ${before} already.` })
      seen.set(key, state)
    }
  return faults
}
