import type { Service } from '../../../../client/src/operations.gen.ts'
import { formatDuration } from '../../../../server/src/kernel/duration.ts'
import { type Api, openApi, orNull } from '../../connection/api.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exactAndAgo } from '../../print/times.ts'
import { unknownObject } from './get.ts'
import { findKind, readOneReference, viewOf } from './kinds.ts'

export const describe: Run = async (call) => {
  const { kind, name } = readOneReference(call.args, 'mainstay describe service checkout')
  const view = viewOf(kind)
  const names = [name]
  if (view === 'alerts') return (await import('../respond/alerts.ts')).showAlert({ ...call, args: names })
  if (view === 'incidents') return (await import('../respond/incidents.ts')).showIncident({ ...call, args: names })
  if (view === 'objectives')
    return (await import('../reliability/objectives.ts')).showObjective({ ...call, args: names })
  if (view === 'probes') return (await import('../reliability/probes.ts')).showProbe({ ...call, args: names })
  if (view === 'webhooks') return (await import('../respond/webhooks.ts')).showWebhook({ ...call, args: names })
  const api = await openApi(call)
  if (view === 'services') {
    const service = await orNull(api.client['services.read']({ params: { name } }))
    if (service === null) throw await unknownObject(api, { kind: 'Service', plural: 'services' }, name)
    const { signalsLine } = await import('../reliability/signals.ts')
    await printService(call, service, await signalsLine(call, api, name))
  } else await printObject(call, api, kind, name)
  return exitCodes.ok
}

async function printService(call: Call, service: Service, signals: string | null): Promise<void> {
  const { zone, now } = call.shell
  const { defaults } = service
  await printDetail(call, {
    title: `${service.displayName} · service ${service.name}`,
    facts: [
      ['Description', service.description],
      ['Tier', String(service.tier)],
      ['Team', service.team ?? 'nobody owns it'],
      ['Lifecycle', service.lifecycle],
      ['System', service.system],
      ['Environments', service.environments.join(', ')],
      ['Escalation', service.escalationPolicy ?? 'none: nobody is paged'],
      ['Journeys', service.journeys.join(', ')],
      ['Signals', signals],
      ['Promises', `${percent(defaults.availabilityTarget)} available, gate ${defaults.gate}`],
      ['Recovery', `time ${formatDuration(defaults.rtoMs)}, data ${formatDuration(defaults.rpoMs)}`],
      ['Changed', `${exactAndAgo(service.updatedAt, zone, now())}, version ${service.version}`],
      ['Managed by', service.manager],
    ],
    sections: [
      {
        title: 'Depends on',
        lines: service.dependsOn.map((each) => `${each.service}${each.strength === 'soft' ? ' (soft)' : ''}`),
      },
      {
        title: 'Hurt when it fails',
        lines: service.dependants.map(
          (each) =>
            `${each.service}, tier ${each.tier}${each.distance > 1 ? `, through ${each.via}` : ''}${each.softened ? ' (softened)' : ''}`,
        ),
      },
      {
        title: 'People',
        lines: service.members.map((each) => harmless(`${each.displayName} <${each.email}> ${each.timeZone ?? ''}`)),
      },
      { title: 'Contacts', lines: service.contacts.map((each) => harmless(`${each.label}: ${each.value}`)) },
      { title: 'Links', lines: service.links.map((each) => harmless(`${each.title}: ${each.url}`)) },
    ],
    name: `service/${service.name}`,
    document: service,
  })
}

async function printObject(call: Call, api: Api, word: string, name: string): Promise<void> {
  const kind = await findKind(api, word)
  const object = await orNull(api.client['resources.read']({ params: { plural: kind.plural, name } }))
  if (object === null) throw await unknownObject(api, kind, name)
  const { metadata, status, spec } = object
  const { yamlOf } = await import('../../print/yaml-text.ts')
  const { zone, now } = call.shell
  await printDetail(call, {
    title: `${metadata.displayName ?? metadata.name} · ${object.kind} ${metadata.name}`,
    facts: [
      ['Description', metadata.description ?? null],
      ['API version', object.apiVersion],
      ['Version', String(status.version)],
      ['Created', exactAndAgo(status.createdAt, zone, now())],
      ['Changed', exactAndAgo(status.updatedAt, zone, now())],
      ['Owned by', [...new Set(Object.values(status.owners))].join(', ')],
    ],
    sections: [{ title: 'Spec', lines: yamlOf([spec]).trimEnd().split('\n').map(harmless) }],
    name: `${object.kind.toLowerCase()}/${metadata.name}`,
    document: object,
  })
}

// 0.9999 is 99.99 %, without the noise of binary fractions.
export const percent = (ratio: number): string => `${Number((ratio * 100).toFixed(4))} %`
