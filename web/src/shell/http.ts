// The browser's end of the typed client: the session cookie speaks, every refusal is a ProblemError (RFC 9457).
import { callPath, createClient } from '../../../client/src/index.ts'
import { earlyFetch } from './early-fetch.ts'

export { ProblemError } from '../../../client/src/index.ts'

const options = { fetch: earlyFetch }
export const client = createClient(options)
export const read = <Reply>(path: string, input: Parameters<typeof callPath>[2]): Promise<Reply> =>
  callPath<Reply>('GET', path, input, options)
