// The pure door of intake: formats, what adapters answer, what is taken in under pressure, when silence is an alarm.
export { type Format, type FormatFacts, formatFacts, formats, readFormat } from './formats.ts'
export { type Allowance, type Pressed, press, refill } from './pressure.ts'
export { type Definition, readDefinition, readMapping, readSeverities } from './read-definition.ts'
export {
  type Mapping,
  mappedFormats,
  mappingFields,
  nothingToDo,
  type Payload,
  type Reader,
  type Readers,
  type Reading,
  type ReportedChange,
  unread,
} from './reading.ts'
export { type SetUpStep, setUpOf, tokenPlaceholder } from './set-up.ts'
export { type AlertSource, complete, type Heartbeat, type Signing, sourceName, usualPerMinute } from './source.ts'
export { judgeSilence, type Listened, type Silence } from './watch.ts'
