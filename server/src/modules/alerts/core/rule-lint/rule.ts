// An alert rule as its file states it, and what may be said of it.
import { readSeverity } from '../severity-words.ts'
import type { Expr } from './promql.ts'

export interface RuleText {
  readonly file: string
  /** Of the field, 1-based; `labels.team` and `annotations.summary` too. What is missing is at `alert`. */
  readonly lines: Readonly<Record<string, number>>
  readonly name: string
  readonly expr: string
  readonly forMs: number | null
  readonly labels: Readonly<Record<string, string>>
  readonly annotations: Readonly<Record<string, string>>
  /** Rules a comment beside it, or at the top of its file, tells the lint to pass over. */
  readonly ignored: readonly string[]
}

export const levels = ['error', 'warning', 'hint'] as const
export type Level = (typeof levels)[number]

export interface Finding {
  readonly rule: string
  readonly level: Level
  readonly file: string
  readonly line: number
  readonly alert: string | null
  readonly what: string
  readonly why: string
  readonly wayOut: string
}

/** How loud it is: whether somebody is woken, somebody looks in the daytime, or nobody has to. */
export type Loudness = 'page' | 'ticket' | 'note'

export interface Subject {
  readonly rule: RuleText
  /** Null when the expression could not be read. */
  readonly expr: Expr | null
  /** A severity that is missing or unknown pages, as at the intake. */
  readonly loudness: Loudness
  /** What is told of when it is gone, by any of the files. */
  readonly watched: Watched
}

export interface Watched {
  readonly metrics: ReadonlySet<string>
  readonly jobs: ReadonlySet<string>
  /** Files that alert on `up`: there it is told when an exporter is gone. */
  readonly targetsOf: ReadonlySet<string>
  /** Some file alerts on `up` of every target. */
  readonly everyTarget: boolean
}

export interface Said {
  readonly level: Level
  /** The field it is about. */
  readonly field: string
  readonly what: string
}

export interface Check {
  readonly id: string
  readonly why: string
  readonly wayOut: string
  readonly look: (subject: Subject, options: LintOptions) => readonly Said[]
}

export interface LintOptions {
  /** Labels that say whose an alert is. */
  readonly ownerLabels: readonly string[]
}

/** The labels by which the intake finds a service and its team. */
export const ownerLabels: readonly string[] = ['service', 'team', 'owner', 'service_name', 'app']

const loud: Readonly<Record<string, Loudness>> = { critical: 'page', warning: 'ticket', info: 'note' }

export function loudnessOf(labels: RuleText['labels']): Loudness {
  const word = labels.severity ?? null
  // A template decides at run time; most choose between ticket and page.
  if (word?.includes('{{') === true) return 'ticket'
  return loud[readSeverity(word).severity] ?? 'page'
}
