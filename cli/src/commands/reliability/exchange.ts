// Objectives in and out: checked before they are applied, taken over from other tools, written for them.
import { writeFileSync } from 'node:fs'
import path from 'node:path'
import { openApi } from '../../connection/api.ts'
import { CommandError, exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { formatOf, printListing, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { readDocuments } from '../objects/documents.ts'

const settingsOf = ({ options }: Call) => ({
  dataSource: options.text('data-source'),
  service: options.text('service'),
  window: options.text('window'),
})

/** Without a server: the same functions that admit a document there look at the files here. */
export const lintObjectives: Run = async (call) => {
  const documents = await readDocuments(call)
  const { lintSlo } = await import('../../../../server/src/app/join/slo-readers.ts')
  const lint = lintSlo(documents.text, settingsOf(call))
  const rows = lint.findings.map(({ line, ...finding }) => ({ ...finding, ...documents.placeOf(line) }))
  if (lint.documents === 0 && rows.length === 0)
    throw new CommandError(exitCodes.error, 'There are no objectives in it.', 'OpenSLO, Sloth and Pyrra are read.')
  if (formatOf(call) !== 'table' || rows.length > 0)
    await printListing(call, {
      rows,
      columns: [
        { header: 'WHERE', of: (row) => `${row.file}:${row.line}:${row.column}` },
        { header: 'SEVERITY', of: (row) => row.severity },
        { header: 'DOCUMENT', of: (row) => row.document },
        { header: 'WHAT', of: (row) => row.detail, elastic: true },
      ],
      nameOf: (row) => `${row.file}:${row.line}`,
      none: 'Nothing is wrong.',
    })
  const count = (severity: string) => rows.filter((row) => row.severity === severity).length
  const [errors, warnings] = [count('error'), count('warning')]
  const many = (amount: number, word: string) => `${amount} ${word}${amount === 1 ? '' : 's'}`
  say(
    call,
    `${many(lint.objectives, 'objective')} in ${many(lint.documents, 'document')}: ${many(errors, 'error')}, ${many(warnings, 'warning')}, ${many(count('note'), 'note')}.`,
  )
  const failed = errors > 0 || (call.options.has('strict') && warnings > 0)
  return failed ? exitCodes.error : exitCodes.ok
}

export const importObjectives: Run = async (call) => {
  const documents = await readDocuments(call)
  const { dataSource, service, window } = settingsOf(call)
  const api = await openApi(call)
  const found = await api.client['objectives.import']({
    body: {
      text: documents.text,
      ...(dataSource === null ? {} : { dataSource }),
      ...(service === null ? {} : { service }),
      ...(window === null ? {} : { window }),
    },
  })
  const at = (line: number) => {
    const place = documents.placeOf(line)
    return `${place.file}:${place.line}`
  }
  say(call, `${found.formats.join(', ')}.`)
  for (const each of found.objectives) {
    const targets = each.targets.map((target) => `${Number((target * 100).toFixed(7))} %`).join(', ')
    say(call, `+ slo/${each.name}: ${targets} over ${each.window}, of ${each.service}`)
  }
  for (const each of found.leftOut) say(call, `✗ ${at(each.line)} ${each.detail}`)
  for (const each of found.notes) say(call, `▲ ${at(each.line)} ${each.detail}`)
  if (call.options.has('documents')) call.shell.out.write(found.documents)
  const partial = found.leftOut.length > 0
  if (call.options.has('dry-run') || found.objectives.length === 0) {
    say(call, 'Nothing was changed.')
    return partial ? exitCodes.partial : exitCodes.ok
  }
  const { changes } = await api.client['resources.apply']({ body: { documents: found.documents, manager: 'import' } })
  for (const change of changes)
    for (const warning of change.warnings) say(call, `▲ ${change.kind}/${change.name}: ${harmless(warning.detail)}`)
  say(call, `${changes.filter((each) => each.action !== 'unchanged').length} objects applied.`)
  return partial ? exitCodes.partial : exitCodes.ok
}

export const exportObjectives: Run = async (call) => {
  const [name] = call.args
  const service = call.options.text('service')
  if (name !== undefined && service !== null) throw usageError('Name an objective or a service, not both.')
  const api = await openApi(call)
  const { documents, count } = await api.client['objectives.export']({
    query: { ...(name === undefined ? {} : { name }), ...(service === null ? {} : { service }) },
  })
  const file = call.options.text('file')
  if (file === null) call.shell.out.write(documents)
  else writeFileSync(path.resolve(call.shell.folder, file), documents)
  say(call, `${count} ${count === 1 ? 'document' : 'documents'} of OpenSLO v1.`)
  return exitCodes.ok
}
