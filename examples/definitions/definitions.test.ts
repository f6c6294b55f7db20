import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { parseAllDocuments } from 'yaml'
import { isName } from '../../server/src/kernel/names.ts'
import { isObject, type JsonObject, listOf, textOf } from '../shop/json.ts'
import { isServiceName, roster, serviceNames } from '../shop/roster.ts'
import { durationEdges } from '../shop/telemetry.ts'

interface Definition {
  readonly kind: string
  readonly name: string
  readonly spec: JsonObject
}

function load(file: string): readonly Definition[] {
  const text = readFileSync(new URL(file, import.meta.url), 'utf8')
  const documents = parseAllDocuments(text, { strict: true, uniqueKeys: true })
  if (!Array.isArray(documents)) throw new Error(`${file} is empty`)
  return documents.map((document) => {
    expect(document.errors).toEqual([])
    const value: unknown = document.toJS()
    const object = isObject(value) ? value : {}
    const metadata = isObject(object.metadata) ? object.metadata : {}
    const kind = textOf(object, 'kind') ?? ''
    const openslo = kind.startsWith('SL') || kind.startsWith('Alert')
    expect(object.apiVersion).toBe(openslo ? 'openslo/v1' : 'mainstay.dev/v1')
    return { kind, name: textOf(metadata, 'name') ?? '', spec: isObject(object.spec) ? object.spec : {} }
  })
}

/** Every name that a definition mentions, with the kind it has to be. */
function references({ kind, spec }: Definition): readonly (readonly [string, unknown])[] {
  const each = (target: string, value: unknown) =>
    (Array.isArray(value) ? value : []).map((name) => [target, name] as const)
  const one = (target: string, value: unknown) => (value === undefined ? [] : [[target, value] as const])
  return [
    ...each('Person', kind === 'Team' ? spec.members : undefined),
    ...one('Person', spec.lead),
    ...one('Team', spec.team),
    ...one('Service', spec.service),
    ...each('Service', kind === 'Journey' ? spec.services : undefined),
    ...each('Service', dependencies(spec)),
    ...one('EscalationPolicy', spec.escalationPolicy),
    ...one('EscalationPolicy', kind === 'AlertNotificationTarget' ? spec.target : undefined),
    ...one('SLI', spec.indicatorRef),
    ...listOf(spec, 'alertPolicies').map((item) => ['AlertPolicy', item.alertPolicyRef] as const),
    ...listOf(spec, 'conditions').map((item) => ['AlertCondition', item.conditionRef] as const),
    ...listOf(spec, 'notificationTargets').map((item) => ['AlertNotificationTarget', item.targetRef] as const),
    ...listOf(spec, 'rotations').flatMap((rotation) =>
      listOf(rotation, 'members').map((member) => ['Person', member.person] as const),
    ),
    ...listOf(spec, 'levels').flatMap((level) =>
      listOf(level, 'notify').map((target) =>
        target.schedule === undefined ? (['Person', target.person] as const) : (['Schedule', target.schedule] as const),
      ),
    ),
  ]
}

function dependencies(spec: JsonObject): readonly unknown[] {
  const declared: readonly unknown[] = Array.isArray(spec.dependsOn) ? spec.dependsOn : []
  return declared.map((item) => (isObject(item) ? item.service : item))
}

test.each(['shop.yaml', 'minimal.yaml'])('%s: names are unique labels, and everything mentioned is defined', (file) => {
  const definitions = load(file)
  expect(definitions.length).toBeGreaterThan(3)
  const defined = new Set(definitions.map(({ kind, name }) => `${kind}/${name}`))
  expect(defined.size).toBe(definitions.length)
  for (const definition of definitions) {
    expect(isName(definition.name), definition.name).toBe(true)
    for (const [kind, name] of references(definition)) expect(defined).toContain(`${kind}/${String(name)}`)
  }
})

test.each(['shop.yaml', 'minimal.yaml'])('%s: objectives keep the rules of OpenSLO', (file) => {
  const slos = load(file).filter(({ kind }) => kind === 'SLO')
  expect(slos.length).toBeGreaterThan(0)
  for (const { name, spec } of slos) {
    expect(spec.indicator === undefined, name).not.toBe(spec.indicatorRef === undefined)
    expect(spec.budgetingMethod).toBe('Occurrences')
    expect(listOf(spec, 'timeWindow')).toEqual([{ duration: expect.stringMatching(/^(1h|30d)$/), isRolling: true }])
    const [objective, ...others] = listOf(spec, 'objectives')
    expect(others).toEqual([])
    expect(Number(objective?.target)).toBeGreaterThan(0.9)
    expect(Number(objective?.target)).toBeLessThan(1)
    expect(objective).not.toHaveProperty('op')
  }
})

test('the services and their calls are those of the shop', () => {
  const services = load('shop.yaml').filter(({ kind }) => kind === 'Service')
  expect(services.map(({ name }) => name)).toEqual([...serviceNames])
  for (const { name, spec } of services) {
    expect(isServiceName(name) ? roster[name].dependsOn : null).toEqual(dependencies(spec))
  }
})

test('each service has an objective over 30 days and one over an hour that pages', () => {
  const slos = load('shop.yaml').filter(({ kind }) => kind === 'SLO')
  for (const service of serviceNames) {
    const own = slos.filter(({ spec }) => spec.service === service)
    const windowOf = (spec: JsonObject) => listOf(spec, 'timeWindow')[0]?.duration
    expect(own.some(({ spec }) => windowOf(spec) === '30d')).toBe(true)
    const now = own.filter(({ spec }) => windowOf(spec) === '1h')
    expect(now.length).toBeGreaterThan(0)
    for (const { name, spec } of now) {
      expect(name).toMatch(/-now$/)
      expect(listOf(spec, 'alertPolicies')).toEqual([{ alertPolicyRef: 'page-now' }])
    }
  }
})

test('a burn rate that pages can be reached, and thresholds are edges of the histogram', () => {
  const definitions = load('shop.yaml')
  const condition = definitions.find(({ kind }) => kind === 'AlertCondition')?.spec.condition
  const threshold = Number(isObject(condition) ? condition.threshold : Number.NaN)
  for (const { spec } of definitions.filter(({ kind, spec }) => kind === 'SLO' && spec.alertPolicies !== undefined)) {
    expect(threshold).toBeLessThan(1 / (1 - Number(listOf(spec, 'objectives')[0]?.target)))
  }
  const thresholds = definitions.flatMap(({ spec }) => {
    const match = /"atMost":([\d.]+)/.exec(JSON.stringify(spec))
    return match === null ? [] : [Number(match[1])]
  })
  expect(thresholds.length).toBe(2)
  for (const edge of thresholds) expect(durationEdges).toContain(edge)
})
