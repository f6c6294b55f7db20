// The declared kind StatusPage: which components a page shows and which services stand behind them.
import { Type } from 'typebox'
import type { Fault } from '../../../kernel/app-error.ts'
import { isJsonObject, type JsonValue } from '../../../kernel/json.ts'
import { Name, Text, Words } from '../../../platform/http/schemas.ts'
import type { Reference, ResourceDocument, ResourceKind } from '../../../platform/resources/resource-kind.ts'
import { isZone } from '../../maintenance/core/index.ts'
import {
  type Component,
  contrast,
  hostPattern,
  type Language,
  languageOf,
  languages,
  neededContrast,
  papers,
  readableOn,
  readColor,
  type StatusPage,
} from '../core/index.ts'
import { findTaken, setHost } from '../hosts.store.ts'
import { deleteImagesOf } from '../images.store.ts'
import { countRevision } from '../status.store.ts'

const Spec = Type.Object({
  title: Type.Optional(Text(100, 'What visitors read first; the display name unless said.')),
  description: Type.Optional(Text(500)),
  visibility: Type.Optional(Words(['public', 'private'], 'private (the default): only people who are signed in.')),
  team: Type.Optional(Name),
  support: Type.Optional(Type.String({ format: 'uri', pattern: '^(https?://|mailto:)', maxLength: 500 })),
  home: Type.Optional(
    Type.String({
      format: 'uri',
      pattern: '^https?://',
      maxLength: 500,
      description: 'Where the name of the page leads.',
    }),
  ),
  color: Type.Optional(
    Type.String({
      pattern: '^#[0-9A-Fa-f]{6}$',
      description: 'Of links and buttons: #0b4fd6. Made darker or lighter where it could not be read.',
    }),
  ),
  host: Type.Optional(
    Type.String({
      pattern: hostPattern,
      maxLength: 253,
      description: 'A host name of its own: status.example.org. For public pages.',
    }),
  ),
  languages: Type.Optional(
    Type.Array(Words(languages), {
      minItems: 1,
      maxItems: languages.length,
      uniqueItems: true,
      description: 'What the page can be read in; people write in the first. en unless said.',
    }),
  ),
  timeZone: Type.Optional(
    Type.String({ maxLength: 60, description: 'Of the times on the page: Europe/Vienna. UTC unless said.' }),
  ),
  components: Type.Array(
    Type.Object({
      name: Name,
      title: Text(80),
      description: Type.Optional(Text(300)),
      group: Type.Optional(Text(80)),
      services: Type.Optional(Type.Array(Name, { maxItems: 50 })),
      objective: Type.Optional(
        Type.String({
          minLength: 1,
          maxLength: 130,
          description: 'Uptime is counted from this objective.',
        }),
      ),
    }),
    { minItems: 1, maxItems: 100 },
  ),
})

export const statusPageKind: ResourceKind = {
  apiVersion: 'mainstay.dev/v1',
  kind: 'StatusPage',
  plural: 'statuspages',
  aliases: ['statuspage', 'status-page', 'status-pages'],
  summary: 'A public or private status page: components and the services behind them',
  order: 90,
  spec: Spec,
  owner: ({ spec }) => (typeof spec.team === 'string' ? spec.team : null),
  references: (document): readonly Reference[] => {
    const { team, components } = readStatusPage(document)
    return [
      ...(team === null ? [] : [{ kind: 'Team', name: team, pointer: '/spec/team' }]),
      ...components.flatMap(({ services }, at) =>
        services.map((name, which) => ({ kind: 'Service', name, pointer: `/spec/components/${at}/services/${which}` })),
      ),
    ]
  },
  admit: (document) => {
    const seen = new Set<string>()
    const faults: Fault[] = []
    const warnings: Fault[] = []
    const { zone, color, host, visibility } = readStatusPage(document)
    if (host !== null && visibility === 'private')
      faults.push({
        pointer: '/spec/host',
        detail: 'Nobody is signed in under another host name. Make the page public, or leave the host out.',
      })
    for (const [theme, paper] of Object.entries(papers))
      if (color !== null && readableOn(color, paper) !== color)
        warnings.push({
          pointer: '/spec/color',
          detail: `${color} cannot be read on the ${theme} page (${contrast(color, paper).toFixed(1)}:1, ${neededContrast}:1 is needed): ${readableOn(color, paper)} is used there.`,
        })
    if (!isZone(zone))
      faults.push({
        pointer: '/spec/timeZone',
        detail: `There is no time zone "${zone}". Write one such as Europe/Vienna.`,
      })
    for (const [at, { name, services, objective }] of readStatusPage(document).components.entries()) {
      if (seen.has(name))
        faults.push({ pointer: `/spec/components/${at}/name`, detail: `There are two components "${name}".` })
      seen.add(name)
      if (services.length === 0)
        warnings.push({ pointer: `/spec/components/${at}`, detail: 'It names no service, so no incident proposes it.' })
      if (objective === null)
        warnings.push({
          pointer: `/spec/components/${at}`,
          detail: 'It names no objective, so the page shows no uptime for it.',
        })
    }
    return { faults, warnings }
  },
  check: async (tx, document) => {
    const { name, host } = readStatusPage(document)
    const taken = host === null ? null : await findTaken(tx, host, name)
    const detail = `The status page "${taken}" has the host ${host} already.`
    return { faults: taken === null ? [] : [{ pointer: '/spec/host', detail }], warnings: [] }
  },
  saved: async (tx, { after }) => {
    const { name, host } = readStatusPage(after)
    await setHost(tx, name, host)
    await countRevision(tx)
  },
  removed: async (tx, { metadata }) => {
    await deleteImagesOf(tx, metadata.name)
    await setHost(tx, metadata.name, null)
    await countRevision(tx)
  },
}

export const text = (value: JsonValue | undefined): string | null => (typeof value === 'string' ? value : null)

function readLanguages(value: JsonValue | undefined): readonly Language[] {
  const given: readonly JsonValue[] = Array.isArray(value) ? value : []
  const known = given.flatMap((each) => languageOf(text(each)) ?? [])
  return known.length === 0 ? ['en'] : known
}

/** Reads what was admitted; what was not is read as if it were not there. */
export function readStatusPage({ metadata, spec }: ResourceDocument): StatusPage {
  const components = Array.isArray(spec.components) ? spec.components : []
  return {
    name: metadata.name,
    title: text(spec.title) ?? metadata.displayName ?? metadata.name,
    description: text(spec.description) ?? metadata.description ?? null,
    visibility: spec.visibility === 'public' ? 'public' : 'private',
    team: text(spec.team),
    support: text(spec.support),
    home: text(spec.home),
    host: text(spec.host),
    color: readColor(text(spec.color) ?? ''),
    languages: readLanguages(spec.languages),
    zone: text(spec.timeZone) ?? 'UTC',
    customer: null,
    components: components.flatMap((each) => readComponent(each) ?? []),
  }
}

export function readComponent(given: JsonValue): Component | null {
  if (!isJsonObject(given)) return null
  const name = text(given.name)
  if (name === null) return null
  const services: readonly JsonValue[] = Array.isArray(given.services) ? given.services : []
  return {
    name,
    title: text(given.title) ?? name,
    description: text(given.description),
    group: text(given.group),
    services: services.flatMap((service) => (typeof service === 'string' ? [service] : [])),
    objective: text(given.objective),
  }
}
