// What people work with in an incident: tasks, decisions, hypotheses, mitigations, cases at vendors. Each kind has its own
// states.
import type { Refusal } from '../../oncall/core/index.ts'

export const itemKinds = ['task', 'decision', 'hypothesis', 'mitigation', 'vendor-case'] as const
export type ItemKind = (typeof itemKinds)[number]

export const itemStates = [
  'open',
  'done',
  'dropped',
  'recorded',
  'withdrawn',
  'confirmed',
  'refuted',
  'started',
  'verified',
  'ineffective',
  'asked',
  'answered',
] as const
export type ItemState = (typeof itemStates)[number]

type Ways = Readonly<Partial<Record<ItemState, readonly ItemState[]>>>

const ways: Readonly<Record<ItemKind, { readonly first: ItemState; readonly ways: Ways }>> = {
  task: { first: 'open', ways: { open: ['done', 'dropped'], done: ['open'], dropped: ['open'] } },
  // A decision is a fact: taking it back is another fact.
  decision: { first: 'recorded', ways: { recorded: ['withdrawn'] } },
  hypothesis: {
    first: 'open',
    ways: { open: ['confirmed', 'refuted'], confirmed: ['open'], refuted: ['open'] },
  },
  mitigation: {
    first: 'started',
    ways: { started: ['verified', 'ineffective', 'dropped'], verified: ['ineffective'], ineffective: ['started'] },
  },
  'vendor-case': {
    first: 'asked',
    ways: {
      asked: ['answered', 'done', 'dropped'],
      answered: ['asked', 'done', 'dropped'],
      done: ['asked'],
      dropped: ['asked'],
    },
  },
}

/** Everything that says no, or says yes to a cause, needs its reason on record. */
const plain: readonly ItemState[] = ['done', 'verified', 'started']

export type ItemDecision =
  | { readonly ok: true; readonly state: ItemState; readonly closed: boolean; readonly reason: string | null }
  | { readonly ok: false; readonly refusal: Refusal }

export function firstState(kind: ItemKind): ItemState {
  return ways[kind].first
}

export function nextStates(kind: ItemKind, state: ItemState): readonly ItemState[] {
  return ways[kind].ways[state] ?? []
}

const running: readonly ItemState[] = ['open', 'started', 'asked', 'answered']

export function isClosed(kind: ItemKind, state: ItemState): boolean {
  return !running.includes(state) && kind !== 'decision'
}

export function decideItem(kind: ItemKind, from: ItemState, to: ItemState, reason: string | null): ItemDecision {
  const allowed = nextStates(kind, from)
  if (!allowed.includes(to)) {
    const there = allowed.length === 0 ? 'nowhere' : allowed.join(' or ')
    return refuse(
      'conflict',
      'incidents.no-such-way',
      `A ${kind.replace('-', ' ')} that is ${from} goes ${there}, not to ${to}.`,
    )
  }
  const said = reason?.trim() ?? ''
  if (said === '' && !plain.includes(to)) {
    const asked =
      to === 'answered' ? 'Say what the vendor answered.' : `Say why the ${kind.replace('-', ' ')} is ${to}.`
    return refuse('invalid', 'incidents.reason-missing', asked)
  }
  return { ok: true, state: to, closed: isClosed(kind, to), reason: said === '' ? null : said }
}

function refuse(kind: Refusal['kind'], code: string, sentence: string): ItemDecision {
  return { ok: false, refusal: { kind, code, sentence } }
}
