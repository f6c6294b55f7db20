// Signs hours on call off, and corrects what was signed by lines of their own.
import type { Actor } from '../../../kernel/actor.ts'
import { AppError } from '../../../kernel/app-error.ts'
import type { Needs } from '../../../platform/room/needs.ts'
import { findResource } from '../../catalog/index.ts'
import type { TimeClass } from '../core/index.ts'
import type { OncallPorts } from '../oncall.ports.ts'
import { type PayStatement, payCorrected, paySigned } from '../pay.contract.ts'
import { findStatement, insertCorrection, insertStatement, listStatementsIn, lockPayOf } from '../pay.store.ts'
import { arePagesThere, countPay } from './count-pay.ts'
import { describePay, mayReadAll, readPeriod, teamOf } from './describe-pay.ts'
import type { DutyTeam } from './load-duty.ts'

export async function signPay(
  needs: Needs,
  ports: OncallPorts,
  order: { readonly team: string; readonly from: string; readonly until: string; readonly actor: Actor },
): Promise<PayStatement> {
  const { actor } = order
  const now = await needs.database.now()
  const team = await teamOf(needs, order.team)
  const by = await answerable(ports, team, actor)
  const period = readPeriod(order, now)
  // Counted before the lock: what lies behind now does not change, and a month of a big team takes a while.
  const counted = await countPay(needs, ports, { team, period, now })
  if (now < counted.endsAt)
    throw new AppError('conflict', 'oncall.pay-not-over', 'The period is not over where everybody lives.')
  if (!arePagesThere(ports, period, now))
    throw new AppError(
      'conflict',
      'oncall.pay-pages-gone',
      'Pages of its first days are removed already, so nothing says any more when people were called out. Sign from a later day on.',
    )
  await needs.database.transaction(async (tx) => {
    await lockPayOf(tx, team.name)
    const [other] = await listStatementsIn(tx, { team: team.name, ...period })
    if (other !== undefined)
      throw new AppError(
        'conflict',
        'oncall.pay-signed',
        `${other.from} to ${other.until} is signed by ${other.signedBy} already.`,
      )
    const id = needs.newId()
    const { people, spans } = counted
    await insertStatement(tx, { id, team: team.name, ...period, people, spans, signedBy: by, signedAt: now })
    await needs.journal.publish(tx, paySigned, {
      actor,
      subject: { kind: 'team', id: team.name },
      links: [{ kind: 'pay-statement', id }],
      reason: `${by} signed the hours on call of ${team.displayName} from ${period.from} until ${period.until}.`,
      data: { team: team.name, ...period },
    })
  })
  return describePay(needs, ports, { team: team.name, ...period, actor })
}

export interface CorrectionOrder {
  readonly id: string
  readonly person: string
  readonly class: TimeClass
  readonly standbyMs: number
  readonly awakeMs: number
  readonly reason: string
  readonly actor: Actor
}

export async function correctPay(needs: Needs, ports: OncallPorts, order: CorrectionOrder): Promise<PayStatement> {
  const { id, person, standbyMs, awakeMs, reason, actor } = order
  const row = await findStatement(needs.database, id)
  if (row === null) throw unknownStatement()
  const team = await teamOf(needs, row.team)
  const by = await answerable(ports, team, actor)
  if (standbyMs === 0 && awakeMs === 0)
    throw new AppError('invalid', 'oncall.pay-nothing', 'A correction adds or takes away something.')
  const isKnown = row.people.some((each) => each.person === person)
  if (!isKnown && (await findResource(needs.database, { kind: 'Person', name: person })) === null)
    throw new AppError('not-found', 'oncall.unknown-person', `There is no person ${person}.`)
  const { from, until } = row
  await needs.database.transaction(async (tx) => {
    const made = { id: needs.newId(), statementId: id, person, class: order.class, standbyMs, awakeMs, reason }
    await insertCorrection(tx, { ...made, madeBy: by, madeAt: await tx.now() })
    await needs.journal.publish(tx, payCorrected, {
      actor,
      subject: { kind: 'team', id: team.name },
      // Everybody reads the journal. Whose line it is and why stands in the statement, for those who may read it.
      links: [{ kind: 'pay-statement', id }],
      data: { team: team.name, from, until, correction: made.id },
    })
  })
  return describePay(needs, ports, { team: team.name, from, until, actor })
}

export const unknownStatement = (): AppError =>
  new AppError('not-found', 'oncall.unknown-statement', 'There is no such signed statement.')

async function answerable(ports: OncallPorts, team: DutyTeam, actor: Actor): Promise<string> {
  const me = await ports.nameOf(actor)
  if (mayReadAll(team, actor, me)) return me ?? actor.name
  throw new AppError(
    'forbidden',
    'oncall.pay-not-yours',
    `The lead of ${team.displayName} or an administrator signs and corrects these hours.`,
  )
}
