// Whether a target can be kept with the services it depends on: what they promise, and what they did.
import type { Fault } from '../../../kernel/app-error.ts'
import { rational, toNumber } from '../../../kernel/rational.ts'
import type { Queries } from '../../../platform/database/queries.ts'
import { dependenciesAround } from '../../catalog/index.ts'
import { type CeilingVerdict, judgeCeiling, type Needed, serialOf } from '../core/ceiling.ts'
import { formatTarget } from '../core/sentence.ts'
import type { Definition } from '../definition.ts'
import { findObjectivesOf, type ObjectiveRow } from '../objectives.store.ts'
import { readStates } from '../states.store.ts'
import { numberOrNull } from './check-journey.ts'
import { needObjective } from './describe-objectives.ts'

/** Of nobody it is asked how many depend on it. */
const any = Number.MAX_SAFE_INTEGER

interface Dependency {
  readonly service: string
  readonly strength: 'hard' | 'soft'
  /** Its best promise of availability: nobody may say that a better one was forgotten. */
  readonly best: ObjectiveRow | null
}

async function dependenciesOf(queries: Queries, service: string): Promise<readonly Dependency[]> {
  const { dependencies } = await dependenciesAround(queries, [service], any)
  const own = dependencies.filter((each) => each.from === service && each.to !== service)
  const objectives = await findObjectivesOf(
    queries,
    own.map((each) => each.to),
  )
  return own.map(({ to, strength }) => ({ service: to, strength, best: bestOf(objectives, to) }))
}

function bestOf(objectives: readonly ObjectiveRow[], service: string): ObjectiveRow | null {
  const promises = objectives.filter((each) => each.service === service && each.definition.kind === 'availability')
  return promises.reduce<ObjectiveRow | null>(
    (best, each) =>
      best === null || toNumber(each.definition.target) > toNumber(best.definition.target) ? each : best,
    null,
  )
}

export async function readCeiling(queries: Queries, name: string) {
  const { definition } = await needObjective(queries, name)
  const dependencies = await dependenciesOf(queries, definition.service)
  const states = new Map(
    (
      await readStates(
        queries,
        dependencies.flatMap((each) => each.best?.name ?? []),
      )
    ).map((state) => [state.name, state]),
  )
  const views = dependencies.map(({ service, strength, best }) => {
    const budget = best === null ? undefined : states.get(best.name)?.view.budget
    const target = best === null ? null : best.definition.target
    return {
      service,
      strength,
      objective: best?.name ?? null,
      target: numberOrNull(target),
      targetText: target === null ? null : formatTarget(target).replace(' %', ''),
      attainment: attainmentOf(budget, target === null ? null : toNumber(target)),
      promised: target,
    }
  })
  const hard = views.filter((each) => each.strength === 'hard')
  const needed = hard.map(({ service, promised, attainment }): Needed => {
    const measured = attainment === null ? null : rational(Math.round(attainment * 1e9), 1e9)
    return { name: service, promised, measured }
  })
  const ceiling = {
    promised: together(needed.map((each) => each.promised)),
    measured: together(needed.map((each) => each.measured)),
  }
  const words = { who: 'its dependencies', windowMs: definition.windowMs }
  const verdict: CeilingVerdict =
    definition.kind === 'availability' && needed.length > 0
      ? judgeCeiling(definition.target, needed, ceiling, words)
      : { state: 'unknown', sentence: null }
  const { state, sentence } = verdict.state === 'fits' ? fitOf(definition, needed, verdict) : verdict
  return {
    target: toNumber(definition.target),
    ceiling: { state, sentence, promised: numberOrNull(ceiling.promised), measured: numberOrNull(ceiling.measured) },
    dependencies: views.map(({ promised: _promised, ...view }) => view),
  }
}

/** With a promise missing it is not known to fit: the rest alone would say so of too little. */
function fitOf({ target }: Definition, needed: readonly Needed[], verdict: CeilingVerdict): CeilingVerdict {
  const silent = needed.filter((each) => each.promised === null).map((each) => each.name)
  if (silent.length === 0) return verdict
  const promise = silent.length === 1 ? 'promises' : 'promise'
  const sentence = `Whether ${formatTarget(target)} fits is not known: ${silent.join(', ')} ${promise} nothing.`
  return { state: 'unknown', sentence }
}

/** What cannot promise anything keeps the product of the rest from being a ceiling, but not from bounding it. */
function together(parts: readonly Needed['promised'][]): Needed['promised'] {
  const known = parts.filter((each) => each !== null)
  return known.length === 0 ? null : serialOf(known)
}

function attainmentOf(
  budget: { readonly totalBad: number; readonly spentBad: number; readonly remainingRatio: number | null } | undefined,
  target: number | null,
): number | null {
  if (budget === undefined || target === null || budget.remainingRatio === null || budget.totalBad === 0) return null
  return 1 - (budget.spentBad / budget.totalBad) * (1 - target)
}

/** For plan and apply: a promise that contradicts those it rests on, and those that rest on it. */
export async function ceilingWarnings(queries: Queries, definitions: readonly Definition[]): Promise<readonly Fault[]> {
  const [first] = definitions
  if (first === undefined) return []
  const promises = definitions.filter((each) => each.kind === 'availability')
  const [own, dependants] = [await dependenciesOf(queries, first.service), await dependantsOf(queries, first.service)]
  const needed = own
    .filter(
      ({ strength, best }) => strength === 'hard' && best !== null && !promises.some((each) => each.name === best.name),
    )
    .map(({ service, best }): Needed => ({ name: service, promised: best?.definition.target ?? null, measured: null }))
  const above = promises.flatMap(({ target, windowMs }, index): readonly Fault[] => {
    const ceiling = { promised: together(needed.map((each) => each.promised)), measured: null }
    const verdict = judgeCeiling(target, needed, ceiling, { who: 'its dependencies', windowMs })
    return verdict.state === 'above-promised'
      ? [{ pointer: `/spec/objectives/${index}`, detail: verdict.sentence }]
      : []
  })
  const [best] = [...promises].sort((a, b) => toNumber(b.target) - toNumber(a.target))
  if (best === undefined) return above
  const contradicted = dependants.filter((each) => toNumber(each.definition.target) > toNumber(best.target))
  // Asked last: a service may have thousands of objectives, and hardly ever is anybody contradicted.
  if (contradicted.length === 0) return above
  // Another objective of the service may promise more: then nobody is contradicted.
  const others = bestOf(await findObjectivesOf(queries, [first.service]), first.service)
  const documents = new Set(definitions.map((each) => each.document))
  if (others !== null && !documents.has(others.document) && toNumber(others.definition.target) >= toNumber(best.target))
    return above
  return [
    ...above,
    ...contradicted.slice(0, 5).map((each) => ({
      pointer: '/spec/objectives/0',
      detail: `${each.name} promises ${formatTarget(each.definition.target)}, which is impossible while ${first.service} promises ${formatTarget(best.target)}.`,
    })),
  ]
}

async function dependantsOf(queries: Queries, service: string): Promise<readonly ObjectiveRow[]> {
  const { dependencies } = await dependenciesAround(queries, [service], any)
  const names = dependencies.filter((each) => each.to === service && each.strength === 'hard' && each.from !== service)
  const objectives = await findObjectivesOf(
    queries,
    names.map((each) => each.from),
  )
  return objectives.filter((each) => each.definition.kind === 'availability')
}
