// Alert rules judged before they wake anybody: each finding with its place, its reason and the way out.
import { nearest } from '../../../../kernel/names.ts'
import { allOf, seriesOf } from './expression.ts'
import { meaningChecks } from './meaning-checks.ts'
import { type Expr, readPromql } from './promql.ts'
import {
  type Check,
  type Finding,
  type LintOptions,
  levels,
  loudnessOf,
  ownerLabels,
  type RuleText,
  type Subject,
  type Watched,
} from './rule.ts'
import { textChecks } from './text-checks.ts'

const checks: readonly Check[] = [...textChecks, ...meaningChecks]

const unread = {
  id: 'promql-unread',
  why: 'What cannot be read is not checked, and Prometheus may refuse the whole file.',
  wayOut: '`promtool check rules` says whether Prometheus reads it.',
}
const duplicate = {
  id: 'duplicate-name',
  why: 'Alerts of both rules with the same labels are one alert: one ends what the other began, and silences hit both.',
  wayOut: 'Rename one, or tell them apart by a label such as `severity`.',
}
const ignores = {
  id: 'ignore-unknown',
  why: 'A comment that ignores nothing hides that the rule is judged after all.',
  wayOut: 'Correct the id, or take the comment out.',
}
const unreadFile = {
  id: 'file-unread',
  why: 'Nothing in a file that is no YAML, or not of rules, is checked, and Prometheus refuses it.',
  wayOut: 'Mend it where it says; templates of Helm or Jsonnet are linted after they are rendered.',
}

export interface LintRule {
  readonly id: string
  readonly why: string
  readonly wayOut: string
}

/** Every rule by its id, for help and documents. */
export const lintRules: readonly LintRule[] = [
  ...checks.map(({ id, why, wayOut }) => ({ id, why, wayOut })),
  duplicate,
  unread,
  ignores,
  unreadFile,
]

/** Files that could not be read at all say so in the same words. */
export function unreadable(file: string, line: number, what: string): Finding {
  return {
    rule: unreadFile.id,
    level: 'error',
    file,
    line,
    alert: null,
    what,
    why: unreadFile.why,
    wayOut: unreadFile.wayOut,
  }
}

export function lintRuleTexts(
  rules: readonly RuleText[],
  more: { readonly expressions?: readonly string[]; readonly options?: Partial<LintOptions> } = {},
): readonly Finding[] {
  const options: LintOptions = { ownerLabels: more.options?.ownerLabels ?? ownerLabels }
  const read = rules.map((rule) => ({ rule, reading: readPromql(rule.expr) }))
  const recorded = (more.expressions ?? []).map((each) => readPromql(each))
  const watched = watchedIn(
    read.flatMap(({ rule, reading }) => (reading.ok ? [{ file: rule.file, expr: reading.expr }] : [])),
    recorded.flatMap((each) => (each.ok ? [each.expr] : [])),
  )
  const findings = read.flatMap(({ rule, reading }): readonly Placed[] => {
    const subject = { rule, expr: reading.ok ? reading.expr : null, loudness: loudnessOf(rule.labels), watched }
    const said = checks.flatMap((check) => ofCheck(check, subject, options))
    if (!reading.ok) said.push(finding(unread, rule, 'warning', 'expr', `The expression: ${reading.detail}`))
    return [...said, ...unknownIgnores(rule)]
  })
  const ignored = new Map(rules.map((rule) => [keyOf(rule.file, rule.lines.alert ?? 1), rule.ignored]))
  return [...findings, ...duplicatesIn(rules)]
    .filter(({ file, alertLine, rule }) => !(ignored.get(keyOf(file, alertLine)) ?? []).includes(rule))
    .map(({ alertLine: _, ...each }) => each)
    .sort((a, b) => (a.file < b.file ? -1 : a.file > b.file ? 1 : a.line - b.line || rank(a) - rank(b)))
}

const rank = ({ level }: Finding): number => levels.indexOf(level)
const keyOf = (file: string, line: number): string => `${file}:${line}`

interface Placed extends Finding {
  readonly alertLine: number
}

function finding(of: LintRule, rule: RuleText, level: Finding['level'], field: string, what: string): Placed {
  const alertLine = rule.lines.alert ?? 1
  const { id, why, wayOut } = of
  const line = rule.lines[field] ?? alertLine
  return { rule: id, level, file: rule.file, line, alert: rule.name, what, why, wayOut, alertLine }
}

function ofCheck(check: Check, subject: Subject, options: LintOptions): Placed[] {
  return check.look(subject, options).map(({ level, field, what }) => finding(check, subject.rule, level, field, what))
}

function unknownIgnores(rule: RuleText): readonly Placed[] {
  const known = lintRules.map(({ id }) => id)
  return rule.ignored
    .filter((id) => !known.includes(id))
    .map((id) => {
      const near = nearest(id, known)
      const what = `There is no rule \`${id}\`${near === null ? '.' : `. Did you mean \`${near}\`?`}`
      return finding(ignores, rule, 'warning', 'alert', what)
    })
}

/** By `absent()`, whether it alerts alone or within another expression, or by an alert on `up`. */
function watchedIn(
  alerts: readonly { readonly file: string; readonly expr: Expr }[],
  recorded: readonly Expr[],
): Watched {
  const absents = new Set(['absent', 'absent_over_time'])
  const looked = [...alerts.map(({ expr }) => expr), ...recorded].flatMap((expr) =>
    allOf(expr)
      .filter((each) => each.kind === 'call' && absents.has(each.name))
      .flatMap(seriesOf),
  )
  const targets = alerts.flatMap(({ file, expr }) =>
    seriesOf(expr).flatMap(({ metric, matchers }) => (metric === 'up' ? [{ file, all: matchers.length === 0 }] : [])),
  )
  return {
    metrics: new Set(looked.map(({ metric }) => metric)),
    jobs: new Set(
      looked.flatMap(({ matchers }) => matchers.filter(({ label }) => label === 'job').map(({ value }) => value)),
    ),
    targetsOf: new Set(targets.map(({ file }) => file)),
    everyTarget: targets.some(({ all }) => all),
  }
}

/** The same name and the same labels of its own: two thresholds told apart by severity are two alerts. */
function duplicatesIn(rules: readonly RuleText[]): readonly Placed[] {
  const first = new Map<string, RuleText>()
  return rules.flatMap((rule) => {
    const own = Object.entries(rule.labels).sort(([a], [b]) => (a < b ? -1 : 1))
    const key = JSON.stringify([rule.name, own])
    const earlier = first.get(key)
    if (earlier === undefined) {
      first.set(key, rule)
      return []
    }
    const where = `${earlier.file}:${earlier.lines.alert ?? 1}`
    const same = earlier.expr.trim() === rule.expr.trim()
    const what = same
      ? `\`${rule.name}\` stands twice with the same expression; the other is at ${where}.`
      : `\`${rule.name}\` is the name of another alert with the same labels too, at ${where}.`
    return [finding(duplicate, rule, same ? 'error' : 'warning', 'alert', what)]
  })
}
