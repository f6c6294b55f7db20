// The sentence of one journal entry on a timeline. Pure, so the same entry reads the same in the console, the review
// and the export.
import type { Actor } from '../../../kernel/actor.ts'
import type { Instant } from '../../../kernel/instant.ts'
import { isJsonObject, type JsonObject, type JsonValue } from '../../../kernel/json.ts'
import { timelineTemplates } from './timeline-templates.ts'

/** What the sentence needs of a journal entry. */
export interface TimelineFact {
  readonly type: string
  readonly at: Instant
  readonly actor: Pick<Actor, 'kind' | 'id' | 'name'>
  readonly data: JsonObject
  readonly reason: string | null
}

const longestField = 200

export function timelineEntry(fact: TimelineFact): string {
  const template = Object.hasOwn(timelineTemplates, fact.type) ? timelineTemplates[fact.type] : undefined
  return (template === undefined ? null : fill(template, fact)) ?? plainly(fact)
}

/** Null when a field outside brackets is missing. */
function fill(template: string, fact: TimelineFact): string | null {
  const parts = template.split(/(\[[^\]]*\])/)
  let text = ''
  for (const part of parts) {
    const optional = part.startsWith('[')
    const filled = fields(optional ? part.slice(1, -1) : part, fact)
    if (filled !== null) text += filled
    else if (!optional) return null
  }
  return text
}

function fields(part: string, fact: TimelineFact): string | null {
  let complete = true
  const text = part.replace(/\{(\w+)\}/g, (_, name: string) => {
    const value = fieldOf(name, fact)
    if (value === null) complete = false
    return value ?? ''
  })
  return complete ? text : null
}

function fieldOf(name: string, fact: TimelineFact): string | null {
  if (name === 'actor') return actorInWords(fact.actor)
  if (name === 'reason') return inWords(fact.reason)
  // What a machine was told has no person, and no channel but itself.
  if (typeof fact.data.webhook === 'string') {
    if (name === 'person') return `webhook ${fact.data.webhook}`
    if (name === 'channel') return null
  }
  return Object.hasOwn(fact.data, name) ? inWords(fact.data[name] ?? null) : null
}

function inWords(value: JsonValue): string | null {
  if (typeof value === 'number' || typeof value === 'boolean') return String(value)
  const list: readonly JsonValue[] = Array.isArray(value) ? value : [value]
  // People and webhooks come with why each was chosen; the sentence names them.
  const named = list.map((each) => (isJsonObject(each) ? (each.person ?? each.webhook ?? null) : each))
  const words = named.filter((each) => typeof each === 'string').filter((each) => each.trim() !== '')
  if (words.length === 0) return null
  const text = words.join(', ').replace(/\s+/g, ' ').trim()
  if (text.length <= longestField) return text
  return `${text.slice(0, longestField - 1).replace(/[\ud800-\udbff]$/, '')}…`
}

/** An entry nobody has written a sentence for still says what, who and why. */
function plainly(fact: TimelineFact): string {
  const reason = inWords(fact.reason)
  return `${fact.type} by ${actorInWords(fact.actor)}${reason === null ? '' : `: ${reason}`}`
}

function actorInWords({ kind, name }: TimelineFact['actor']): string {
  if (kind === 'automation') return `Mainstay (${name})`
  if (kind === 'key') return `key ${name}`
  return kind === 'link' ? `${name} (by link)` : name
}
