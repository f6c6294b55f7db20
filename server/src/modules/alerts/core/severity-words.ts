// The severity words of the trade, brought to three. The original word is always kept beside the result.
import { type AlertSeverity, alertSeverities } from '../../../kernel/severity.ts'

export interface ReadSeverity {
  readonly severity: AlertSeverity
  /** False when the word is missing or unknown; the intake shows such words so that somebody maps them. */
  readonly known: boolean
  readonly because: string
}

// PagerDuty: critical error warning info. Keep: critical high warning info low. Zabbix: disaster high average warning
// information "not classified". Opsgenie: P1–P5. Prometheus: free text, by habit page critical warning info none.
const words: Readonly<Record<AlertSeverity, readonly string[]>> = {
  critical: [
    ...['critical', 'crit', 'fatal', 'emergency', 'emerg', 'alert', 'page', 'disaster', 'error', 'err'],
    ...['high', 'major', 'urgent', 'p0', 'p1', 'p2', 'sev0', 'sev1', 'sev2', 'down', 'alarm'],
  ],
  warning: ['warning', 'warn', 'average', 'moderate', 'medium', 'minor', 'ticket', 'p3', 'sev3', 'degraded'],
  info: [
    ...['info', 'information', 'informational', 'notice', 'low', 'none', 'debug', 'ok', 'p4', 'p5'],
    ...['sev4', 'sev5', 'not classified'],
  ],
}
const byWord: ReadonlyMap<string, AlertSeverity> = new Map(
  alertSeverities.flatMap((severity) => words[severity].map((word) => [word, severity] as const)),
)

/**
 * `mapping` is the integration's own table and comes first. A missing or unknown word counts as critical:
 * an alarm too many is found the same night, one too few is not.
 */
export function readSeverity(word: string | null, mapping: Readonly<Record<string, AlertSeverity>> = {}): ReadSeverity {
  const plain = (word ?? '').trim().toLowerCase()
  if (plain === '') return { severity: 'critical', known: false, because: 'The signal names no severity.' }
  const own = Object.entries(mapping).find(([each]) => each.toLowerCase() === plain)
  if (own !== undefined) return { severity: own[1], known: true, because: `The integration maps "${plain}".` }
  const found = byWord.get(plain)
  if (found === undefined) {
    return { severity: 'critical', known: false, because: `"${plain.slice(0, 40)}" is no known severity.` }
  }
  return { severity: found, known: true, because: `"${plain}" counts as ${found}.` }
}
