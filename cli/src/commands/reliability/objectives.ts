import { formatDuration } from '../../../../server/src/kernel/duration.ts'
import type { JsonObject } from '../../../../server/src/kernel/json.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { ask, numberAt, objectAt, objectsAt, textAt } from '../../connection/ask.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printDetail, printListing, say } from '../../print/output.ts'
import { type Cell, stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { exactAndAgo } from '../../print/times.ts'

/** `get objectives` lists, `get objective NAME` shows. */
export const getObjectives: Run = (call) => (call.args.length === 0 ? listObjectives(call) : showObjective(call))

export const listObjectives: Run = async (call) => {
  const { options } = call
  const filter = Object.fromEntries(
    ['service', 'state'].flatMap((name) => {
      const value = options.text(name)
      return value === null ? [] : [[name, value]]
    }),
  )
  const api = await openApi(call)
  const { items, more } = await readPages<JsonObject>(
    async (page) => {
      const reply = await ask(api, 'objectives.list', { query: { ...page, ...filter } })
      return { items: objectsAt(reply, 'items'), nextCursor: textAt(reply, 'nextCursor') }
    },
    options.integer('limit', 1, 100_000) ?? 500,
  )
  await printListing(call, {
    rows: items,
    columns: [
      { header: 'NAME', of: (row) => textAt(row, 'name') },
      { header: 'STATE', of: stateOfObjective },
      { header: 'TARGET', of: (row) => percent(numberAt(row, 'target')), align: 'right' },
      {
        header: 'BUDGET LEFT',
        of: (row) => percent(numberAt(objectAt(row, 'budget'), 'remainingRatio'), 1),
        align: 'right',
      },
      { header: 'BURN', of: (row) => rateText(numberAt(objectAt(row, 'burn'), 'rate')), align: 'right' },
      { header: 'SERVICE', of: (row) => textAt(row, 'service') },
      { header: 'IN WORDS', of: (row) => textAt(row, 'sentence'), elastic: true },
      { header: 'WINDOW', of: (row) => durationText(numberAt(row, 'windowMs')), wide: true },
      { header: 'TEAM', of: (row) => textAt(row, 'team'), wide: true },
    ],
    nameOf: (row) => `objective/${textAt(row, 'name') ?? ''}`,
    none: 'No objectives. Declare one: mainstay apply -f slo.yaml',
  })
  if (more) say(call, `There are more than these ${items.length}: --limit ${items.length * 10}.`)
  return exitCodes.ok
}

function stateOfObjective(row: JsonObject): Cell {
  const cell = stateCell(textAt(row, 'state') ?? 'unknown')
  const level = textAt(row, 'level')
  return level === null || level === 'none' ? cell : { ...cell, text: `${cell.text}, ${level}` }
}

export const showObjective: Run = async (call) => {
  const [name] = call.args
  if (name === undefined) throw usageError('NAME is missing.', 'Try: mainstay slo show checkout-availability')
  const { shell } = call
  const api = await openApi(call)
  const objective = await ask(api, 'objectives.read', { params: { name } })
  const budget = objectAt(objective, 'budget')
  const asOf = textAt(objective, 'asOf')
  await printDetail(call, {
    title: `${textAt(objective, 'displayName') ?? name} · objective ${name}`,
    facts: [
      ['In words', textAt(objective, 'sentence')],
      ['State', stateOfObjective(objective).text],
      ['Service', textAt(objective, 'service')],
      ['Team', textAt(objective, 'team')],
      ['Target', `${percent(numberAt(objective, 'target'))} over ${durationText(numberAt(objective, 'windowMs'))}`],
      ['Budget left', percent(numberAt(budget, 'remainingRatio'), 1)],
      ['Bad events', `${numberAt(budget, 'spentBad') ?? 'unknown'} of ${numberAt(budget, 'totalBad') ?? 'unknown'}`],
      ['Exhausted', textAt(objectAt(objective, 'exhaustion'), 'sentence')],
      ['As of', asOf === null ? null : exactAndAgo(asOf, shell.zone, shell.now())],
    ],
    sections: [
      {
        title: 'Alert rules',
        lines: objectsAt(objective, 'tiers').map((tier) =>
          harmless(
            `${tier.firing === true ? '⬣ fires ' : '✓ quiet '} ${textAt(tier, 'name') ?? ''}: ` +
              `${rateText(numberAt(tier, 'longBurn'))} over ${durationText(numberAt(tier, 'longMs'))}, ` +
              `${rateText(numberAt(tier, 'shortBurn'))} over ${durationText(numberAt(tier, 'shortMs'))}, ` +
              `limit ${rateText(numberAt(tier, 'threshold'))}. ${textAt(tier, 'reason') ?? ''}`,
          ),
        ),
      },
    ],
    name: `objective/${name}`,
    document: objective,
  })
  return exitCodes.ok
}

/** Unknown is a word of its own, never a number. */
const percent = (ratio: number | null, digits = 4): string =>
  ratio === null ? 'unknown' : `${Number((ratio * 100).toFixed(digits))} %`
const rateText = (rate: number | null): string => (rate === null ? 'unknown' : `${Number(rate.toPrecision(3))}×`)
const durationText = (ms: number | null): string => (ms === null ? 'unknown' : formatDuration(ms))
