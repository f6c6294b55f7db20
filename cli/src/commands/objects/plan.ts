import type { ApplyOrder, Plan, PlannedChange } from '../../../../client/src/operations.gen.ts'
import { openApi } from '../../connection/api.ts'
import { type ExitCode, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { formatOf, printListing, say, styleOut } from '../../print/output.ts'
import { stateOf } from '../../print/state.ts'
import { toned } from '../../print/style.ts'
import { stateCell } from '../../print/table.ts'
import { harmless } from '../../print/text-width.ts'
import { atTheirPlaces, type Documents, faultTexts, readDocuments } from './documents.ts'

export const plan: Run = async (call) => {
  const documents = await readDocuments(call)
  const api = await openApi(call)
  const found = await api.client['resources.plan']({ body: orderOf(call, documents) }).catch((error: unknown) => {
    throw atTheirPlaces(error, documents)
  })
  await printPlan(call, found, documents, 'plan')
  return planExitCode(found, call.options.has('detailed-exitcode'))
}

export function orderOf({ options }: Call, documents: Documents): ApplyOrder {
  const manager = options.text('manager')
  // Everything that anybody applied by hand is owned by `cli`: pruning that would surprise.
  if (options.has('prune') && manager === null)
    throw usageError('--prune needs --manager: whose objects may be deleted?', 'Try: --manager git:shop/reliability')
  return {
    documents: documents.text,
    manager: manager ?? 'cli',
    ...(options.has('force') ? { force: true } : {}),
    ...(options.has('prune') ? { prune: true } : {}),
  }
}

export function planExitCode({ changes }: Plan, detailed: boolean): ExitCode {
  if (changes.some((change) => change.action === 'conflict')) return detailed ? exitCodes.error : exitCodes.conflict
  const differs = changes.some((change) => change.action !== 'unchanged')
  return detailed && differs ? exitCodes.usage : exitCodes.ok
}

const signs: Readonly<Record<PlannedChange['action'], string>> = {
  create: '+',
  update: '~',
  delete: '-',
  conflict: '!',
  unchanged: '=',
}

export async function printPlan(call: Call, found: Plan, documents: Documents, after: 'plan' | 'apply'): Promise<void> {
  const format = formatOf(call)
  const nameOf = (change: PlannedChange) => `${change.kind.toLowerCase()}/${change.name}`
  if (format === 'table' || format === 'wide')
    for (const line of planLines(call, found, format === 'wide')) call.shell.out.write(`${line}\n`)
  else
    await printListing(call, {
      rows: found.changes,
      columns: [{ header: 'ACTION', of: (row) => stateCell(row.action) }],
      nameOf,
      none: 'No documents.',
    })
  for (const text of faultTexts(
    found.changes.flatMap((change) => change.warnings),
    documents,
  ))
    say(call, `▲ ${text}`)
  say(call, summary(found, after))
}

function planLines(call: Call, { changes }: Plan, wide: boolean): readonly string[] {
  const style = styleOut(call)
  return changes
    .filter((change) => wide || change.action !== 'unchanged')
    .flatMap((change) => {
      const { tone } = stateOf(change.action)
      const head = `${signs[change.action]} ${change.action.padEnd(9)} ${change.kind}/${change.name}`
      const fields = change.action === 'create' && !wide ? [] : change.fields
      return [
        toned(style, tone, harmless(head)),
        ...fields.map((field) => {
          const owner = field.owner === null ? '' : style.warning(`  owned by ${harmless(field.owner)}`)
          return `    ${harmless(field.path)}: ${valueText(field.before)} → ${valueText(field.after)}${owner}`
        }),
      ]
    })
}

const longestValue = 200

export function valueText(value: unknown): string {
  if (value === null || value === undefined) return '(none)'
  const text = harmless(typeof value === 'string' ? JSON.stringify(value) : (JSON.stringify(value) ?? '(none)'))
  return text.length <= longestValue ? text : `${text.slice(0, longestValue)}…`
}

export function summary({ changes }: Plan, after: 'plan' | 'apply'): string {
  const count = (action: PlannedChange['action']) => changes.filter((change) => change.action === action).length
  const [create, update, remove, unchanged, conflict] = [
    count('create'),
    count('update'),
    count('delete'),
    count('unchanged'),
    count('conflict'),
  ]
  if (conflict > 0)
    return `${conflict} of ${changes.length} cannot be applied: somebody else owns the fields. Take them over with --force.`
  const same = `${unchanged} unchanged`
  if (create + update + remove === 0) return `Nothing to change: ${same}.`
  return after === 'plan'
    ? `${create} to create, ${update} to change, ${remove} to delete, ${same}. Nothing was changed yet: \`mainstay apply\` does it.`
    : `${create} created, ${update} changed, ${remove} deleted, ${same}.`
}
