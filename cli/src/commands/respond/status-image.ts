// The logo and the icon of a status page.
import { openApi } from '../../connection/api.ts'
import { exitCodes, usageError } from '../../exit-codes.ts'
import type { Run } from '../../line/command.ts'
import { say } from '../../print/output.ts'
import { readGivenBytes } from './given-file.ts'
import { oneOf } from './text-given.ts'

export const changeImage: Run = async (call) => {
  const [page = '', word = '', file = ''] = call.args
  const kind = oneOf(['logo', 'icon'], word, 'picture')
  const api = await openApi(call)
  if (call.options.has('remove')) {
    await api.client['statuspages.remove-image']({ params: { page, kind } })
    say(call, `${page} has no ${kind} any more.`)
    return exitCodes.ok
  }
  if (file === '') throw usageError('Which file?', `Write it: mainstay status image ${page} ${kind} ${kind}.png`)
  const data = readGivenBytes(call, file).toString('base64')
  const { url } = await api.client['statuspages.upload-image']({ params: { page, kind }, body: { data } })
  say(call, `${page} shows it: ${url}`)
  return exitCodes.ok
}
