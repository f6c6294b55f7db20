// One entity into one document of ours, by kind.
import { isJsonObject, type JsonObject, type JsonValue } from '../../kernel/json.ts'
import { type Entity, refsOf, textOf } from './entity.ts'
import { linksOf, metadataOf, providesAnnotation, unresolvedAnnotation, type Warn } from './metadata.ts'
import { providedBy, type Surroundings } from './surroundings.ts'

const apiVersion = 'mainstay.dev/v1'

/** Null when it becomes no document; the warnings then say why. */
export function translateEntity(entity: Entity, around: Surroundings, warn: Warn): JsonObject | null {
  const unresolved: string[] = []
  const run: Run = { entity, around, warn, unresolved }
  const made = byKind(run)
  if (made === null) return null
  const more = {
    ...made.annotations,
    ...(unresolved.length === 0 ? {} : { [unresolvedAnnotation]: unresolved.join('; ') }),
  }
  return { apiVersion, kind: made.kind, metadata: metadataOf(entity, more, warn), spec: made.spec }
}

interface Run {
  readonly entity: Entity
  readonly around: Surroundings
  readonly warn: Warn
  readonly unresolved: string[]
}

interface Made {
  readonly kind: string
  readonly spec: JsonObject
  readonly annotations?: Readonly<Record<string, string>>
}

function byKind(run: Run): Made | null {
  switch (run.entity.kind) {
    case 'Component':
      return serviceFrom(run, textOf(run.entity.spec.type) ?? 'service')
    case 'API':
      return serviceFrom(run, 'api')
    case 'Resource':
      return serviceFrom(run, textOf(run.entity.spec.type) ?? 'resource')
    case 'System':
      return { kind: 'System', spec: { ...ownerOf(run), ...one(run, 'domain', 'domain', 'domain') } }
    case 'Domain':
      one(run, 'subdomainOf', 'domain', 'subdomainOf', false)
      return { kind: 'Domain', spec: ownerOf(run) }
    case 'Group':
      return teamFrom(run)
    case 'User':
      return personFrom(run)
    case 'Location':
      return locationFrom(run)
  }
}

function serviceFrom(run: Run, type: string): Made {
  const { entity, around, warn } = run
  const links = linksOf(entity, warn)
  const dependsOn = dependenciesOf(run)
  const provides = providedBy(entity)
  const partOf = refsOf(entity, 'subcomponentOf', 'component', warn)[0]
  const lifecycle = lifecycleOf(run)
  const provider = entity.kind === 'API' ? around.providerOf(entity.ref) : null
  const needed = provider === null || dependsOn.includes(provider) ? dependsOn : [...dependsOn, provider]
  return {
    kind: 'Service',
    spec: {
      ...ownerOf(run),
      ...one(run, 'system', 'system', 'system'),
      type: type.slice(0, 63),
      ...(lifecycle === null ? {} : { lifecycle }),
      ...(needed.length === 0 ? {} : { dependsOn: needed.slice(0, 200) }),
      ...(links.length === 0 ? {} : { links }),
    },
    annotations: {
      ...(provides.length === 0 ? {} : { [providesAnnotation]: provides.join(', ') }),
      ...(partOf === undefined ? {} : { 'mainstay.dev/backstage-subcomponent-of': partOf.text }),
    },
  }
}

/** `dependsOn`, `consumesApis` by way of the provider, and what others say of it with `dependencyOf`. */
function dependenciesOf(run: Run): readonly string[] {
  const { entity, around, warn } = run
  const names = new Set<string>()
  const add = (found: string | null, field: string, each: { text: string; pointer: string }) => {
    if (found === null) leaveOpen(run, field, each)
    else if (found !== entity.name) names.add(found)
  }
  for (const each of refsOf(entity, 'dependsOn', 'component', warn)) {
    const found =
      each.ref.kind === 'api' ? (around.providerOf(each.ref) ?? around.find(each.ref)) : around.find(each.ref)
    add(found, 'dependsOn', each)
  }
  for (const each of refsOf(entity, 'consumesApis', 'api', warn))
    add(around.providerOf(each.ref) ?? around.find(each.ref), 'consumesApis', each)
  for (const other of around.neededBy(entity.ref)) if (other !== entity.name) names.add(other)
  for (const each of refsOf(entity, 'dependencyOf', 'component', warn)) {
    if (around.declares(each.text)) continue
    run.unresolved.push(`dependencyOf ${each.text}`)
    warn({
      pointer: each.pointer,
      detail: `${each.text} is not in this text, so its dependency on ${entity.name} is not recorded. Write it there with dependsOn.`,
    })
  }
  return [...names].sort()
}

function ownerOf(run: Run): JsonObject {
  const owner = refsOf(run.entity, 'owner', 'group', run.warn)[0]
  if (owner === undefined) return {}
  if (owner.ref.kind !== 'group') {
    run.unresolved.push(`owner ${owner.text}`)
    run.warn({
      pointer: owner.pointer,
      detail: `${owner.text} is no group. Here teams own; it stays unowned until a team does.`,
    })
    return {}
  }
  const team = run.around.find(owner.ref)
  if (team === null) leaveOpen(run, 'owner', owner)
  return team === null ? {} : { team }
}

function one(run: Run, field: string, kind: string, as: string, keep = true): JsonObject {
  const reference = refsOf(run.entity, field, kind, run.warn)[0]
  if (reference === undefined) return {}
  if (!keep) {
    run.unresolved.push(`${field} ${reference.text}`)
    return {}
  }
  const found = run.around.find(reference.ref)
  if (found === null) leaveOpen(run, field, reference)
  return found === null ? {} : { [as]: found }
}

/** An import of one file must not fail for another file that is not there yet: the words are kept, the link is not. */
function leaveOpen(run: Run, field: string, reference: { text: string; pointer: string }): void {
  run.unresolved.push(`${field} ${reference.text}`)
  run.warn({
    pointer: reference.pointer,
    detail: `Nothing is declared as ${reference.text} yet. Kept as an annotation; apply this again once it is.`,
  })
}

const lifecycles: Readonly<Record<string, string>> = {
  ...{ experimental: 'experimental', development: 'experimental', alpha: 'experimental', beta: 'experimental' },
  ...{ staging: 'experimental', production: 'production', stable: 'production', ga: 'production' },
  ...{ deprecated: 'deprecated', retired: 'deprecated', eol: 'deprecated', sunset: 'deprecated' },
}

function lifecycleOf(run: Run): string | null {
  const word = textOf(run.entity.spec.lifecycle)
  if (word === null) return null
  const found = Object.hasOwn(lifecycles, word.toLowerCase()) ? lifecycles[word.toLowerCase()] : undefined
  if (found !== undefined) return found
  run.unresolved.push(`lifecycle ${word.slice(0, 100)}`)
  run.warn({
    pointer: '/spec/lifecycle',
    detail: `${JSON.stringify(word)} is none of experimental, production, deprecated; left out.`,
  })
  return null
}

function teamFrom(run: Run): Made {
  const { entity, around, warn } = run
  const members = new Set<string>()
  for (const each of refsOf(entity, 'members', 'user', warn)) {
    const person = around.find(each.ref)
    if (person === null) leaveOpen(run, 'members', each)
    else members.add(person)
  }
  for (const person of around.membersOf(entity.ref)) members.add(person)
  const profile = isJsonObject(entity.spec.profile) ? entity.spec.profile : {}
  const email = textOf(profile.email)
  const family = ['parent', 'children'].flatMap((field) =>
    refsOf(entity, field, 'group', warn).map((each) => `${field} ${each.text}`),
  )
  return {
    kind: 'Team',
    spec: {
      ...(members.size === 0 ? {} : { members: [...members].sort().slice(0, 500) }),
      ...(email === null ? {} : { contacts: [{ label: 'E-mail', kind: 'email', value: email.slice(0, 300) }] }),
    },
    annotations: family.length === 0 ? {} : { 'mainstay.dev/backstage-relations': family.join('; ') },
  }
}

const emailPattern = /^[^\s@]{1,64}@[^\s@]{1,255}$/

/** Nobody can be reached without an address, so such a user becomes nobody. */
export function emailOf(entity: Entity): string | null {
  const profile = isJsonObject(entity.spec.profile) ? entity.spec.profile : {}
  const email = textOf(profile.email)
  return email !== null && emailPattern.test(email) ? email : null
}

function personFrom(run: Run): Made | null {
  const { entity, around, warn } = run
  const email = emailOf(entity)
  if (email === null) {
    warn({
      pointer: '/spec/profile/email',
      detail: `${entity.name} has no e-mail address, so nobody could be reached; left out.`,
    })
    return null
  }
  for (const each of refsOf(entity, 'memberOf', 'group', warn)) {
    if (around.declares(each.text)) continue
    run.unresolved.push(`memberOf ${each.text}`)
    warn({
      pointer: each.pointer,
      detail: `${each.text} is not in this text. Members are written with the team: apply both together, or name ${entity.name} there.`,
    })
  }
  return { kind: 'Person', spec: { email } }
}

function locationFrom(run: Run): null {
  const { spec } = run.entity
  const targets: JsonValue[] = [...(Array.isArray(spec.targets) ? spec.targets : []), spec.target ?? null]
  const files = targets.filter((each): each is string => typeof each === 'string')
  const detail =
    files.length === 0
      ? 'It lists no other files.'
      : `It lists other files; apply those too: ${files.slice(0, 20).join(', ')}${files.length > 20 ? `, and ${files.length - 20} more` : ''}.`
  run.warn({ pointer: '/spec', detail })
  return null
}
