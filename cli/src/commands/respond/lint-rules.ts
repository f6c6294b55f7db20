// Alert rules judged from their files alone: no server, no Prometheus.
import {
  type Finding,
  type Level,
  levels,
  lintRules,
  lintRuleTexts,
  ownerLabels,
} from '../../../../server/src/modules/alerts/core/index.ts'
import { type ExitCode, exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { formatOf, printListing, say, styleOut } from '../../print/output.ts'
import { shapeOf } from '../../print/state.ts'
import type { Style, Tone } from '../../print/style.ts'
import { toned } from '../../print/style.ts'
import { harmless } from '../../print/text-width.ts'
import { readDocuments } from '../objects/documents.ts'
import { readRuleFiles } from './rule-files.ts'

const tones: Readonly<Record<Level, Tone>> = { error: 'critical', warning: 'warning', hint: 'info' }

export const lintAlertRules: Run = async (call) => {
  if (call.options.has('rules')) return printRules(call)
  const { sources } = await readDocuments(call)
  const { rules, expressions, faults } = readRuleFiles(sources)
  const owners = call.options.all('owner-label')
  const options = owners.length === 0 ? {} : { options: { ownerLabels: [...owners, ...ownerLabels] } }
  const all = [...faults, ...lintRuleTexts(rules, { expressions, ...options })]
  const shown = all.filter(({ level }) => levels.indexOf(level) <= levels.indexOf(levelOf(call, 'level', 'hint')))
  await print(call, shown)
  say(call, summaryOf(all, rules.length, sources.length))
  const failing = levels.indexOf(levelOf(call, 'fail-on', 'error'))
  return all.some(({ level }) => levels.indexOf(level) <= failing) ? exitCodes.error : exitCodes.ok
}

const levelOf = ({ options }: Call, name: string, otherwise: Level): Level =>
  levels.find((each) => each === options.text(name)) ?? otherwise

async function print(call: Call, findings: readonly Finding[]): Promise<void> {
  const format = formatOf(call)
  if (format === 'table') {
    for (const each of findings) call.shell.out.write(`${paragraph(each, styleOut(call))}\n`)
    return
  }
  await printListing(call, {
    rows: findings,
    columns: [
      { header: 'PLACE', of: (row) => `${row.file}:${row.line}` },
      { header: 'LEVEL', of: (row) => row.level },
      { header: 'RULE', of: (row) => row.rule },
      { header: 'ALERT', of: (row) => row.alert },
      { header: 'WHAT', of: (row) => row.what, elastic: true },
    ],
    nameOf: (row) => `${row.file}:${row.line}:${row.rule}`,
    none: 'Nothing was found.',
  })
}

/** Three lines: where and what, why it matters, the way out. */
function paragraph(each: Finding, style: Style): string {
  const tone = tones[each.level]
  const mark = toned(style, tone, `${shapeOf(tone)} ${each.level}`)
  const alert = each.alert === null ? '' : ` ${style.strong(harmless(each.alert))}`
  return [
    `${harmless(each.file)}:${each.line}  ${mark}  ${each.rule}${alert}`,
    `    ${harmless(each.what)} ${style.faint(each.why)}`,
    `    → ${each.wayOut}`,
  ].join('\n')
}

function summaryOf(findings: readonly Finding[], rules: number, files: number): string {
  const of = (level: Level) => findings.filter((each) => each.level === level).length
  const count = (number: number, word: string) => `${number} ${word}${number === 1 ? '' : 's'}`
  const read = `${count(rules, 'alert rule')} in ${count(files, 'file')}`
  if (findings.length === 0) return `${read}: nothing to say against ${rules === 1 ? 'it' : 'them'}.`
  return `${read}: ${count(of('error'), 'error')}, ${count(of('warning'), 'warning')}, ${count(of('hint'), 'hint')}.`
}

async function printRules(call: Call): Promise<ExitCode> {
  await printListing(call, {
    rows: lintRules,
    columns: [
      { header: 'RULE', of: (row) => row.id },
      { header: 'WHY', of: (row) => row.why, elastic: true },
      { header: 'WAY OUT', of: (row) => row.wayOut, wide: true },
    ],
    nameOf: (row) => row.id,
    none: 'There are none.',
  })
  return exitCodes.ok
}
