// The browser's end of the typed client: the session cookie speaks, every refusal is a ProblemError (RFC 9457).
import { createClient } from '../../../client/src/index.ts'

export { callPath, ProblemError } from '../../../client/src/index.ts'
export const client = createClient()
