// What can only be said of an agreement with the objective at hand: whether it exists, and whether its own target leaves
// room below what the contract promises.

import { nearest } from '../../../kernel/names.ts'
import { compare } from '../../../kernel/rational.ts'
import type { Tx } from '../../../platform/database/database.ts'
import type { Admission } from '../../../platform/resources/resource-kind.ts'
import { mostAgreements } from '../agreements.contract.ts'
import { countOtherAgreements } from '../agreements.store.ts'
import type { Agreement } from '../core/agreement.ts'
import { formatTarget } from '../core/sentence.ts'
import { listJourneys } from '../journeys.store.ts'
import { findObjectives, namesOfObjectives } from '../objectives.store.ts'

export async function checkAgreement(tx: Tx, agreement: Agreement): Promise<Admission> {
  const { subject, name, target } = agreement
  if ((await countOtherAgreements(tx, name)) >= mostAgreements)
    return refuse('/metadata/name', `There are ${mostAgreements} agreements, and no more are kept.`)
  const pointer = `/spec/${subject.kind}`
  const own =
    subject.kind === 'objective'
      ? (await findObjectives(tx, [subject.name])).map((row) => row.definition.target)
      : (await listJourneys(tx)).flatMap(({ definition }) =>
          definition.name === subject.name && definition.target !== null ? [definition.target] : [],
        )
  if (subject.kind === 'objective' && own.length === 0) {
    const close = nearest(subject.name, await namesOfObjectives(tx))
    return refuse(pointer, `There is no objective ${subject.name}.${close === null ? '' : ` Did you mean ${close}?`}`)
  }
  const [held] = own
  const tight = held !== undefined && compare(held, target) <= 0
  return {
    faults: [],
    warnings: tight
      ? [
          {
            pointer: '/spec/target',
            detail: `${subject.name} itself aims at ${formatTarget(held)}: the contract would be broken before its budget is spent. Aim higher than is promised.`,
          },
        ]
      : [],
  }
}

const refuse = (pointer: string, detail: string): Admission => ({ faults: [{ pointer, detail }], warnings: [] })
