export {
  type Client,
  type ClientOptions,
  callPath,
  createClient,
  type InputOf,
  type OperationId,
  ProblemError,
  type ProblemFault,
  type ReplyOf,
} from './client.ts'
export { type LiveMessage, type LiveOptions, type LiveState, openLive, openStream, readEntry } from './live.ts'
export * from './operations.gen.ts'
