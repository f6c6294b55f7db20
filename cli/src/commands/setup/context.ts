import { readContexts, unknownContext, writeContexts } from '../../connection/contexts.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { printListing, say } from '../../print/output.ts'

export const listContexts: Run = async (call) => {
  const saved = readContexts(call.shell)
  await printListing(call, {
    rows: [...saved.contexts].map(([name, each]) => ({
      name,
      current: name === saved.current,
      url: each.url,
      signedIn: each.token !== null,
    })),
    columns: [
      { header: 'NAME', of: (row) => `${row.current ? '* ' : '  '}${row.name}` },
      { header: 'URL', of: (row) => row.url },
      { header: 'KEY', of: (row) => (row.signedIn ? 'saved' : null) },
    ],
    nameOf: (row) => row.name,
    none: 'No servers yet: mainstay login --url https://mainstay.example',
  })
  return exitCodes.ok
}

export const useContext: Run = async (call) => {
  const saved = readContexts(call.shell)
  const name = call.args[0] ?? ''
  const context = saved.contexts.get(name)
  if (context === undefined) throw unknownContext(name, saved)
  writeContexts(call.shell, { ...saved, current: name })
  say(call, `Commands now speak to ${context.url}.`)
  return exitCodes.ok
}

export const removeContext: Run = async (call) => {
  const saved = readContexts(call.shell)
  const name = call.args[0] ?? ''
  if (!saved.contexts.has(name)) throw unknownContext(name, saved)
  const contexts = new Map([...saved.contexts].filter(([each]) => each !== name))
  const [next = null] = contexts.keys()
  writeContexts(call.shell, { contexts, current: saved.current === name ? next : saved.current })
  say(call, `Forgot ${name}.`)
  return exitCodes.ok
}
