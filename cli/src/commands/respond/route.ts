// The routing file of an Alertmanager: take it over, look at it, ask where an alert would go.
import { readFile } from 'node:fs/promises'
import path from 'node:path'
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { printDetail, say } from '../../print/output.ts'
import { harmless } from '../../print/text-width.ts'
import { lineOf, readLabels } from './explain.ts'

/** Exit 0 when somebody would be told; the file may be one that was not taken over yet. */
export const testRoute: Run = async (call) => {
  const file = call.options.text('file')
  const at = call.options.text('at')
  const api = await openApi(call)
  const found = await api.client['routing.test']({
    body: {
      labels: readLabels(call),
      ...(file === null ? {} : { text: await readGiven(call, file) }),
      ...(at === null ? {} : { at }),
    },
  })
  await printDetail(call, {
    title: found.receivers.map(harmless).join(', '),
    facts: [['Told', found.told ? 'yes' : 'nobody now']],
    sections: [{ title: 'Why', lines: found.trace.map(lineOf) }],
    name: 'route',
    document: found,
  })
  return exitCodes.ok
}

export const takeRoute: Run = async (call) => {
  const text = await readGiven(call, call.args[0] ?? '')
  const api = await openApi(call)
  const taken = await api.client['routing.replace']({ body: { text } })
  for (const note of taken.notes) say(call, harmless(`Line ${note.line}: ${note.detail}`))
  say(call, `Version ${taken.version} decides from now on, ${taken.receivers.length} receivers.`)
  return exitCodes.ok
}

export const showRoute: Run = async (call) => {
  const api = await openApi(call)
  const file = await api.client['routing.read']()
  await printDetail(call, {
    title: `Routing, version ${file.version}`,
    facts: [
      ['Receivers', file.receivers.map(harmless).join(', ')],
      ['Changed', `${harmless(file.changedBy)}, ${file.changedAt}`],
    ],
    sections: [
      { title: 'Not done from here', lines: file.notes.map((note) => harmless(`Line ${note.line}: ${note.detail}`)) },
      { title: 'File', lines: file.text.split('\n').map(harmless) },
    ],
    name: 'routing',
    document: file,
  })
  return exitCodes.ok
}

export const removeRoute: Run = async (call) => {
  const api = await openApi(call)
  await api.client['routing.remove']()
  say(call, 'The escalation policies of the services decide alone.')
  return exitCodes.ok
}

async function readGiven(call: Call, file: string): Promise<string> {
  return readFile(path.resolve(call.shell.folder, file), 'utf8').catch(() => {
    throw usageError(`There is no file ${file} that can be read.`, 'Name an alertmanager.yml.')
  })
}
