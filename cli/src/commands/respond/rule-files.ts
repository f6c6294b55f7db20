// Rule files of Prometheus, and PrometheusRule objects of its operator, as texts of rules with their lines.
import { type Document, isMap, isScalar, isSeq, LineCounter, type Node, parseAllDocuments, type YAMLMap } from 'yaml'
import {
  type Finding,
  type RuleText,
  readPromDuration,
  unreadable,
} from '../../../../server/src/modules/alerts/core/index.ts'
import type { Source } from '../objects/documents.ts'

export interface RuleFiles {
  readonly rules: readonly RuleText[]
  /** Of recording rules: they alert nobody, and may watch for absence. */
  readonly expressions: readonly string[]
  readonly faults: readonly Finding[]
}

export function readRuleFiles(sources: readonly Source[]): RuleFiles {
  const read = sources.map(readRuleFile)
  return {
    rules: read.flatMap(({ rules }) => rules),
    expressions: read.flatMap(({ expressions }) => expressions),
    faults: read.flatMap(({ faults }) => faults),
  }
}

function readRuleFile({ file, text }: Source): RuleFiles {
  const counter = new LineCounter()
  const parsed = parseAllDocuments(text, { lineCounter: counter, prettyErrors: false })
  const lineAt = (offset: number) => Math.max(1, counter.linePos(offset).line)
  const rules: RuleText[] = []
  const expressions: string[] = []
  const faults: Finding[] = []
  const comments = readComments(text)
  for (const document of Array.isArray(parsed) ? parsed : []) {
    const [error] = document.errors
    if (error !== undefined) {
      faults.push(unreadable(file, lineAt(error.pos[0]), `It is no YAML: ${error.message}`))
      continue
    }
    const groups = groupsOf(document)
    if (groups === null) {
      if (document.contents !== null && !isEmpty(document))
        faults.push(unreadable(file, lineAt(document.contents.range[0]), 'It holds no `groups` of rules.'))
      continue
    }
    let from = lineAt(document.range[0])
    for (const { rule, shared } of groups) {
      const [start, end] = rule.range ?? [0, 0]
      const until = lineAt(Math.max(start, end - 1))
      const read = readRule(rule, shared, { file, lineAt, ignored: comments.between(from, until) })
      from = until + 1
      if (typeof read === 'string') expressions.push(read)
      else if (read !== null) rules.push(read)
    }
  }
  return { rules, expressions, faults }
}

const isEmpty = (document: Document.Parsed): boolean => isScalar(document.contents) && document.contents.value === null

interface Grouped {
  readonly rule: YAMLMap
  /** Labels a group gives to all its rules. */
  readonly shared: Readonly<Record<string, string>>
}

/** Null when it is no file of rules. */
function groupsOf(document: Document.Parsed): readonly Grouped[] | null {
  const { contents } = document
  if (!isMap(contents)) return null
  const spec: unknown = contents.get('spec', true)
  const groups: unknown = contents.get('groups', true) ?? (isMap(spec) ? spec.get('groups', true) : null)
  if (!isSeq(groups)) return null
  return groups.items.flatMap((group) => {
    if (!isMap(group)) return []
    const rules: unknown = group.get('rules', true)
    const shared = textsOf(group.get('labels', true))
    return isSeq(rules) ? rules.items.flatMap((rule) => (isMap(rule) ? [{ rule, shared }] : [])) : []
  })
}

interface At {
  readonly file: string
  readonly lineAt: (offset: number) => number
  readonly ignored: readonly string[]
}

/** A recording rule is its expression alone; null is neither. */
function readRule(rule: YAMLMap, shared: Grouped['shared'], { file, lineAt, ignored }: At): RuleText | string | null {
  const expr = textOf(rule.get('expr', true)) ?? ''
  const name = textOf(rule.get('alert', true))
  if (name === null) return textOf(rule.get('record', true)) === null ? null : expr
  const lines: Record<string, number> = {}
  const place = (map: YAMLMap, before: string): void => {
    for (const { key, value } of map.items) {
      if (!isScalar(key) || key.range === null || key.range === undefined) continue
      lines[`${before}${String(key.value)}`] = lineAt(key.range[0])
      if (before === '' && isMap(value)) place(value, `${String(key.value)}.`)
    }
  }
  place(rule, '')
  const waits = textOf(rule.get('for', true))
  return {
    ...{ file, lines, name, expr, ignored },
    forMs: waits === null ? null : readPromDuration(waits),
    labels: { ...shared, ...textsOf(rule.get('labels', true)) },
    annotations: textsOf(rule.get('annotations', true)),
  }
}

const textOf = (node: unknown): string | null =>
  isScalar(node) && node.value !== null && node.value !== undefined ? String(node.value) : null

function textsOf(node: Node | unknown): Readonly<Record<string, string>> {
  if (!isMap(node)) return {}
  return Object.fromEntries(
    node.items.flatMap(({ key, value }) => {
      const text = textOf(value)
      return isScalar(key) && text !== null ? [[String(key.value), text] as const] : []
    }),
  )
}

const comment = /(?:^|\s)#\s*mainstay-lint:\s*(ignore|ignore-file)\s+([a-z][a-z0-9-]*(?:\s*,\s*[a-z][a-z0-9-]*)*)/

/** `# mainstay-lint: ignore for-too-short, cause-pages because …`, above a rule or within it. */
function readComments(text: string) {
  const everywhere: string[] = []
  const byLine = new Map<number, readonly string[]>()
  for (const [index, line] of text.split('\n').entries()) {
    const [, word, ids = ''] = comment.exec(line) ?? []
    if (word === undefined) continue
    const read = ids.split(',').map((id) => id.trim())
    if (word === 'ignore-file') everywhere.push(...read)
    else byLine.set(index + 1, read)
  }
  return {
    between: (from: number, until: number): readonly string[] => [
      ...everywhere,
      ...[...byLine].filter(([line]) => line >= from && line <= until).flatMap(([, ids]) => ids),
    ],
  }
}
