// What people work with in an incident: tasks, decisions, hypotheses, mitigations. Each kind has its own states.
import type { Refusal } from '../../oncall/core/index.ts'

export const itemKinds = ['task', 'decision', 'hypothesis', 'mitigation'] as const
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

export function isClosed(kind: ItemKind, state: ItemState): boolean {
  return state !== 'open' && state !== 'started' && kind !== 'decision'
}

export function decideItem(kind: ItemKind, from: ItemState, to: ItemState, reason: string | null): ItemDecision {
  const allowed = nextStates(kind, from)
  if (!allowed.includes(to)) {
    const there = allowed.length === 0 ? 'nowhere' : allowed.join(' or ')
    return refuse('conflict', 'incidents.no-such-way', `A ${kind} that is ${from} goes ${there}, not to ${to}.`)
  }
  const said = reason?.trim() ?? ''
  if (said === '' && !plain.includes(to)) {
    return refuse('invalid', 'incidents.reason-missing', `Say why the ${kind} is ${to}.`)
  }
  return { ok: true, state: to, closed: isClosed(kind, to), reason: said === '' ? null : said }
}

function refuse(kind: Refusal['kind'], code: string, sentence: string): ItemDecision {
  return { ok: false, refusal: { kind, code, sentence } }
}
