// What the subject of an alarm mail says: whether it began or ended, how bad it is, and what is left when both are taken
// out, which is the same for the beginning and the end of one problem.

export interface SubjectReading {
  /** Null: it says neither. */
  readonly state: 'firing' | 'resolved' | null
  readonly severity: string | null
  /** Without reply marks. */
  readonly title: string
  /** The same for every mail about one problem of a program that repeats its subject. */
  readonly topic: string
}

const replyMark = /^\s*(?:(?:re|fwd?|aw|wg|sv|vs|tr|rv)(?:\[\d+\])?\s*:\s*)+/i
// What is read as an end and is none would be lost: the end of nothing opens nothing. So a state counts in capitals, or at
// the front before a colon or a bracket, or after "is" at the end; words of a sentence say nothing.
const stop = String.raw`(?=\s*(?:[:\]*!|–-]|$))`
const ended = [
  /\b(?:RESOLVED|RECOVERY|RECOVERED|CLEARED|CLOSED)\b/,
  new RegExp(String.raw`(?:^\W*|\bis |\[)(?:OK|UP|NORMAL)\b${stop}`),
  new RegExp(
    String.raw`^\W*(?:resolved|recovered|recovery|cleared|closed|ok)\b(?: (?:in|after) [^:]{1,40})?${stop}`,
    'i',
  ),
  new RegExp(String.raw`\b(?:is (?:up|ok)|back to normal)${stop}`, 'i'),
]
const began = [
  /\b(?:FIRING|PROBLEM|ALARM|ALERTING|TRIGGERED|DOWN|CRITICAL|CRIT|WARNING|WARN|FAILED|FAILURE|UNREACHABLE|UNKNOWN)\b/,
  new RegExp(String.raw`^\W*(?:problem|firing|triggered|alarm)\b${stop}`, 'i'),
  new RegExp(String.raw`\bis (?:down|unreachable)${stop}`, 'i'),
]
const severity =
  /\b(?:EMERGENCY|FATAL|DISASTER|CRITICAL|CRIT|HIGH|ERROR|MAJOR|WARNING|WARN|MINOR|INFO|INFORMATION|NOTICE)\b/
// Not inside names such as cpu-high or /up.
const stateWords =
  /(?<![\w./-])(?:resolved|recovery|recovered|cleared|closed|ok|up|normal|firing|problem|alarm|alerting|alert|triggered|down|failed|failure|unreachable|unknown|emergency|fatal|disaster|critical|crit|high|error|major|warning|warn|minor|info|information|notice|back to normal|is|in|after)(?![\w/-])/gi
const counts = /[:\s]\d+(?=\])|\b(?:\d+\s?(?:d|h|m|min|s|ms)\b\s*)+/gi

export function readSubject(subject: string): SubjectReading {
  const title = subject.replace(replyMark, '').replace(/\s+/g, ' ').trim()
  const topic = title
    .replace(counts, ' ')
    .replace(stateWords, ' ')
    .replace(/[^\p{L}\p{N}./@_-]+/gu, ' ')
    .trim()
    .toLowerCase()
  return { state: stateOf(title), severity: severity.exec(title)?.[0]?.toLowerCase() ?? null, title, topic }
}

/** The first word decides: `RECOVERY: x is OK` and `PROBLEM: x is UP and down`. */
function stateOf(title: string): SubjectReading['state'] {
  const end = first(title, ended)
  const begin = first(title, began)
  if (end < 0) return begin < 0 ? null : 'firing'
  return begin >= 0 && begin < end ? 'firing' : 'resolved'
}

function first(title: string, patterns: readonly RegExp[]): number {
  const found = patterns.map((each) => title.search(each)).filter((at) => at >= 0)
  return found.length === 0 ? -1 : Math.min(...found)
}
