import type { ChangeException } from '../../../../client/src/operations.gen.ts'
import { openApi, readPages } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, printListing } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { exact } from '../../print/times.ts'

const needService = (call: Call): string => {
  const service = call.options.text('service')
  if (service === null) throw usageError('Which service?', 'Say it: --service checkout')
  return service
}

export const checkChange: Run = async (call) => {
  const { options, shell } = call
  const service = needService(call)
  const [kind, at] = [options.text('kind'), options.time('at', shell.now())]
  const api = await openApi(call)
  const decision = await api.client['change-decisions.read']({
    query: { service, ...(kind === null ? {} : { kind }), ...(at === null ? {} : { at }) },
  })
  await printDetail(call, {
    title: decision.sentence,
    facts: [
      ['Answer', decision.verdict],
      ['At', exact(decision.at, shell.zone)],
      ['Not measured', decision.unmeasured.length === 0 ? null : decision.unmeasured.join(', ')],
    ],
    sections: [
      {
        title: 'Held up by',
        lines: decision.holds.map((hold) =>
          harmless(
            `${hold.passes === null ? '⬣' : '·'} ${hold.kind} since ${exact(hold.since, shell.zone)} by ${hold.policy}/${hold.step}: ${hold.sentence} ${hold.endsWhen}${hold.passes === null ? ` Excepted by ${hold.approvers}.` : ''}`,
          ),
        ),
      },
    ],
    name: `change-decision/${service}`,
    document: decision,
  })
  return decision.verdict === 'allowed' ? exitCodes.ok : exitCodes.gateRefused
}

export const exceptChanges: Run = async (call) => {
  const { options, shell } = call
  const service = needService(call)
  const [forMs, reason] = [options.durationMs('for'), options.text('reason')]
  if (forMs === null) throw usageError('For how long?', 'An exception always ends: --for 4h')
  if (reason === null) throw usageError('Why?', 'It stays on record: --reason "…"')
  const [policy, approver] = [options.text('policy'), options.text('approver')]
  const api = await openApi(call)
  const exception = await api.client['change-exceptions.ask']({
    body: {
      service,
      reason,
      until: new Date(shell.now() + forMs).toISOString(),
      ...(policy === null ? {} : { policy }),
      ...(approver === null ? {} : { approver }),
    },
  })
  await printException(call, exception)
  return exitCodes.ok
}

export const approveException: Run = async (call) => {
  const [id] = call.args
  if (id === undefined) throw usageError('ID is missing.', 'They are listed by: mainstay policy exceptions -o wide')
  const api = await openApi(call)
  await printException(call, await api.client['change-exceptions.approve']({ params: { id } }))
  return exitCodes.ok
}

async function printException(call: Call, exception: ChangeException): Promise<void> {
  const { zone } = call.shell
  const { service, policy, state, approver, approvedBy, until, reason, id } = exception
  await printDetail(call, {
    title:
      state === 'asked'
        ? `Asked ${approver ?? 'for an approval'}: changes of ${service} may pass once it is approved`
        : `Changes of ${service} may pass until ${exact(until, zone)}`,
    facts: [
      ['State', state],
      ['Reason', reason],
      ['Policy', policy ?? 'any'],
      ['Approved by', approvedBy],
      ['Until', exact(until, zone)],
      ['Id', id],
    ],
    name: `change-exception/${id}`,
    document: exception,
  })
}

export const listExceptions: Run = async (call) => {
  const { options } = call
  const service = options.text('service')
  const api = await openApi(call)
  const { items, more } = await readPages(
    (page) =>
      api.client['change-exceptions.list']({
        query: {
          ...page,
          ...(service === null ? {} : { service }),
          ...(options.has('all') ? { state: 'all' as const } : {}),
        },
      }),
    options.integer('limit', 1, 100_000) ?? 100,
  )
  const { zone } = call.shell
  await printListing<ChangeException>(call, {
    rows: items,
    more,
    columns: [
      { header: 'STATE', of: (row) => row.state },
      { header: 'SERVICE', of: (row) => row.service },
      { header: 'UNTIL', of: (row) => exact(row.until, zone) },
      { header: 'BY', of: (row) => row.approvedBy ?? row.approver },
      { header: 'REASON', of: (row) => row.reason, elastic: true },
      { header: 'ASKED BY', of: (row) => row.askedBy, wide: true },
      { header: 'POLICY', of: (row) => row.policy, wide: true },
      { header: 'ID', of: (row) => row.id, wide: true },
    ],
    nameOf: (row) => `change-exception/${row.id}`,
    none: 'No exceptions.',
  })
  return exitCodes.ok
}
