// A way in for whoever has a shell on the server. Uses the server's own database, so it works while it runs.
import path from 'node:path'
import { readContexts } from '../../connection/contexts.ts'
import { checkUrl, nonEmpty } from '../../connection/target.ts'
import { exitCodes } from '../../exit-codes.ts'
import type { Call, Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'

export const setupLink: Run = async (call) => {
  const { shell, options } = call
  const { startServer } = await import('../../../../server/src/app/start-server.ts')
  const folder = options.text('data-dir')
  const url = options.text('url') ?? nonEmpty(shell.environment.MAINSTAY_PUBLIC_URL) ?? localUrl(call)
  const environment = {
    ...shell.environment,
    ...(folder === null ? {} : { MAINSTAY_DATA_DIR: path.resolve(shell.folder, folder) }),
    ...(url === null ? {} : { MAINSTAY_PUBLIC_URL: checkUrl(url, '--url') }),
    // Neither listens nor works: it only opens the database.
    MAINSTAY_ROLES: 'scheduler',
  }
  const running = await startServer({ environment, logLevel: 'error' })
  try {
    const link = await running.createRecoveryLink()
    say(call, 'Good for one hour, once. It makes whoever opens it an administrator:')
    shell.out.write(`${link}\n`)
  } finally {
    await running.stop()
  }
  return exitCodes.ok
}

/** Where `mainstay up` of this account listens: the port may not be the default one. */
const localUrl = ({ shell }: Call): string | null => readContexts(shell).contexts.get('local')?.url ?? null
