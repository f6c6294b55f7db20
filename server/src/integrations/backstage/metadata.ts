// Titles, labels, annotations, tags and links of an entity, brought within the limits of ours. What does not fit is
// changed and said, never dropped in silence.
import type { Fault } from '../../kernel/app-error.ts'
import { isJsonObject, type JsonObject } from '../../kernel/json.ts'
import { type Entity, textOf } from './entity.ts'
import { formatRef } from './entity-ref.ts'

export type Warn = (fault: Fault) => void

/** Which entity a document was made from; imports recognise their own by it. */
export const refAnnotation = 'mainstay.dev/backstage-entity'
/** References that lead nowhere yet, so that nothing that was written is lost. */
export const unresolvedAnnotation = 'mainstay.dev/backstage-unresolved'
export const providesAnnotation = 'mainstay.dev/backstage-provides-apis'

const displayNameLimit = 63
const descriptionLimit = 1050
const annotationLimit = 4096
const key = /^([a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?\/)?[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/

export function metadataOf(entity: Entity, more: Readonly<Record<string, string>>, warn: Warn): JsonObject {
  const { metadata } = entity
  const profile = isJsonObject(entity.spec.profile) ? entity.spec.profile : {}
  const title = textOf(metadata.title) ?? textOf(profile.displayName)
  const written = textOf(metadata.name) ?? entity.name
  const displayName = title ?? (written === entity.name ? null : written)
  const description = textOf(metadata.description)
  const labels = { ...mapOf(metadata.labels, '/metadata/labels', warn), ...tagsOf(metadata, warn) }
  const annotations = {
    ...mapOf(metadata.annotations, '/metadata/annotations', warn),
    [refAnnotation]: formatRef(entity.ref),
    ...more,
  }
  return {
    name: entity.name,
    ...(displayName === null ? {} : { displayName: cut(displayName, displayNameLimit, '/metadata/title', warn) }),
    ...(description === null ? {} : { description: cut(description, descriptionLimit, '/metadata/description', warn) }),
    ...(Object.keys(labels).length === 0 ? {} : { labels }),
    annotations,
  }
}

function cut(text: string, limit: number, pointer: string, warn: Warn): string {
  if (text.length <= limit) return text
  warn({ pointer, detail: `It was cut to ${limit} characters.` })
  return `${text
    .slice(0, limit - 1)
    .toWellFormed()
    .trimEnd()}…`
}

function mapOf(map: unknown, pointer: string, warn: Warn): Record<string, string> {
  if (!isJsonObject(map)) return {}
  const kept: [string, string][] = []
  for (const [name, value] of Object.entries(map)) {
    const at = `${pointer}/${name.replaceAll('~', '~0').replaceAll('/', '~1')}`
    const text = typeof value === 'number' || typeof value === 'boolean' ? String(value) : value
    if (typeof text !== 'string') {
      warn({ pointer: at, detail: 'Its value is no text; left out.' })
      continue
    }
    const fitting = key.test(name) ? name : fitKey(name)
    if (fitting === null) warn({ pointer: at, detail: 'Its key holds no letter or digit; left out.' })
    else {
      if (fitting !== name) warn({ pointer: at, detail: `The key is called ${fitting} here.` })
      kept.push([fitting, cut(text, annotationLimit, at, warn)])
    }
  }
  return Object.fromEntries(kept)
}

function fitKey(name: string): string | null {
  const slash = name.lastIndexOf('/')
  const prefix =
    slash < 0
      ? ''
      : trimEnds(
          name
            .slice(0, slash)
            .toLowerCase()
            .replaceAll(/[^a-z0-9.-]+/g, '-'),
        ).slice(0, 200)
  const own = trimEnds(name.slice(slash + 1).replaceAll(/[^A-Za-z0-9_.-]+/g, '-')).slice(0, 63)
  const trimmed = trimEnds(own)
  if (trimmed === '') return null
  return prefix === '' ? trimmed : `${trimEnds(prefix)}/${trimmed}`
}

const trimEnds = (text: string): string => text.replaceAll(/^[^A-Za-z0-9]+|[^A-Za-z0-9]+$/g, '')

function tagsOf(metadata: JsonObject, warn: Warn): { [key: string]: readonly string[] } {
  const tags = Array.isArray(metadata.tags) ? metadata.tags : []
  const texts = tags.filter((tag): tag is string => typeof tag === 'string')
  if (texts.length < tags.length) warn({ pointer: '/metadata/tags', detail: 'A tag that is no text was left out.' })
  if (texts.length === 0) return {}
  const taken = isJsonObject(metadata.labels) && Object.hasOwn(metadata.labels, 'tags')
  return { [taken ? 'backstage.io/tags' : 'tags']: texts }
}

type LinkKind = 'runbook' | 'dashboard' | 'repository' | 'documentation' | 'chat' | 'other'

const linkWords: readonly (readonly [LinkKind, RegExp])[] = [
  ['runbook', /run-?book|play-?book/i],
  ['dashboard', /dashboard|grafana|kibana|datadog|metrics|monitoring/i],
  ['chat', /\bchat\b|slack|mattermost|discord|\bteams\.microsoft/i],
  ['repository', /repositor|source code|\bgithub\.com|\bgitlab\b|bitbucket/i],
  ['documentation', /\bdocs?\b|documentation|wiki|confluence|handbook/i],
]

export function linksOf(entity: Entity, warn: Warn): readonly JsonObject[] {
  const declared = Array.isArray(entity.metadata.links) ? entity.metadata.links : []
  const links: { title?: string; url: string; kind: LinkKind }[] = []
  for (const [index, link] of declared.entries()) {
    const pointer = `/metadata/links/${index}`
    const url = isJsonObject(link) ? textOf(link.url) : null
    if (!isJsonObject(link) || url === null || !isWeb(url)) {
      warn({ pointer, detail: 'Only links to http or https addresses are kept; left out.' })
      continue
    }
    const title = textOf(link.title)
    // What the author calls it counts before where it leads.
    const words = [link.type, link.icon, title, url].map((each) => textOf(each) ?? '')
    links.push({ ...(title === null ? {} : { title: title.slice(0, 120) }), url, kind: kindOf(words) })
  }
  const repository = repositoryOf(entity.metadata.annotations)
  if (repository !== null && !links.some((link) => link.kind === 'repository'))
    links.push({ title: 'Source', url: repository, kind: 'repository' })
  if (links.length > 50) warn({ pointer: '/metadata/links', detail: 'Only the first 50 links were kept.' })
  return links.slice(0, 50)
}

function kindOf(words: readonly string[]): LinkKind {
  for (const word of words) for (const [kind, pattern] of linkWords) if (pattern.test(word)) return kind
  return 'other'
}

function repositoryOf(annotations: unknown): string | null {
  if (!isJsonObject(annotations)) return null
  const slug = textOf(annotations['github.com/project-slug'])
  if (slug !== null && /^[\w.-]+\/[\w.-]+$/.test(slug)) return `https://github.com/${slug}`
  const location = textOf(annotations['backstage.io/source-location'])?.replace(/^url:/, '') ?? null
  return location !== null && isWeb(location) ? location : null
}

const isWeb = (url: string): boolean => /^https?:\/\//i.test(url) && URL.canParse(url) && url.length <= 2000
