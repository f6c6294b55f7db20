// What can be told from the words of a rule: severity, owner, runbook, texts and their templates.
import { readSeverity } from '../severity-words.ts'
import { carriedBy, lacks } from './expression.ts'
import type { Check, RuleText, Said } from './rule.ts'

const filled = (text: string | undefined): boolean => text !== undefined && text.trim() !== ''

const severityMissing: Check = {
  id: 'severity-missing',
  why: 'Without a severity an alert counts as critical and wakes somebody, whatever it is about.',
  wayOut: 'Add `labels: { severity: critical | warning | info }`.',
  look: ({ rule }) =>
    filled(rule.labels.severity) ? [] : [{ level: 'error', field: 'alert', what: 'It has no label `severity`.' }],
}

const severityUnknown: Check = {
  id: 'severity-unknown',
  why: 'A word nobody knows counts as critical and wakes somebody.',
  wayOut: 'Use critical, warning or info, or map the word where alerts come in.',
  look: ({ rule }) => {
    const word = rule.labels.severity ?? ''
    if (!filled(word) || word.includes('{{') || readSeverity(word).known) return []
    return [{ level: 'warning', field: 'labels.severity', what: `\`${word}\` is no known severity.` }]
  },
}

const ownerMissing: Check = {
  id: 'owner-missing',
  why: 'An alert that belongs to nobody goes to the last resort instead of to those who can mend it.',
  wayOut: 'Add a label `service` or `team` to the rule, or keep it in the aggregation: `sum by (service) (…)`.',
  look: ({ rule, expr }, { ownerLabels }) => {
    if (ownerLabels.some((label) => filled(rule.labels[label]))) return []
    if (expr === null) return []
    const carried = carriedBy(expr)
    const kept = ownerLabels.filter((label) => !lacks(carried, label))
    if (kept.length === 0)
      return [
        {
          level: 'warning',
          field: 'expr',
          what: `No label says whose it is, and the expression keeps none of ${ownerLabels.join(', ')}.`,
        },
      ]
    // Kept by name: `sum by (service)` means to have it.
    if (carried.kind === 'only') return []
    return [
      {
        level: 'hint',
        field: 'alert',
        what: `No label says whose it is; it is known only when the series carry ${ownerLabels.join(', ')}.`,
      },
    ]
  },
}

const runbookNames = ['runbook_url', 'runbook', 'runbookURL', 'runbook_link', 'playbook', 'playbook_url']

const runbookMissing: Check = {
  id: 'runbook-missing',
  why: 'Whoever is woken at night should not have to find out first what to do.',
  wayOut: 'Add `annotations: { runbook_url: https://… }`.',
  look: ({ rule, loudness }) => {
    const found = runbookNames.find((name) => filled(rule.annotations[name]) || filled(rule.labels[name]))
    if (found !== undefined || loudness === 'note') return []
    const level = loudness === 'page' ? 'warning' : 'hint'
    return [{ level, field: 'alert', what: 'It has no annotation `runbook_url`.' }]
  },
}

const summaryNames = ['summary', 'title']
const descriptionNames = ['description', 'message', 'details', 'impact']

const textMissing: Check = {
  id: 'text-missing',
  why: 'The text is all that fits on a phone: what is wrong, where, and how much.',
  wayOut: 'Add annotations `summary` (one line, what is wrong) and `description` (numbers, where, what users notice).',
  look: ({ rule }) => {
    const summary = summaryNames.some((name) => filled(rule.annotations[name]))
    const description = descriptionNames.some((name) => filled(rule.annotations[name]))
    if (summary && description) return []
    if (!summary && !description)
      return [{ level: 'warning', field: 'alert', what: 'It has neither a summary nor a description.' }]
    const missing = summary ? 'description' : 'summary'
    return [{ level: 'hint', field: 'alert', what: `It has no annotation \`${missing}\`.` }]
  },
}

/** Labels that a template reads from the series: `$labels.x`, `.Labels.x`, `index $labels "x"`. */
export function readLabelNames(template: string): readonly string[] {
  const names: string[] = []
  for (const [action] of template.matchAll(/\{\{[\s\S]*?\}\}/g)) {
    for (const [, name = ''] of action.matchAll(/(?:\$labels|\.Labels)\.([A-Za-z_][A-Za-z0-9_]*)/g)) names.push(name)
    for (const [, name = ''] of action.matchAll(/index\s+(?:\$labels|\.Labels)\s+["`]([^"`]+)["`]/g)) names.push(name)
  }
  return [...new Set(names)]
}

const labelDropped: Check = {
  id: 'label-dropped',
  why: 'The text comes out with a hole in it: Prometheus fills in an empty value and says nothing.',
  wayOut: 'Keep the label in the aggregation (`by (…)`, `group_left (…)`), or take it out of the text.',
  look: ({ rule, expr }) => {
    if (expr === null) return []
    const carried = carriedBy(expr)
    return templatesOf(rule).flatMap(([field, text]): readonly Said[] => {
      const gone = readLabelNames(text).filter((name) => lacks(carried, name))
      if (gone.length === 0) return []
      const named = gone.map((name) => `\`${name}\``).join(', ')
      return [
        {
          level: 'error',
          field,
          what: `\`${field.split('.')[1] ?? field}\` speaks of the label${gone.length === 1 ? '' : 's'} ${named}, which the expression drops.`,
        },
      ]
    })
  },
}

const templatesOf = (rule: RuleText): readonly (readonly [string, string])[] => [
  ...Object.entries(rule.annotations).map(([name, text]) => [`annotations.${name}`, text] as const),
  ...Object.entries(rule.labels).map(([name, text]) => [`labels.${name}`, text] as const),
]

const valueInLabel: Check = {
  id: 'value-in-label',
  why: 'Labels are what makes an alert the same alert: each new value ends one and begins another, and pages again.',
  wayOut: 'Move the value to an annotation.',
  look: ({ rule }) =>
    Object.entries(rule.labels).flatMap(([name, text]): readonly Said[] => {
      const actions = [...text.matchAll(/\{\{([\s\S]*?)\}\}/g)].map(([, action = '']) => action)
      const speaks = actions.some((action) => /\$value\b|(?:^|[\s(|])\.Value\b/.test(action))
      // `{{ if gt $value 90 }}critical{{ end }}` chooses between few words; it still splits one problem in two.
      const chooses = actions.some((action) => /^-?\s*(?:if|else)\b/.test(action))
      if (!speaks) return []
      const what = chooses
        ? `The label \`${name}\` changes with the value: one problem becomes two alerts when it crosses the line.`
        : `The label \`${name}\` holds the value.`
      return [{ level: chooses ? 'warning' : 'error', field: `labels.${name}`, what }]
    }),
}

export const textChecks: readonly Check[] = [
  severityMissing,
  severityUnknown,
  ownerMissing,
  runbookMissing,
  textMissing,
  labelDropped,
  valueInLabel,
]
